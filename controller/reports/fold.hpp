// What engine events mean to people: tickets, their stands at counters, and what changed in the
// hall. A fold: it holds the tickets of the open service day and tells which of them an event
// changed; where they are kept is not its business.
//
// Pure. One thread. The same events give the same rows, however they are divided.
#pragma once

#include "controller/engine/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace antrean::reports {

// Milliseconds since 1970 UTC.
using Milliseconds = std::int64_t;

// A ticket at a counter, from its call to its going.
struct Stand {
    std::uint64_t seq = 0;  // of the last event that changed it
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;
    CounterId counter;
    StaffId staff;  // who called it
    engine::Why why = engine::Why::in_order;
    TicketId passed;
    std::int64_t utc_offset_min = 0;
    Milliseconds since = 0;  // issued, or gone from the counter before
    Milliseconds called = 0;
    std::uint32_t recalls = 0;
    std::optional<Milliseconds> served;  // its holder was there; none: nobody said so
    std::optional<Milliseconds> ended;
    std::string ended_by;  // a word of schemas/reports; empty: it stands there
    ServiceId to_service;  // where it went on to
    bool waited = true;    // before; else it was held, or did not show up
    bool operator==(const Stand&) const = default;

    std::optional<std::int64_t> wait_s() const;
    std::optional<std::int64_t> service_s() const;
};

struct Ticket {
    engine::TicketRef ref;  // as it was issued
    ServiceDay day{};
    ServiceId now_for;  // the service that it is for now, or was last
    TicketClass ticket_class = TicketClass::regular;
    DeviceId kiosk;
    std::int64_t utc_offset_min = 0;
    Milliseconds issued = 0;
    std::uint32_t ahead = 0;
    std::chrono::seconds estimate{0};
    std::string plan;   // services, a blank between two
    std::string paper;  // a word of schemas/reports
    std::string paper_reason;
    bool copy = false;
    engine::State state = engine::State::waiting;
    std::string void_reason;
    std::optional<Milliseconds> voided;
    std::uint32_t undone = 0;
    std::vector<Stand> stands;
    bool operator==(const Ticket&) const = default;
};

// Something that changed at a counter, at a service or for the whole hall.
struct Change {
    std::uint64_t seq = 0;
    engine::Now stamp;
    std::string_view kind;  // a word of schemas/reports
    CounterId counter;
    StaffId staff;
    ServiceId service;
    std::string label;
    std::string detail;
};

// The paper of a ticket of an earlier day.
struct LatePaper {
    TicketId ticket;
    std::string_view paper;
    std::string reason;
    bool copy = false;
};

struct Refused {
    std::string_view asked;
    ServiceId service;
    std::string_view reason;
    friend auto operator<=>(const Refused&, const Refused&) = default;
};

// What became of the events since it was taken last.
struct Changes {
    std::set<TicketId> tickets;
    std::vector<Change> changes;
    std::vector<LatePaper> papers;
    std::map<Refused, std::uint32_t> refused;
};

class Fold {
public:
    // False: the event cannot have followed those before it.
    [[nodiscard]] bool apply(std::uint64_t seq, const engine::Event& event);

    // A ticket of the open day, as it was kept; LAST_SEQ is the last event that was folded.
    void restore(ServiceDay open_day, std::uint64_t last_seq);
    void restore(Ticket ticket);

    std::optional<ServiceDay> day() const { return day_; }
    std::uint64_t last_seq() const { return last_seq_; }
    // Null: none of the open day.
    const Ticket* find(TicketId id) const;
    // Empties what was changed.
    Changes take();

private:
    struct Apply;
    std::map<TicketId, Ticket> tickets_;
    std::optional<ServiceDay> day_;
    std::uint64_t last_seq_ = 0;
    // That the last event finished with no request of anybody. If a call follows, it was that.
    TicketId left_standing_;
    Changes changes_;
};

}  // namespace antrean::reports
