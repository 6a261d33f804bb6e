// The characters of each code page, as Unicode and its vendors publish them. Pure, thread-safe.
//
// A printer's own table of that number may lack a few of the rarer signs; nothing tells which.
#pragma once

#include "drivers/escpos/profile.hpp"

#include <array>
#include <optional>

namespace antrean::escpos {

// The characters of bytes 80 to FF (hexadecimal). 0 where none is assigned, or only a control
// character.
using UpperHalf = std::array<char16_t, 128>;

const UpperHalf& upper_half(CodePage page);

// The byte of a character that the page can print: 20 to 7E for ASCII, 80 to FF for its own, never
// anything else.
std::optional<char> to_page(char32_t character, CodePage page);

}  // namespace antrean::escpos
