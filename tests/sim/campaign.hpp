// Many seeds, shared by several processes.
#pragma once

#include "tests/sim/marks.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace antrean::sim {

struct Campaign {
    static constexpr std::uint64_t no_end = std::numeric_limits<std::uint64_t>::max() / 2;

    std::uint64_t first = 1;
    std::uint64_t count = 100;                      // or no_end, with a time
    std::optional<std::chrono::milliseconds> time;  // no seed begins later
    int jobs = 1;
    bool goes_on = false;        // after a failure; else the first one ends it
    bool show_progress = false;  // a line on standard error that rewrites itself
    bool twice = false;          // each seed is run twice; two traces that differ are a failure

    struct Failure {
        std::uint64_t seed = 0;
        std::string rule, text;
    };
    struct Result {
        std::uint64_t done = 0;
        std::uint64_t next = 0;         // all before it are done; where the next campaign goes on
        std::vector<Failure> failures;  // the lowest seed first
        MarkCounts marks{};
        double cpu_seconds = 0;

        bool marks_missing() const;
        double seeds_a_core_minute() const;
    };
    // Ends early after SIGINT or SIGTERM. Throws std::system_error.
    Result run() const;
};

void print_marks(const Campaign::Result& result);

}  // namespace antrean::sim
