// Outside text made safe to show on a terminal, in a log or in an error message. Pure; any thread.
//
// A name from a site file, a device or the network may hold bytes that a terminal obeys: ESC
// sequences that move the cursor or retitle the window, C1 controls that do the same in one
// character, bidi controls that make a line read differently from what it says.
#pragma once

#include <string>
#include <string_view>

namespace antrean::tty {

// Whether a terminal merely shows CODE_POINT: false for the C0 and C1 controls and DEL, for the
// bidi controls (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), and for the line and
// paragraph separators U+2028 and U+2029.
bool is_plain(char32_t code_point);

// Whether TEXT is well-formed UTF-8 of plain characters only. True for the empty text.
bool is_plain(std::string_view text);

// TEXT with each byte of a character that is not plain, and each byte that is not well-formed
// UTF-8, written as \xNN (hexadecimal, upper case). Newlines and tabs are escaped too, so the
// result is always one line. A backslash stays as it is: the result is for reading, and cannot be
// turned back. At most four times as long as TEXT.
std::string escaped(std::string_view text);

}  // namespace antrean::tty
