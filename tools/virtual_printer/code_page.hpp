// The character tables of ESC t and the national sets of ESC R, as far as they are known here:
// 437, 850, 858 and 1252. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace antrean::virtual_printer {

enum class CodePage : std::uint8_t { cp437, cp850, cp858, cp1252 };

// The page that `ESC t n` selects: 0, 2, 19 and 16 on nearly every printer. nullopt for tables
// that are not known here; a printer ignores those, and the previous table stays.
std::optional<CodePage> code_page(std::uint8_t table);

// The character that byte 20..FF stands for. `national` is the operand of ESC R, 0 for the USA,
// which replaces a few of the characters below 80.
char32_t decode(CodePage page, std::uint8_t national, std::uint8_t byte);

void append_utf8(std::string& out, char32_t character);

}  // namespace antrean::virtual_printer
