// The hall as it is now: who waits, who stands at which counter, the last calls. A fold of the
// durable events of the day, and of nothing else; what screens and callpads show comes from here.
// Pure; one thread.
#pragma once

#include "controller/engine/event.hpp"
#include "controller/projections/pace.hpp"
#include "controller/site/site.hpp"
#include "controller/web/board_view.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace antrean::projections {

enum class Paper { printed, unconfirmed, voided };

struct Waiting {
    std::uint32_t all = 0;
    std::array<std::uint32_t, class_count> by_class{};
};

struct HeldNow {
    engine::TicketRef ticket;
    TicketClass ticket_class{};
};

// What stands at a counter.
struct CounterNow {
    Waiting waiting;           // in the series that the counter serves, at whatever hour
    engine::TicketRef ticket;  // id none: nobody is called, and what follows of it says nothing
    TicketClass ticket_class{};
    engine::State state = engine::State::called;  // or serving
    Paper paper = Paper::printed;
    std::uint32_t times_called = 0;
    std::vector<HeldNow> held;                  // the oldest first
    StaffId staff;                              // none: nobody is signed in
    std::optional<std::string> paused;          // the reason
    std::optional<engine::StepKind> last_step;  // that may be taken back
};

// Somebody waits longer than is right, or is about to.
struct Alarm {
    enum class Kind {
        waiting_limit,  // of the service
        promise,        // that the paper made
    };
    Kind kind{};
    ServiceId service;
    std::string label;  // of who waits longest
    std::chrono::seconds waited{0};
    std::chrono::seconds limit{0};
    bool broken = false;  // else it is about to be
};

class Hall {
public:
    // Hours and policies are the engine's; the hall reads names and which counter serves what.
    explicit Hall(std::shared_ptr<const site::Site> site) : site_{std::move(site)} {}
    void change_site(std::shared_ptr<const site::Site> site);

    // SEQ is the event's sequence number.
    void apply(std::uint64_t seq, const engine::Event& event);

    CounterNow at(const site::Counter& counter) const;
    web::BoardView board() const;
    Waiting waiting(SeriesId queue) const;
    // How long who takes a ticket of SERVICE behind AHEAD others will wait.
    std::chrono::seconds estimate(const site::Service& service, std::uint32_t ahead) const;
    // At most one of each kind for each service, in the site's order.
    std::vector<Alarm> alarms(WallTime now) const;
    std::map<ServiceId, Waiting> waiting_by_service() const;
    // Tickets that are neither over nor void, by state; those of counters included.
    std::map<engine::State, std::uint32_t> tickets() const;

    // The series whose waiting changed, and the counters that did, since last asked.
    struct Changes {
        std::set<SeriesId> series;
        std::set<CounterId> counters;
        bool any() const { return !series.empty() || !counters.empty(); }
        bool concerns(const site::Counter& counter) const;
    };
    Changes take_changes() { return std::exchange(changes_, {}); }

private:
    struct Live {
        engine::TicketRef ref;
        TicketClass ticket_class{};
        SeriesId queue;  // where it waits, or waited last
        engine::State state = engine::State::waiting;
        WallTime issued;                   // or when it came to this queue
        std::chrono::seconds estimate{0};  // as it was printed
        Paper paper = Paper::printed;      // since it was called last
        // Where it is or was held last, and since which event.
        CounterId held_at{};
        std::uint64_t held_since = 0;
    };
    struct Standing {
        engine::TicketRef ticket;
        TicketClass ticket_class{};
        engine::State state = engine::State::called;
        Paper paper = Paper::printed;
        std::uint32_t times_called = 0;
    };
    struct Call {
        std::uint64_t seq = 0;
        engine::TicketRef ticket;
        CounterId counter;
        bool again = false;
    };
    struct Moment {
        std::uint64_t seq;
        WallTime wall;
    };

    void on(Moment at, const engine::DayOpened& fact);
    void on(Moment at, const engine::Issued& fact);
    void on(Moment at, const engine::IssuedOffline& fact);
    void on(Moment at, const engine::PaperReported& fact);
    void on(Moment at, const engine::Called& fact);
    void on(Moment at, const engine::Recalled& fact);
    void on(Moment at, const engine::Served& fact);
    void on(Moment at, const engine::Finished& fact);
    void on(Moment at, const engine::NotShown& fact);
    void on(Moment at, const engine::Held& fact);
    void on(Moment at, const engine::Transferred& fact);
    void on(Moment at, const engine::Undone& fact);
    void on(Moment at, const engine::Voided& fact);
    void on(Moment at, const engine::SignedIn& fact);
    void on(Moment at, const engine::SignedOut& fact);
    void on(Moment at, const engine::CounterPaused& fact);
    void on(Moment at, const engine::CounterOpened& fact);
    void on(Moment at, const engine::SiteChanged& fact);
    template <class Other>
    void on(Moment, const Other&) {}
    void add_call(std::uint64_t seq, const engine::TicketRef& ticket, CounterId counter,
                  bool again);
    void take_call_back(TicketId ticket);
    void make_void(TicketId ticket);
    Live* live(TicketId ticket);
    void wait_again(Moment at, TicketId ticket, const engine::Onward& where);
    void hold(const Live& ticket);
    void stop_holding(TicketId ticket);
    void leave(CounterId counter, engine::StepKind step);
    void wait(const Live& ticket, std::int32_t change);
    void changed(CounterId counter) { changes_.counters.insert(counter); }

    std::shared_ptr<const site::Site> site_;
    std::map<SeriesId, Waiting> waiting_;
    std::unordered_map<std::uint64_t, Live> tickets_;  // by id; those that are not over
    std::map<CounterId, Standing> standing_;
    std::map<CounterId, Standing> left_;  // what stood there last, should it come back
    std::map<CounterId, Live> finished_;  // the last of each counter, should it be taken back
    std::map<CounterId, std::vector<HeldNow>> held_;
    std::map<CounterId, StaffId> staff_;
    std::map<CounterId, std::string> paused_;
    std::map<CounterId, engine::StepKind> steps_;
    std::map<SeriesId, Pace> paces_;
    std::deque<Call> calls_;  // newest first
    std::map<SeriesId, Call> latest_;
    std::uint64_t version_ = 0;
    Changes changes_;
};

}  // namespace antrean::projections
