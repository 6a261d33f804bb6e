#include "drivers/tty/escape.hpp"

#include <cstddef>

namespace antrean::tty {
namespace {

struct Decoded {
    char32_t code_point;
    std::size_t size;  // in bytes; 0 where the text does not begin with well-formed UTF-8
};

// The first character of TEXT, which is not empty. Overlong forms, surrogates and values above
// U+10FFFF are not well-formed (Unicode 15, table 3-7).
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};

    std::size_t size = 0;
    char32_t value = 0;
    char32_t smallest = 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        size = 2, value = lead & 0x1Fu, smallest = 0x80;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        size = 3, value = lead & 0x0Fu, smallest = 0x800;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        size = 4, value = lead & 0x07u, smallest = 0x10000;
    } else {
        return {0, 0};
    }
    if (text.size() < size) return {0, 0};
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0u) != 0x80) return {0, 0};
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest || value > 0x10FFFF || surrogate) return {0, 0};
    return {value, size};
}

}  // namespace

bool is_plain(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return false;
    if (c == 0x061C || c == 0x200E || c == 0x200F) return false;
    if (c >= 0x2028 && c <= 0x202E) return false;
    return !(c >= 0x2066 && c <= 0x2069);
}

bool is_plain(std::string_view text) {
    while (!text.empty()) {
        const Decoded first = decode(text);
        if (first.size == 0 || !is_plain(first.code_point)) return false;
        text.remove_prefix(first.size);
    }
    return true;
}

std::string escaped(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded first = decode(text);
        // Of ill-formed bytes only one is taken at a time: the next may begin a good character.
        const std::size_t size = first.size == 0 ? 1 : first.size;
        if (first.size != 0 && is_plain(first.code_point)) {
            out += text.substr(0, size);
        } else {
            for (const char c : text.substr(0, size)) {
                const auto byte = static_cast<unsigned char>(c);
                out += {'\\', 'x', digits[byte >> 4], digits[byte & 0x0F]};
            }
        }
        text.remove_prefix(size);
    }
    return out;
}

}  // namespace antrean::tty
