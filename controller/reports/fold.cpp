#include "controller/reports/fold.hpp"

#include "controller/journal/words.hpp"

#include <algorithm>
#include <utility>

namespace antrean::reports {
namespace {

using namespace engine;
using journal::word;

// Clocks are set: what seems to have ended before it began took no time.
std::int64_t seconds_between(Milliseconds from, Milliseconds to) {
    return std::max<std::int64_t>(0, (to - from) / 1000);
}

constexpr std::string_view by_day_end = "day_end";

}  // namespace

std::optional<std::int64_t> Stand::wait_s() const {
    if (!waited) return std::nullopt;
    return seconds_between(since, called);
}

std::optional<std::int64_t> Stand::service_s() const {
    const bool was_served = ended_by == "finish" || ended_by == "next_call" ||
                            ended_by == "transfer" || (ended_by == "hold" && served);
    if (!ended || !was_served) return std::nullopt;
    return seconds_between(served.value_or(called), *ended);
}

// Each gives whether the event fits.
struct Fold::Apply {
    Fold& fold;
    std::uint64_t seq;
    const Now& stamp;

    Milliseconds at() const { return stamp.wall.time_since_epoch().count(); }
    Ticket issued(const TicketRef& ref, DeviceId kiosk, TicketClass ticket_class,
                  const std::vector<ServiceId>& then) const {
        Ticket ticket;
        ticket.ref = ref;
        ticket.day = stamp.day;
        ticket.now_for = ref.service;
        ticket.ticket_class = ticket_class;
        ticket.kiosk = kiosk;
        ticket.utc_offset_min = stamp.utc_offset.count();
        ticket.issued = at();
        for (const auto& service : then) {
            if (!ticket.plan.empty()) ticket.plan += ' ';
            ticket.plan += service.view();
        }
        ticket.paper = "pending";
        fold.changes_.tickets.insert(ref.id);
        return ticket;
    }
    Ticket* changed(const TicketRef& ref) const {
        const auto it = fold.tickets_.find(ref.id);
        if (it == fold.tickets_.end()) return nullptr;
        fold.changes_.tickets.insert(ref.id);
        return &it->second;
    }
    // Of the ticket that stands at COUNTER.
    Stand* standing(Ticket* ticket, CounterId counter) const {
        if (!ticket || ticket->stands.empty()) return nullptr;
        auto& stand = ticket->stands.back();
        if (stand.ended || stand.counter != counter) return nullptr;
        stand.seq = seq;
        return &stand;
    }
    bool end(const TicketRef& ref, CounterId counter, std::string_view by, State state,
             const std::optional<Onward>& to = std::nullopt) const {
        auto* const ticket = changed(ref);
        auto* const stand = standing(ticket, counter);
        if (!stand) return false;
        stand->ended = at();
        stand->ended_by = by;
        ticket->state = to ? State::waiting : state;
        if (to) ticket->now_for = stand->to_service = to->service;
        return true;
    }
    bool make_void(Ticket& ticket, std::string_view reason) const {
        ticket.state = State::voided;
        ticket.void_reason = reason;
        ticket.voided = at();
        if (!ticket.stands.empty() && !ticket.stands.back().ended) {
            auto& stand = ticket.stands.back();
            stand.ended = at();
            stand.ended_by = "void";
            stand.seq = seq;
        }
        return true;
    }
    bool note(std::string_view kind, CounterId counter, StaffId staff, ServiceId service = {},
              std::string label = {}, std::string detail = {}) const {
        fold.changes_.changes.push_back(
            {seq, stamp, kind, counter, staff, service, std::move(label), std::move(detail)});
        return true;
    }

