// A seed that fails, with as few of its doings as make it fail by the same rule.
#pragma once

#include "tests/sim/only.hpp"
#include "tests/sim/seed.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace antrean::sim {

struct Shrunk {
    Only only;            // the doings that are left
    Verdict verdict;      // of the run with them, without its story; passed: the seed does not fail
    std::size_t had = 0;  // doings that were done before
    std::size_t runs = 0;
    bool in_time = true;  // else some more could perhaps be left out
};

// Leaves out halves, then ever smaller parts, then single doings. Each run is a process of its own,
// for an assertion of the product may end it: its rule is "crash". Deterministic, but for the
// LIMIT. Throws std::system_error.
Shrunk shrink(std::uint64_t seed, std::chrono::milliseconds limit);

}  // namespace antrean::sim
