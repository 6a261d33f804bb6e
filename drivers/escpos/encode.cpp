#include "drivers/escpos/encode.hpp"

#include "drivers/escpos/commands.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace antrean::escpos {
namespace {

constexpr char32_t malformed = 0xffffffff;

// The next character of `text`, which is shortened by it. At least one byte is consumed.
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

// Code page 1252 from 80 to 9F; from A0 on it is Latin-1. 0: not assigned.
constexpr std::array<char16_t, 32> cp1252_80{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

// Code page 858 from 80: the letters, and those signs that are of use in text. Its box drawing is
// left out.
constexpr std::array<char16_t, 128> cp858_80{
    0xc7, 0xfc,  0xe9, 0xe2, 0xe4, 0xe0, 0xe5, 0xe7, 0xea, 0xeb, 0xe8,   0xef, 0xee, 0xec, 0xc4,
    0xc5, 0xc9,  0xe6, 0xc6, 0xf4, 0xf6, 0xf2, 0xfb, 0xf9, 0xff, 0xd6,   0xdc, 0xf8, 0xa3, 0xd8,
    0xd7, 0x192, 0xe1, 0xed, 0xf3, 0xfa, 0xf1, 0xd1, 0xaa, 0xba, 0xbf,   0xae, 0xac, 0xbd, 0xbc,
    0xa1, 0xab,  0xbb, 0,    0,    0,    0,    0,    0xc1, 0xc2, 0xc0,   0xa9, 0,    0,    0,
    0,    0xa2,  0xa5, 0,    0,    0,    0,    0,    0,    0,    0xe3,   0xc3, 0,    0,    0,
    0,    0,     0,    0,    0xa4, 0xf0, 0xd0, 0xca, 0xcb, 0xc8, 0x20ac, 0xcd, 0xce, 0xcf, 0,
    0,    0,     0,    0xa6, 0xcc, 0,    0xd3, 0xdf, 0xd4, 0xd2, 0xf5,   0xd5, 0xb5, 0xfe, 0xde,
    0xda, 0xdb,  0xd9, 0xfd, 0xdd, 0xaf, 0xb4, 0,    0xb1, 0,    0xbe,   0xb6, 0xa7, 0xf7, 0xb8,
    0xb0, 0xa8,  0xb7, 0xb9, 0xb3, 0xb2, 0,    0};

std::optional<char> find_in(std::span<const char16_t> upper_half, char32_t character) {
    const auto at = std::find(upper_half.begin(), upper_half.end(), character);
    if (character == 0 || at == upper_half.end()) return std::nullopt;
    return static_cast<char>(0x80 + (at - upper_half.begin()));
}

std::optional<char> in_page(char32_t character, CodePage page) {
    switch (page) {
        case CodePage::ascii:
            return std::nullopt;
        case CodePage::cp1252:
            // AD, the soft hyphen, would be printed as a hyphen wherever it stands.
            if (character > 0xa0 && character <= 0xff && character != 0xad)
                return static_cast<char>(character);
            return find_in(cp1252_80, character);
        case CodePage::cp858:
            return find_in(cp858_80, character);
        default:
            return std::nullopt;
    }
    return std::nullopt;
}

bool is_space(char32_t character) {
    return character == ' ' || (character >= '\t' && character <= '\r') || character == 0x85 ||
           character == 0xa0 || (character >= 0x2000 && character <= 0x200a) ||
           character == 0x2028 || character == 0x2029 || character == 0x202f || character == 0x3000;
}

// Typographic signs that word processors put into names, for pages that lack them.
std::optional<char> plain_form(char32_t character) {
    switch (character) {
        case 0x2018:
        case 0x2019:
            return '\'';
        case 0x201c:
        case 0x201d:
            return '"';
        case 0x2010:
        case 0x2011:
        case 0x2013:
        case 0x2014:
            return '-';
        default:
            return std::nullopt;
    }
}

}  // namespace

std::string encode_text(std::string_view utf8, CodePage page) {
    std::string encoded;
    encoded.reserve(utf8.size());
    while (!utf8.empty()) {
        const char32_t character = next_character(utf8);
        if (is_space(character)) {
            encoded += ' ';
        } else if (character > 0x20 && character < 0x7f) {
            encoded += static_cast<char>(character);
        } else if (const auto direct = in_page(character, page)) {
            encoded += *direct;
        } else {
            encoded += plain_form(character).value_or('?');
        }
    }
    return encoded;
}

Encoder::Encoder(Profile profile) : profile_{std::move(profile)} {}

Encoder& Encoder::init() {
    const auto append = [this](const auto& command) {
        bytes_.insert(bytes_.end(), command.begin(), command.end());
    };
    append(reset);
    append(kanji_off);
    if (profile_.has_asb) append(auto_status_on);
    // The international set is USA: others print #, $, @ and brackets as letters.
    append(byte_array(0x1b, 0x52, 0x00));
    append(byte_array(0x1b, 0x74, profile_.code_tables.front().number));
    width_ = 1;
    column_ = 0;
    return *this;
}

Encoder& Encoder::align(Align align) {
    end_line();
    for (const std::byte b : byte_array(0x1b, 0x61, align))
        bytes_.push_back(b);
    return *this;
}

Encoder& Encoder::bold(bool on) {
    for (const std::byte b : byte_array(0x1b, 0x45, on ? 1 : 0))
        bytes_.push_back(b);
    return *this;
}

Encoder& Encoder::size(int width, int height) {
    width_ = std::clamp(width, 1, 8);
    const int value = (width_ - 1) << 4 | (std::clamp(height, 1, 8) - 1);
    for (const std::byte b : byte_array(0x1d, 0x21, value))
        bytes_.push_back(b);
    return *this;
}

Encoder& Encoder::text(std::string_view utf8) {
    put(encode_text(utf8, profile_.code_tables.front().page));
    return *this;
}

Encoder& Encoder::line(std::string_view utf8) {
    put(encode_text(utf8, profile_.code_tables.front().page));
    column_ = 0;
    bytes_.push_back(std::byte{'\n'});
    return *this;
}

Encoder& Encoder::wrapped(std::string_view utf8, int max_lines) {
    end_line();
    const std::string encoded = encode_text(utf8, profile_.code_tables.front().page);
    std::string_view rest = encoded;
    const auto width = static_cast<std::size_t>(columns());
    for (int lines = 0; lines < max_lines; ++lines) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        if (rest.empty()) break;
        std::size_t size = rest.size();
        if (size > width) {
            const std::size_t space = rest.rfind(' ', width);
            size = space == std::string_view::npos ? width : space;
        }
        const std::string_view line = rest.substr(0, size);
        put(line.substr(0, line.find_last_not_of(' ') + 1));
        end_line();
        rest.remove_prefix(size);
    }
    return *this;
}

Encoder& Encoder::feed(int lines) {
    end_line();
    if (lines > 0)
        for (const std::byte b : byte_array(0x1b, 0x64, std::min(lines, 255)))
            bytes_.push_back(b);
    return *this;
}

Encoder& Encoder::cut() {
    end_line();
    bytes_.insert(bytes_.end(), profile_.cut.begin(), profile_.cut.end());
    return *this;
}

int Encoder::columns() const {
    return std::max(profile_.columns / width_, 1);
}

std::vector<std::byte> Encoder::take() {
    width_ = 1;
    column_ = 0;
    return std::exchange(bytes_, {});
}

void Encoder::put(std::string_view encoded) {
    // A printer wraps what is too long by itself, and a wrapped name pushes the layout apart.
    const int room = (profile_.columns - column_) / width_;
    const std::string_view fitting = encoded.substr(0, static_cast<std::size_t>(std::max(room, 0)));
    for (const char c : fitting)
        bytes_.push_back(static_cast<std::byte>(c));
    column_ += static_cast<int>(fitting.size()) * width_;
}

void Encoder::end_line() {
    if (column_ == 0) return;
    bytes_.push_back(std::byte{'\n'});
    column_ = 0;
}

}  // namespace antrean::escpos
