#include "controller/projections/hall.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace antrean::projections {

using engine::State;
using engine::StepKind;

bool Hall::Changes::concerns(const site::Counter& counter) const {
    const auto any = [this](const std::vector<SeriesId>& ids) {
        return std::any_of(ids.begin(), ids.end(),
                           [this](SeriesId id) { return series.contains(id); });
    };
    return counters.contains(counter.id) || any(counter.series) ||
           std::any_of(counter.shifts.begin(), counter.shifts.end(),
                       [&](const engine::Shift& shift) { return any(shift.series); });
}

void Hall::change_site(std::shared_ptr<const site::Site> site) {
    site_ = std::move(site);
    for (const auto& series : site_->series)
        changes_.series.insert(series.id);
    for (const auto& counter : site_->counters)
        changed(counter.id);
}

void Hall::apply(std::uint64_t seq, const engine::Event& event) {
    const Moment at{seq, event.stamp.wall};
    std::visit([&](const auto& fact) { on(at, fact); }, event.fact);
    version_ = seq;
}

void Hall::on(Moment, const engine::DayOpened&) {
    change_site(site_);
    waiting_.clear();
    tickets_.clear();
    standing_.clear();
    left_.clear();
    finished_.clear();
    held_.clear();
    staff_.clear();
    paused_.clear();
    steps_.clear();
    paces_.clear();
    calls_.clear();
    latest_.clear();
}

void Hall::on(Moment at, const engine::Issued& fact) {
    const auto& ticket = fact.ticket;
    const auto [it, added] = tickets_.insert_or_assign(
        ticket.id.value(),
        Live{ticket, fact.ticket_class, ticket.series, State::waiting, at.wall, fact.estimate});
    wait(it->second, 1);
}

void Hall::on(Moment, const engine::IssuedOffline& fact) {
    const auto [it, added] = tickets_.insert_or_assign(
        fact.ticket.id.value(),
        Live{fact.ticket, fact.ticket_class, fact.ticket.series, State::waiting, fact.arrived, {}});
    wait(it->second, 1);
}

void Hall::on(Moment, const engine::PaperReported& fact) {
    if (fact.voids) {
        make_void(fact.ticket.id);
        return;
    }
    const auto paper =
        fact.outcome == engine::Outcome::printed ? Paper::printed : Paper::unconfirmed;
    if (auto* told = live(fact.ticket.id)) told->paper = paper;
    for (auto& [counter, finished] : finished_) {
        if (finished.ref.id == fact.ticket.id) finished.paper = paper;
    }
    for (auto& [counter, standing] : standing_) {
        // One that the operator made void stays so, whatever is told of its paper.
        if (standing.ticket.id != fact.ticket.id || standing.paper == Paper::voided) continue;
        standing.paper = paper;
        changed(counter);
        return;
    }
}

void Hall::on(Moment, const engine::Voided& fact) {
    make_void(fact.ticket.id);
    stop_holding(fact.ticket.id);
}

void Hall::make_void(TicketId ticket) {
    std::erase_if(calls_, [&](const Call& call) { return call.ticket.id == ticket; });
    for (auto& [counter, standing] : standing_) {
        if (standing.ticket.id != ticket) continue;
        // The clerk is told, and calls the next.
        standing.paper = Paper::voided;
        steps_.erase(counter);
        changed(counter);
    }
    if (const auto* gone = live(ticket)) {
        if (gone->state == State::waiting) wait(*gone, -1);
        tickets_.erase(ticket.value());
    }
}

void Hall::on(Moment at, const engine::Called& fact) {
    stop_holding(fact.ticket.id);
    // One that did not show up was let go, and is as its call says.
    const auto [it, added] = tickets_.try_emplace(
        fact.ticket.id.value(),
        Live{fact.ticket, fact.ticket_class, fact.ticket.series, State::no_show, at.wall, {}});
    auto& called = it->second;
    if (called.state == State::waiting) {
        wait(called, -1);
        paces_[called.queue].called(at.wall, waiting_[called.queue].all > 0);
    }
    called.state = State::called;
    called.paper = fact.unconfirmed ? Paper::unconfirmed : Paper::printed;
    standing_[fact.counter] = {fact.ticket, fact.ticket_class, State::called, called.paper, 1};
    steps_[fact.counter] = StepKind::call;
    add_call(at.seq, fact.ticket, fact.counter, false);
}

void Hall::on(Moment at, const engine::Recalled& fact) {
    ++standing_[fact.counter].times_called;
    add_call(at.seq, fact.ticket, fact.counter, true);
}

void Hall::on(Moment, const engine::Served& fact) {
    standing_[fact.counter].state = State::serving;
    if (auto* served = live(fact.ticket.id)) served->state = State::serving;
    steps_[fact.counter] = StepKind::serve;
    changed(fact.counter);
}

void Hall::on(Moment at, const engine::Finished& fact) {
    leave(fact.counter, StepKind::finish);
    const auto* finished = live(fact.ticket.id);
    if (!finished) return;
    finished_[fact.counter] = *finished;
    if (fact.next) {
        wait_again(at, fact.ticket.id, *fact.next);
    } else {
        tickets_.erase(fact.ticket.id.value());
    }
}

void Hall::on(Moment at, const engine::NotShown& fact) {
    leave(fact.counter, StepKind::no_show);
    if (const auto* missing = live(fact.ticket.id)) finished_[fact.counter] = *missing;
    if (fact.again) {
        wait_again(at, fact.ticket.id, *fact.again);
    } else {
        tickets_.erase(fact.ticket.id.value());
    }
}

