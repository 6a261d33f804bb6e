// One computer that says it is a device. Mostly a device is one computer; while a twin of it runs,
// it is two.
#pragma once

#include "proto/types.hpp"

#include <cstddef>
#include <string>

namespace antrean::sim {

struct Box {
    Box(DeviceId id) : device{id}, name{id} {}  // implicit: what most devices are
    static Box twin_of(DeviceId id) {
        Box box{id};
        box.name = *DeviceId::parse(std::string{id.view()} + ".twin");
        return box;
    }
    bool is_twin() const { return name != device; }
    std::string_view view() const { return name.view(); }
    auto operator<=>(const Box&) const = default;

    DeviceId device;
    DeviceId name;  // in the story
};

// A printer, by where it stands.
struct PrinterPlace {
    Box box;
    std::size_t which = 0;
    std::string_view name() const { return which == 0 ? "its printer" : "its second printer"; }
    auto operator<=>(const PrinterPlace&) const = default;
};

}  // namespace antrean::sim
