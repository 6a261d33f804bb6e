// The journal as anybody can read it: its rows by plain SQL, without a line of the product's code.
#pragma once

#include "tests/sim/memory_vfs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace antrean::sim {

// A row of events; a column that is null is 0 or empty.
struct JournalRow {
    std::int64_t seq = 0, at_ms = 0, utc_offset_min = 0;
    std::string day, kind, device;
    std::int64_t request = 0, ticket = 0;
    std::string series;
    std::int64_t number = 0;
    std::string label, service, counter, outcome, reason;
    std::int64_t voids = 0;
    std::string answer;
};

// In order of seq. Nobody may have the file open. Throws std::runtime_error where it cannot be
// read.
std::vector<JournalRow> read_journal(MemoryDisk& disk, const std::string& file);

}  // namespace antrean::sim
