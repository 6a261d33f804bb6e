#include "controller/engine/lease.hpp"

#include "controller/engine/catalog.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace antrean::engine {

namespace {

// Without I and O, which are read as digits.
constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
static_assert(letters.size() * letters.size() == tag_count);

}  // namespace

std::string make_tag(std::uint32_t index) {
    return {letters[index / letters.size() % letters.size()], letters[index % letters.size()]};
}

bool is_prefix(std::string_view text) {
    return !text.empty() && text.size() <= max_prefix_size && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

bool is_lease_label(std::string_view label) {
    const auto dash = label.find('-');
    return dash != label.npos && is_prefix(label.substr(0, dash)) && label.size() == dash + 3 &&
           label.find_first_not_of(letters, dash + 1) == std::string_view::npos;
}

std::string to_text(const Lease::Numbers& numbers) {
    std::string text;
    for (std::size_t first = 1; first < numbers.size(); ++first) {
        if (!numbers[first]) continue;
        auto last = first;
        while (last + 1 < numbers.size() && numbers[last + 1])
            ++last;
        if (!text.empty()) text += ' ';
        text += std::to_string(first);
        if (last > first) text += '-' + std::to_string(last);
        first = last;
    }
    return text;
}

std::optional<Lease::Numbers> parse_numbers(std::string_view text) {
    Lease::Numbers numbers;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    while (at != end) {
        std::size_t first = 0;
        auto read = std::from_chars(at, end, first);
        auto last = first;
        if (read.ec == std::errc{} && read.ptr != end && *read.ptr == '-') {
            read = std::from_chars(read.ptr + 1, end, last);
        }
        if (read.ec != std::errc{} || first == 0 || last < first || last >= numbers.size()) {
            return std::nullopt;
        }
        for (auto number = first; number <= last; ++number)
            numbers.set(number);
        at = read.ptr;
        if (at != end && *at++ != ' ') return std::nullopt;
    }
    // Of several ways to write the same numbers one is ours.
    return to_text(numbers) == text ? std::optional{numbers} : std::nullopt;
}

}  // namespace antrean::engine
