#include "drivers/escpos/characters.hpp"

namespace antrean::escpos {

char32_t next_character(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (lead < 0x80) return lead;
    int more = 0;
    char32_t character = 0;
    char32_t smallest = 0;  // a longer form than needed could smuggle a control character
    if (lead >= 0xc2 && lead < 0xe0) {
        more = 1, character = lead & 0x1f, smallest = 0x80;
    } else if (lead >= 0xe0 && lead < 0xf0) {
        more = 2, character = lead & 0x0f, smallest = 0x800;
    } else if (lead >= 0xf0 && lead < 0xf5) {
        more = 3, character = lead & 0x07, smallest = 0x10000;
    } else {
        return malformed;
    }
    for (; more > 0; --more) {
        if (text.empty()) return malformed;
        const auto next = static_cast<unsigned char>(text.front());
        if ((next & 0xc0) != 0x80) return malformed;
        character = character << 6 | (next & 0x3f);
        text.remove_prefix(1);
    }
    const bool surrogate = character >= 0xd800 && character < 0xe000;
    if (character < smallest || character > 0x10ffff || surrogate) return malformed;
    return character;
}

bool is_space(char32_t character) {
    return character == ' ' || (character >= '\t' && character <= '\r') || character == 0x85 ||
           character == 0xa0 || character == 0x1680 ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x2028 ||
           character == 0x2029 || character == 0x202f || character == 0x205f || character == 0x3000;
}

bool is_control(char32_t character) {
    return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == malformed;
}

bool is_invisible(char32_t character) {
    return character == 0xad || character == 0x61c ||
           (character >= 0x200b && character <= 0x200f) || is_direction_override(character) ||
           (character >= 0x2060 && character <= 0x2064) ||
           (character >= 0xfe00 && character <= 0xfe0f) || character == 0xfeff;
}

bool is_direction_override(char32_t character) {
    return (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069);
}

std::string_view plain_form(char32_t character) {
    switch (character) {
        case 0x2018:
        case 0x2019:
        case 0x2032:
        case 0x02bc:
            return "'";
        case 0x201c:
        case 0x201d:
        case 0x2033:
            return "\"";
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2212:
            return "-";
        case 0x2026:
            return "...";
        case 0x2022:
            return "*";
        default:
            return {};
    }
}

}  // namespace antrean::escpos
