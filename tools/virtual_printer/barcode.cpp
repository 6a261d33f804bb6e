#include "tools/virtual_printer/barcode.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace antrean::virtual_printer {
namespace {

// The widths of bars and spaces of each symbol character, bar first; the last one is the stop.
constexpr std::array<std::string_view, 107> patterns{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112"};

constexpr int stop = 106;
constexpr int shift = 98;

enum class Set : std::uint8_t { a, b, c };

int start_of(Set set) {
    return 103 + static_cast<int>(set);
}
// The character that changes to a set has the same value in both others.
int change_to(Set set) {
    return 101 - static_cast<int>(set);
}

std::optional<Set> set_of(std::uint8_t letter) {
    if (letter < 'A' || letter > 'C') return std::nullopt;
    return static_cast<Set>(letter - 'A');
}

// Function 4 is the only one that differs by set; set C lacks all but function 1.
std::optional<int> function(std::uint8_t digit, Set set) {
    if (digit == '1') return 102;
    if (set == Set::c) return std::nullopt;
    if (digit == '2') return 97;
    if (digit == '3') return 96;
    return set == Set::a ? 101 : 100;
}

std::optional<int> value_of(std::uint8_t byte, Set set) {
    switch (set) {
        case Set::a:
            if (byte < 0x20) return byte + 64;
            if (byte < 0x60) return byte - 32;
            break;
        case Set::b:
            if (byte >= 0x20 && byte < 0x80) return byte - 32;
            break;
        case Set::c:
            if (byte <= 99) return byte;
            break;
    }
    return std::nullopt;
}

void append_text(std::string& text, std::uint8_t byte, Set set) {
    if (set == Set::c) {
        text += static_cast<char>('0' + byte / 10);
        text += static_cast<char>('0' + byte % 10);
    } else {
        text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : ' ';
    }
}

void append_modules(std::vector<bool>& modules, int value) {
    bool black = true;
    for (const char width : patterns[static_cast<std::size_t>(value)]) {
        modules.insert(modules.end(), static_cast<std::size_t>(width - '0'), black);
        black = !black;
    }
}

}  // namespace

std::optional<Barcode> code128(std::span<const std::uint8_t> data) {
    if (data.size() < 3 || data[0] != '{') return std::nullopt;
    const auto first = set_of(data[1]);
    if (!first) return std::nullopt;
    Set set = *first;
    Barcode barcode;
    std::vector<int> values{start_of(set)};
    bool shifted = false;
    for (std::size_t i = 2; i < data.size(); ++i) {
        std::uint8_t byte = data[i];
        if (byte == '{') {
            if (++i == data.size()) return std::nullopt;
            byte = data[i];
            if (const auto other = set_of(byte)) {
                if (*other != set) values.push_back(change_to(*other));
                set = *other;
                continue;
            }
            if (byte == 'S' && set != Set::c) {
                values.push_back(shift);
                shifted = true;
                continue;
            }
            if (byte >= '1' && byte <= '4') {
                const auto value = function(byte, set);
                if (!value) return std::nullopt;
                values.push_back(*value);
                continue;
            }
            if (byte != '{') return std::nullopt;
        }
        Set used = set;
        if (shifted) used = set == Set::a ? Set::b : Set::a;
        shifted = false;
        const auto value = value_of(byte, used);
        if (!value) return std::nullopt;
        values.push_back(*value);
        append_text(barcode.text, byte, used);
    }
    int check = values[0];
    for (std::size_t i = 1; i < values.size(); ++i)
        check += values[i] * static_cast<int>(i);
    values.push_back(check % 103);
    values.push_back(stop);
    for (const int value : values)
        append_modules(barcode.modules, value);
    return barcode;
}

}  // namespace antrean::virtual_printer
