// What is decided at a counter.
#include "controller/engine/deciding.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace antrean::engine {
namespace {

template <class Map, class Key>
auto value_or_none(const Map& map, const Key& key) {
    const auto it = map.find(key);
    return it == map.end() ? typename Map::mapped_type{} : it->second;
}

}  // namespace

bool is_served(const Catalog& catalog, SeriesId queue) {
    return std::any_of(catalog.counters.begin(), catalog.counters.end(),
                       [&](const auto& counter) { return counter.second.ever_serves(queue); });
}

bool may_sign_in(const Staff& staff, CounterId counter) {
    const auto& places = staff.counters;
    return places.empty() || std::find(places.begin(), places.end(), counter) != places.end();
}

std::optional<Deciding::Counter> Deciding::counter() const {
    const auto& catalog = engine_.catalog_;
    auto id = value_or_none(catalog.callpads, origin().device);
    if (!id && origin().device == operator_device) id = command_.counter;
    const auto found = catalog.counters.find(id);
    if (found == catalog.counters.end()) return std::nullopt;
    return Counter{id, &found->second, value_or_none(engine_.staff_, id)};
}

std::optional<Refusal> Deciding::closed(const Counter& at) const {
    if (engine_.paused_counters_.contains(at.id)) return Refusal::counter_paused;
    if (engine_.catalog_.rules.sign_in_required && !at.staff) return Refusal::not_signed_in;
    return std::nullopt;
}

const Deciding::Ticket* Deciding::standing(const Counter& at, TicketId id) const {
    const auto it = engine_.called_.find(at.id);
    return it != engine_.called_.end() && it->second == id ? &engine_.ticket(id) : nullptr;
}

const std::vector<SeriesId>& Deciding::serves(const Counter& at) const {
    return at.catalog->serves(time_of_day(now_.wall, now_.utc_offset, stamp_.day));
}

Firsts Deciding::firsts(const std::vector<SeriesId>& series) const {
    Firsts firsts;
    for (const auto& id : series) {
        const auto it = engine_.series_.find(id);
        if (it == engine_.series_.end()) continue;
        for (std::size_t lane = 0; lane < class_count; ++lane) {
            const auto& places = it->second.lanes[lane];
            if (places.empty()) continue;
            const auto& place = *places.begin();
            const First first{place.order, place.ticket, engine_.ticket(place.ticket).passes};
            if (!firsts[lane] || first.came_before(*firsts[lane])) firsts[lane] = first;
        }
    }
    return firsts;
}

Onward Deciding::onward(ServiceId service, const Ticket& ticket, Place place) const {
    const auto behind = engine_.back(next_seq());
    Onward onward{service, engine_.catalog_.services.at(service).series, behind};
    if (place == Place::arrival) onward.order = ticket.came;
    // Who came to the front first stays first there.
    if (place == Place::front) onward.order = std::numeric_limits<std::int64_t>::min() + behind;
    return onward;
}

std::optional<Onward> Deciding::next_of_visit(const Ticket& ticket) const {
    for (const auto& service : ticket.then) {
        // One that has left the site in the meantime is left out.
        if (!engine_.catalog_.services.contains(service)) continue;
        return onward(service, ticket, engine_.catalog_.rules.transfer_place);
    }
    return std::nullopt;
}

void Deciding::finish_standing(const Counter& at) {
    const auto it = engine_.called_.find(at.id);
    if (it == engine_.called_.end()) return;
    const auto& ticket = engine_.ticket(it->second);
    add(Finished{std::nullopt, ticket.ref, at.id, at.staff, next_of_visit(ticket)});
}

Decision Deciding::call(const Counter& at, const Ticket& next, Why why, TicketId passed,
                        Turn turn) {
    finish_standing(at);
    add(Called{origin(), next.ref, at.id, next.paper == Engine::Paper::unconfirmed, at.staff,
               next.ticket_class, why, passed, turn.at, asked(command_.action)});
    return {std::move(events_), CalledAnswer{next.ref}};
}

Decision Deciding::operator()(const CallNext& call_next) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    if (const auto reason = closed(*at)) return refuse(*reason);
    const auto turn = value_or_none(engine_.turns_, at->id);
    const auto choice = choose(at->catalog->policy, firsts(serves(*at)), turn, call_next.only);
    if (!choice) return refuse(Refusal::nobody_waits);
    return call(*at, engine_.ticket(choice->ticket), choice->why, choice->passed, choice->turn);
}

Decision Deciding::operator()(const CallNamed& named) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    if (const auto reason = closed(*at)) return refuse(*reason);
    const auto* ticket = named.ticket ? engine_.find(named.ticket) : engine_.find(named.label);
    std::optional<Ticket> claimed;
    if (!ticket && !named.ticket && (claimed = claim(*at, named.label))) ticket = &*claimed;
    if (!ticket) return refuse(Refusal::unknown_ticket);
    const bool waits = ticket->state == State::waiting || ticket->state == State::held ||
                       ticket->state == State::no_show ||
                       (planted(Plant::call_twice) && ticket->state == State::called);
    // Who was called here before may be called here again, whatever the counter serves by now.
    const bool was_here = ticket->state != State::waiting && ticket->counter == at->id;
    if (!waits || ticket->paper == Engine::Paper::pending ||
        !(was_here || at->catalog->ever_serves(ticket->queue))) {
        return refuse(Refusal::not_callable);
    }
    const auto first = firsts(serves(*at));
    const auto came_earlier = [&](const auto& other) {
        return other && other->came_before({ticket->order, ticket->ref.id});
    };
    const auto& regular = first[static_cast<std::size_t>(TicketClass::regular)];
    const auto passed = came_earlier(regular) ? regular->ticket : TicketId{};
    Why why = ticket->state == State::held ? Why::resumed : Why::named;
    if (ticket->state == State::waiting && std::none_of(first.begin(), first.end(), came_earlier)) {
        why = Why::in_order;
    }
    return call(*at, *ticket, why, passed, value_or_none(engine_.turns_, at->id));
}

