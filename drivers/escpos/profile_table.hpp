// The texts of schemas/printers that are built into the program. Private to this folder; the build
// makes the table.
#pragma once

#include <span>
#include <string_view>

namespace antrean::escpos {

struct BuiltInProfile {
    std::string_view name;  // "epson-tm-t88v"
    const std::string_view* text;
};

std::span<const BuiltInProfile> built_in_profiles();  // by rising name

}  // namespace antrean::escpos
