#include "controller/projections/hall.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace antrean::projections {

bool Hall::Changes::concerns(const site::Counter& counter) const {
    return counters.contains(counter.id) ||
           std::any_of(counter.series.begin(), counter.series.end(),
                       [this](SeriesId id) { return series.contains(id); });
}

void Hall::apply(std::uint64_t seq, const engine::Event& event) {
    std::visit([&](const auto& fact) { on(seq, fact); }, event.fact);
    version_ = seq;
}

void Hall::on(std::uint64_t, const engine::DayOpened&) {
    for (const auto& series : site_.series) changes_.series.insert(series.id);
    for (const auto& counter : site_.counters) changes_.counters.insert(counter.id);
    waiting_.clear();
    standing_.clear();
    calls_.clear();
    latest_.clear();
}

void Hall::on(std::uint64_t, const engine::Issued& fact) { wait(fact.ticket.series, 1); }

void Hall::on(std::uint64_t, const engine::PaperReported& fact) {
    if (fact.voids) {
        std::erase_if(calls_, [&](const Call& call) { return call.ticket.id == fact.ticket.id; });
    }
    for (auto& [counter, standing] : standing_) {
        if (standing.ticket.id != fact.ticket.id) continue;
        standing.paper = fact.voids                                 ? Paper::voided
                         : fact.outcome == engine::Outcome::printed ? Paper::printed
                                                                    : Paper::unconfirmed;
        changes_.counters.insert(counter);
        return;
    }
    if (fact.voids) wait(fact.ticket.series, -1);
}

void Hall::on(std::uint64_t seq, const engine::Called& fact) {
    wait(fact.ticket.series, -1);
    standing_[fact.counter] = {fact.ticket, fact.unconfirmed ? Paper::unconfirmed : Paper::printed,
                               1};
    add_call(seq, fact.ticket, fact.counter, false);
}

void Hall::on(std::uint64_t seq, const engine::Recalled& fact) {
    ++standing_[fact.counter].times_called;
    add_call(seq, fact.ticket, fact.counter, true);
}

void Hall::on(std::uint64_t, const engine::Finished& fact) { leave(fact.counter); }
void Hall::on(std::uint64_t, const engine::NotShown& fact) { leave(fact.counter); }
void Hall::on(std::uint64_t, const engine::Expired& fact) { wait(fact.ticket.series, -1); }

void Hall::add_call(std::uint64_t seq, const engine::TicketRef& ticket, CounterId counter,
                    bool again) {
    std::erase_if(calls_, [&](const Call& call) { return call.ticket.id == ticket.id; });
    calls_.push_front({seq, ticket, counter, again});
    latest_[ticket.series] = calls_.front();
    if (calls_.size() > web::max_calls) calls_.pop_back();
    changes_.counters.insert(counter);
}

void Hall::leave(CounterId counter) {
    standing_.erase(counter);
    changes_.counters.insert(counter);
}

void Hall::wait(SeriesId series, std::int32_t change) {
    waiting_[series] += static_cast<std::uint32_t>(change);
    changes_.series.insert(series);
}

CounterNow Hall::at(const site::Counter& counter) const {
    CounterNow now;
    for (const auto series : counter.series) {
        if (const auto it = waiting_.find(series); it != waiting_.end()) now.waiting += it->second;
    }
    if (const auto it = standing_.find(counter.id); it != standing_.end()) {
        now.ticket = it->second.ticket;
        now.paper = it->second.paper;
        now.times_called = it->second.times_called;
    }
    return now;
}

web::BoardView Hall::board() const {
    web::BoardView view;
    view.site_name = site_.name;
    view.time_zone = site_.time_zone;
    view.place = site_.place;
    view.version = version_;
    const auto agency_of = [this](const engine::TicketRef& ticket) -> const site::Agency* {
        const auto series =
            std::find_if(site_.series.begin(), site_.series.end(),
                         [&](const site::Series& s) { return s.id == ticket.series; });
        return series == site_.series.end() ? nullptr : site_.agency(series->agency);
    };
    for (const auto& call : calls_) {
        const auto* counter = site_.counter(call.counter);
        const auto* agency = agency_of(call.ticket);
        view.last_calls.push_back({call.ticket.label,
                                   counter ? counter->name : std::string{call.counter.view()},
                                   agency ? agency->short_name : std::string{}, call.again, call.seq});
    }
    for (const auto& agency : site_.agencies) {
        web::AgencyWaiting row{agency.short_name, 0, {}};
        std::uint64_t latest = 0;
        for (const auto& series : site_.series) {
            if (series.agency != agency.id) continue;
            if (const auto it = waiting_.find(series.id); it != waiting_.end()) {
                row.waiting += it->second;
            }
            const auto it = latest_.find(series.id);
            if (it == latest_.end() || it->second.seq < latest) continue;
            latest = it->second.seq;
            row.now_serving = it->second.ticket.label;
        }
        view.waiting.push_back(std::move(row));
    }
    return view;
}

}  // namespace antrean::projections
