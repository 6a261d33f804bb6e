// Leases, and the numbers that kiosks gave from them: how they are decided, and how their events
// change the state.
#include "controller/engine/deciding.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace antrean::engine {
namespace {

// Tags that a journal put back from a backup has forgotten may be on paper, and their kiosks may
// not have told of them yet: so each kiosk and each epoch begins somewhere else.
std::uint32_t first_tag(DeviceId kiosk, std::uint32_t epoch) {
    std::uint32_t hash = 2'166'136'261U;  // FNV-1a
    for (const char c : kiosk.view())
        hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return (hash + epoch * 53) % tag_count;
}

void require(bool holds, const char* rule) {
    if (!holds) throw BrokenHistory{rule};
}

}  // namespace

bool Engine::has_numbers(const Lease& lease, DeviceId kiosk, std::uint64_t incarnation) const {
    return lease.terms.kiosk == kiosk && lease.terms.incarnation == incarnation && !lease.end &&
           !lease.worn && !lease.given[lease_size];
}

const Lease* Engine::lease(LeaseId id) const {
    const auto it = leases_.find(id);
    return it == leases_.end() ? nullptr : &it->second;
}

bool Engine::is_other_store(DeviceId kiosk, std::uint64_t incarnation) const {
    bool other = false;
    for (const auto& [id, lease] : leases_) {
        if (lease.terms.kiosk != kiosk || lease.end) continue;
        if (lease.terms.incarnation == incarnation) return false;
        other = true;
    }
    return other;
}

std::vector<LeaseTerms> Engine::leases_of(DeviceId kiosk, std::uint64_t incarnation) const {
    std::vector<LeaseTerms> leases;
    if (!catalog_.rules.offline || incarnation == 0) return leases;
    for (const auto& [id, lease] : leases_) {
        if (has_numbers(lease, kiosk, incarnation)) leases.push_back(lease.terms);
    }
    return leases;
}

std::vector<Event> Engine::heed_leases(DeviceId kiosk, std::uint64_t incarnation,
                                       const std::vector<LeaseTerms>& known, const Now& now) const {
    std::vector<Event> events;
    std::set<std::string> taken;
    for (const auto& terms : known) {
        // Another would be granted with an id that is still to come, or give numbers of the series
        // itself behind such a label.
        const bool is_past = terms.id.value() < ticket_id(epoch_, next_seq_).value();
        if (terms.kiosk != kiosk || !is_past || !can_be_lease(terms.id)) continue;
        if (!is_lease_label(terms.label)) continue;
        if (leases_.contains(terms.id) || lease_labels_.contains(terms.label)) continue;
        if (!taken.insert(terms.label).second) continue;
        events.push_back({stamp(now), LeaseGranted{terms}});
    }
    for (const auto& [id, lease] : leases_) {
        if (lease.terms.kiosk != kiosk || lease.end || lease.terms.incarnation == incarnation)
            continue;
        // It may have been moved into another computer with all that is in it.
        const bool is_there = std::any_of(known.begin(), known.end(),
                                          [&](const auto& terms) { return terms.id == id; });
        if (is_there) continue;
        events.push_back({stamp(now), LeaseEnded{std::nullopt, lease.terms, LeaseEnd::lost, 0}});
    }
    return events;
}

std::vector<Event> Engine::grant_leases(DeviceId kiosk, std::uint64_t incarnation,
                                        const Now& now) const {
    std::vector<Event> events;
    const auto services = catalog_.kiosks.find(kiosk);
    if (!catalog_.rules.offline || incarnation == 0 || services == catalog_.kiosks.end()) {
        return events;
    }
    std::set<SeriesId> wanted;
    for (const auto& service : services->second)
        wanted.insert(catalog_.services.at(service).series);
    for (const auto& [id, lease] : leases_) {
        if (has_numbers(lease, kiosk, incarnation)) wanted.erase(lease.terms.series);
    }
    std::set<std::string> taken;
    for (const auto& series : wanted) {
        for (std::uint32_t i = 0; i < tag_count; ++i) {
            auto label = catalog_.series.at(series).prefix + "-" +
                         make_tag((first_tag(kiosk, epoch_) + i) % tag_count);
            if (lease_labels_.contains(label) || !taken.insert(label).second) continue;
            const LeaseId id{ticket_id(epoch_, next_seq_ + events.size()).value()};
            events.push_back({stamp(now), LeaseGranted{{id, kiosk, incarnation, series, label}}});
            break;
        }
    }
    return events;
}

