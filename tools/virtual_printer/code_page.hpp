// The characters behind the bytes: the tables of ESC t and the national sets of ESC R.
//
// Which number stands for which table differs by model, so the profile says that. The tables here
// are kept apart from those that the driver encodes with, so that one checks the other. Pure
// functions.
#pragma once

#include "drivers/escpos/profile.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace antrean::virtual_printer {

using escpos::CodePage;
using escpos::CodeTable;

// The page that `ESC t number` selects; nullopt for a number that the model does not have: a
// printer ignores it silently, and the previous table stays.
std::optional<CodePage> code_page(std::span<const CodeTable> tables, std::uint8_t number);

// The 128 characters from byte 80 on. Empty for ASCII, which has none.
std::u32string_view upper_half(CodePage page);

// The character that byte 20..FF stands for. `national` is the operand of ESC R, 0 for the USA,
// which replaces a few of the characters below 80.
char32_t decode(CodePage page, std::uint8_t national, std::uint8_t byte);

void append_utf8(std::string& out, char32_t character);

}  // namespace antrean::virtual_printer
