#include "controller/projections/pace.hpp"

#include <algorithm>
#include <vector>

namespace antrean::projections {

void Pace::called(WallTime at, bool others_wait) {
    if (busy_since_ && at >= *busy_since_ && at - *busy_since_ <= longest) {
        intervals_.push_back(at - *busy_since_);
        if (intervals_.size() > kept) intervals_.pop_front();
    }
    busy_since_.reset();
    if (others_wait) busy_since_ = at;
}

std::chrono::seconds Pace::wait(std::uint32_t ahead, std::chrono::seconds expected) const {
    using std::chrono::milliseconds;
    // The wait is a sum of intervals, so their mean counts; but one that is far from the others
    // (a clerk who went to look for a file) is cut down to thrice the median.
    std::vector<milliseconds> sorted{intervals_.begin(), intervals_.end()};
    std::ranges::sort(sorted);
    const auto most = sorted.empty() ? milliseconds{0} : 3 * sorted[sorted.size() / 2];
    // What was expected counts the less, the more was measured. In shares of `kept`.
    constexpr auto whole = static_cast<std::int64_t>(kept);
    const auto measured = static_cast<std::int64_t>(sorted.size());
    const auto prior = prior_weight * (whole - measured);
    auto sum = prior * milliseconds{expected};
    for (const auto interval : sorted)
        sum += whole * std::min(interval, most);
    const auto each = sum / (prior + whole * measured);
    return std::chrono::duration_cast<std::chrono::seconds>(each * (std::int64_t{ahead} + 1));
}

}  // namespace antrean::projections
