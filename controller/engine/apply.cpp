// How events change the state. Nothing here reads the catalog.
#include "controller/engine/engine.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <utility>

namespace antrean::engine {
namespace {

void require(bool holds, const char* rule) {
    if (!holds) throw BrokenHistory{rule};
}

bool is_over(State state) {
    return state == State::done || state == State::voided;
}

bool is_in_hall(State state) {
    return !is_over(state) && state != State::no_show;
}

}  // namespace

void Engine::apply(const Event& event) {
    if (std::holds_alternative<DayOpened>(event.fact)) {
        require(!day_ || *day_ < event.stamp.day, "the days go on");
    } else {
        require(day_ == event.stamp.day, "an event belongs to the open day");
    }
    std::visit([&](const auto& fact) { on(fact, event.stamp); }, event.fact);
    ++next_seq_;
}

void Engine::on(const DayOpened& fact, const Now& stamp) {
    require(epoch_ <= fact.epoch, "the epochs go on");
    day_ = stamp.day;
    epoch_ = fact.epoch;
    epochs_today_ = 0;
    closed_ = false;
    in_hall_ = 0;
    series_.clear();
    tickets_.clear();
    issued_.clear();
    appointments_.clear();
    paused_services_.clear();
    called_.clear();
    staff_.clear();
    paused_counters_.clear();
    turns_.clear();
    steps_.clear();
    unsettled_.clear();
    leases_.clear();
    lease_labels_.clear();
    offline_.clear();
    devices_.clear();
}

void Engine::on(const Carried& fact, const Now& stamp) {
    remember(fact.origin, fact.asked, fact.answer, stamp);
}

void Engine::on(const CarriedPaper& fact, const Now&) {
    Ticket carried;
    carried.ref = fact.ticket;
    carried.kiosk = fact.kiosk;
    carried.state = State::done;
    carried.paper = Paper::unconfirmed;
    const bool is_new = tickets_.emplace(fact.ticket.id.value(), std::move(carried)).second;
    require(is_new, "a carried paper is of an earlier day");
    unsettled_[fact.kiosk].insert(fact.ticket.id);
}

void Engine::on(const Issued& fact, const Now& stamp) {
    require(fact.ticket.id == ticket_id(epoch_, next_seq_),
            "a ticket's id is its epoch and its event's sequence number");
    auto& series = series_[fact.ticket.series];
    require(fact.ticket.number == series.last.next(), "the numbers of a series rise by one");
    series.last = fact.ticket.number;
    ++series.waiting;
    list(fact.ticket);
    Ticket ticket;
    ticket.ref = fact.ticket;
    ticket.kiosk = fact.origin.device;
    ticket.request = fact.origin.request;
    ticket.first_service = fact.ticket.service;
    ticket.ticket_class = fact.ticket_class;
    ticket.queue = fact.ticket.series;
    ticket.order = ticket.came =
        planted(Plant::order_by_clock) ? place(stamp.wall, next_seq_) : place_of(fact.ticket.id);
    ticket.then = fact.then;
    ticket.appointment = fact.appointment;
    ticket.arrived = stamp.wall;
    tickets_.emplace(fact.ticket.id.value(), std::move(ticket));
    ++in_hall_;
    if (fact.appointment.empty()) {
        ++issued_[fact.ticket.service];
    } else {
        const bool is_first = appointments_.emplace(fact.appointment, fact.ticket.id).second;
        require(is_first, "an appointment is checked in once");
    }
    unsettled_[fact.origin.device].insert(fact.ticket.id);
    auto asked_for = fact.appointment.empty()
                         ? asked(Issue{fact.ticket.service, fact.ticket_class})
                         : Asked{Asked::Kind::check_in, fact.ticket.service, {}, fact.appointment};
    remember(fact.origin, std::move(asked_for),
             TicketAnswer{fact.ticket, stamp, fact.ahead, fact.ticket_class, fact.estimate}, stamp);
}

void Engine::on(const PaperReported& fact, const Now& stamp) {
    auto& reported = known(fact.ticket.id);
    const auto open = unsettled_.find(fact.origin.device);
    require(open != unsettled_.end() && open->second.erase(fact.ticket.id),
            "a kiosk reports a paper of its own once");
    if (open->second.empty()) unsettled_.erase(open);
    const bool was_pending = reported.paper == Paper::pending;
    reported.paper = fact.outcome == Outcome::printed ? Paper::printed : Paper::unconfirmed;
    if (fact.voids) {
        uncount(reported);
        free_appointment(reported);
        leave(reported);
        end(reported, State::voided);
    } else if (was_pending && reported.state == State::waiting) {
        become_callable(reported);
    }
    // One that is over is forgotten now, and may come back by an undo all the same.
    for (auto& [counter, step] : steps_) {
        for (auto& changed : step.tickets) {
            if (changed.before.ref.id == fact.ticket.id) changed.before.paper = reported.paper;
        }
    }
    forget_if_over(fact.ticket.id);
    remember(fact.origin, {Asked::Kind::print_report, {}, fact.ticket.id, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const PaperDoubted& fact, const Now&) {
    auto& doubted = known(fact.ticket.id);
    require(doubted.paper == Paper::pending, "only what is not settled is doubted");
    doubted.paper = Paper::unconfirmed;
    if (doubted.state == State::waiting) become_callable(doubted);
}

void Engine::on(const Called& fact, const Now& stamp) {
    require(!called_.contains(fact.counter), "a counter calls one ticket at a time");
    auto& called = known(fact.ticket.id);
    require(called.paper != Paper::pending, "nobody is called whose paper is pending");
    require(called.state == State::waiting || called.state == State::held ||
                called.state == State::no_show || planted(Plant::call_twice),
            "who is called waits, is held or did not show up");
    auto before = called;
    leave(called);
    if (!is_in_hall(called.state)) ++in_hall_;
    called.state = State::called;
    called.counter = fact.counter;
    called.calls = 1;
    called_[fact.counter] = fact.ticket.id;
    if (fact.passed) ++known(fact.passed).passes;
    stepped(StepKind::call, fact.counter, std::move(before), called, stamp);
    auto& step = steps_[fact.counter];
    step.turn = turns_[fact.counter].at;
    step.passed = fact.passed;
    turns_[fact.counter] = {fact.turn};
    // What was asked for stands in the event only as far as it tells a repeated request.
    remember(fact.origin, fact.asked, CalledAnswer{fact.ticket}, stamp);
}

void Engine::on(const Recalled& fact, const Now& stamp) {
    auto& called = at_counter(fact.ticket.id, fact.counter);
    require(called.state == State::called, "only who stands called is called again");
    ++called.calls;
    remember(fact.origin, {Asked::Kind::recall, {}, fact.ticket.id, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const Served& fact, const Now& stamp) {
    auto& served = at_counter(fact.ticket.id, fact.counter);
    require(served.state == State::called, "who comes was called");
    auto before = served;
    served.state = State::serving;
    stepped(StepKind::serve, fact.counter, std::move(before), served, stamp);
    remember(fact.origin, {Asked::Kind::serve, {}, fact.ticket.id, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const Finished& fact, const Now& stamp) {
    auto& finished = at_counter(fact.ticket.id, fact.counter);
    const auto before = finished;
    leave(finished);
    if (fact.next) {
        // What it passes over on its way has left the site.
        auto& then = finished.then;
        const auto at = std::find(then.begin(), then.end(), fact.next->service);
        require(at != then.end(), "a visit goes on to a service of its own");
        then.erase(then.begin(), at + 1);
        enter_queue(finished, *fact.next);
        stepped(StepKind::finish, fact.counter, before, finished, stamp, fact.origin.has_value());
    } else {
        end(finished, State::done);
        stepped(StepKind::finish, fact.counter, before, finished, stamp, fact.origin.has_value());
        forget_if_over(fact.ticket.id);
    }
    if (fact.origin) {
        remember(*fact.origin, {Asked::Kind::finish, {}, fact.ticket.id, {}}, DoneAnswer{}, stamp);
    }
}

void Engine::on(const NotShown& fact, const Now& stamp) {
    auto& missing = at_counter(fact.ticket.id, fact.counter);
    require(missing.state == State::called, "who does not show up was called");
    auto before = missing;
    leave(missing);
    ++missing.no_shows;
    if (fact.again) {
        enter_queue(missing, *fact.again);
    } else {
        end(missing, State::no_show);
    }
    stepped(StepKind::no_show, fact.counter, std::move(before), missing, stamp);
    remember(fact.origin, {Asked::Kind::no_show, {}, fact.ticket.id, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const Held& fact, const Now& stamp) {
    auto& held = at_counter(fact.ticket.id, fact.counter);
    auto before = held;
    leave(held);
    held.state = State::held;
    stepped(StepKind::hold, fact.counter, std::move(before), held, stamp);
    remember(fact.origin, {Asked::Kind::hold, {}, fact.ticket.id, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const Transferred& fact, const Now& stamp) {
    auto& moved = at_counter(fact.ticket.id, fact.counter);
    auto before = moved;
    leave(moved);
    enter_queue(moved, fact.to);
    stepped(StepKind::transfer, fact.counter, std::move(before), moved, stamp);
    remember(fact.origin, {Asked::Kind::transfer, fact.to.service, fact.ticket.id, {}},
             DoneAnswer{}, stamp);
}

void Engine::on(const Undone& fact, const Now& stamp) {
    const auto step = steps_.find(fact.counter);
    require(step != steps_.end() && !step->second.tickets.empty() &&
                step->second.tickets.back().before.ref.id == fact.ticket.id,
            "what is undone is the last change of the counter's last step");
    auto before = std::move(step->second.tickets.back().before);
    step->second.tickets.pop_back();
    require(before.state == fact.state, "a ticket is again what it was");
    if (const auto it = tickets_.find(fact.ticket.id.value()); it != tickets_.end()) {
        before.paper = it->second.paper;  // of which more may be known now
        leave(it->second);
        if (is_in_hall(it->second.state)) --in_hall_;
    }
    auto& ticket = tickets_[fact.ticket.id.value()] = std::move(before);
    if (is_in_hall(ticket.state)) ++in_hall_;
    list(ticket.ref);
    if (ticket.state == State::waiting) {
        ++series_[ticket.queue].waiting;
        become_callable(ticket);
    } else if (ticket.state == State::called || ticket.state == State::serving) {
        require(!called_.contains(fact.counter), "a counter calls one ticket at a time");
        called_[fact.counter] = ticket.ref.id;
    }
    if (fact.step == StepKind::call) {
        turns_[fact.counter] = {step->second.turn};
        const auto passed = tickets_.find(step->second.passed.value());
        if (passed != tickets_.end() && passed->second.passes > 0) --passed->second.passes;
    }
    if (step->second.tickets.empty()) steps_.erase(step);
    if (fact.origin) remember(*fact.origin, {Asked::Kind::undo, {}, {}, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const Voided& fact, const Now& stamp) {
    auto& voided = known(fact.ticket.id);
    require(!is_over(voided.state), "only what is not over becomes void");
    const auto label = voided.ref.label;
    if (planted(Plant::call_void_number) && fact.origin) {
        remember(*fact.origin, {Asked::Kind::void_ticket, {}, {}, label}, DoneAnswer{}, stamp);
        return;
    }
    leave(voided);
    end(voided, State::voided);
    if (fact.reason == VoidReason::abandoned) uncount(voided);
    free_appointment(voided);
    forget_if_over(fact.ticket.id);
    if (fact.origin) {
        remember(*fact.origin, {Asked::Kind::void_ticket, {}, {}, label}, DoneAnswer{}, stamp);
    }
}

void Engine::on(const SignedIn& fact, const Now& stamp) {
    staff_[fact.counter] = fact.staff;
    remember(fact.origin, {Asked::Kind::sign_in, {}, {}, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const SignedOut& fact, const Now& stamp) {
    const auto it = staff_.find(fact.counter);
    require(it != staff_.end() && it->second == fact.staff, "who signs out was signed in");
    staff_.erase(it);
    if (fact.origin) {
        remember(*fact.origin, {Asked::Kind::sign_out, {}, {}, {}}, DoneAnswer{}, stamp);
    }
}

void Engine::on(const CounterPaused& fact, const Now& stamp) {
    paused_counters_[fact.counter] = fact.reason;
    remember(fact.origin, {Asked::Kind::pause_counter, {}, {}, fact.reason}, DoneAnswer{}, stamp);
}

void Engine::on(const CounterOpened& fact, const Now& stamp) {
    require(paused_counters_.erase(fact.counter) == 1, "what opens was paused");
    remember(fact.origin, {Asked::Kind::open_counter, {}, {}, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const ServicePaused& fact, const Now& stamp) {
    paused_services_[fact.service] = fact.reason;
    remember(fact.origin, {Asked::Kind::pause_service, fact.service, {}, fact.reason}, DoneAnswer{},
             stamp);
}

void Engine::on(const ServiceResumed& fact, const Now& stamp) {
    require(paused_services_.erase(fact.service) == 1, "what resumes was paused");
    remember(fact.origin, {Asked::Kind::resume_service, fact.service, {}, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const DayClosed& fact, const Now& stamp) {
    closed_ = true;
    remember(fact.origin, {Asked::Kind::close_day, {}, {}, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const DayReopened& fact, const Now& stamp) {
    closed_ = false;
    remember(fact.origin, {Asked::Kind::reopen_day, {}, {}, {}}, DoneAnswer{}, stamp);
}

void Engine::on(const SiteChanged& fact, const Now&) {
    site_version_ = fact.version;
    steps_.clear();  // nobody comes back to a queue that is served no more
}

void Engine::on(const Restored& fact, const Now&) {
    require(fact.epoch > epoch_, "the epochs rise");
    epoch_ = fact.epoch;
    ++epochs_today_;
    // Their kiosks may have given numbers of these, told them and retired them, all forgotten.
    for (auto& [id, lease] : leases_) {
        if (lease.end) continue;
        lease.end = LeaseEnd::lost;
        lease.days = 0;
    }
}

void Engine::on(const NumbersSkipped& fact, const Now&) {
    auto& last = series_[fact.series].last;
    require(last < fact.last, "numbers only rise");
    last = fact.last;
}

void Engine::on(const Refused& fact, const Now& stamp) {
    remember(fact.origin, fact.asked, fact.reason, stamp);
}

void Engine::remember(const Origin& origin, Asked asked, Answer answer, const Now& stamp) {
    auto& device = devices_[origin.device];
    require(device.request < origin.request || planted(Plant::forget_request),
            "a device's request ids rise");
    device = {origin.request, std::move(asked), std::move(answer), stamp};
}

Engine::Ticket& Engine::known(TicketId id) {
    const auto it = tickets_.find(id.value());
    require(it != tickets_.end(), "an event's ticket is one of the open day");
    return it->second;
}

Engine::Ticket& Engine::at_counter(TicketId id, CounterId counter) {
    const auto it = called_.find(counter);
    require(it != called_.end() && it->second == id, "the ticket stands at that counter");
    return known(id);
}

void Engine::become_callable(Ticket& ticket) {
    if (ticket.paper == Paper::pending) return;
    auto& lane = series_[ticket.queue].lanes.at(static_cast<std::size_t>(ticket.ticket_class));
    lane.insert(lane.end(), Place{ticket.order, ticket.ref.id});
}

void Engine::enter_queue(Ticket& ticket, const Onward& where) {
    ticket.state = State::waiting;
    ticket.ref.service = where.service;
    ticket.queue = where.queue;
    ticket.order = where.order;
    ++series_[ticket.queue].waiting;
    become_callable(ticket);
}

void Engine::leave_queue(Ticket& ticket) {
    auto& series = series_[ticket.queue];
    series.lanes.at(static_cast<std::size_t>(ticket.ticket_class))
        .erase(Place{ticket.order, ticket.ref.id});
    --series.waiting;
}

void Engine::leave(Ticket& ticket) {
    if (ticket.state == State::waiting) leave_queue(ticket);
    const auto at = called_.find(ticket.counter);
    if (at != called_.end() && at->second == ticket.ref.id) called_.erase(at);
}

void Engine::end(Ticket& ticket, State state) {
    if (is_in_hall(ticket.state)) --in_hall_;
    ticket.state = state;
}

void Engine::forget_if_over(TicketId id) {
    const auto it = tickets_.find(id.value());
    const auto& ticket = it->second;
    if (!is_over(ticket.state) || !is_settled(ticket)) return;
    unlist(ticket.ref);
    tickets_.erase(it);
}

void Engine::uncount(const Ticket& voided) {
    if (!voided.appointment.empty()) return;
    auto& issued = issued_[voided.first_service];
    issued -= std::min<std::uint32_t>(issued, 1);
}

void Engine::free_appointment(const Ticket& voided) {
    if (!voided.appointment.empty()) appointments_.erase(voided.appointment);
}

void Engine::list(const TicketRef& ticket) {
    if (is_offline(ticket.id)) {
        offline_[ticket.label] = ticket.id;
    } else {
        series_[ticket.series].tickets[ticket.number.value()] = ticket.id;
    }
}

void Engine::unlist(const TicketRef& ticket) {
    if (is_offline(ticket.id)) {
        offline_.erase(ticket.label);
        return;
    }
    const auto series = series_.find(ticket.series);
    if (series == series_.end()) return;
    // A carried one is of another day, in which its number was another's.
    const auto number = series->second.tickets.find(ticket.number.value());
    if (number != series->second.tickets.end() && number->second == ticket.id) {
        series->second.tickets.erase(number);
    }
}

void Engine::stepped(StepKind kind, CounterId counter, Ticket before, const Ticket& after,
                     const Now& stamp, bool asked) {
    auto& step = steps_[counter];
    // The finish that a call brings with it comes just before it, and is undone with it.
    const bool goes_on = kind == StepKind::call && !step.asked && step.seq + 1 == next_seq_;
    if (!goes_on) step.tickets.clear();
    step.kind = kind;
    step.stamp = stamp;
    step.seq = next_seq_;
    step.asked = asked;
    step.tickets.push_back(
        {std::move(before), after.state, after.queue, after.order, after.counter});
}

}  // namespace antrean::engine
