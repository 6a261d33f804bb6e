#include "proto/day.hpp"

#include <cassert>
#include <charconv>

namespace antrean {
namespace {

constexpr std::size_t text_size = 10;

bool parse_part(std::string_view text, unsigned& part) {
    const char* const end = text.data() + text.size();
    const auto [read_to, error] = std::from_chars(text.data(), end, part);
    return error == std::errc{} && read_to == end;
}

void put_part(std::string& text, std::size_t at, std::size_t digits, unsigned part) {
    for (std::size_t i = digits; i-- > 0; part /= 10) {
        text[at + i] = static_cast<char>('0' + part % 10);
    }
}

}  // namespace

std::string to_iso(ServiceDay day) {
    const std::chrono::year_month_day date{day};
    const int year = static_cast<int>(date.year());
    assert(year >= 0 && year <= 9999);
    std::string text(text_size, '-');
    put_part(text, 0, 4, static_cast<unsigned>(year));
    put_part(text, 5, 2, static_cast<unsigned>(date.month()));
    put_part(text, 8, 2, static_cast<unsigned>(date.day()));
    return text;
}

std::optional<ServiceDay> parse_day(std::string_view text) {
    if (text.size() != text_size || text[4] != '-' || text[7] != '-') return std::nullopt;
    unsigned year = 0, month = 0, day = 0;
    if (!parse_part(text.substr(0, 4), year) || !parse_part(text.substr(5, 2), month) ||
        !parse_part(text.substr(8), day)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                           std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return ServiceDay{date};
}

}  // namespace antrean
