#include "controller/engine/deciding.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <cassert>
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

std::string word(TicketClass ticket_class) {
    switch (ticket_class) {
        case TicketClass::priority:
            return "priority";
        case TicketClass::appointment:
            return "appointment";
        case TicketClass::regular:
            break;
    }
    return "regular";
}

std::optional<Refusal> to_refusal(Opening opening) {
    switch (opening) {
        case Opening::early:
            return Refusal::not_open_yet;
        case Opening::in_break:
            return Refusal::in_break;
        case Opening::too_late:
            return Refusal::too_late;
        case Opening::closed:
            return Refusal::closed;
        case Opening::open:
            break;
    }
    return std::nullopt;
}

struct ToAsked {
    using Kind = Asked::Kind;
    Asked operator()(const Issue& a) const {
        return {Kind::issue, a.service, {}, word(a.ticket_class)};
    }
    // By what was read alone: who asks again after the key was changed asks for the same.
    Asked operator()(const CheckIn& a) const {
        return {Kind::check_in, a.service, {}, a.appointment};
    }
    Asked operator()(const PrintReport& a) const { return {Kind::print_report, {}, a.ticket, {}}; }
    Asked operator()(const IssueOffline& a) const {
        return {Kind::issue_offline, a.service, offline_ticket_id(a.lease, a.number),
                word(a.ticket_class)};
    }
    Asked operator()(const RetireLease& a) const {
        return {Kind::retire_lease, {}, {}, std::to_string(a.lease.value())};
    }
    Asked operator()(const CallNext& a) const {
        return {Kind::call_next, {}, {}, a.only ? word(*a.only) : ""};
    }
    Asked operator()(const CallNamed& a) const { return {Kind::call_named, {}, a.ticket, a.label}; }
    Asked operator()(const Recall& a) const { return {Kind::recall, {}, a.ticket, {}}; }
    Asked operator()(const Serve& a) const { return {Kind::serve, {}, a.ticket, {}}; }
    Asked operator()(const Finish& a) const { return {Kind::finish, {}, a.ticket, {}}; }
    Asked operator()(const NoShow& a) const { return {Kind::no_show, {}, a.ticket, {}}; }
    Asked operator()(const Hold& a) const { return {Kind::hold, {}, a.ticket, {}}; }
    Asked operator()(const Transfer& a) const { return {Kind::transfer, a.service, a.ticket, {}}; }
    Asked operator()(const Undo&) const { return {Kind::undo, {}, {}, {}}; }
    Asked operator()(const SignIn&) const { return {Kind::sign_in, {}, {}, {}}; }
    Asked operator()(const SignOut&) const { return {Kind::sign_out, {}, {}, {}}; }
    Asked operator()(const PauseCounter& a) const {
        return {Kind::pause_counter, {}, {}, a.reason};
    }
    Asked operator()(const OpenCounter&) const { return {Kind::open_counter, {}, {}, {}}; }
    Asked operator()(const VoidTicket& a) const { return {Kind::void_ticket, {}, {}, a.label}; }
    Asked operator()(const PauseService& a) const {
        return {Kind::pause_service, a.service, {}, a.reason};
    }
    Asked operator()(const ResumeService& a) const {
        return {Kind::resume_service, a.service, {}, {}};
    }
    Asked operator()(const CloseDay&) const { return {Kind::close_day, {}, {}, {}}; }
    Asked operator()(const ReopenDay&) const { return {Kind::reopen_day, {}, {}, {}}; }
};

}  // namespace

Asked asked(const Action& action) {
    return std::visit(ToAsked{}, action);
}

Decision Engine::decide(const Command& command, const Now& now, Room room) const {
    assert(day_ && !day_is_due(now));
    if (const auto it = devices_.find(command.origin.device); it != devices_.end()) {
        const auto& known = it->second;
        if (command.origin.request < known.request) return {{}, Refusal::stale_request};
        if (command.origin.request == known.request && !planted(Plant::forget_request)) {
            if (asked(command.action) != known.asked) return {{}, Refusal::request_reused};
            return {{}, known.answer};
        }
    }
    return Deciding{*this, command, now, room}.run();
}

