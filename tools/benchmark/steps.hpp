// One step of the bench: a fresh controller on a fresh journal, a number of kiosks that press
// without pause, and the machine's own times just before and after.
#pragma once

#include "tools/benchmark/audit.hpp"
#include "tools/benchmark/baseline.hpp"
#include "tools/benchmark/child.hpp"
#include "tools/benchmark/sample.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace antrean::benchmark {

struct Settings {
    std::filesystem::path controller;  // the program
    std::filesystem::path dir;         // a directory of this run, on the disk to measure
    std::chrono::milliseconds measure{3000};
    bool with_reports = false;
};

// What a process took for one ticket, and what it holds.
struct Load {
    double cpu_us_per_ticket = 0;
    double cpu_share = 0;  // of one core, while measuring
    double written_bytes_per_ticket = 0;
    Memory memory;  // at the end of the step
};

Load load_between(const Usage& begin, const Usage& end, std::chrono::steady_clock::duration lasted,
                  std::uint64_t tickets, const Memory& memory);

// What the machine took by itself around a step.
struct MachineTimes {
    Summary flush;            // overwriting, as the log does once it has its size
    Summary flush_extending;  // as the log of a young journal does
    Summary round_trip;
};
// Measures now, behind a step. BASELINE is what was measured since the step before; what is
// measured now takes its place.
MachineTimes times_around(Machine& machine, Baseline& baseline);

struct Step {
    std::size_t connections = 0;
    double seconds = 0;
    std::uint64_t tickets = 0;  // that came within these seconds
    double tickets_per_second = 0;
    Summary latency;
    MachineTimes machine;
    Load controller;
    Load bench;
    Told told;            // over the whole step
    std::string problem;  // what the journal does not agree with; empty: nothing
};

// A controller that serves a site of its own in DIR, which is made.
class ServedSite {
public:
    ServedSite(const std::filesystem::path& controller, std::filesystem::path dir,
               std::size_t kiosks, std::size_t idle_kiosks = 0);

    std::uint16_t port() const { return port_; }
    const std::filesystem::path& journal() const { return journal_; }
    // The log beside the journal has the size that it keeps: it is overwritten from now on.
    bool log_is_full() const;
    Child& controller() { return controller_; }

private:
    std::filesystem::path dir_;
    std::filesystem::path journal_;
    Child controller_;
    std::uint16_t port_ = 0;
};

// BASELINE: as times_around() has it.
Step run_step(const Settings& settings, std::size_t connections, Machine& machine,
              Baseline& baseline);

}  // namespace antrean::benchmark
