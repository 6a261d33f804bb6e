#include "tools/benchmark/sample.hpp"

#include <algorithm>

namespace antrean::benchmark {

void Sample::add(const Sample& other) {
    values_.insert(values_.end(), other.values_.begin(), other.values_.end());
}

Summary Sample::summary() const {
    if (values_.empty()) return {};
    auto sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    // The smallest value that PERCENT of all do not exceed.
    const auto at = [&](std::size_t percent) {
        return sorted[(sorted.size() * percent + 99) / 100 - 1];
    };
    return {sorted.size(), at(50), at(99), sorted.back()};
}

}  // namespace antrean::benchmark
