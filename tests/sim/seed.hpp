// One seed from its draw to its verdict.
#pragma once

#include "tests/sim/marks.hpp"
#include "tests/sim/only.hpp"
#include "tests/sim/wall_clock.hpp"
#include "tests/sim/world.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace antrean::sim {

struct Verdict {
    bool passed = true;
    bool ended = false;  // an assertion has ended the program: nothing but the rule is known
    std::string rule;    // of a failure: "R3", or "crash" for an exception of the product
    std::string text;
    std::uint64_t trace = 0;
    std::uint32_t doings = 0;  // those that were left out included; up to the failure
    MarkCounts marks{};
    std::deque<std::string> story;  // the last lines, if they were to be kept
};

// Nothing is left behind; seeds run one at a time in a process, for SQLite has one random
// generator.
Verdict run_seed(std::uint64_t seed, Telling telling = Telling::hash, const Only& only = {});

// All that happens in SEED where nothing goes by the hour (plan.hpp: without_hours), and all that
// its journal holds, but for the times that CLOCK shows. Throws what is thrown in it.
std::vector<std::string> history_of(std::uint64_t seed, WallClock clock);

}  // namespace antrean::sim
