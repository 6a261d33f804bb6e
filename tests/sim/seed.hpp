// One seed from its draw to its verdict.
#pragma once

#include "tests/sim/marks.hpp"
#include "tests/sim/world.hpp"

#include <cstdint>
#include <deque>
#include <string>

namespace antrean::sim {

struct Verdict {
    bool passed = true;
    std::string rule;  // of a failure: "R3", or "crash" for an exception of the product
    std::string text;
    std::uint64_t trace = 0;
    MarkCounts marks{};
    std::deque<std::string> story;  // the last lines, if they were to be kept
};

// Nothing is left behind; seeds run one at a time in a process, for SQLite has one random
// generator.
Verdict run_seed(std::uint64_t seed, Telling telling = Telling::hash);

}  // namespace antrean::sim
