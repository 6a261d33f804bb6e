// The day as somebody with a pencil keeps it: a line for every ticket, written from the events
// alone, with nothing indexed and nothing forgotten before the day is over. It tells what is wrong
// with a history, and what a command must come to; the engine is held against it.
#pragma once

#include "controller/engine/catalog.hpp"
#include "controller/engine/engine.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace antrean::engine::bench {

// What a command must come to. CALLED, WHY and PASSED are of a call that is granted.
struct Expected {
    std::optional<Refusal> refusal;
    TicketId called{};
    Why why{};
    TicketId passed{};
};

class Book {
public:
    enum class Paper { pending, printed, unconfirmed };
    struct Line {
        TicketRef ref;
        DeviceId kiosk;
        ServiceId first_service;
        TicketClass ticket_class{};
        SeriesId queue;
        std::int64_t order = 0, came = 0;
        State state = State::waiting;
        Paper paper = Paper::pending;
        bool told = false;  // the kiosk reported
        bool printed_not = false;
        std::string appointment;  // empty: none
        CounterId counter;
        WallTime arrived;
        std::vector<ServiceId> then;
        std::uint32_t calls = 0, no_shows = 0, passes = 0;
        std::uint64_t move = 0;  // changes with every step of its life, and comes back by an undo
    };

    // EVENT has the sequence number SEQ.
    void see(const Event& event, std::uint64_t seq);
    // What has happened that never may.
    const std::vector<std::string>& wrong() const { return wrong_; }

    // None: it is not of the open day.
    const Line* line(TicketId id) const;
    std::size_t count(State state) const;
    std::size_t waiting(SeriesId queue) const;
    // Whether somebody checked in with it whose ticket is not void.
    bool is_used(const std::string& appointment) const;
    // Those that count against the day's quota.
    std::uint32_t given(ServiceId service) const;
    std::vector<TicketId> tickets() const;
    // By kiosk, with those of earlier days.
    std::set<TicketId> untold(DeviceId kiosk) const;
    const std::map<LeaseId, Lease>& leases() const { return leases_; }
    std::size_t calls() const { return calls_; }
    std::size_t undos() const { return undos_; }
    std::size_t check_ins() const { return check_ins_; }

    // What COMMAND comes to if its request is a new one.
    Expected expected(const Catalog& site, const Command& command, const Now& now) const;
    std::optional<Refusal> expected_offer(const Catalog& site, ServiceId service, const Now& now,
                                          bool by_appointment = false) const;

private:
    struct Step {
        StepKind kind{};
        std::vector<Line> before;
        std::vector<std::uint64_t> moves;  // of the same tickets, behind it
        WallTime at;
        std::uint64_t seq = 0;
        bool by_call = false;  // a finish that a call brings with it
        std::uint32_t turn = 0;
        TicketId passed;
    };
    struct Place {
        CounterId id;
        const Counter* counter = nullptr;
    };
    struct Seer;
    struct Oracle;

    void claim(bool holds, const char* what);
    Line& known(const TicketRef& ref);
    // The line of REF, which stands at COUNTER; it leaves it.
    Line& leaves(const TicketRef& ref, CounterId counter);
    void stepped(StepKind kind, CounterId counter, const Line& before, const Line& after,
                 bool by_call);
    void wait(Line& line, const Onward& where);
    void hear(const Origin& origin);
    const Line* standing(CounterId counter, TicketId id) const;
    const Line* labelled(const std::string& label) const;
    std::optional<Place> place(const Catalog& site, const Command& command) const;
    std::optional<Refusal> shut(const Catalog& site, CounterId counter) const;
    std::vector<const Line*> callable(const Catalog& site, const Place& at, const Now& now) const;
    Expected next(const Catalog& site, const Place& at, const Now& now,
                  std::optional<TicketClass> only) const;

    std::vector<std::string> wrong_;
    std::uint64_t seq_ = 0, moves_ = 0;
    std::uint32_t epoch_ = 0;
    std::size_t calls_ = 0, undos_ = 0, check_ins_ = 0;
    std::optional<ServiceDay> day_;
    WallTime wall_;
    bool closed_ = false;
    std::set<TicketId> ids_;  // of all days
    std::map<TicketId, Line> lines_;
    std::map<TicketId, DeviceId> carried_;
    std::map<LeaseId, Lease> leases_, leases_before_;
    std::map<SeriesId, TicketNumber> last_;
    std::map<CounterId, TicketId> standing_;
    std::map<CounterId, StaffId> staff_;
    std::map<CounterId, Step> steps_;
    std::map<CounterId, std::uint32_t> turns_;
    std::set<CounterId> paused_counters_;
    std::set<ServiceId> paused_services_;
    std::map<DeviceId, RequestId> requests_;  // over all days
};

}  // namespace antrean::engine::bench