Decision Deciding::operator()(const Recall& recall) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto* ticket = standing(*at, recall.ticket);
    if (!ticket) return refuse(Refusal::not_called);
    if (ticket->state != State::called) return refuse(Refusal::wrong_state);
    if (ticket->calls > engine_.catalog_.rules.recall_limit) return refuse(Refusal::recall_limit);
    add(Recalled{origin(), ticket->ref, at->id});
    return done();
}

Decision Deciding::operator()(const Serve& serve) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto* ticket = standing(*at, serve.ticket);
    if (!ticket) return refuse(Refusal::not_called);
    if (ticket->state != State::called) return refuse(Refusal::wrong_state);
    add(Served{origin(), ticket->ref, at->id, at->staff});
    return done();
}

Decision Deciding::operator()(const Finish& finish) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto* ticket = standing(*at, finish.ticket);
    if (!ticket) return refuse(Refusal::not_called);
    add(Finished{origin(), ticket->ref, at->id, at->staff, next_of_visit(*ticket)});
    return done();
}

Decision Deciding::operator()(const NoShow& no_show) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto* ticket = standing(*at, no_show.ticket);
    if (!ticket) return refuse(Refusal::not_called);
    if (ticket->state != State::called) return refuse(Refusal::wrong_state);
    std::optional<Onward> again;
    if (ticket->no_shows < engine_.catalog_.rules.no_show_returns &&
        is_served(engine_.catalog_, ticket->queue)) {
        again = Onward{ticket->ref.service, ticket->queue, engine_.back(next_seq())};
    }
    add(NotShown{origin(), ticket->ref, at->id, at->staff, again});
    return done();
}

Decision Deciding::operator()(const Hold& hold) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto* ticket = standing(*at, hold.ticket);
    if (!ticket) return refuse(Refusal::not_called);
    add(Held{origin(), ticket->ref, at->id, at->staff});
    return done();
}

Decision Deciding::operator()(const Transfer& transfer) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto* ticket = standing(*at, transfer.ticket);
    if (!ticket) return refuse(Refusal::not_called);
    if (!engine_.catalog_.services.contains(transfer.service)) {
        return refuse(Refusal::unknown_service);
    }
    add(Transferred{origin(), ticket->ref, at->id, at->staff,
                    onward(transfer.service, *ticket, engine_.catalog_.rules.transfer_place)});
    return done();
}

Decision Deciding::operator()(const Undo&) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    const auto step = engine_.steps_.find(at->id);
    if (step == engine_.steps_.end()) return refuse(Refusal::nothing_to_undo);
    // Each ticket must still be what the step made of it: nobody is taken from another counter.
    for (const auto& changed : step->second.tickets) {
        const auto* now = engine_.find(changed.before.ref.id);
        const bool same = now ? now->state == changed.state && now->queue == changed.queue &&
                                    now->order == changed.order && now->counter == changed.counter
                              : changed.state == State::done;
        if (!same) return refuse(Refusal::nothing_to_undo);
    }
    const auto age = now_.wall - step->second.stamp.wall;
    if (age > undo_time || age < -undo_time) return refuse(Refusal::too_late_to_undo);
    // The last change first, so that a counter is free before another ticket comes back to it.
    const auto& tickets = step->second.tickets;
    for (auto changed = tickets.rbegin(); changed != tickets.rend(); ++changed) {
        const bool last = changed == tickets.rbegin();
        add(Undone{last ? std::optional{origin()} : std::nullopt, changed->before.ref, at->id,
                   at->staff, last ? step->second.kind : StepKind::finish, changed->before.state});
    }
    return done();
}

Decision Deciding::operator()(const SignIn& sign_in) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    for (const auto& [id, staff] : engine_.catalog_.staff) {
        if (staff.code != sign_in.code) continue;
        if (!may_sign_in(staff, at->id)) break;
        for (const auto& [counter, present] : engine_.staff_) {
            // One person at a counter, and a person at one counter.
            if ((counter == at->id) != (present == id)) {
                add(SignedOut{std::nullopt, present, counter});
            }
        }
        add(SignedIn{origin(), id, at->id});
        return done();
    }
    return refuse(Refusal::unknown_staff);
}

Decision Deciding::operator()(const SignOut&) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    if (!at->staff) return refuse(Refusal::not_signed_in);
    add(SignedOut{origin(), at->staff, at->id});
    return done();
}

Decision Deciding::operator()(const PauseCounter& pause) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    add(CounterPaused{origin(), at->id, pause.reason});
    return done();
}

Decision Deciding::operator()(const OpenCounter&) {
    const auto at = counter();
    if (!at) return refuse(Refusal::no_counter);
    if (!engine_.paused_counters_.contains(at->id)) return refuse(Refusal::wrong_state);
    add(CounterOpened{origin(), at->id});
    return done();
}

}  // namespace antrean::engine
