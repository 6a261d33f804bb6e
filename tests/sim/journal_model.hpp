// What a journal must be for its numbers to be fair: read row by row against a model of the queue
// that shares no code with the engine. Throws Broken with the rule's name.
#pragma once

#include "controller/site/site.hpp"
#include "tests/sim/journal_rows.hpp"
#include "tests/sim/world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace antrean::sim {

class JournalModel {
public:
    enum class State { waiting, called, served, missing, voided, expired };
    struct Ticket {
        std::int64_t id = 0;
        std::string day, series, label, kiosk, service;
        State state = State::waiting;
        bool callable = false;     // what became of the paper is told, or doubted
        bool unconfirmed = false;  // it may not have come out
        bool doubted = false;
        std::string outcome;  // as reported; empty: not yet
        std::string reason;
    };
    struct Standing {
        std::int64_t ticket = 0;
        std::string paper;  // "printed", "unconfirmed", "voided"
        std::uint32_t times_called = 0;
    };

    JournalModel(World& world, const site::Site& site) : world_{world}, site_{site} {}

    void read(const std::vector<JournalRow>& rows);

    const std::map<std::int64_t, Ticket>& tickets() const { return tickets_; }
    // Null: no such request was ever settled.
    const JournalRow* settled(const std::string& device, std::int64_t request) const;
    std::optional<Standing> at(const std::string& counter) const;
    std::uint32_t waiting(const site::Counter& counter) const;

private:
    struct Day {
        std::map<std::string, std::int64_t> last_number;  // by series
        std::set<std::string> labels;
        std::map<std::string, Standing> counters;
        std::map<std::string, std::map<std::int64_t, bool>> waiting;  // by series: id, callable
    };

    void read(const JournalRow& row);
    void day_opened(const JournalRow& row);
    void issued(const JournalRow& row);
    void called(const JournalRow& row);
    void paper_reported(const JournalRow& row);
    void settle(const JournalRow& row);
    void carried(const JournalRow& row);
    Ticket& ticket_of(const JournalRow& row);
    void leave_queue(Ticket& ticket, State to, const JournalRow& row);
    void leave_counter(Ticket& ticket, State to, const JournalRow& row);
    void require(bool holds, const char* rule, const JournalRow& row, const char* what) const;

    World& world_;
    const site::Site& site_;
    std::int64_t seq_ = 0;
    std::string open_day_;
    Day day_;
    std::map<std::int64_t, Ticket> tickets_;                             // of all days
    std::map<std::string, std::map<std::int64_t, JournalRow>> settled_;  // by device and request
};

}  // namespace antrean::sim
