// Many devices that stand idle, and one among them that presses: what the controller holds for
// them, and whether the one has to wait for the others.
#pragma once

#include "tools/benchmark/steps.hpp"

#include <cstddef>
#include <string>

namespace antrean::benchmark {

inline constexpr std::size_t most_idle_devices = 11'000;  // a controller takes 12,000 connections

struct IdleCrowd {
    std::size_t devices = 0;      // that are connected and greeted, the one that presses apart
    double greeting_seconds = 0;  // until all of them were
    Memory memory;                // with all of them
    Memory memory_alone;          // before they came
    double idle_cpu_share = 0;    // of one core, while nobody presses
    Summary alone;                // one device's tickets, one after the other
    Summary among;                // the same among the idle ones
    std::uint64_t tickets = 0;    // all of them
    std::string problem;          // as in Step
};

// Takes twice as long as a step, and 10 s for the heartbeats.
IdleCrowd run_idle(const Settings& settings, std::size_t devices);

}  // namespace antrean::benchmark
