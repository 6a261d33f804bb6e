#include "drivers/display/rom_a00.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace antrean::display {
namespace {

constexpr char32_t no_character = 0xfffd;

// Takes one character from the front of TEXT, which is not empty; no_character where it is no
// UTF-8.
char32_t take(std::string_view& text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
    std::size_t whole = 1;
    char32_t value = size == 1 ? first : first & (0x7fu >> size);
    while (whole < size && whole < text.size() && (byte(whole) & 0xc0u) == 0x80)
        value = value << 6 | (byte(whole++) & 0x3fu);
    text.remove_prefix(whole);
    return whole == size ? value : no_character;
}

// Of U+00C0 to U+017F, the letters of Latin-1 and of Latin Extended-A.
constexpr std::string_view latin =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLl"
    "NnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(latin.size() == 0x180 - 0xc0);

struct Sign {
    char32_t sign;
    char ascii;
};
constexpr std::array signs{
    Sign{U'\\', '/'},      Sign{U'~', '-'},      Sign{U'\u00a0', ' '}, Sign{U'\u00b0', 'o'},
    Sign{U'\u00b1', '+'},  Sign{U'\u00b7', '.'}, Sign{U'\u2010', '-'}, Sign{U'\u2011', '-'},
    Sign{U'\u2012', '-'},  Sign{U'\u2013', '-'}, Sign{U'\u2014', '-'}, Sign{U'\u2018', '\''},
    Sign{U'\u2019', '\''}, Sign{U'\u201c', '"'}, Sign{U'\u201d', '"'}, Sign{U'\u2022', '*'},
    Sign{U'\u2026', '.'},  Sign{U'\u2212', '-'},
};

char ascii(char32_t character) {
    for (const auto& sign : signs) {
        if (sign.sign == character) return sign.ascii;
    }
    if (character >= 0x20 && character < 0x7e) return static_cast<char>(character);
    if (character >= 0xc0 && character < 0x180) return latin[character - 0xc0];
    return '?';
}

}  // namespace

std::string rom_a00(std::string_view utf8, std::size_t columns) {
    std::string text;
    while (!utf8.empty() && text.size() < columns)
        text += ascii(take(utf8));
    text.resize(columns, ' ');
    return text;
}

}  // namespace antrean::display
