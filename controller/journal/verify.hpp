// The check of a whole journal, all days of it: of one whose controller is stopped, or of a backup.
// A start checks the open day alone, for its time must not grow with history.
//
// Blocks on the disk, for about 5 s for each million events; memory stays small. Any thread.
#pragma once

#include "controller/journal/journal.hpp"

#include <cstdint>
#include <functional>

namespace antrean::journal {

struct Verified {
    std::uint64_t events = 0;
    std::uint64_t days = 0;
    Hash last_hash{};  // written down elsewhere, it shows later that no end was cut off or replaced
};

// Called now and then while the chain is followed, and once at its end.
using Progress = std::function<void(std::uint64_t events_done, std::uint64_t events_total)>;

// Follows the chain from event 1, compares the list of days with the openings, and lets SQLite
// check its pages. The file's lock is taken: where a controller runs, the error is `locked`. The
// first thing that is wrong is told, with its event's number; the file is not changed, whatever is
// found, and may be of an older version.
[[nodiscard]] result<Verified> verify(const Journal::Options& options,
                                      const Progress& progress = {});

// The same on a file that is open already.
[[nodiscard]] result<Verified> verify(const database::Database& database,
                                      const Progress& progress = {});

}  // namespace antrean::journal
