#include "tools/virtual_printer/code_page.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace antrean::virtual_printer {
namespace {

// Rows by the operand of ESC R; columns are the bytes in `national_bytes`.
constexpr std::string_view national_bytes = "#$@[\\]^`{|}~";
constexpr std::array<std::u32string_view, 10> national_sets{
    U"#$@[\\]^`{|}~",  // USA
    U"#$à°ç§^`éùè¨",   // France
    U"#$§ÄÖÜ^`äöüß",   // Germany
    U"£$@[\\]^`{|}~",  // United Kingdom
    U"#$@ÆØÅ^`æøå~",   // Denmark I
    U"#¤ÉÄÖÅÜéäöåü",   // Sweden
    U"#$@°\\é^ùàòèì",  // Italy
    U"₧$@¡Ñ¿^`¨ñ}~",   // Spain I
    U"#$@[¥]^`{|}~",   // Japan
    U"#¤ÉÆØÅÜéæøåü",   // Norway
};

}  // namespace

std::optional<CodePage> code_page(std::span<const CodeTable> tables, std::uint8_t number) {
    const auto found = std::find_if(tables.begin(), tables.end(), [number](const CodeTable& table) {
        return table.number == number;
    });
    if (found == tables.end()) return std::nullopt;
    return found->page;
}

char32_t decode(CodePage page, std::uint8_t national, std::uint8_t byte) {
    if (byte < 0x80) {
        const auto column = national_bytes.find(static_cast<char>(byte));
        if (column == std::string_view::npos || national >= national_sets.size()) return byte;
        return national_sets[national][column];
    }
    const std::u32string_view upper = upper_half(page);
    const std::size_t index = byte - 0x80u;
    return index < upper.size() ? upper[index] : U'\uFFFD';
}

void append_utf8(std::string& out, char32_t character) {
    const auto put = [&out](char32_t bits) { out += static_cast<char>(bits); };
    if (character < 0x80) {
        put(character);
    } else if (character < 0x800) {
        put(0xc0 | character >> 6);
        put(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        put(0xe0 | character >> 12);
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    } else {
        put(0xf0 | character >> 18);
        put(0x80 | (character >> 12 & 0x3f));
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    }
}

}  // namespace antrean::virtual_printer
