// The same seeds under other wall clocks: no rule of safety reads one.
#include "tests/catch.hpp"
#include "tests/sim/seed.hpp"

#include <algorithm>

namespace antrean::sim {

TEST_CASE("a wall clock that is years off changes nothing of what happens to whom and when",
          "[sim][R1][R8][R9][R11][F8][F26]") {
    const auto clock = GENERATE(WallClock::years_back, WallClock::years_on);
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const auto right = history_of(seed, WallClock::right);
        const auto wrong = history_of(seed, clock);
        const auto [one, other] =
            std::mismatch(right.begin(), right.end(), wrong.begin(), wrong.end());
        CAPTURE(seed);
        CHECK(right.size() > 100);
        CHECK((one == right.end() ? "" : *one) == (other == wrong.end() ? "" : *other));
    }
}

// Estimates change with these, and are told when they change. So frames pass at other moments, and
// what follows is another story; but in that story, too, everybody keeps his number and his turn.
TEST_CASE("a wall clock that races, stands still or leaps breaks no promise",
          "[sim][R1][R2][R8][R9][R11][F8]") {
    const auto clock = GENERATE(WallClock::fast, WallClock::still, WallClock::restless);
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        CHECK_NOTHROW(history_of(seed, clock));
    }
}

}  // namespace antrean::sim
