// What a journal must be for its numbers to be fair: read row by row against a model of the queue
// that shares no code with the engine. Every request that was decided is decided here once more,
// refusals and their reasons included. Throws Broken with the rule's name.
#pragma once

#include "tests/sim/bookings.hpp"
#include "tests/sim/journal_rows.hpp"
#include "tests/sim/sites.hpp"
#include "tests/sim/world.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace antrean::sim {

class JournalModel {
public:
    enum class State { waiting, called, serving, held, done, no_show, voided };
    struct Ticket {
        std::int64_t id = 0;
        std::string day, series, label, kiosk, first_service, service, ticket_class;
        State state = State::waiting;
        std::string queue;  // the series where it waits, or waited last
        std::int64_t place = 0;
        std::string counter;  // where it was called last
        std::vector<std::string> plan;
        std::int64_t calls = 0, no_shows = 0, passes = 0;
        bool callable = false;     // what became of the paper is told, or doubted
        bool unconfirmed = false;  // it may not have come out
        bool doubted = false;
        std::int64_t came = 0, arrived_ms = 0;
        std::string outcome;  // as reported, or "abandoned"; empty: not yet
        std::string reason;
        std::string appointment;  // its holder's; empty: none
    };
    struct Standing {
        std::int64_t ticket = 0;
        std::string paper;  // "printed", "unconfirmed", "voided"
        std::int64_t times_called = 0;
        bool serving = false;
    };

    // Of SITES the first one holds until the journal says otherwise.
    JournalModel(World& world, const Sites& sites)
        : world_{world}, sites_{sites}, site_{sites.begin()->second.get()} {}

    // Whoever has another appointment than these made it himself.
    void has_booked(const Bookings& bookings) { bookings_ = bookings; }
    // Two computers said that they are DEVICE: what one tells is not all that was given.
    void has_twin(const std::string& device) { with_twin_.insert(device); }
    void read(const std::vector<JournalRow>& rows);

    const std::map<std::int64_t, Ticket>& tickets() const { return tickets_; }
    const site::Site& site() const { return *site_; }
    const std::string& open_day() const { return open_day_; }
    std::int64_t epoch() const { return epoch_; }
    // Null: no such request was ever settled.
    const JournalRow* settled(const std::string& device, std::int64_t request) const;
    std::optional<Standing> at(const std::string& counter) const;
    // By class: regular, priority, appointment.
    std::array<std::uint32_t, 3> waiting(const site::Counter& counter) const;
    std::vector<std::int64_t> held(const std::string& counter) const;  // sorted
    std::string staff(const std::string& counter) const;               // empty: nobody
    bool is_paused(const std::string& counter) const { return day_.paused.contains(counter); }

private:
    using Place = std::pair<std::int64_t, std::int64_t>;  // the place itself, then the ticket
    // A counter's last step, for it can be taken back.
    struct Step {
        std::string kind;
        std::int64_t at_ms = 0, seq = 0;
        bool asked = true;
        std::vector<Ticket> before, after;
        std::int64_t turn = 0, passed = 0;
    };
    // Numbers that a kiosk may give by itself.
    struct Lease {
        std::string kiosk, series, label;
        std::set<std::int64_t> given;
        bool retired = false;
        std::int64_t told = 0;  // how many its kiosk gave, as it said then
    };
    struct Day {
        std::map<std::string, std::int64_t> last_number;  // by series
        std::set<std::string> labels;
        std::map<std::string, std::int64_t> counters;    // what stands there, void ones included
        std::map<std::string, std::set<Place>> waiting;  // by queue
        std::map<std::string, std::string> staff;        // by counter
        std::set<std::string> paused, paused_services;   // counters; services
        std::map<std::string, std::int64_t> turns;       // by counter
        std::map<std::string, Step> steps;               // by counter
        std::map<std::string, std::int64_t> given;       // of each service's quota
        std::int64_t in_hall = 0;
        bool closed = false;
    };
    struct Choice {
        std::int64_t ticket = 0;
        std::string why;
        std::int64_t passed = 0, turn = 0;
    };

