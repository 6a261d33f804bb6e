// Leases, and the numbers that kiosks gave from them: how they are decided, and how their events
// change the state.
#include "controller/engine/deciding.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace antrean::engine {
namespace {

// Tags that a journal put back from a backup has forgotten may be on paper, and their kiosks may
// not have told of them yet. So an epoch takes its tags where the three before it took none, as
// long as there are any; and of these each store begins somewhere else, for not every old copy is
// found to be one at once.
std::uint32_t nth_tag(std::uint32_t n, DeviceId kiosk, std::uint64_t incarnation,
                      std::uint32_t epoch) {
    constexpr std::uint32_t parts = 4;
    constexpr auto tags_of_part = tag_count / parts;
    static_assert(tag_count % parts == 0);
    std::uint32_t hash = 2'166'136'261U;  // FNV-1a
    const auto add = [&](unsigned char c) { hash = (hash ^ c) * 16'777'619U; };
    for (const char c : kiosk.view())
        add(static_cast<unsigned char>(c));
    for (unsigned shift = 0; shift < 64; shift += 8)
        add(static_cast<unsigned char>(incarnation >> shift));
    const auto part = (epoch + n / tags_of_part) % parts;
    return (hash % tags_of_part + n) % tags_of_part * parts + part;
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

bool Engine::is_of_open_day(TicketId id) const {
    const auto it = tickets_.find(id.value());
    return it != tickets_.end() && it->second.came != 0;
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
        const bool is_there =
            std::any_of(known.begin(), known.end(),
                        [lease_id = id](const auto& terms) { return terms.id == lease_id; });
        if (is_there) continue;
        events.push_back({stamp(now), LeaseEnded{std::nullopt, lease.terms, LeaseEnd::lost, 0}});
    }
    return events;
}

std::set<SeriesId> Engine::series_without_lease(DeviceId kiosk, std::uint64_t incarnation) const {
    std::set<SeriesId> wanted;
    const auto services = catalog_.kiosks.find(kiosk);
    if (!catalog_.rules.offline || incarnation == 0 || services == catalog_.kiosks.end()) {
        return wanted;
    }
    for (const auto& service : services->second)
        wanted.insert(catalog_.services.at(service).series);
    for (const auto& [id, lease] : leases_) {
        if (has_numbers(lease, kiosk, incarnation)) wanted.erase(lease.terms.series);
    }
    return wanted;
}

std::vector<Event> Engine::grant_leases(DeviceId kiosk, std::uint64_t incarnation,
                                        const Now& now) const {
    std::vector<Event> events;
    std::set<std::string> taken;
    for (const auto& series : series_without_lease(kiosk, incarnation)) {
        for (std::uint32_t i = 0; i < tag_count; ++i) {
            auto label = catalog_.series.at(series).prefix + "-" +
                         make_tag(nth_tag(i, kiosk, incarnation, epoch_));
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
    // A place of 0 says that there is none.
    const auto given = [](std::int64_t place) { return place == 0 ? -1 : place; };
    if (!behind) return given(*first - (std::int64_t{1} << place_shift));
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
    return given(behind->came + std::min(std::max<std::int64_t>(on, 1), gap - 1));
}

const Engine::Ticket* Engine::orphan(DeviceId kiosk, RequestId request) const {
    const auto unsettled = unsettled_.find(kiosk);
    if (!request || unsettled == unsettled_.end()) return nullptr;
    for (const auto id : unsettled->second) {
        const auto& its = ticket(id);
        if (its.request == request) return &its;
    }
    // Of an earlier day only the last request is known.
    const auto device = devices_.find(kiosk);
    if (device == devices_.end() || device->second.request != request) return nullptr;
    const auto* answer = std::get_if<TicketAnswer>(&device->second.answer);
    if (!answer || !unsettled->second.contains(answer->ticket.id)) return nullptr;
    return &ticket(answer->ticket.id);
}

std::vector<Fact> Engine::give_up(const Ticket& orphan) {
    std::vector<Fact> facts{PaperAbandoned{orphan.ref}};
    // Whom a clerk has before him is served.
    const bool stays = orphan.state == State::serving || orphan.state == State::held ||
                       orphan.state == State::done || orphan.state == State::voided;
    if (!stays) facts.push_back(Voided{std::nullopt, orphan.ref, VoidReason::abandoned});
    return facts;
}

std::optional<std::vector<Event>> Engine::forget_request(DeviceId kiosk, RequestId lost,
                                                         const Now& now) const {
    const auto device = devices_.find(kiosk);
    if (device == devices_.end() || device->second.request != lost) return std::nullopt;
    const auto kind = device->second.asked.kind;
    if (kind != Asked::Kind::issue && kind != Asked::Kind::check_in) return std::nullopt;
    std::vector<Event> events;
    if (const auto* its = orphan(kiosk, lost)) {
        for (auto& fact : give_up(*its))
            events.push_back({stamp(now), std::move(fact)});
    }
    return events;
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
    const auto* orphan = planted(Plant::lose_tombstone)
                             ? nullptr
                             : engine_.orphan(origin().device, offline.abandoned);
    if (orphan) {
        for (auto& fact : Engine::give_up(*orphan))
            add(std::move(fact));
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
        if (!label.starts_with(lease.terms.label)) continue;
        if (!at.catalog->ever_serves(lease.terms.series)) continue;
        const auto most = lease.end == LeaseEnd::retired ? lease.told : lease_size;
        for (std::uint32_t number = 1; number <= most; ++number) {
            if (lease.given[number] || offline_label(lease.terms.label, number) != label) continue;
            const auto& services = engine_.catalog_.services;
            const auto service = std::find_if(services.begin(), services.end(),
                                              [&terms = lease.terms](const auto& entry) {
                                                  return entry.second.series == terms.series;
                                              });
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
    it->second.told = fact.given;
    if (planted(Plant::reuse_lease_tag)) lease_labels_.erase(it->second.terms.label);
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
