// Whether the next ticket costs more when many have been given before: a controller whose journal
// holds years of them, and one whose journal was empty, in turn in one run.
#pragma once

#include "tools/benchmark/past.hpp"
#include "tools/benchmark/steps.hpp"

#include <functional>
#include <string>
#include <vector>

namespace antrean::benchmark {

// Many short turns rather than a few long ones: a disk shared with others drifts within seconds.
inline constexpr std::size_t history_rounds = 9;
inline constexpr std::size_t history_connections = 64;

// One of the two controllers. Both keep their journals over all rounds, so that they differ by the
// past alone.
struct WithPast {
    double start_seconds = 0;                // from the program's start until it listens
    Summary one;                             // a lone kiosk's tickets, of all rounds
    std::vector<double> tickets_per_second;  // of history_connections kiosks, by rounds
    Memory memory;
    std::uint64_t tickets = 0;  // given while measuring and warming up
    std::string problem;        // as in Step

    double middle_tickets_per_second() const;
};

struct History {
    Past past;
    // The slowest view of reports.db over the last day of the past, and over its last whole year.
    double day_report_seconds = 0;
    double year_report_seconds = 0;
    WithPast empty;
    WithPast full;
};

// The journal of TICKETS is written first; where the disk has not the room for it, that is an
// exception at once. It is on the disk alone, not in memory, when its controller starts. SAY is
// told what is done.
History run_history(const Settings& settings, std::uint64_t tickets,
                    const std::function<void(const std::string&)>& say);

}  // namespace antrean::benchmark