Offer Engine::offer(ServiceId id, const Now& now, Room room) const {
    return offer(id, now, room, false);
}

// The quota is of those who come without an appointment: others are bounded where they book.
Offer Engine::offer(ServiceId id, const Now& now, Room room, bool by_appointment) const {
    Offer offer;
    const auto found = catalog_.services.find(id);
    if (found == catalog_.services.end()) return {Refusal::unknown_service, {}, {}, 0};
    const auto& service = found->second;
    TicketNumber last;
    if (const auto it = series_.find(service.series); it != series_.end()) {
        offer.waiting = it->second.waiting;
        last = it->second.last;
    }
    const auto issued = issued_.find(id);
    const auto given = issued == issued_.end() ? 0 : issued->second;
    if (service.quota) offer.left = *service.quota - std::min(*service.quota, given);
    const auto agency = catalog_.agencies.find(service.agency);
    const auto paused = paused_services_.find(id);
    const auto offset = planted(Plant::hours_by_utc) ? std::chrono::minutes{0} : now.utc_offset;
    const auto hours =
        service.hours
            ? to_refusal(opening(*service.hours, *day_, time_of_day(now.wall, offset, *day_),
                                 service.last_ticket_before))
            : std::nullopt;
    if (closed_) {
        offer.refusal = Refusal::day_closed;
    } else if (agency != catalog_.agencies.end() &&
               ((agency->second.from && *day_ < *agency->second.from) ||
                (agency->second.until && *agency->second.until < *day_))) {
        offer.refusal = Refusal::not_in_force;
    } else if (service.hours && catalog_.holidays.contains(*day_)) {
        offer.refusal = Refusal::closed;
    } else if (hours) {
        offer.refusal = hours;
    } else if (paused != paused_services_.end()) {
        offer.refusal = Refusal::paused;
        offer.text = paused->second;
    } else if (offer.left == 0U && !by_appointment) {
        offer.refusal = Refusal::quota_used;
    } else if (catalog_.rules.hall_limit && in_hall_ >= *catalog_.rules.hall_limit) {
        offer.refusal = Refusal::hall_full;
    } else if (last >= last_number) {
        offer.refusal = Refusal::series_full;
    } else if (room == Room::low) {
        offer.refusal = Refusal::storage_low;
    }
    return offer;
}

Decision Deciding::run() {
    return std::visit(*this, command_.action);
}

Decision Deciding::refuse(Refusal reason) {
    events_.clear();
    add(Refused{origin(), asked(command_.action), reason});
    return {std::move(events_), reason};
}

Decision Deciding::operator()(const Issue& issue) {
    const auto kiosk = engine_.catalog_.kiosks.find(origin().device);
    if (kiosk == engine_.catalog_.kiosks.end() ||
        std::find(kiosk->second.begin(), kiosk->second.end(), issue.service) ==
            kiosk->second.end()) {
        return refuse(Refusal::unknown_service);
    }
    const auto offer = engine_.offer(issue.service, now_, room_);
    // What there is no room for is not written down either.
    if (offer.refusal == Refusal::storage_low) return {{}, Refusal::storage_low};
    if (offer.refusal) return refuse(*offer.refusal);
    return give(issue.service, issue.ticket_class, issue.estimate, {});
}

