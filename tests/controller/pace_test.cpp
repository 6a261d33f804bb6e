// The estimate of waiting: exact small cases, and its error over whole simulated days.
#include "controller/projections/pace.hpp"

#include "tests/catch.hpp"
#include "tests/sim/random.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <vector>

namespace {

using namespace antrean;
using namespace std::chrono_literals;
using projections::Pace;

WallTime at(std::chrono::milliseconds time) {
    return WallTime{1'795'321'936'000ms + time};
}

TEST_CASE("without any measurement the expected time counts", "[pace]") {
    CHECK(Pace{}.wait(0, 5min) == 5min);
    CHECK(Pace{}.wait(3, 5min) == 20min);
}

TEST_CASE("measured calls take over from what was expected", "[pace]") {
    Pace pace;
    for (int i = 0; i <= 10; ++i)
        pace.called(at(i * 2min), true);
    // 10 intervals of 2 minutes, and the 4 of 10 by half.
    CHECK(pace.wait(9, 10min) == 10 * (10 * 120s + 2 * 600s) / 12);
    for (int i = 11; i <= 40; ++i)
        pace.called(at(i * 2min), true);
    CHECK(pace.wait(9, 10min) == 20min);
}

TEST_CASE("the time in which nobody waited is not the pace", "[pace]") {
    Pace pace;
    for (int i = 0; i < 30; ++i)
        pace.called(at(i * 30min), false);
    CHECK(pace.wait(0, 5min) == 5min);
}

TEST_CASE("a break is not the pace, nor is a clock that jumps", "[pace]") {
    Pace pace;
    pace.called(at(0min), true);
    pace.called(at(60min), true);
    pace.called(at(10min), true);
    CHECK(pace.wait(0, 5min) == 5min);
}

TEST_CASE("one odd interval is cut down to thrice the median", "[pace]") {
    Pace pace;
    auto now = 0min;
    for (int i = 0; i < 20; ++i)
        pace.called(at(now += 2min), true);
    pace.called(at(now += 40min), true);
    // 19 of 2 minutes and one that counts as 6.
    CHECK(pace.wait(0, 2min) == std::chrono::seconds{(19 * 120 + 360) / 20});
}

// A day at one queue: people come at random, COUNTERS serve them in order, and each is told an
// estimate. What the estimates were worth, in seconds.
struct Day {
    std::vector<double> errors;  // of each, absolute
    std::vector<double> waits;
};
Day play(std::uint64_t seed, int counters, std::chrono::seconds service, double load,
         std::chrono::seconds expected) {
    sim::Random random{seed};
    const auto exponential = [&](double mean) {
        return -mean * std::log(1.0 - static_cast<double>(random.below(1'000'000)) / 1e6);
    };
    Day day;
    Pace pace;
    struct Visitor {
        double came;
        double estimate;
    };
    std::queue<Visitor> waiting;
    std::vector<double> free(static_cast<std::size_t>(counters), 0.0);
    const double mean = static_cast<double>(service.count());
    double now = 0;
    while (now < 6 * 3600.0) {
        now += exponential(mean / counters / load);
        const auto call_until = [&](double until) {
            while (!waiting.empty()) {
                auto next = std::ranges::min_element(free);
                const double when = std::max(*next, waiting.front().came);
                if (when > until) break;
                const auto visitor = waiting.front();
                waiting.pop();
                pace.called(at(std::chrono::milliseconds{std::llround(when * 1000)}),
                            !waiting.empty());
                day.errors.push_back(std::abs(visitor.estimate - (when - visitor.came)));
                day.waits.push_back(when - visitor.came);
                // Half of a service is fixed, half is as it comes.
                *next = when + mean / 2 + exponential(mean / 2);
            }
        };
        call_until(now);
        const auto ahead = static_cast<std::uint32_t>(waiting.size());
        waiting.push({now, static_cast<double>(pace.wait(ahead, expected).count())});
    }
    return day;
}

double median(std::vector<double> values) {
    REQUIRE(!values.empty());
    std::ranges::sort(values);
    return values[values.size() / 2];
}

TEST_CASE("over simulated days half of the estimates are off by less than a quarter of the wait",
          "[pace]") {
    struct Hall {
        int counters;
        std::chrono::seconds service, expected;
        double load;
    };
    // What the site file expects is right, half of what it is, or twice that.
    const auto hall =
        GENERATE(Hall{1, 300s, 300s, 1.3}, Hall{3, 420s, 140s, 1.2}, Hall{3, 420s, 70s, 1.2},
                 Hall{5, 240s, 96s, 1.3}, Hall{2, 600s, 600s, 1.25});
    std::vector<double> errors, waits;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto day = play(seed, hall.counters, hall.service, hall.load, hall.expected);
        errors.insert(errors.end(), day.errors.begin(), day.errors.end());
        waits.insert(waits.end(), day.waits.begin(), day.waits.end());
    }
    INFO(hall.counters << " counters: median wait " << median(waits) << " s, median error "
                       << median(errors) << " s over " << waits.size() << " visitors");
    CHECK(median(errors) < 0.25 * median(waits));
}

}  // namespace