// Behind all who came no later, and before the next: over all series, for a counter that serves
// several compares them. Between the two by when he came, so that those whose kiosks tell later
// find their own place: within an hour without an event everybody who came in a millisecond of his
// own. Where no room is left two share a place, and their tickets' ids decide.
std::int64_t Engine::place(WallTime arrived, std::uint64_t seq) const {
    const Ticket* behind = nullptr;
    const Ticket* before = nullptr;
    std::optional<std::int64_t> first;
    for (const auto& [id, ticket] : tickets_) {
        if (ticket.came == 0) continue;  // of an earlier day
        if (!first || ticket.came < *first) first = ticket.came;
        if (ticket.arrived <= arrived && (!behind || behind->came < ticket.came)) behind = &ticket;
    }
    if (!first) return back(seq);
    if (!behind) return *first - (std::int64_t{1} << place_shift);
    for (const auto& [id, ticket] : tickets_) {
        if (ticket.came > behind->came && (!before || ticket.came < before->came)) {
            before = &ticket;
        }
    }
    if (!before) return back(seq);
    // Who is next came later: else he would be among those whom this one is behind.
    const auto gap = before->came - behind->came;
    const auto share = static_cast<double>((arrived - behind->arrived).count()) /
                       static_cast<double>((before->arrived - behind->arrived).count());
    const auto on = static_cast<std::int64_t>(static_cast<double>(gap) * share);
    return behind->came + std::min(std::max<std::int64_t>(on, 1), gap - 1);
}

const Deciding::Ticket* Deciding::orphan(RequestId abandoned) const {
    const auto unsettled = engine_.unsettled_.find(origin().device);
    if (!abandoned || unsettled == engine_.unsettled_.end()) return nullptr;
    for (const auto id : unsettled->second) {
        const auto& ticket = engine_.ticket(id);
        if (ticket.request == abandoned) return &ticket;
    }
    // Of an earlier day only the last request is known.
    const auto device = engine_.devices_.find(origin().device);
    if (device == engine_.devices_.end() || device->second.request != abandoned) return nullptr;
    const auto* answer = std::get_if<TicketAnswer>(&device->second.answer);
    if (!answer || !unsettled->second.contains(answer->ticket.id)) return nullptr;
    return &engine_.ticket(answer->ticket.id);
}

std::optional<VoidReason> Deciding::issue(const Lease& lease, const IssueOffline& offline,
                                          std::optional<Origin> by) {
    const auto service = engine_.catalog_.services.find(offline.service);
    const bool is_known = service != engine_.catalog_.services.end();
    const auto& series = lease.terms.series;
    const TicketRef ref{offline_ticket_id(lease.terms.id, offline.number), series,
                        TicketNumber{offline.number},
                        offline_label(lease.terms.label, offline.number), offline.service};
    const auto arrived = std::min(offline.arrived, now_.wall);
    add(IssuedOffline{std::move(by), ref, lease.terms.kiosk, lease.terms.id,
                      engine_.place(arrived, next_seq()), arrived, offline.ticket_class,
                      is_known ? service->second.then : std::vector<ServiceId>{}});
    if (offline.of_earlier_day) return VoidReason::day_ended;
    if (!is_known || !is_served(engine_.catalog_, series)) return VoidReason::service_left;
    const bool is_shut = engine_.closed_ && engine_.catalog_.rules.fate == Fate::void_all;
    return is_shut ? std::optional{VoidReason::day_closed} : std::nullopt;
}

Decision Deciding::operator()(const IssueOffline& offline) {
    const auto it = engine_.leases_.find(offline.lease);
    if (it == engine_.leases_.end() || it->second.terms.kiosk != origin().device ||
        offline.number == 0 || offline.number > lease_size) {
        return refuse(Refusal::unknown_lease);
    }
    const auto& lease = it->second;
    if (lease.given[offline.number]) {
        add(Noted{origin(), asked(command_.action)});
    } else if (const auto why = issue(lease, offline, origin())) {
        const auto ref = std::get<IssuedOffline>(events_.back().fact).ticket;
        add(Voided{std::nullopt, ref, *why});
    }
    if (const auto* given_up = orphan(offline.abandoned)) {
        add(PaperAbandoned{given_up->ref});
        // Whom a clerk has before him is served.
        const bool stays = given_up->state == State::serving || given_up->state == State::held ||
                           given_up->state == State::done || given_up->state == State::voided;
        if (!stays) add(Voided{std::nullopt, given_up->ref, VoidReason::abandoned});
    }
    return done();
}

Decision Deciding::operator()(const RetireLease& retire) {
    const auto it = engine_.leases_.find(retire.lease);
    if (it == engine_.leases_.end() || it->second.terms.kiosk != origin().device ||
        retire.given > lease_size) {
        return refuse(Refusal::unknown_lease);
    }
    if (it->second.end == LeaseEnd::retired) {
        add(Noted{origin(), asked(command_.action)});
    } else {
        add(LeaseEnded{origin(), it->second.terms, LeaseEnd::retired, retire.given});
    }
    return done();
}