// The code names the service, so the kiosk needs no button for it.
Decision Deciding::operator()(const CheckIn& check_in) {
    if (!check_in.genuine || check_in.appointment.empty()) {
        return refuse(Refusal::unknown_appointment);
    }
    const auto& catalog = engine_.catalog_;
    if (!catalog.kiosks.contains(origin().device) || !catalog.services.contains(check_in.service)) {
        return refuse(Refusal::unknown_service);
    }
    const auto today = *engine_.day_;
    if (check_in.day != today) return refuse(Refusal::wrong_day);
    if (engine_.appointments_.contains(check_in.appointment)) {
        return refuse(Refusal::appointment_used);
    }
    const auto time = time_of_day(now_.wall, now_.utc_offset, today);
    if (time < check_in.time - catalog.rules.check_in_early) return refuse(Refusal::too_early);
    if (time > check_in.time + catalog.rules.check_in_late) {
        return refuse(Refusal::too_late_for_appointment);
    }
    const auto offer = engine_.offer(check_in.service, now_, room_, true);
    if (offer.refusal == Refusal::storage_low) return {{}, Refusal::storage_low};
    if (offer.refusal) return refuse(*offer.refusal);
    return give(check_in.service, TicketClass::appointment, check_in.estimate,
                check_in.appointment);
}

Decision Deciding::give(ServiceId id, TicketClass ticket_class, std::chrono::seconds estimate,
                        std::string appointment) {
    const auto& service = engine_.catalog_.services.at(id);
    std::uint32_t ahead = 0;
    TicketNumber last;
    if (const auto it = engine_.series_.find(service.series); it != engine_.series_.end()) {
        last = it->second.last;
        ahead = it->second.waiting;
    }
    const auto number = last.next();
    TicketRef ref{ticket_id(engine_.epoch_, next_seq()), service.series, number,
                  make_label(engine_.catalog_.series.at(service.series).prefix, number), id};
    TicketAnswer answer{ref, stamp_, ahead, ticket_class, estimate};
    add(Issued{origin(), std::move(ref), ahead, ticket_class, estimate, service.then,
               std::move(appointment)});
    return {std::move(events_), std::move(answer)};
}

Decision Deciding::operator()(const PrintReport& report) {
    const auto open = engine_.unsettled_.find(origin().device);
    if (open == engine_.unsettled_.end() || !open->second.contains(report.ticket)) {
        return refuse(Refusal::unknown_ticket);
    }
    const auto& told = engine_.ticket(report.ticket);
    // Whom a clerk has before him is served, paper or not.
    const bool was_served =
        told.state == State::serving || told.state == State::held || told.state == State::done;
    const bool voids = report.outcome == Outcome::not_printed && !was_served &&
                       told.state != State::voided && !planted(Plant::call_unprinted_number);
    add(PaperReported{origin(), told.ref, report.outcome, std::string{report.reason}, report.copy,
                      voids});
    return done();
}

Decision Deciding::operator()(const VoidTicket& voiding) {
    const auto* ticket = engine_.find(voiding.label);
    if (!ticket || ticket->state == State::done || ticket->state == State::voided) {
        return refuse(Refusal::unknown_ticket);
    }
    add(Voided{origin(), ticket->ref, VoidReason::by_operator});
    return done();
}

Decision Deciding::operator()(const PauseService& pause) {
    if (!engine_.catalog_.services.contains(pause.service)) return refuse(Refusal::unknown_service);
    add(ServicePaused{origin(), pause.service, pause.reason});
    return done();
}

Decision Deciding::operator()(const ResumeService& resume) {
    if (!engine_.paused_services_.contains(resume.service)) return refuse(Refusal::unknown_service);
    add(ServiceResumed{origin(), resume.service});
    return done();
}

Decision Deciding::operator()(const CloseDay&) {
    if (engine_.closed_) return refuse(Refusal::day_closed);
    add(DayClosed{origin()});
    if (engine_.catalog_.rules.fate == Fate::void_all) {
        std::set<TicketId> waiting;  // by id: the map that holds them has no order
        for (const auto& [id, ticket] : engine_.tickets_) {
            if (ticket.state == State::waiting) waiting.insert(TicketId{id});
        }
        for (const auto id : waiting) {
            add(Voided{std::nullopt, engine_.ticket(id).ref, VoidReason::day_closed});
        }
    }
    return done();
}

Decision Deciding::operator()(const ReopenDay&) {
    if (!engine_.closed_) return refuse(Refusal::wrong_state);
    add(DayReopened{origin()});
    return done();
}

}  // namespace antrean::engine
