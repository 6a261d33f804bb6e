#include "drivers/display/address.hpp"

#include <charconv>
#include <optional>
#include <vector>

namespace antrean::display {
namespace {

std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto colon = text.find(':');
        parts.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos) return parts;
        text.remove_prefix(colon + 1);
    }
}

std::optional<std::uint8_t> expander(std::string_view text) {
    if (!text.starts_with("0x")) return std::nullopt;
    text.remove_prefix(2);
    std::uint8_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    const bool is_one = (value & 0xf8u) == 0x20 || (value & 0xf8u) == 0x38;
    return is_one ? std::optional{value} : std::nullopt;
}

}  // namespace

Address parse_address(std::string_view text, std::string& problem) {
    if (text == "terminal") return TerminalAddress{};
    const auto parts = parts_of(text);
    if (parts.size() != 4 || parts[0] != "hd44780") {
        problem = "a display is 'terminal', or such as 'hd44780:/dev/i2c-1:0x27:20x4'";
        return TerminalAddress{};
    }
    Hd44780Address found;
    found.bus = parts[1];
    if (!found.bus.starts_with("/dev/"))
        problem = "an I2C bus is a character device such as /dev/i2c-1";
    if (const auto address = expander(parts[2])) {
        found.address = *address;
    } else {
        problem = "a display's expander has an address from 0x20 to 0x27 or from 0x38 to 0x3f";
    }
    if (parts[3] == "20x4") {
        found.glass = Glass::columns_20_rows_4;
    } else if (parts[3] != "16x2") {
        problem = "a display is 16x2 or 20x4";
    }
    return found;
}

}  // namespace antrean::display
