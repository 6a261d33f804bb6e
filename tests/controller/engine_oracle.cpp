// What a command must come to, read off the lines of the book one by one.
#include "tests/controller/engine_book.hpp"

#include <algorithm>

namespace antrean::engine::bench {
namespace {

template <class T>
bool has(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

struct Book::Oracle {
    const Book& book;
    const Catalog& site;
    const Command& command;
    const Now& now;
    std::optional<Place> at = book.place(site, command);

    static Expected no(Refusal refusal) { return {refusal}; }
    static Expected yes() { return {}; }

    Expected operator()(const Issue& issue) const {
        const auto kiosk = site.kiosks.find(command.origin.device);
        if (kiosk == site.kiosks.end() || !has(kiosk->second, issue.service))
            return no(Refusal::unknown_service);
        return {book.expected_offer(site, issue.service, now)};
    }
    Expected operator()(const CheckIn& check_in) const {
        if (!check_in.genuine) return no(Refusal::unknown_appointment);
        if (!site.kiosks.contains(command.origin.device) ||
            !site.services.contains(check_in.service))
            return no(Refusal::unknown_service);
        if (check_in.day != *book.day_) return no(Refusal::wrong_day);
        if (book.is_used(check_in.appointment)) return no(Refusal::appointment_used);
        const auto early = check_in.time - time_of_day(now.wall, now.utc_offset, *book.day_);
        if (early > site.rules.check_in_early) return no(Refusal::too_early);
        if (-early > site.rules.check_in_late) return no(Refusal::too_late_for_appointment);
        return {book.expected_offer(site, check_in.service, now, true)};
    }
    Expected operator()(const PrintReport& report) const {
        if (!book.untold(command.origin.device).contains(report.ticket))
            return no(Refusal::unknown_ticket);
        return yes();
    }
    Expected operator()(const IssueOffline& issue) const {
        const auto lease = book.leases_.find(issue.lease);
        const bool is_its = lease != book.leases_.end() &&
                            lease->second.terms.kiosk == command.origin.device &&
                            issue.number > 0 && issue.number <= lease_size;
        return is_its ? yes() : no(Refusal::unknown_lease);
    }
    Expected operator()(const RetireLease& retire) const {
        const auto lease = book.leases_.find(retire.lease);
        const bool is_its =
            lease != book.leases_.end() && lease->second.terms.kiosk == command.origin.device;
        return is_its && retire.given <= lease_size ? yes() : no(Refusal::unknown_lease);
    }
    Expected operator()(const CallNext& call) const {
        if (!at) return no(Refusal::no_counter);
        if (const auto shut = book.shut(site, at->id)) return no(*shut);
        return book.next(site, *at, now, call.only);
    }
    Expected operator()(const CallNamed& call) const {
        if (!at) return no(Refusal::no_counter);
        if (const auto shut = book.shut(site, at->id)) return no(*shut);
        const auto* line = call.ticket ? book.line(call.ticket) : book.labelled(call.label);
        if (!line || line->state == State::done || line->state == State::voided)
            return no(Refusal::unknown_ticket);
        const bool waits = line->state == State::waiting;
        const bool stood_here = (line->state == State::held || line->state == State::no_show) &&
                                line->counter == at->id;
        const bool may = waits || line->state == State::held || line->state == State::no_show;
        if (!may || line->paper == Paper::pending ||
            !(stood_here || at->counter->ever_serves(line->queue)))
            return no(Refusal::not_callable);
        Expected expected{std::nullopt, line->ref.id, Why::named, {}};
        bool first = true;
        for (const auto* other : book.callable(site, *at, now)) {
            if (other->order >= line->order) break;
            first = false;
            if (other->ticket_class != TicketClass::regular) continue;
            expected.passed = other->ref.id;
            break;
        }
        if (line->state == State::held) expected.why = Why::resumed;
        if (waits && first) expected.why = Why::in_order;
        return expected;
    }
    // What only the counter may ask for at which the ticket stands.
    Expected standing(TicketId id, bool only_called) const {
        if (!at) return no(Refusal::no_counter);
        const auto* line = book.standing(at->id, id);
        if (!line) return no(Refusal::not_called);
        if (only_called && line->state != State::called) return no(Refusal::wrong_state);
        return yes();
    }
    Expected operator()(const Recall& recall) const {
        auto expected = standing(recall.ticket, true);
        if (!expected.refusal && book.line(recall.ticket)->calls > site.rules.recall_limit)
            return no(Refusal::recall_limit);
        return expected;
    }
    Expected operator()(const Serve& serve) const { return standing(serve.ticket, true); }
    Expected operator()(const Finish& finish) const { return standing(finish.ticket, false); }
    Expected operator()(const NoShow& no_show) const { return standing(no_show.ticket, true); }
    Expected operator()(const Hold& hold) const { return standing(hold.ticket, false); }
    Expected operator()(const Transfer& transfer) const {
        auto expected = standing(transfer.ticket, false);
        if (!expected.refusal && !site.services.contains(transfer.service))
            return no(Refusal::unknown_service);
        return expected;
    }
    Expected operator()(const Undo&) const {
        if (!at) return no(Refusal::no_counter);
        const auto step = book.steps_.find(at->id);
        if (step == book.steps_.end()) return no(Refusal::nothing_to_undo);
        for (std::size_t i = 0; i < step->second.before.size(); ++i) {
            if (book.line(step->second.before[i].ref.id)->move != step->second.moves[i])
                return no(Refusal::nothing_to_undo);
        }
        const auto age = now.wall - step->second.at;
        if (std::chrono::abs(age) > std::chrono::seconds{10}) return no(Refusal::too_late_to_undo);
        return yes();
    }
    Expected operator()(const SignIn& sign_in) const {
        if (!at) return no(Refusal::no_counter);
        for (const auto& [id, staff] : site.staff) {
            if (staff.code == sign_in.code &&
                (staff.counters.empty() || has(staff.counters, at->id)))
                return yes();
        }
        return no(Refusal::unknown_staff);
    }
    Expected operator()(const SignOut&) const {
        if (!at) return no(Refusal::no_counter);
        return book.staff_.contains(at->id) ? yes() : no(Refusal::not_signed_in);
    }
    Expected operator()(const PauseCounter&) const { return at ? yes() : no(Refusal::no_counter); }
    Expected operator()(const OpenCounter&) const {
        if (!at) return no(Refusal::no_counter);
        return book.paused_counters_.contains(at->id) ? yes() : no(Refusal::wrong_state);
    }
    Expected operator()(const VoidTicket& voiding) const {
        return book.labelled(voiding.label) ? yes() : no(Refusal::unknown_ticket);
    }
    Expected operator()(const PauseService& pause) const {
        return site.services.contains(pause.service) ? yes() : no(Refusal::unknown_service);
    }
    Expected operator()(const ResumeService& resume) const {
        return book.paused_services_.contains(resume.service) ? yes()
                                                              : no(Refusal::unknown_service);
    }
    Expected operator()(const CloseDay&) const {
        return book.closed_ ? no(Refusal::day_closed) : yes();
    }
    Expected operator()(const ReopenDay&) const {
        return book.closed_ ? yes() : no(Refusal::wrong_state);
    }
};

Expected Book::expected(const Catalog& site, const Command& command, const Now& now) const {
    return std::visit(Oracle{*this, site, command, now}, command.action);
}

std::optional<Refusal> Book::expected_offer(const Catalog& site, ServiceId id, const Now& now,
                                            bool by_appointment) const {
    const auto found = site.services.find(id);
    if (found == site.services.end()) return Refusal::unknown_service;
    const auto& service = found->second;
    if (closed_) return Refusal::day_closed;
    const auto& agency = site.agencies.at(service.agency);
    if ((agency.from && day_ < agency.from) || (agency.until && day_ > agency.until))
        return Refusal::not_in_force;
    if (service.hours) {
        if (site.holidays.contains(*day_)) return Refusal::closed;
        switch (opening(*service.hours, *day_, time_of_day(now.wall, now.utc_offset, *day_),
                        service.last_ticket_before)) {
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
    }
    if (paused_services_.contains(id)) return Refusal::paused;
    if (!by_appointment && service.quota && given(id) >= *service.quota) return Refusal::quota_used;
    const auto in_hall =
        count(State::waiting) + count(State::called) + count(State::serving) + count(State::held);
    if (site.rules.hall_limit && in_hall >= *site.rules.hall_limit) return Refusal::hall_full;
    const auto last = last_.find(service.series);
    if (last != last_.end() && last->second == last_number) return Refusal::series_full;
    return std::nullopt;
}

std::optional<Book::Place> Book::place(const Catalog& site, const Command& command) const {
    auto id = command.origin.device == operator_device ? command.counter : CounterId{};
    if (site.callpads.contains(command.origin.device)) id = site.callpads.at(command.origin.device);
    const auto found = site.counters.find(id);
    if (found == site.counters.end()) return std::nullopt;
    return Place{id, &found->second};
}

std::optional<Refusal> Book::shut(const Catalog& site, CounterId counter) const {
    if (paused_counters_.contains(counter)) return Refusal::counter_paused;
    if (site.rules.sign_in_required && !staff_.contains(counter)) return Refusal::not_signed_in;
    return std::nullopt;
}

// Who can be called there, in order of arrival.
std::vector<const Book::Line*> Book::callable(const Catalog&, const Place& at,
                                              const Now& now) const {
    const auto& series = at.counter->serves(time_of_day(now.wall, now.utc_offset, *day_));
    std::vector<const Line*> lines;
    for (const auto& [id, line] : lines_) {
        if (line.state == State::waiting && line.paper != Paper::pending && has(series, line.queue))
            lines.push_back(&line);
    }
    std::sort(lines.begin(), lines.end(),
              [](const Line* a, const Line* b) { return a->order < b->order; });
    return lines;
}

Expected Book::next(const Catalog& site, const Place& at, const Now& now,
                    std::optional<TicketClass> only) const {
    const auto& policy = at.counter->policy;
    const Line *first = nullptr, *first_regular = nullptr, *first_ahead = nullptr;
    const Line *first_priority = nullptr, *wanted = nullptr;
    for (const auto* line : callable(site, at, now)) {
        const auto ticket_class = line->ticket_class;
        const auto note = [&](const Line*& where, bool holds) {
            if (holds && !where) where = line;
        };
        note(first, true);
        note(first_regular, ticket_class == TicketClass::regular);
        note(first_ahead, ticket_class != TicketClass::regular);
        note(first_priority, ticket_class == TicketClass::priority);
        note(wanted, only && ticket_class == *only);
    }
    const Line* who = first;
    Why why = Why::in_order;
    if (only) {
        who = wanted;
        why = Why::only;
    } else if (policy.kind == Policy::Kind::arrival) {
        who = first;
    } else if (first_regular && first_regular->passes >= policy.most_passes) {
        who = first_regular;
        why = Why::guard;
    } else if (policy.kind == Policy::Kind::strict) {
        who = first_priority ? first_priority : first_ahead ? first_ahead : first_regular;
    } else {
        const auto turn = turns_.find(at.id);
        const bool is_regulars = turn != turns_.end() && turn->second >= policy.ahead;
        who = is_regulars ? first_regular : first_ahead;
        if (!who) who = is_regulars ? first_ahead : first_regular;
    }
    if (!who) return {Refusal::nobody_waits};
    if (why == Why::in_order && who != first) {
        why = who->ticket_class == TicketClass::priority      ? Why::priority
              : who->ticket_class == TicketClass::appointment ? Why::appointment
                                                              : Why::turn;
    }
    if (who == first) why = Why::in_order;
    Expected expected{std::nullopt, who->ref.id, why, {}};
    if (who->ticket_class != TicketClass::regular && first_regular &&
        first_regular->order < who->order)
        expected.passed = first_regular->ref.id;
    return expected;
}

}  // namespace antrean::engine::bench
