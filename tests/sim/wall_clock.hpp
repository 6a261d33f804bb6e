// What a wall clock shows that nobody, or the wrong one, has set. No rule of safety may read it.
#pragma once

#include "proto/types.hpp"
#include "tests/sim/random.hpp"

#include <algorithm>

namespace antrean::sim {

enum class WallClock {
    right,
    years_back,  // as after a start without a battery
    years_on,
    fast,  // 20 s in each second
    still,
    restless,  // up to three hours off, anew each second
};

// PASSED behind STARTS. The years are such that the day is the same Monday, the 3rd or 5th of
// January, and that its numbers take as many bytes: else papers and frames would be of other
// lengths, and take another time.
inline WallTime shown(WallClock clock, WallTime starts, Time passed) {
    using namespace std::chrono_literals;
    using std::chrono::floor;
    constexpr std::chrono::sys_days right_day{std::chrono::year{2026} / 1 / 5};
    constexpr std::chrono::sys_days back_day{std::chrono::year{1972} / 1 / 3};
    constexpr std::chrono::sys_days on_day{std::chrono::year{2037} / 1 / 5};
    switch (clock) {
        case WallClock::right:
            break;
        case WallClock::years_back:
            starts -= right_day - back_day;
            break;
        case WallClock::years_on:
            starts += on_day - right_day;
            break;
        case WallClock::fast:
            passed *= 20;
            break;
        case WallClock::still:
            passed = std::min<Time>(passed, Time{0});
            break;
        case WallClock::restless: {
            Random random{static_cast<std::uint64_t>(floor<std::chrono::seconds>(passed).count())};
            passed += random.between(Time{0}, Time{6h}) - Time{3h};
            break;
        }
    }
    return starts + floor<std::chrono::milliseconds>(passed);
}

}  // namespace antrean::sim
