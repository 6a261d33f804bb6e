// The hall as it is now: who waits, who stands called at which counter, the last calls. A fold of
// the durable events of the day, and of nothing else; what screens and callpads show comes from
// here. Pure; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/engine/event.hpp"
#include "controller/site/site.hpp"
#include "controller/web/board_view.hpp"

namespace antrean::projections {

enum class Paper { printed, unconfirmed, voided };

// What stands at a counter.
struct CounterNow {
    std::uint32_t waiting = 0;  // in the series that the counter serves
    engine::TicketRef ticket;   // id none: nobody is called
    Paper paper = Paper::printed;
    std::uint32_t times_called = 0;
};

class Hall {
public:
    // SITE must outlive the hall.
    explicit Hall(const site::Site& site) : site_{site} {}

    // SEQ is the event's sequence number.
    void apply(std::uint64_t seq, const engine::Event& event);

    CounterNow at(const site::Counter& counter) const;
    web::BoardView board() const;

    // The series whose waiting changed, and the counters whose ticket did, since last asked.
    struct Changes {
        std::set<SeriesId> series;
        std::set<CounterId> counters;
        bool any() const { return !series.empty() || !counters.empty(); }
        bool concerns(const site::Counter& counter) const;
    };
    Changes take_changes() { return std::exchange(changes_, {}); }

private:
    struct Standing {
        engine::TicketRef ticket;
        Paper paper = Paper::printed;
        std::uint32_t times_called = 0;
    };
    struct Call {
        std::uint64_t seq = 0;
        engine::TicketRef ticket;
        CounterId counter;
        bool again = false;
    };

    void on(std::uint64_t seq, const engine::DayOpened& fact);
    void on(std::uint64_t seq, const engine::Issued& fact);
    void on(std::uint64_t seq, const engine::PaperReported& fact);
    void on(std::uint64_t seq, const engine::Called& fact);
    void on(std::uint64_t seq, const engine::Recalled& fact);
    void on(std::uint64_t seq, const engine::Finished& fact);
    void on(std::uint64_t seq, const engine::NotShown& fact);
    void on(std::uint64_t seq, const engine::Expired& fact);
    template <class Other>
    void on(std::uint64_t, const Other&) {}
    void add_call(std::uint64_t seq, const engine::TicketRef& ticket, CounterId counter, bool again);
    void leave(CounterId counter);
    void wait(SeriesId series, std::int32_t change);

    const site::Site& site_;
    std::map<SeriesId, std::uint32_t> waiting_;
    std::map<CounterId, Standing> standing_;
    std::deque<Call> calls_;  // newest first
    std::map<SeriesId, Call> latest_;
    std::uint64_t version_ = 0;
    Changes changes_;
};

}  // namespace antrean::projections
