// How a display is named in options: "terminal" or "hd44780:/dev/i2c-1:0x27:20x4". Pure.
#pragma once

#include "drivers/display/hd44780.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace antrean::display {

struct TerminalAddress {
    bool operator==(const TerminalAddress&) const = default;
};
struct Hd44780Address {
    std::string bus;  // the character device of the adapter
    std::uint8_t address =
        0;  // of the expander, 7 bits: 0x20 to 0x27 (PCF8574) or 0x38 to 0x3f (A)
    Glass glass = Glass::columns_16_rows_2;
    bool operator==(const Hd44780Address&) const = default;
};
using Address = std::variant<TerminalAddress, Hd44780Address>;

// PROBLEM gets what is wrong with TEXT, for people, and is left alone where nothing is.
Address parse_address(std::string_view text, std::string& problem);

}  // namespace antrean::display
