// What a ticket can say: the fields that a layout names in braces.
//
// Plain text in UTF-8 from outside, as hostile as it may be. An empty field is one that this ticket
// does not have; what names it is left off the paper. Pure; values that copy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace antrean::layout {

enum class Field : std::uint8_t {
    site,           // "Mal Pelayanan Publik Jombang"
    place,          // "Jombang"
    agency,         // "Dinas Kependudukan dan Pencatatan Sipil"
    service,        // "KTP elektronik"
    label,          // "A-025": the number
    ticket_class,   // "Prioritas"
    date,           // "Senin, 5 Januari 2026": the service day
    time,           // "08.04 WIB"
    ahead,          // "4": people of the queue who came before and still wait
    queue,          // the same as a sentence
    estimate,       // "sekitar 20 menit"
    bring,          // what to have at hand
    url,            // of a page that shows the queue
    wifi_name,      // of the hall's network
    wifi_password,  // empty: it needs none
    offline,        // that the kiosk gave the number by itself
};
inline constexpr std::size_t field_count = 16;

// By the field's place in the enumeration.
class Fields {
public:
    const std::string& operator[](Field field) const {
        return texts_[static_cast<std::size_t>(field)];
    }
    std::string& operator[](Field field) { return texts_[static_cast<std::size_t>(field)]; }

private:
    std::array<std::string, field_count> texts_;
};

std::string_view name_of(Field field);  // as in a layout: "label"
std::optional<Field> field_of(std::string_view name);
std::span<const std::string_view> field_names();

// A ticket as somebody may get it, with every field filled: to look at a layout.
Fields example();

}  // namespace antrean::layout
