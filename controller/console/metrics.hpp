// The controller's meters in Prometheus' text format, version 0.0.4. No label has more values than
// the program itself knows.
#pragma once

#include "controller/console/vitals.hpp"
#include "controller/engine/event.hpp"
#include "controller/sessions/hub.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace antrean::console {

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

// How long something took, counted by steps from 100 µs to 2.5 s. Any thread may observe while any
// other reads; a reader may miss an observation that is being made.
class Histogram {
public:
    using Nanoseconds = std::chrono::nanoseconds;
    // The upper bounds of the steps, each included; what is longer counts in none of them.
    static constexpr std::array<std::chrono::microseconds, 14> bounds{
        std::chrono::microseconds{100},       std::chrono::microseconds{250},
        std::chrono::microseconds{500},       std::chrono::microseconds{1'000},
        std::chrono::microseconds{2'500},     std::chrono::microseconds{5'000},
        std::chrono::microseconds{10'000},    std::chrono::microseconds{25'000},
        std::chrono::microseconds{50'000},    std::chrono::microseconds{100'000},
        std::chrono::microseconds{250'000},   std::chrono::microseconds{500'000},
        std::chrono::microseconds{1'000'000}, std::chrono::microseconds{2'500'000}};

    struct Counts {
        std::array<std::uint64_t, bounds.size()> up_to{};  // that took at most the bound
        std::uint64_t all = 0;
        Nanoseconds sum{0};
    };

    void observe(Nanoseconds took);
    Counts counts() const;

private:
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> steps_{};
    std::atomic<std::int64_t> sum_ns_{0};
};

struct Meters {
    sessions::Stats stats;
    std::map<engine::State, std::uint32_t> tickets;  // as Hall::tickets()
    std::size_t alarms = 0;                          // limits that are broken or about to be
    Histogram::Counts flushes;                       // of batches to the disk
    Vitals vitals;
};

std::string metrics_text(const Meters& meters);

}  // namespace antrean::console
