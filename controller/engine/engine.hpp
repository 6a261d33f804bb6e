// The queue of one site: who gets which number, who is called next. A decider: decide() and its
// sisters give events and change nothing; apply() is the only way the state changes. It knows
// nothing of devices' connections, of the disk, or of how things look.
//
// Pure: no clock, no I/O, no random source. One thread. The state is a fold of events: two engines
// that applied the same events decide alike.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <unordered_map>
#include <variant>
#include <vector>

#include "controller/engine/catalog.hpp"
#include "controller/engine/event.hpp"

namespace antrean::engine {

inline constexpr TicketNumber last_number{999'999};  // of a series in a day

// Of one kiosk, from a day to the next. A kiosk has a few on their way; more are of lost stores.
inline constexpr std::size_t max_carried_papers = 100;

// What becomes of a command.
struct Decision {
    // To be applied and made durable together, before ANSWER is told. Empty: nothing happened now,
    // ANSWER was decided before (or, for a stale id or a reused one, is a refusal).
    std::vector<Event> events;
    Answer answer;
};

// Thrown by apply(): the event cannot have followed those before it. On restart it means that the
// journal is not one that this engine wrote; live, that the engine is wrong. Never to be ignored.
struct BrokenHistory : std::logic_error {
    using std::logic_error::logic_error;
};

class Engine {
public:
    // Empty, as before the first event. NEXT_SEQ is the sequence number that the next event gets.
    explicit Engine(Catalog catalog, std::uint64_t next_seq = 1);

    // Whether the day of NOW has to be opened before anything else is decided: always on the first
    // day, else when the calendar has gone on. A clock that jumps back opens nothing, for the
    // numbers of a day only rise.
    bool day_is_due(const Now& now) const { return !day_ || *day_ < now.day; }
    // The events that close the open day and open that of NOW.
    std::vector<Event> open_day(const Now& now) const;

    // Only while a day is open that is not past.
    Decision decide(const Command& command, const Now& now) const;

    // The kiosk has gone with papers unsettled: they are doubted.
    std::vector<Event> doubt_papers(DeviceId kiosk, const Now& now) const;
    // The kiosks with papers that are neither settled nor doubted, in order of their names.
    std::vector<DeviceId> kiosks_with_pending_papers() const;

    void apply(const Event& event);

    std::optional<ServiceDay> day() const { return day_; }
    std::uint64_t next_seq() const { return next_seq_; }
    // The highest request id of DEVICE that was decided; none if there was none.
    RequestId last_request(DeviceId device) const;
    const Catalog& catalog() const { return catalog_; }

private:
    enum class State { waiting, called, over };
    enum class Paper { pending, printed, unconfirmed };
    struct Ticket {
        TicketRef ref;
        DeviceId kiosk;
        State state = State::waiting;
        Paper paper = Paper::pending;
    };
    struct SeriesState {
        TicketNumber last;
        std::uint32_t waiting = 0;    // pending papers included
        std::set<TicketId> callable;  // waiting, and the paper is not pending; in order of arrival
    };
    struct DeviceState {
        RequestId request;
        Asked asked;
        Answer answer;
        Now stamp;  // of the event that settled it
    };

    const Ticket& ticket(TicketId id) const { return tickets_.at(id.value()); }
    Decision decide_new(const Origin& origin, const Issue& issue) const;
    Decision decide_new(const Origin& origin, const PrintReport& report) const;
    Decision decide_new(const Origin& origin, const CallNext& call) const;
    Decision decide_new(const Origin& origin, const Recall& recall) const;
    Decision decide_new(const Origin& origin, const Finish& finish) const;
    Decision decide_new(const Origin& origin, const NoShow& no_show) const;
    bool stands_at(CounterId counter, TicketId id) const;
    // The counter where DEVICE stands, if it has called the ticket ID.
    std::optional<CounterId> counter_that_called(DeviceId device, TicketId id) const;

    void on(const DayOpened& fact, const Now& stamp);
    void on(const Carried& fact, const Now& stamp);
    void on(const CarriedPaper& fact, const Now& stamp);
    void on(const Issued& fact, const Now& stamp);
    void on(const PaperReported& fact, const Now& stamp);
    void on(const PaperDoubted& fact, const Now& stamp);
    void on(const Called& fact, const Now& stamp);
    void on(const Recalled& fact, const Now& stamp);
    void on(const Finished& fact, const Now& stamp);
    void on(const NotShown& fact, const Now& stamp);
    void on(const Expired& fact, const Now& stamp);
    void on(const Refused& fact, const Now& stamp);
    void remember(const Origin& origin, const Asked& asked, Answer answer, const Now& stamp);
    Ticket& known(TicketId id);
    void leave_queue(Ticket& ticket);
    void end(TicketId id, CounterId counter);
    void forget_if_over(TicketId id);

    Catalog catalog_;
    std::uint64_t next_seq_;
    std::optional<ServiceDay> day_;
    std::map<SeriesId, SeriesState> series_;
    std::unordered_map<std::uint64_t, Ticket> tickets_;  // by id; those that wait, are called or unsettled
    std::map<CounterId, TicketId> called_;
    std::map<DeviceId, std::set<TicketId>> unsettled_;  // by kiosk
    std::map<DeviceId, DeviceState> devices_;
};

}  // namespace antrean::engine
