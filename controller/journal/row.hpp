// An event as a row of the journal: the columns of schemas/journal, and their hash. The one place
// that knows how engine facts and columns go together. Pure.
#pragma once

#include "controller/engine/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace antrean::journal {

using Hash = std::array<std::byte, 32>;

struct Row {
    std::string day;
    std::int64_t at_ms = 0;
    std::int64_t utc_offset_min = 0;
    std::string kind;
    std::optional<std::string> device;
    std::optional<std::int64_t> request;
    std::optional<std::int64_t> ticket;
    std::optional<std::string> series;
    std::optional<std::int64_t> number;
    std::optional<std::string> label;
    std::optional<std::string> service;
    std::optional<std::string> counter;
    std::optional<std::int64_t> ahead;
    std::optional<std::string> outcome;
    std::optional<std::string> reason;
    std::optional<std::int64_t> copy;
    std::optional<std::int64_t> voids;
    std::optional<std::string> asked;
    std::optional<std::string> answer;
    std::optional<std::string> issued_day;
    bool operator==(const Row&) const = default;

    // Every column in the order of the table, seq and hash apart: what reads, writes or hashes a
    // row goes through here, so that none forgets a column.
    template <class Self, class Visit>
    static void for_each(Self& row, Visit&& visit) {
        visit(row.day), visit(row.at_ms), visit(row.utc_offset_min), visit(row.kind);
        visit(row.device), visit(row.request), visit(row.ticket), visit(row.series);
        visit(row.number), visit(row.label), visit(row.service), visit(row.counter);
        visit(row.ahead), visit(row.outcome), visit(row.reason), visit(row.copy);
        visit(row.voids), visit(row.asked), visit(row.answer);
        visit(row.issued_day);
    }
};

Row to_row(const engine::Event& event);

// nullopt: no engine wrote such a row.
std::optional<engine::Event> from_row(const Row& row);

// The hash of the row SEQ behind a row whose hash is BEFORE (all zero for the first).
Hash chain(const Hash& before, std::uint64_t seq, const Row& row);

}  // namespace antrean::journal
