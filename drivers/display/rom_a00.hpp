// Text as the HD44780U with ROM code A00 can show it (Hitachi ADE-207-272(Z), table 4): ASCII from
// blank to '}', with a yen sign for the backslash and an arrow for the tilde. The rest of that ROM
// is katakana and signs, of which none is in Indonesian. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace antrean::display {

// COLUMNS characters: letters of Latin script without their accents, signs by the nearest of ASCII,
// '?' for what has none or is no UTF-8; cut, or filled with blanks.
std::string rom_a00(std::string_view utf8, std::size_t columns);

}  // namespace antrean::display
