#include "tests/sim/only.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace antrean::sim {
namespace {

std::optional<Only::Number> number(std::string_view text) {
    Only::Number value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && rest == end ? std::optional{value} : std::nullopt;
}

}  // namespace

Only::Only(std::vector<Number> numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    numbers_ = std::move(numbers);
}

std::optional<Only> Only::parse(std::string_view text) {
    constexpr Number most = 1'000'000;
    std::vector<Number> numbers;
    for (;;) {
        const auto end = std::min(text.find(','), text.size());
        const auto part = text.substr(0, end);
        const auto dash = part.find('-');
        const auto first = number(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : number(part.substr(dash + 1));
        if (!first || !last || *first > *last || *last > most) return std::nullopt;
        for (auto one = *first; one <= *last; ++one)
            numbers.push_back(one);
        if (end == text.size()) break;
        text.remove_prefix(end + 1);
    }
    std::erase(numbers, Number{0});
    return Only{std::move(numbers)};
}

bool Only::contains(Number number) const {
    return !numbers_ || std::binary_search(numbers_->begin(), numbers_->end(), number);
}

std::string Only::text() const {
    if (numbers_->empty()) return "0";
    std::string text;
    for (auto it = numbers_->begin(); it != numbers_->end();) {
        auto last = it;
        while (last + 1 != numbers_->end() && *(last + 1) == *last + 1)
            ++last;
        text += fmt::format("{}{}", text.empty() ? "" : ",", *it);
        if (last != it) text += fmt::format("-{}", *last);
        it = last + 1;
    }
    return text;
}

}  // namespace antrean::sim
