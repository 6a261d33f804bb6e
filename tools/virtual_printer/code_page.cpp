#include "tools/virtual_printer/code_page.hpp"

#include <array>
#include <string_view>

namespace antrean::virtual_printer {
namespace {

// The upper halves, from byte 80 on. U+FFFD stands where a page defines nothing.
constexpr std::u32string_view upper_437 =
    U"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
    U"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
constexpr std::u32string_view upper_850 =
    U"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
    U"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";
// Only the first 32 of 1252: from A0 on it equals Unicode.
constexpr std::u32string_view upper_1252 =
    U"€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ";

static_assert(upper_437.size() == 128 && upper_850.size() == 128 && upper_1252.size() == 32);

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

std::optional<CodePage> code_page(std::uint8_t table) {
    switch (table) {
        case 0:
            return CodePage::cp437;
        case 2:
            return CodePage::cp850;
        case 16:
            return CodePage::cp1252;
        case 19:
            return CodePage::cp858;
        default:
            return std::nullopt;
    }
}

char32_t decode(CodePage page, std::uint8_t national, std::uint8_t byte) {
    if (byte < 0x80) {
        const auto column = national_bytes.find(static_cast<char>(byte));
        if (column == std::string_view::npos || national >= national_sets.size()) return byte;
        return national_sets[national][column];
    }
    const std::size_t index = byte - 0x80u;
    switch (page) {
        case CodePage::cp437:
            return upper_437[index];
        case CodePage::cp850:
            return upper_850[index];
        // 858 is 850 with the euro sign in place of the dotless i.
        case CodePage::cp858:
            return byte == 0xd5 ? U'€' : upper_850[index];
        case CodePage::cp1252:
            return index < upper_1252.size() ? upper_1252[index] : byte;
    }
    return U'\uFFFD';
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
