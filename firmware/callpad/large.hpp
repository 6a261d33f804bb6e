// A label in letters of five lines, to be read from across a counter. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace antrean::callpad {

inline constexpr std::size_t large_lines = 5;
inline constexpr std::size_t large_columns = 6;  // of a character, the gap behind it included

// A-Z in either case, 0-9 and '-'. Anything else is a gap, and so is each byte of a letter beyond
// ASCII.
std::array<std::string, large_lines> large(std::string_view label);

}  // namespace antrean::callpad
