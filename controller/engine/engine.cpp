#include "controller/engine/engine.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>

namespace antrean::engine {
namespace {

std::string make_label(const std::string& prefix, TicketNumber number) {
    std::string digits = std::to_string(number.value());
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return prefix + "-" + digits;
}

void require(bool holds, const char* rule) {
    if (!holds) throw BrokenHistory{rule};
}

Decision refuse(const Origin& origin, const Asked& asked, Refusal reason) {
    return {{Event{{}, Refused{origin, asked, reason}}}, reason};
}

}  // namespace

Asked asked(const Action& action) {
    using Kind = Asked::Kind;
    return std::visit(
        [](const auto& a) -> Asked {
            using T = std::decay_t<decltype(a)>;
            if constexpr (std::is_same_v<T, Issue>) return {Kind::issue, a.service, {}};
            if constexpr (std::is_same_v<T, PrintReport>) return {Kind::print_report, {}, a.ticket};
            if constexpr (std::is_same_v<T, CallNext>) return {Kind::call_next, {}, {}};
            if constexpr (std::is_same_v<T, Recall>) return {Kind::recall, {}, a.ticket};
            if constexpr (std::is_same_v<T, Finish>) return {Kind::finish, {}, a.ticket};
            if constexpr (std::is_same_v<T, NoShow>) return {Kind::no_show, {}, a.ticket};
        },
        action);
}

Engine::Engine(Catalog catalog, std::uint64_t next_seq)
    : catalog_{std::move(catalog)}, next_seq_{next_seq} {}

RequestId Engine::last_request(DeviceId device) const {
    const auto it = devices_.find(device);
    return it == devices_.end() ? RequestId{} : it->second.request;
}

std::vector<Event> Engine::open_day(const Now& now) const {
    assert(day_is_due(now));
    std::vector<Event> events;
    if (day_) {
        // These belong to the day that ends.
        const Now last{now.wall, now.utc_offset, *day_};
        std::set<TicketId> waiting;  // by id: the map that holds them has no order
        for (const auto& [id, ticket] : tickets_) {
            if (ticket.state == State::waiting) waiting.insert(TicketId{id});
        }
        for (const auto id : waiting)
            events.push_back({last, Expired{ticket(id).ref}});
        for (const auto& [counter, id] : called_) {
            events.push_back({last, Finished{std::nullopt, ticket(id).ref, counter}});
        }
    }
    events.push_back({now, DayOpened{}});
    for (const auto& [device, state] : devices_) {
        const Now then{state.stamp.wall, state.stamp.utc_offset, now.day};
        events.push_back({then, Carried{{device, state.request}, state.asked, state.answer}});
    }
    for (const auto& [kiosk, ids] : unsettled_) {
        // The oldest are let go: what became of them will never be told.
        const auto excess = ids.size() - std::min(ids.size(), max_carried_papers);
        for (auto id = std::next(ids.begin(), static_cast<std::ptrdiff_t>(excess)); id != ids.end();
             ++id) {
            events.push_back({now, CarriedPaper{kiosk, ticket(*id).ref}});
        }
    }
    return events;
}

Decision Engine::decide(const Command& command, const Now& now) const {
    assert(day_ && !day_is_due(now));
    const auto& origin = command.origin;
    if (const auto it = devices_.find(origin.device); it != devices_.end()) {
        const auto& known = it->second;
        if (origin.request < known.request) return {{}, Refusal::stale_request};
        if (origin.request == known.request) {
            if (asked(command.action) != known.asked) return {{}, Refusal::request_reused};
            return {{}, known.answer};
        }
    }
    auto decision =
        std::visit([&](const auto& action) { return decide_new(origin, action); }, command.action);
    const Now stamp{now.wall, now.utc_offset, *day_};
    for (auto& event : decision.events)
        event.stamp = stamp;
    if (auto* answer = std::get_if<TicketAnswer>(&decision.answer)) answer->issued = stamp;
    return decision;
}

Decision Engine::decide_new(const Origin& origin, const Issue& issue) const {
    const auto service = catalog_.services.find(issue.service);
    const auto kiosk = catalog_.kiosks.find(origin.device);
    if (service == catalog_.services.end() || kiosk == catalog_.kiosks.end() ||
        std::find(kiosk->second.begin(), kiosk->second.end(), issue.service) ==
            kiosk->second.end()) {
        return refuse(origin, asked(issue), Refusal::unknown_service);
    }
    const SeriesId series = service->second.series;
    TicketNumber last;
    std::uint32_t ahead = 0;
    if (const auto it = series_.find(series); it != series_.end()) {
        last = it->second.last;
        ahead = it->second.waiting;
    }
    if (last == last_number) return refuse(origin, asked(issue), Refusal::series_full);
    const auto number = last.next();
    TicketRef ref{TicketId{next_seq_}, series, number,
                  make_label(catalog_.series.at(series).prefix, number), issue.service};
    return {{Event{{}, Issued{origin, ref, ahead}}}, TicketAnswer{ref, {}, ahead}};
}

Decision Engine::decide_new(const Origin& origin, const PrintReport& report) const {
    const auto open = unsettled_.find(origin.device);
    if (open == unsettled_.end() || !open->second.contains(report.ticket)) {
        return refuse(origin, asked(report), Refusal::unknown_ticket);
    }
    const auto& told = ticket(report.ticket);
    const bool voids = report.outcome == Outcome::not_printed && told.state != State::over;
    return {{Event{{},
                   PaperReported{origin, told.ref, report.outcome, std::string{report.reason},
                                 report.copy, voids}}},
            DoneAnswer{}};
}

Decision Engine::decide_new(const Origin& origin, const CallNext& call) const {
    const auto callpad = catalog_.callpads.find(origin.device);
    if (callpad == catalog_.callpads.end()) {
        return refuse(origin, asked(call), Refusal::nobody_waits);
    }
    // Ids rise in the order of arrival, so the lowest came first.
    TicketId first;
    for (const auto series : catalog_.counters.at(callpad->second).series) {
        const auto it = series_.find(series);
        if (it == series_.end() || it->second.callable.empty()) continue;
        const auto candidate = *it->second.callable.begin();
        if (!first || candidate < first) first = candidate;
    }
    if (!first) return refuse(origin, asked(call), Refusal::nobody_waits);
    Decision decision;
    if (const auto it = called_.find(callpad->second); it != called_.end()) {
        decision.events.push_back(
            {{}, Finished{std::nullopt, ticket(it->second).ref, callpad->second}});
    }
    const auto& next = ticket(first);
    const bool unconfirmed = next.paper == Paper::unconfirmed;
    decision.events.push_back({{}, Called{origin, next.ref, callpad->second, unconfirmed}});
    decision.answer = CalledAnswer{next.ref};
    return decision;
}

bool Engine::stands_at(CounterId counter, TicketId id) const {
    const auto it = called_.find(counter);
    return it != called_.end() && it->second == id;
}

std::optional<CounterId> Engine::counter_that_called(DeviceId device, TicketId id) const {
    const auto callpad = catalog_.callpads.find(device);
    if (callpad == catalog_.callpads.end() || !stands_at(callpad->second, id)) return std::nullopt;
    return callpad->second;
}

Decision Engine::decide_new(const Origin& origin, const Recall& recall) const {
    const auto counter = counter_that_called(origin.device, recall.ticket);
    if (!counter) return refuse(origin, asked(recall), Refusal::not_called);
    return {{Event{{}, Recalled{origin, ticket(recall.ticket).ref, *counter}}}, DoneAnswer{}};
}

Decision Engine::decide_new(const Origin& origin, const Finish& finish) const {
    const auto counter = counter_that_called(origin.device, finish.ticket);
    if (!counter) return refuse(origin, asked(finish), Refusal::not_called);
    return {{Event{{}, Finished{origin, ticket(finish.ticket).ref, *counter}}}, DoneAnswer{}};
}

Decision Engine::decide_new(const Origin& origin, const NoShow& no_show) const {
    const auto counter = counter_that_called(origin.device, no_show.ticket);
    if (!counter) return refuse(origin, asked(no_show), Refusal::not_called);
    return {{Event{{}, NotShown{origin, ticket(no_show.ticket).ref, *counter}}}, DoneAnswer{}};
}

std::vector<Event> Engine::doubt_papers(DeviceId kiosk, const Now& now) const {
    std::vector<Event> events;
    const auto open = unsettled_.find(kiosk);
    if (open == unsettled_.end()) return events;
    for (const auto id : open->second) {
        const auto& doubted = ticket(id);
        if (doubted.paper != Paper::pending) continue;
        events.push_back({{now.wall, now.utc_offset, *day_}, PaperDoubted{doubted.ref}});
    }
    return events;
}

std::vector<DeviceId> Engine::kiosks_with_pending_papers() const {
    std::vector<DeviceId> kiosks;
    for (const auto& [kiosk, ids] : unsettled_) {
        const auto pending = [&](TicketId id) { return ticket(id).paper == Paper::pending; };
        if (std::any_of(ids.begin(), ids.end(), pending)) kiosks.push_back(kiosk);
    }
    return kiosks;
}

void Engine::apply(const Event& event) {
    if (std::holds_alternative<DayOpened>(event.fact)) {
        require(!day_ || *day_ < event.stamp.day, "the days go on");
    } else {
        require(day_ == event.stamp.day, "an event belongs to the open day");
    }
    std::visit([&](const auto& fact) { on(fact, event.stamp); }, event.fact);
    ++next_seq_;
}

void Engine::on(const DayOpened&, const Now& stamp) {
    day_ = stamp.day;
    series_.clear();
    tickets_.clear();
    called_.clear();
    unsettled_.clear();
    devices_.clear();
}

void Engine::on(const Carried& fact, const Now& stamp) {
    remember(fact.origin, fact.asked, fact.answer, stamp);
}

void Engine::on(const CarriedPaper& fact, const Now&) {
    const Ticket carried{fact.ticket, fact.kiosk, State::over, Paper::unconfirmed};
    const bool is_new = tickets_.emplace(fact.ticket.id.value(), carried).second;
    require(is_new, "a carried paper is of an earlier day");
    unsettled_[fact.kiosk].insert(fact.ticket.id);
}

void Engine::on(const Issued& fact, const Now& stamp) {
    require(fact.ticket.id.value() == next_seq_, "a ticket's id is its event's sequence number");
    auto& series = series_[fact.ticket.series];
    require(fact.ticket.number == series.last.next(), "the numbers of a series rise by one");
    series.last = fact.ticket.number;
    ++series.waiting;
    tickets_.emplace(fact.ticket.id.value(),
                     Ticket{fact.ticket, fact.origin.device, State::waiting, Paper::pending});
    auto& unsettled = unsettled_[fact.origin.device];
    unsettled.insert(unsettled.end(), fact.ticket.id);
    remember(fact.origin, {Asked::Kind::issue, fact.ticket.service, {}},
             TicketAnswer{fact.ticket, stamp, fact.ahead}, stamp);
}

void Engine::on(const PaperReported& fact, const Now& stamp) {
    auto& reported = known(fact.ticket.id);
    const auto open = unsettled_.find(fact.origin.device);
    require(open != unsettled_.end() && open->second.erase(fact.ticket.id) == 1,
            "a kiosk reports a paper of its own once");
    if (open->second.empty()) unsettled_.erase(open);
    reported.paper = fact.outcome == Outcome::printed ? Paper::printed : Paper::unconfirmed;
    if (fact.voids) {
        if (reported.state == State::waiting) leave_queue(reported);
        std::erase_if(called_, [&](const auto& entry) { return entry.second == fact.ticket.id; });
        reported.state = State::over;
    } else if (reported.state == State::waiting) {
        auto& callable = series_[fact.ticket.series].callable;
        callable.insert(callable.end(), fact.ticket.id);
    }
    forget_if_over(fact.ticket.id);
    remember(fact.origin, {Asked::Kind::print_report, {}, fact.ticket.id}, DoneAnswer{}, stamp);
}

void Engine::on(const PaperDoubted& fact, const Now&) {
    auto& doubted = known(fact.ticket.id);
    require(doubted.paper == Paper::pending, "only what is not settled is doubted");
    doubted.paper = Paper::unconfirmed;
    if (doubted.state == State::waiting) {
        auto& callable = series_[fact.ticket.series].callable;
        callable.insert(callable.end(), fact.ticket.id);
    }
}

void Engine::on(const Called& fact, const Now& stamp) {
    require(!called_.contains(fact.counter), "a counter calls one ticket at a time");
    auto& called = known(fact.ticket.id);
    require(called.paper != Paper::pending, "nobody is called whose paper is pending");
    leave_queue(called);
    called.state = State::called;
    called_[fact.counter] = fact.ticket.id;
    remember(fact.origin, {Asked::Kind::call_next, {}, {}}, CalledAnswer{fact.ticket}, stamp);
}

void Engine::on(const Recalled& fact, const Now& stamp) {
    require(stands_at(fact.counter, fact.ticket.id), "only who stands called is called again");
    remember(fact.origin, {Asked::Kind::recall, {}, fact.ticket.id}, DoneAnswer{}, stamp);
}

void Engine::on(const Finished& fact, const Now& stamp) {
    end(fact.ticket.id, fact.counter);
    if (fact.origin) {
        remember(*fact.origin, {Asked::Kind::finish, {}, fact.ticket.id}, DoneAnswer{}, stamp);
    }
}

void Engine::on(const NotShown& fact, const Now& stamp) {
    end(fact.ticket.id, fact.counter);
    remember(fact.origin, {Asked::Kind::no_show, {}, fact.ticket.id}, DoneAnswer{}, stamp);
}

void Engine::on(const Expired& fact, const Now&) {
    auto& expired = known(fact.ticket.id);
    leave_queue(expired);
    expired.state = State::over;
    forget_if_over(fact.ticket.id);
}

void Engine::on(const Refused& fact, const Now& stamp) {
    remember(fact.origin, fact.asked, fact.reason, stamp);
}

void Engine::remember(const Origin& origin, const Asked& asked, Answer answer, const Now& stamp) {
    auto& device = devices_[origin.device];
    require(device.request < origin.request, "a device's request ids rise");
    device = {origin.request, asked, std::move(answer), stamp};
}

Engine::Ticket& Engine::known(TicketId id) {
    const auto it = tickets_.find(id.value());
    require(it != tickets_.end(), "an event's ticket is one of the open day");
    return it->second;
}

void Engine::leave_queue(Ticket& ticket) {
    require(ticket.state == State::waiting, "only who waits leaves the queue");
    auto& series = series_[ticket.ref.series];
    series.callable.erase(ticket.ref.id);
    --series.waiting;
}

void Engine::end(TicketId id, CounterId counter) {
    auto& ended = known(id);
    require(stands_at(counter, id), "only who stands called is served or missing");
    called_.erase(counter);
    ended.state = State::over;
    forget_if_over(id);
}

void Engine::forget_if_over(TicketId id) {
    const auto it = tickets_.find(id.value());
    const auto open = unsettled_.find(it->second.kiosk);
    const bool unsettled = open != unsettled_.end() && open->second.contains(id);
    if (it->second.state == State::over && !unsettled) tickets_.erase(it);
}

}  // namespace antrean::engine