void Hall::on(Moment at, const engine::Held& fact) {
    leave(fact.counter, StepKind::hold);
    auto* held = live(fact.ticket.id);
    if (!held) return;
    held->state = State::held;
    held->held_at = fact.counter;
    held->held_since = at.seq;
    hold(*held);
}

void Hall::on(Moment at, const engine::Transferred& fact) {
    leave(fact.counter, StepKind::transfer);
    wait_again(at, fact.ticket.id, fact.to);
}

void Hall::on(Moment at, const engine::Undone& fact) {
    const auto id = fact.ticket.id;
    stop_holding(id);
    // Who stands there again was called there, and stays so.
    const bool stands = fact.state == State::called || fact.state == State::serving;
    if (!stands) take_call_back(id);
    // As often as it was called here, whatever another counter did with it in between.
    std::uint32_t times_called = 1;
    if (const auto it = standing_.find(fact.counter);
        it != standing_.end() && it->second.ticket.id == id) {
        times_called = it->second.times_called;
        standing_.erase(it);
    } else if (const auto left = left_.find(fact.counter);
               left != left_.end() && left->second.ticket.id == id) {
        times_called = left->second.times_called;
    }
    auto* ticket = live(id);
    if (ticket && ticket->state == State::waiting) wait(*ticket, -1);
    if (!ticket) {
        const auto finished = finished_.find(fact.counter);
        const bool known = finished != finished_.end() && finished->second.ref.id == id;
        const Live as_told{
            fact.ticket, TicketClass::regular, fact.ticket.series, State::waiting, at.wall, {}};
        ticket = &tickets_.insert_or_assign(id.value(), known ? finished->second : as_told)
                      .first->second;
    }
    ticket->ref = fact.ticket;
    ticket->state = fact.state;
    if (fact.state == State::waiting) {
        wait(*ticket, 1);
    } else if (fact.state == State::held) {
        hold(*ticket);  // where it was, which may be another counter
    } else if (stands) {
        standing_[fact.counter] = {fact.ticket, ticket->ticket_class, fact.state, ticket->paper,
                                   times_called};
    } else {
        tickets_.erase(id.value());
    }
    steps_.erase(fact.counter);
    changed(fact.counter);
}

void Hall::on(Moment, const engine::SignedIn& fact) {
    staff_[fact.counter] = fact.staff;
    changed(fact.counter);
}

void Hall::on(Moment, const engine::SignedOut& fact) {
    staff_.erase(fact.counter);
    changed(fact.counter);
}

void Hall::on(Moment, const engine::CounterPaused& fact) {
    paused_[fact.counter] = fact.reason;
    changed(fact.counter);
}

void Hall::on(Moment, const engine::CounterOpened& fact) {
    paused_.erase(fact.counter);
    changed(fact.counter);
}

void Hall::on(Moment, const engine::SiteChanged&) {
    // Nothing from before can be taken back any more.
    for (const auto& [counter, step] : std::exchange(steps_, {}))
        changed(counter);
}

void Hall::add_call(std::uint64_t seq, const engine::TicketRef& ticket, CounterId counter,
                    bool again) {
    std::erase_if(calls_, [&](const Call& call) { return call.ticket.id == ticket.id; });
    calls_.push_front({seq, ticket, counter, again});
    latest_[ticket.series] = calls_.front();
    if (calls_.size() > web::max_calls) calls_.pop_back();
    changed(counter);
}

void Hall::take_call_back(TicketId ticket) {
    std::erase_if(calls_, [&](const Call& call) { return call.ticket.id == ticket; });
    for (auto it = latest_.begin(); it != latest_.end();) {
        const auto& [series, latest] = *it;
        const auto before =
            std::find_if(calls_.begin(), calls_.end(),
                         [of = series](const Call& call) { return call.ticket.series == of; });
        if (latest.ticket.id != ticket) {
            ++it;
        } else if (before != calls_.end()) {
            (it++)->second = *before;
        } else {
            it = latest_.erase(it);
        }
    }
}

Hall::Live* Hall::live(TicketId ticket) {
    const auto it = tickets_.find(ticket.value());
    return it == tickets_.end() ? nullptr : &it->second;
}

void Hall::wait_again(Moment at, TicketId id, const engine::Onward& where) {
    auto* ticket = live(id);
    if (!ticket) return;
    ticket->state = State::waiting;
    ticket->ref.service = where.service;
    ticket->queue = where.queue;
    // No promise was made of this wait.
    ticket->issued = at.wall;
    ticket->estimate = {};
    wait(*ticket, 1);
}

void Hall::hold(const Live& ticket) {
    auto& held = held_[ticket.held_at];
    const auto later = [&](const HeldNow& other) {
        const auto* known = live(other.ticket.id);
        return known && known->held_since > ticket.held_since;
    };
    held.insert(std::find_if(held.begin(), held.end(), later), {ticket.ref, ticket.ticket_class});
    changed(ticket.held_at);
}

void Hall::stop_holding(TicketId ticket) {
    for (auto& [counter, held] : held_) {
        const auto gone =
            std::erase_if(held, [&](const HeldNow& one) { return one.ticket.id == ticket; });
        if (gone > 0) changed(counter);
    }
}

void Hall::leave(CounterId counter, StepKind step) {
    if (const auto it = standing_.find(counter); it != standing_.end()) {
        left_[counter] = it->second;
        standing_.erase(it);
    }
    steps_[counter] = step;
    changed(counter);
}

void Hall::wait(const Live& ticket, std::int32_t change) {
    auto& waiting = waiting_[ticket.queue];
    waiting.all += static_cast<std::uint32_t>(change);
    waiting.by_class.at(static_cast<std::size_t>(ticket.ticket_class)) +=
        static_cast<std::uint32_t>(change);
    changes_.series.insert(ticket.queue);
}

}  // namespace antrean::projections