    bool operator()(const DayOpened&) const {
        fold.tickets_.clear();
        fold.day_ = stamp.day;
        return true;
    }
    // What stands across days was folded with its own day.
    bool operator()(const Carried&) const { return true; }
    bool operator()(const CarriedPaper&) const { return true; }
    bool operator()(const CarriedLease&) const { return true; }
    bool operator()(const LeaseGranted&) const { return true; }
    bool operator()(const LeaseEnded&) const { return true; }
    bool operator()(const Noted&) const { return true; }
    bool operator()(const IssuedOffline& f) const {
        auto ticket = issued(f.ticket, f.kiosk, f.ticket_class, f.then);
        ticket.issued = f.arrived.time_since_epoch().count();
        if (!f.origin) ticket.paper = word(journal::outcome_words, Outcome::unconfirmed);
        return fold.tickets_.emplace(f.ticket.id, std::move(ticket)).second;
    }
    bool operator()(const Issued& f) const {
        auto ticket = issued(f.ticket, f.origin.device, f.ticket_class, f.then);
        ticket.ahead = f.ahead;
        ticket.estimate = f.estimate;
        return fold.tickets_.emplace(f.ticket.id, std::move(ticket)).second;
    }
    bool operator()(const PaperReported& f) const {
        const auto paper = word(journal::outcome_words, f.outcome);
        auto* const ticket = changed(f.ticket);
        if (!ticket) {
            fold.changes_.papers.push_back({f.ticket.id, paper, f.reason, f.copy});
            return true;
        }
        ticket->paper = paper;
        ticket->paper_reason = f.reason;
        ticket->copy = f.copy;
        return !f.voids || make_void(*ticket, "not_printed");
    }
    bool operator()(const PaperAbandoned& f) const {
        const auto paper = word(journal::outcome_words, Outcome::not_printed);
        auto* const ticket = changed(f.ticket);
        if (ticket) {
            ticket->paper = paper;
            ticket->paper_reason = "abandoned";
        } else {
            fold.changes_.papers.push_back({f.ticket.id, paper, "abandoned", false});
        }
        return true;
    }
    bool operator()(const PaperDoubted& f) const {
        auto* const ticket = changed(f.ticket);
        if (ticket) ticket->paper = word(journal::outcome_words, Outcome::unconfirmed);
        return ticket != nullptr;
    }
    bool operator()(const Called& f) const {
        auto* const ticket = changed(f.ticket);
        if (!ticket || (!ticket->stands.empty() && !ticket->stands.back().ended)) return false;
        Stand stand;
        stand.seq = seq;
        stand.service = ticket->now_for;
        stand.ticket_class = f.ticket_class;
        stand.counter = f.counter;
        stand.staff = f.staff;
        stand.why = f.why;
        stand.passed = f.passed;
        stand.utc_offset_min = stamp.utc_offset.count();
        stand.since = ticket->issued;
        stand.called = at();
        if (!ticket->stands.empty()) {
            const auto& before = ticket->stands.back();
            stand.since = *before.ended;
            stand.waited = before.ended_by != "hold" && before.ended_by != "no_show";
        }
        ticket->stands.push_back(std::move(stand));
        ticket->state = State::called;
        finished_by_call(f.counter);
        return true;
    }
    // What just left COUNTER without a request did so by this call.
    void finished_by_call(CounterId counter) const {
        const auto it = fold.tickets_.find(fold.left_standing_);
        if (it == fold.tickets_.end() || it->second.stands.empty()) return;
        auto& stand = it->second.stands.back();
        if (stand.counter != counter || stand.ended_by != by_day_end) return;
        stand.ended_by = "next_call";
        fold.changes_.tickets.insert(it->first);
    }
    bool operator()(const Recalled& f) const {
        auto* const stand = standing(changed(f.ticket), f.counter);
        if (stand) ++stand->recalls;
        return stand != nullptr;
    }
    bool operator()(const Served& f) const {
        auto* const ticket = changed(f.ticket);
        auto* const stand = standing(ticket, f.counter);
        if (!stand) return false;
        stand->served = at();
        ticket->state = State::serving;
        return true;
    }
    bool operator()(const Finished& f) const {
        if (!end(f.ticket, f.counter, f.origin ? "finish" : by_day_end, State::done, f.next)) {
            return false;
        }
        if (!f.origin) fold.left_standing_ = f.ticket.id;
        return true;
    }
    bool operator()(const NotShown& f) const {
        return end(f.ticket, f.counter, "no_show", State::no_show, f.again);
    }
    bool operator()(const Held& f) const { return end(f.ticket, f.counter, "hold", State::held); }
    bool operator()(const Transferred& f) const {
        return end(f.ticket, f.counter, "transfer", State::waiting, f.to);
    }
    bool operator()(const Undone& f) const {
        auto* const ticket = changed(f.ticket);
        if (!ticket || ticket->stands.empty()) return false;
        auto& stand = ticket->stands.back();
        if (stand.counter != f.counter) return false;
        // By what it is again, for a call may have finished another ticket in the same step.
        if (f.state == State::called || f.state == State::serving) {
            stand.seq = seq;
            stand.ended.reset();
            stand.ended_by.clear();
            stand.to_service = {};
            if (f.state == State::called) stand.served.reset();
            ticket->now_for = stand.service;
        } else {
            ticket->stands.pop_back();
        }
        ticket->state = f.state;
        ++ticket->undone;
        return note("undone", f.counter, f.staff, {}, f.ticket.label,
                    std::string{word(journal::step_words, f.step)});
    }
    bool operator()(const Voided& f) const {
        auto* const ticket = changed(f.ticket);
        return ticket && make_void(*ticket, word(journal::void_words, f.reason));
    }
    bool operator()(const SignedIn& f) const { return note("signed_in", f.counter, f.staff); }
    bool operator()(const SignedOut& f) const { return note("signed_out", f.counter, f.staff); }
    bool operator()(const CounterPaused& f) const {
        return note("counter_paused", f.counter, {}, {}, {}, f.reason);
    }
    bool operator()(const CounterOpened& f) const { return note("counter_opened", f.counter, {}); }
    bool operator()(const ServicePaused& f) const {
        return note("service_paused", {}, {}, f.service, {}, f.reason);
    }
    bool operator()(const ServiceResumed& f) const {
        return note("service_resumed", {}, {}, f.service);
    }
    bool operator()(const DayClosed&) const { return note("day_closed", {}, {}); }
    bool operator()(const DayReopened&) const { return note("day_reopened", {}, {}); }
    bool operator()(const SiteChanged& f) const {
        return note("site_changed", {}, {}, {}, {}, f.version);
    }
    bool operator()(const Restored&) const { return note("restored", {}, {}); }
    bool operator()(const NumbersSkipped& f) const {
        return note("numbers_skipped", {}, {}, {}, {},
                    std::string{f.series.view()} + " " + std::to_string(f.last.value()));
    }
    bool operator()(const engine::Refused& f) const {
        ++fold.changes_.refused[{word(journal::asked_words, f.asked.kind), f.asked.service,
                                 word(journal::refusal_words, f.reason)}];
        return true;
    }
};

bool Fold::apply(std::uint64_t seq, const engine::Event& event) {
    const bool opens = std::holds_alternative<DayOpened>(event.fact);
    if (opens ? day_ && *day_ >= event.stamp.day : day_ != event.stamp.day) return false;
    const auto left_standing = left_standing_;
    if (!std::visit(Apply{*this, seq, event.stamp}, event.fact)) return false;
    if (left_standing_ == left_standing) left_standing_ = {};
    last_seq_ = seq;
    return true;
}

void Fold::restore(ServiceDay open_day, std::uint64_t last_seq) {
    day_ = open_day;
    last_seq_ = last_seq;
}

void Fold::restore(Ticket ticket) {
    if (!ticket.stands.empty()) {
        const auto& stand = ticket.stands.back();
        if (stand.seq == last_seq_ && stand.ended_by == by_day_end) left_standing_ = ticket.ref.id;
    }
    const auto id = ticket.ref.id;
    tickets_.insert_or_assign(id, std::move(ticket));
}

const Ticket* Fold::find(TicketId id) const {
    const auto it = tickets_.find(id);
    return it == tickets_.end() ? nullptr : &it->second;
}

Changes Fold::take() {
    return std::exchange(changes_, {});
}

}  // namespace antrean::reports
