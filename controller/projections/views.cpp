// What the hall shows, made when it is asked for.
#include "controller/projections/hall.hpp"

#include <algorithm>

namespace antrean::projections {

using engine::State;

namespace {

constexpr std::chrono::minutes usual_service_time{5};  // where the site says nothing

}  // namespace

CounterNow Hall::at(const site::Counter& counter) const {
    CounterNow now;
    auto served = std::set<SeriesId>{counter.series.begin(), counter.series.end()};
    for (const auto& shift : counter.shifts)
        served.insert(shift.series.begin(), shift.series.end());
    for (const auto series : served) {
        const auto more = waiting(series);
        now.waiting.all += more.all;
        for (std::size_t i = 0; i < class_count; ++i)
            now.waiting.by_class[i] += more.by_class[i];
    }
    if (const auto it = standing_.find(counter.id); it != standing_.end()) {
        now.ticket = it->second.ticket;
        now.ticket_class = it->second.ticket_class;
        now.state = it->second.state;
        now.paper = it->second.paper;
        now.times_called = it->second.times_called;
    }
    if (const auto it = held_.find(counter.id); it != held_.end()) now.held = it->second;
    if (const auto it = staff_.find(counter.id); it != staff_.end()) now.staff = it->second;
    if (const auto it = paused_.find(counter.id); it != paused_.end()) now.paused = it->second;
    if (const auto it = steps_.find(counter.id); it != steps_.end()) now.last_step = it->second;
    return now;
}

Waiting Hall::waiting(SeriesId queue) const {
    const auto it = waiting_.find(queue);
    return it == waiting_.end() ? Waiting{} : it->second;
}

std::chrono::seconds Hall::estimate(const site::Service& service, std::uint32_t ahead) const {
    const auto serving = std::count_if(
        site_->counters.begin(), site_->counters.end(), [&](const site::Counter& counter) {
            return std::find(counter.series.begin(), counter.series.end(), service.series) !=
                   counter.series.end();
        });
    const std::chrono::seconds each = service.service_time.value_or(usual_service_time);
    const auto expected = each / std::max<std::int64_t>(serving, 1);
    const auto pace = paces_.find(service.series);
    return pace == paces_.end() ? Pace{}.wait(ahead, expected) : pace->second.wait(ahead, expected);
}

std::vector<Alarm> Hall::alarms(WallTime now) const {
    using std::chrono::seconds;
    std::map<std::pair<ServiceId, Alarm::Kind>, Alarm> worst;
    for (const auto& entry : tickets_) {
        const auto& ticket = entry.second;
        if (ticket.state != State::waiting) continue;
        const auto waited = std::chrono::duration_cast<seconds>(now - ticket.issued);
        const auto* service = site_->service(ticket.ref.service);
        const auto consider = [&](Alarm::Kind kind, seconds limit) {
            // From four fifths on there is still time to open another counter.
            if (limit <= seconds{0} || waited * 5 < limit * 4) return;
            auto& alarm = worst[{ticket.ref.service, kind}];
            // Of two that came together the first by name, for the map has no order.
            if (alarm.limit > seconds{0} &&
                (waited < alarm.waited ||
                 (waited == alarm.waited && alarm.label <= ticket.ref.label))) {
                return;
            }
            alarm = {kind, ticket.ref.service, ticket.ref.label, waited, limit, waited > limit};
        };
        if (service && service->waiting_limit) {
            consider(Alarm::Kind::waiting_limit, *service->waiting_limit);
        }
        consider(Alarm::Kind::promise, ticket.estimate);
    }
    std::vector<Alarm> alarms;
    for (const auto& service : site_->services) {
        for (const auto kind : {Alarm::Kind::promise, Alarm::Kind::waiting_limit}) {
            const auto it = worst.find({service.id, kind});
            if (it != worst.end()) alarms.push_back(it->second);
        }
    }
    return alarms;
}

std::map<ServiceId, Waiting> Hall::waiting_by_service() const {
    std::map<ServiceId, Waiting> counts;
    for (const auto& [id, ticket] : tickets_) {
        if (ticket.state != State::waiting) continue;
        auto& waiting = counts[ticket.ref.service];
        ++waiting.all;
        ++waiting.by_class.at(static_cast<std::size_t>(ticket.ticket_class));
    }
    return counts;
}

std::map<State, std::uint32_t> Hall::tickets() const {
    std::map<State, std::uint32_t> counts;
    for (const auto& [id, ticket] : tickets_)
        ++counts[ticket.state];
    return counts;
}

web::BoardView Hall::board() const {
    web::BoardView view;
    view.site_name = site_->name;
    view.time_zone = site_->time_zone;
    view.place = site_->place;
    view.version = version_;
    const auto agency_of = [this](const engine::TicketRef& ticket) -> const site::Agency* {
        // Of the service, for one that was transferred is another agency's guest.
        if (const auto* service = site_->service(ticket.service)) {
            return site_->agency(service->agency);
        }
        const auto series =
            std::find_if(site_->series.begin(), site_->series.end(),
                         [&](const site::Series& s) { return s.id == ticket.series; });
        return series == site_->series.end() ? nullptr : site_->agency(series->agency);
    };
    for (const auto& call : calls_) {
        const auto* counter = site_->counter(call.counter);
        const auto* agency = agency_of(call.ticket);
        view.last_calls.push_back(
            {call.ticket.label, counter ? counter->name : std::string{call.counter.view()},
             agency ? agency->short_name : std::string{}, call.again, call.seq});
    }
    for (const auto& agency : site_->agencies) {
        web::AgencyWaiting row{agency.short_name, 0, {}};
        std::uint64_t latest = 0;
        for (const auto& series : site_->series) {
            if (series.agency != agency.id) continue;
            row.waiting += waiting(series.id).all;
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
