// From a button to the paper: a real kiosk with a controller, whose buttons the bench presses and
// whose printer it is. The time of a press runs from the key to the first bytes at the printer that
// hold text for the paper; resets and questions before do not count.
//
// On this way stand a flush and a round trip for the ticket, and the kiosk's own flushes: what it
// asks for, and what it prints, are on its disk before.
#pragma once

#include "tools/benchmark/steps.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace antrean::benchmark {

struct PressSettings {
    std::filesystem::path kiosk;  // the program
    std::size_t presses = 100;
    std::chrono::milliseconds interval{150};  // from press to press, by several buttons in turn
};

// What a process takes when nobody presses, as a share of one core; and what it holds.
struct Idle {
    double cpu_share = 0;
    Memory memory;
};

struct Press {
    Summary latency;
    MachineTimes machine;
    double kiosk_cpu_us = 0;  // for one press, its paper and the report of it
    double controller_cpu_us = 0;
    Idle kiosk;
    Idle controller;
    std::string problem;  // as in Step
};

Press run_press(const Settings& settings, const PressSettings& press_settings, Machine& machine,
                Baseline& baseline);

}  // namespace antrean::benchmark
