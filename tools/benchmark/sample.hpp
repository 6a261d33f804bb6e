// Durations that were measured, and what is told of them. Values; no thread rule.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace antrean::benchmark {

using Nanoseconds = std::chrono::nanoseconds;

// All zero where nothing was measured.
struct Summary {
    std::size_t count = 0;
    Nanoseconds p50{};
    Nanoseconds p99{};
    Nanoseconds max{};
};

// Keeps every duration, so that percentiles are exact: the value at the nearest rank, never one
// between two.
class Sample {
public:
    explicit Sample(std::size_t expected = 0) { values_.reserve(expected); }

    void add(Nanoseconds value) { values_.push_back(value); }
    void add(const Sample& other);
    std::size_t count() const { return values_.size(); }
    Summary summary() const;

private:
    std::vector<Nanoseconds> values_;
};

}  // namespace antrean::benchmark
