// Text from outside, one character at a time, and what kind of character it is. Pure, thread-safe.
#pragma once

#include <string_view>

namespace antrean::escpos {

inline constexpr char32_t malformed = 0xffffffff;

// The next character of UTF-8 text that is not empty; the text is shortened by it, by one byte at
// least. `malformed` for what is no character: longer forms than needed, halves of surrogate pairs,
// numbers beyond the last one, and the first byte of whatever is cut off.
char32_t next_character(std::string_view& utf8);

// Spaces of any width, tabs and ends of lines.
bool is_space(char32_t character);
// C0, DEL, C1, and `malformed`.
bool is_control(char32_t character);
// Says how to join, break or order what stands around it, and leaves no ink by itself.
bool is_invisible(char32_t character);
// Reorders the text around it whatever the letters are: a name that holds one could turn round the
// words printed beside it.
bool is_direction_override(char32_t character);

// What to print for a typographic sign, such as those that word processors put into names, where no
// code page has it: ASCII. Empty for all others.
std::string_view plain_form(char32_t character);

}  // namespace antrean::escpos
