#include "controller/engine/deciding.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <iterator>
#include <utility>

namespace antrean::engine {
namespace {

TicketNumber next_multiple(TicketNumber last) {
    const auto multiple = (last.value() / skip_to_multiple + 1) * skip_to_multiple;
    return TicketNumber{std::min(multiple, last_number.value())};
}

// What stands of LEASE on the next day; none: nothing does.
std::optional<Lease> carry(const Lease& lease, const Catalog& catalog) {
    auto carried = lease;
    carried.worn = lease.given.any();
    if (lease.end) {
        ++carried.days;
        if (carried.days > (*lease.end == LeaseEnd::lost ? lost_days : retired_days)) return {};
    } else if (!catalog.kiosks.contains(lease.terms.kiosk)) {
        carried.end = LeaseEnd::lost;
    }
    return carried;
}

}  // namespace

Engine::Engine(Catalog catalog, std::uint64_t next_seq)
    : catalog_{std::move(catalog)}, next_seq_{next_seq} {}

RequestId Engine::last_request(DeviceId device) const {
    const auto it = devices_.find(device);
    return it == devices_.end() ? RequestId{} : it->second.request;
}

const Engine::Ticket* Engine::find(TicketId id) const {
    const auto it = tickets_.find(id.value());
    // One of an earlier day is there only until its paper is told.
    if (it == tickets_.end() || it->second.state == State::voided) return nullptr;
    return it->second.state == State::done ? nullptr : &it->second;
}

const Engine::Ticket* Engine::find(std::string_view label) const {
    if (const auto it = offline_.find(label); it != offline_.end()) return find(it->second);
    const auto dash = label.rfind('-');
    if (dash == std::string_view::npos) return nullptr;
    std::uint32_t number = 0;
    const auto* const end = label.data() + label.size();
    const auto read = std::from_chars(label.data() + dash + 1, end, number);
    if (read.ec != std::errc{} || read.ptr != end) return nullptr;
    // By what is printed on the tickets, not by the prefixes of today's site file.
    for (const auto& [id, series] : series_) {
        const auto it = series.tickets.find(number);
        if (it == series.tickets.end()) continue;
        const auto* const ticket = find(it->second);
        if (ticket && ticket->ref.label == label) return ticket;
    }
    return nullptr;
}

bool Engine::is_settled(const Ticket& ticket) const {
    const auto open = unsettled_.find(ticket.kiosk);
    return open == unsettled_.end() || !open->second.contains(ticket.ref.id);
}

std::int64_t Engine::back(std::uint64_t seq) const {
    return place_of(ticket_id(epoch_, seq));
}

std::vector<Event> Engine::open_day(const Now& now) const {
    assert(day_is_due(now));
    std::vector<Event> events;
    if (day_) {
        const Now last = stamp(now);  // these belong to the day that ends
        std::set<TicketId> waiting;   // by id: the map that holds them has no order
        for (const auto& [id, ticket] : tickets_) {
            const bool waits = ticket.state == State::waiting || ticket.state == State::held;
            if (waits) waiting.insert(TicketId{id});
        }
        for (const auto id : waiting) {
            events.push_back({last, Voided{std::nullopt, ticket(id).ref, VoidReason::day_ended}});
        }
        for (const auto& [counter, id] : called_) {
            const auto staff = staff_.find(counter);
            events.push_back(
                {last, Finished{std::nullopt, ticket(id).ref, counter,
                                staff == staff_.end() ? StaffId{} : staff->second, std::nullopt}});
        }
        for (const auto& [counter, staff] : staff_) {
            events.push_back({last, SignedOut{std::nullopt, staff, counter}});
        }
    }
    events.push_back({now, DayOpened{epoch_}});
    if (!catalog_.version.empty()) events.push_back({now, SiteChanged{catalog_.version}});
    for (const auto& [id, lease] : leases_) {
        if (auto carried = carry(lease, catalog_)) events.push_back({now, CarriedLease{*carried}});
    }
    for (const auto& [device, state] : devices_) {
        if (planted(Plant::forget_requests_overnight)) break;
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

std::vector<Event> Engine::doubt_papers(DeviceId kiosk, const Now& now) const {
    std::vector<Event> events;
    const auto open = unsettled_.find(kiosk);
    if (open == unsettled_.end()) return events;
    for (const auto id : open->second) {
        const auto& doubted = ticket(id);
        if (doubted.paper != Paper::pending) continue;
        events.push_back({stamp(now), PaperDoubted{doubted.ref}});
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

std::vector<Event> Engine::change_site(const Catalog& next, const Now& now) const {
    std::vector<Event> events{{stamp(now), SiteChanged{next.version}}};
    for (const auto& [counter, id] : called_) {
        if (next.counters.contains(counter)) continue;
        const auto staff = staff_.find(counter);
        events.push_back({stamp(now), Finished{std::nullopt, ticket(id).ref, counter,
                                               staff == staff_.end() ? StaffId{} : staff->second,
                                               std::nullopt}});
    }
    for (const auto& [counter, staff] : staff_) {
        const auto person = next.staff.find(staff);
        const bool stays = next.counters.contains(counter) && person != next.staff.end() &&
                           may_sign_in(person->second, counter);
        if (stays) continue;
        events.push_back({stamp(now), SignedOut{std::nullopt, staff, counter}});
    }
    // One that comes to the site behind the beginning of an epoch may have given numbers before it.
    for (const auto& [id, series] : next.series) {
        if (epochs_today_ == 0) continue;
        // Kiosks may have told of numbers of it meanwhile that they gave by themselves.
        const auto known = series_.find(id);
        const auto last = known == series_.end() ? TicketNumber{} : known->second.last;
        const auto own = std::min(epoch_ * skip_to_multiple, last_number.value());
        if (last.value() < own) {
            events.push_back({stamp(now), NumbersSkipped{id, TicketNumber{own}}});
        }
    }
    std::set<TicketId> stranded;  // by id: the map that holds them has no order
    for (const auto& [id, ticket] : tickets_) {
        const bool waits = ticket.state == State::waiting || ticket.state == State::held;
        if (waits && !is_served(next, ticket.queue)) stranded.insert(TicketId{id});
    }
    for (const auto id : stranded) {
        events.push_back(
            {stamp(now), Voided{std::nullopt, ticket(id).ref, VoidReason::service_left}});
    }
    return events;
}

std::vector<Event> Engine::begin_epoch(const Now& now, std::uint32_t known) const {
    const auto epoch = std::max(epoch_, std::min(known, most_epochs)) + 1;
    std::vector<Event> events{{stamp(now), Restored{epoch}}};
    std::map<SeriesId, TicketNumber> lasts;
    for (const auto& [id, series] : catalog_.series)
        lasts[id];
    // One that has left the site may come back to it before the day is over.
    for (const auto& [id, series] : series_)
        lasts[id] = series.last;
    for (const auto& [id, last] : lasts) {
        if (planted(Plant::numbers_anew_after_restore)) break;
        // The same backup may be put back twice: each epoch has a thousand of its own.
        const auto own = std::min(epoch * skip_to_multiple, last_number.value());
        const auto next = std::max(next_multiple(last), TicketNumber{own});
        if (next > last) events.push_back({stamp(now), NumbersSkipped{id, next}});
    }
    // What became of these may have been told and forgotten; then nobody tells it again.
    for (const auto kiosk : kiosks_with_pending_papers()) {
        auto doubts = doubt_papers(kiosk, now);
        std::move(doubts.begin(), doubts.end(), std::back_inserter(events));
    }
    return events;
}

std::vector<Event> Engine::heed_seen(ServiceDay day, std::string_view label, const Now& now) const {
    const auto dash = label.rfind('-');
    if (day != day_ || dash == std::string_view::npos) return {};
    std::uint32_t number = 0;
    const auto* const end = label.data() + label.size();
    const auto read = std::from_chars(label.data() + dash + 1, end, number);
    if (read.ec != std::errc{} || read.ptr != end || number > last_number.value()) return {};
    for (const auto& [id, series] : catalog_.series) {
        if (series.prefix != label.substr(0, dash)) continue;
        const auto it = series_.find(id);
        const auto last = it == series_.end() ? TicketNumber{} : it->second.last;
        if (number <= last.value()) return {};
        return {{stamp(now), NumbersSkipped{id, next_multiple(TicketNumber{number})}}};
    }
    // Of a series that is not in the site now, and may come back to it before the day is over.
    if (!is_prefix(label.substr(0, dash))) return {};
    const auto own = epochs_today_ == 0 ? 0 : epoch_ * skip_to_multiple;
    const bool may_be_known =
        number <= own || std::any_of(series_.begin(), series_.end(), [&](const auto& series) {
            return !catalog_.series.contains(series.first) && number <= series.second.last.value();
        });
    return may_be_known ? std::vector<Event>{} : begin_epoch(now);
}

}  // namespace antrean::engine
