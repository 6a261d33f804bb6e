// What a kiosk takes from the small computer that it runs on: the program as it is packed,
// stripped, through a day's presses, an idle minute, starts, and an hour without its controller.
//
// Buttons are keys on standard input and the printer is a TCP port of the bench, so evdev's and
// USB's own part in the time of a press is not in it. The time of a press is that of press.hpp.
#pragma once

#include "tools/benchmark/steps.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace antrean::benchmark {

inline constexpr std::size_t firmware_presses = 200;  // of the day

struct Firmware {
    std::uint64_t program_bytes = 0;  // stripped
    Memory memory;                    // after the day
    std::uint64_t proportional_bytes = 0;
    double written_bytes_per_ticket = 0;  // by the kiosk alone
    double idle_seconds = 0;
    double idle_cpu_us_per_second = 0;
    // Presses, and between each two of them a flush of a file that grows.
    struct Presses {
        Summary papers;
        Summary flushes;
    };
    Presses online;
    Presses offline;  // after the controller was gone
    Summary start;    // from the start of the program to the first press that it took
    MachineTimes machine;
    std::string problem;  // as in Step
};

// Takes about two minutes, one of them the idle one. KIOSK is the program; a stripped copy of it
// runs. Where "strip" (binutils) is missing, an exception.
Firmware run_firmware(const Settings& settings, const std::filesystem::path& kiosk,
                      Machine& machine, Baseline& baseline);

}  // namespace antrean::benchmark