std::optional<Deciding::Ticket> Deciding::claim(const Counter& at, std::string_view label) {
    for (const auto& [id, lease] : engine_.leases_) {
        if (lease.end == LeaseEnd::retired || !label.starts_with(lease.terms.label)) continue;
        if (!at.catalog->ever_serves(lease.terms.series)) continue;
        for (std::uint32_t number = 1; number <= lease_size; ++number) {
            if (lease.given[number] || offline_label(lease.terms.label, number) != label) continue;
            const auto& services = engine_.catalog_.services;
            const auto service = std::find_if(
                services.begin(), services.end(),
                [&](const auto& entry) { return entry.second.series == lease.terms.series; });
            if (service == services.end()) return std::nullopt;
            const IssueOffline offline{id, number, service->first, TicketClass::regular, now_.wall};
            if (issue(lease, offline, std::nullopt)) return std::nullopt;
            const auto& issued = std::get<IssuedOffline>(events_.back().fact);
            Ticket ticket;
            ticket.ref = issued.ticket;
            ticket.kiosk = issued.kiosk;
            ticket.paper = Engine::Paper::unconfirmed;
            ticket.queue = issued.ticket.series;
            ticket.order = ticket.came = issued.order;
            return ticket;
        }
    }
    return std::nullopt;
}

void Engine::on(const CarriedLease& fact, const Now&) {
    const auto& terms = fact.lease.terms;
    const bool is_new = leases_.emplace(terms.id, fact.lease).second &&
                        lease_labels_.emplace(terms.label, terms.id).second;
    require(is_new, "a lease is carried once");
}

void Engine::on(const LeaseGranted& fact, const Now&) {
    const auto& terms = fact.lease;
    require(can_be_lease(terms.id), "a lease leaves room for its numbers");
    const bool is_new = leases_.emplace(terms.id, Lease{terms}).second &&
                        lease_labels_.emplace(terms.label, terms.id).second;
    require(is_new, "a lease and its tag are granted once");
}

void Engine::on(const LeaseEnded& fact, const Now& stamp) {
    const auto it = leases_.find(fact.lease.id);
    require(it != leases_.end() && it->second.end != LeaseEnd::retired,
            "what ends is a lease that stands, or one that was lost");
    it->second.end = fact.how;
    it->second.days = 0;
    // No paper bears its tag.
    if (fact.how == LeaseEnd::retired && fact.given == 0 && it->second.given.none()) {
        lease_labels_.erase(it->second.terms.label);
        leases_.erase(it);
    }
    if (fact.origin) {
        remember(*fact.origin,
                 {Asked::Kind::retire_lease, {}, {}, std::to_string(fact.lease.id.value())},
                 DoneAnswer{}, stamp);
    }
}

void Engine::on(const IssuedOffline& fact, const Now& stamp) {
    const auto it = leases_.find(fact.lease);
    const auto number = fact.ticket.number.value();
    require(it != leases_.end() && number > 0 && number <= lease_size,
            "a number that a kiosk gave is one of its lease");
    require(fact.ticket.id == offline_ticket_id(fact.lease, number),
            "a ticket of a lease is named by it");
    auto given = it->second.given[number];
    require(!given, "a number of a lease is given once");
    given = true;
    Ticket ticket;
    ticket.ref = fact.ticket;
    ticket.kiosk = fact.kiosk;
    ticket.first_service = fact.ticket.service;
    ticket.ticket_class = fact.ticket_class;
    ticket.queue = fact.ticket.series;
    ticket.order = ticket.came = fact.order;
    ticket.then = fact.then;
    ticket.arrived = fact.arrived;
    // Who stands at a counter with it has it.
    if (!fact.origin) ticket.paper = Paper::unconfirmed;
    const auto [at, is_new] = tickets_.emplace(fact.ticket.id.value(), std::move(ticket));
    require(is_new, "a ticket is issued once");
    ++series_[fact.ticket.series].waiting;
    become_callable(at->second);
    list(fact.ticket);
    ++in_hall_;
    ++issued_[fact.ticket.service];
    unsettled_[fact.kiosk].insert(fact.ticket.id);
    if (fact.origin) {
        const auto action = asked(IssueOffline{
            fact.lease, number, fact.ticket.service, fact.ticket_class, fact.arrived, false, {}});
        remember(*fact.origin, action, DoneAnswer{}, stamp);
    }
}

void Engine::on(const PaperAbandoned& fact, const Now&) {
    auto& abandoned = known(fact.ticket.id);
    const auto open = unsettled_.find(abandoned.kiosk);
    require(open != unsettled_.end() && open->second.erase(fact.ticket.id),
            "what is given up is a paper of which nothing was told");
    if (open->second.empty()) unsettled_.erase(open);
    abandoned.paper = Paper::unconfirmed;
    if (abandoned.state == State::waiting) become_callable(abandoned);
    forget_if_over(fact.ticket.id);
}

void Engine::on(const Noted& fact, const Now& stamp) {
    remember(fact.origin, fact.asked, DoneAnswer{}, stamp);
}

}  // namespace antrean::engine