    void read(const JournalRow& row);
    bool read_of_day(const JournalRow& row);
    bool read_of_counter(const JournalRow& row);
    void day_opened(const JournalRow& row);
    void carried(const JournalRow& row);
    void issued(const JournalRow& row);
    bool read_of_lease(const JournalRow& row);
    void issued_offline(const JournalRow& row);
    std::string expected_of_lease(const std::string& asked, const JournalRow& row) const;
    // The lease that LABEL is a number of which its kiosk has not told; null: none.
    const Lease* claimable(const std::string& label) const;
    void enter(const Ticket& ticket);
    void paper_reported(const JournalRow& row);
    void called(const JournalRow& row);
    void finished(const JournalRow& row);
    void no_show(const JournalRow& row);
    void transferred(const JournalRow& row);
    void undone(const JournalRow& row);
    void voided(const JournalRow& row);
    void site_changed(const JournalRow& row);
    void refused(const JournalRow& row);
    void settle(const JournalRow& row);
    void check_site_is_settled(const JournalRow& row);
    void check_place(const JournalRow& row, engine::Place where);
    void make_void(Ticket& ticket);
    void mark_call(const JournalRow& row, const Ticket& before);

    // What there should have been decided; see journal_expect.cpp.
    std::string expected_refusal(const JournalRow& row) const;
    std::string expected_of_issue(const std::string& service, const JournalRow& row,
                                  bool by_appointment = false) const;
    std::string expected_of_check_in(const JournalRow& row) const;
    std::string expected_of_named(const std::string& counter, const JournalRow& row) const;
    std::string expected_of_undo(const std::string& counter, const JournalRow& row) const;
    std::optional<Choice> expected_choice(const site::Counter& counter,
                                          const JournalRow& row) const;
    std::vector<const Ticket*> candidates(const site::Counter& counter,
                                          const JournalRow& row) const;
    const Ticket* named(const JournalRow& row) const;
    bool is_served(const std::string& queue) const;
    std::optional<std::string> next_of_visit(const Ticket& ticket) const;
    std::string series_of(const std::string& service) const;
    const site::Counter* counter(const std::string& id) const;
    std::string counter_of(const JournalRow& row) const;

    Ticket& ticket_of(const JournalRow& row);
    Ticket& standing(const JournalRow& row);
    void enter(Ticket& ticket, const JournalRow& row);
    void leave(Ticket& ticket, State to);
    void stepped(const char* kind, const JournalRow& row, const Ticket& before,
                 const Ticket& after);
    void require(bool holds, const char* rule, const JournalRow& row, const char* what) const;

    World& world_;
    const Sites& sites_;
    const site::Site* site_;
    std::set<std::string> with_twin_;
    Bookings bookings_;
    std::int64_t seq_ = 0;
    std::int64_t epoch_ = 0;
    std::string open_day_;
    bool day_ends_ = false;
    bool site_changes_ = false;
    // The row before was a finish without a request, which a call explains, or a change of the
    // site, or else the end of the day.
    std::optional<std::string> finished_by_nobody_at_;  // the counter
    bool cut_short_ = false;                            // though its visit should have gone on
    std::int64_t just_finished_ = 0;  // its ticket, which the call that follows knew as standing
    Day day_;
    std::map<std::int64_t, Lease> leases_, leases_before_;
    std::int64_t just_issued_offline_ = 0;    // the ticket of the row before, if it was one
    std::map<std::int64_t, Ticket> tickets_;  // of all days
    std::map<std::string, std::map<std::int64_t, JournalRow>> settled_;  // by device and request
    std::optional<JournalRow> last_named_;                               // the last call by name
};

const char* to_text(JournalModel::State state);

}  // namespace antrean::sim
