#include "tests/sim/seed.hpp"

#include "tests/catch.hpp"

#include <set>

namespace antrean::sim {

TEST_CASE("a seed that runs twice leaves the same trace and the same marks", "[sim]") {
    std::set<std::uint64_t> traces;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        const auto once = run_seed(seed);
        const auto again = run_seed(seed);
        CHECK(once.trace == again.trace);
        CHECK(once.marks == again.marks);
        traces.insert(once.trace);
    }
    CHECK(traces.size() == 50);
}

TEST_CASE("telling a seed's story does not change it", "[sim]") {
    const auto silent = run_seed(51);
    const auto told = run_seed(51, Telling::keep);
    CHECK(silent.trace == told.trace);
    CHECK(silent.story.empty());
    CHECK(told.story.size() > 100);
}

}  // namespace antrean::sim
