#include "drivers/config/problems.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace antrean::config {
namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

// Longer texts are no slips of an id or a key, and would cost time to compare.
constexpr std::size_t max_compared = 64;

// Optimal string alignment distance of two texts of at most max_compared bytes, three rows at a
// time.
std::size_t edits(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, max_compared + 1>, 3> rows;
    auto* before = rows[0].data();
    auto* above = rows[1].data();
    auto* row = rows[2].data();
    for (std::size_t j = 0; j <= b.size(); ++j)
        above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        auto* oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b.size()];
}

}  // namespace

std::string LoadError::message() const {
    const std::string name = tty::escaped(file.string());
    std::string lines;
    for (const Problem& problem : problems) {
        lines += name;
        if (problem.line > 0) lines += ':' + std::to_string(problem.line);
        lines += ": " + problem.text + "; " + problem.remedy + '\n';
    }
    return lines;
}

void throw_exception_from_error(const LoadError& error, const boost::source_location&) {
    throw std::runtime_error(error.message());
}

void Problems::add(int line, std::string text, std::string remedy) {
    if (kept_.size() < max_kept) {
        kept_.push_back({line, std::move(text), std::move(remedy)});
    } else {
        ++not_kept_;
    }
}

std::vector<Problem> Problems::in_file_order() && {
    std::ranges::stable_sort(kept_, {}, &Problem::line);
    if (not_kept_ > 0) {
        kept_.push_back({0, "there are " + std::to_string(not_kept_) + " problems more",
                         "mend the ones above, then load the file again"});
    }
    return std::move(kept_);
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t max_shown = 60;
    if (text.size() <= max_shown) return "'" + tty::escaped(text) + "'";
    std::size_t cut = max_shown;
    // Not in the middle of a UTF-8 character.
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0u) == 0x80)
        --cut;
    return "'" + tty::escaped(text.substr(0, cut)) + "...'";
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
    if (text.empty() || text.size() > max_compared) return {};
    const std::string wanted = lower(text);
    std::size_t fewest = 1 + std::max<std::size_t>(1, text.size() / 3);
    std::string_view best;
    for (const std::string_view candidate : candidates) {
        const std::size_t longer = std::max(candidate.size(), wanted.size());
        const std::size_t shorter = std::min(candidate.size(), wanted.size());
        if (longer - shorter >= fewest || longer > max_compared) continue;
        const std::size_t distance = edits(wanted, lower(candidate));
        // One edit in a text of one character is another text altogether.
        if (distance >= fewest || distance >= shorter) continue;
        fewest = distance;
        best = candidate;
    }
    return best;
}

}  // namespace antrean::config
