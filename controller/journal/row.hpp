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

// Texts are ids, words and labels, which a std::string mostly holds without allocating.
struct Row {
    using Text = std::optional<std::string>;
    using Number = std::optional<std::int64_t>;

    std::string day;
    std::int64_t at_ms = 0;
    std::int64_t utc_offset_min = 0;
    std::string kind;
    Text device;
    Number request;
    Number ticket;
    Text series;
    Number number;
    Text label;
    Text service;
    Text ticket_class;
    Text counter;
    Text staff;
    Number ahead;
    Number estimate_s;
    Text plan;
    Text outcome;
    Text reason;
    Number copy;
    Number voids;
    Text why;
    Number passed;
    Number turn;
    Text to_service;
    Text queue;
    Number place;
    Text step;
    Text state;
    Text asked;
    Text asked_service;
    Number asked_ticket;
    Text answer;
    Text issued_day;
    Text detail;
    Number epoch;
    Text site;
    Number lease;
    Number incarnation;
    Text given;
    Number days;
    Number arrived_ms;
    Text appointment;
    bool operator==(const Row&) const = default;

    // Every column in the order of the table, seq and hash apart: what reads, writes or hashes a
    // row goes through here, so that none forgets a column.
    template <class Self, class Visit>
    static void for_each(Self& row, Visit&& visit) {
        visit(row.day), visit(row.at_ms), visit(row.utc_offset_min), visit(row.kind);
        visit(row.device), visit(row.request), visit(row.ticket), visit(row.series);
        visit(row.number), visit(row.label), visit(row.service), visit(row.ticket_class);
        visit(row.counter), visit(row.staff), visit(row.ahead), visit(row.estimate_s);
        visit(row.plan), visit(row.outcome), visit(row.reason), visit(row.copy);
        visit(row.voids), visit(row.why), visit(row.passed), visit(row.turn);
        visit(row.to_service), visit(row.queue), visit(row.place), visit(row.step);
        visit(row.state), visit(row.asked), visit(row.asked_service), visit(row.asked_ticket);
        visit(row.answer), visit(row.issued_day), visit(row.detail), visit(row.epoch);
        visit(row.site), visit(row.lease), visit(row.incarnation), visit(row.given);
        visit(row.days), visit(row.arrived_ms), visit(row.appointment);
    }
};

Row to_row(const engine::Event& event);

// nullopt: no engine wrote such a row.
std::optional<engine::Event> from_row(const Row& row);

// The hash of the row SEQ behind a row whose hash is BEFORE (all zero for the first): SHA-256 over
// BEFORE and every column that is not null, as schemas/journal/README.md says. Any thread.
Hash chain(const Hash& before, std::uint64_t seq, const Row& row);

}  // namespace antrean::journal
