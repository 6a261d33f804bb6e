// Knows what is to happen to the printer, and when. Pure: the machine tells it how far it is, and
// carries out what falls due. Bounded: more than 2000 things to come are refused. Not thread-safe.
#pragma once

#include "proto/types.hpp"
#include "tools/virtual_printer/script.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace antrean::virtual_printer {

// How far a printer is.
struct Progress {
    std::uint64_t lines = 0;  // printed, with their feed
    std::uint64_t bytes = 0;  // received
    std::uint64_t cuts = 0;   // carried out
};

class ScriptRunner {
public:
    // Counts from `progress`, times from `now`. False: too much is to come already.
    bool begin(const Script& script, const Progress& progress, SteadyTime now);
    bool schedule(SteadyTime time, const Act& act);

    // The next thing that is due by its count, or at once; `moment` is when that was. It is
    // forgotten here. `cut_begins`: the next cut is about to be carried out.
    std::optional<Act> take_due(const Progress& progress, bool cut_begins, SteadyTime moment);
    // Nothing waits for a count: take_due() need not be asked.
    bool idle() const { return groups_.empty(); }
    bool waits_for_cut(std::uint64_t cut) const;
    bool waits_for_byte(std::uint64_t byte) const;

    std::optional<SteadyTime> next_time() const;
    Act take_timed();  // precondition: next_time() has a value; the earliest

private:
    // A statement that waits for a count, and what comes at fixed times after it.
    struct Group {
        Trigger when;
        Act what;
        std::vector<std::pair<std::chrono::milliseconds, Act>> followers;
    };
    struct Timed {
        SteadyTime time;
        Act act;
    };
    std::size_t to_come() const;

    std::vector<Group> groups_;
    std::vector<Timed> timed_;  // by time; of equal times, the first scheduled first
};

}  // namespace antrean::virtual_printer
