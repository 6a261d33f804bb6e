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
    std::string label, service, ticket_class, counter, staff;
    std::int64_t ahead = 0;
    std::string plan, outcome, reason;
    std::int64_t voids = 0;
    std::string why;
    std::int64_t passed = 0, turn = 0;
    std::string to_service, queue;
    std::int64_t place = 0;
    std::string step, state, asked, asked_service;
    std::int64_t asked_ticket = 0;
    std::string answer, detail;
    std::int64_t epoch = 0;
    std::string site;
    std::int64_t lease = 0;
    std::string given;
    std::int64_t arrived_ms = 0;
    std::string appointment;
};

// In order of seq. Nobody may have the file open. Throws std::runtime_error where it cannot be
// read.
std::vector<JournalRow> read_journal(MemoryDisk& disk, const std::string& file);

}  // namespace antrean::sim
