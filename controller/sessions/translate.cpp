#include "controller/sessions/translate.hpp"

#include "proto/peer.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <variant>

namespace antrean::sessions {
namespace {

engine::Outcome to_outcome(proto::PrintOutcome outcome) {
    switch (outcome) {
        case proto::PrintOutcome::printed:
            return engine::Outcome::printed;
        case proto::PrintOutcome::not_printed:
            return engine::Outcome::not_printed;
        case proto::PrintOutcome::unconfirmed:
            break;
    }
    return engine::Outcome::unconfirmed;
}

proto::Paper to_paper(projections::Paper paper) {
    switch (paper) {
        case projections::Paper::printed:
            return proto::Paper::printed;
        case projections::Paper::voided:
            return proto::Paper::voided;
        case projections::Paper::unconfirmed:
            break;
    }
    return proto::Paper::unconfirmed;
}

// A wait of less than no time, or of more than a century, is not known.
std::chrono::seconds to_estimate(std::chrono::seconds estimate) {
    constexpr std::chrono::seconds most{std::numeric_limits<std::uint32_t>::max()};
    return estimate < std::chrono::seconds{0} || estimate > most ? std::chrono::seconds{0}
                                                                 : estimate;
}

proto::Step to_step(std::optional<engine::StepKind> step) {
    using From = engine::StepKind;
    if (!step) return proto::Step::none;
    switch (*step) {
        case From::call:
            return proto::Step::call;
        case From::serve:
            return proto::Step::serve;
        case From::finish:
            return proto::Step::finish;
        case From::no_show:
            return proto::Step::no_show;
        case From::hold:
            return proto::Step::hold;
        case From::transfer:
            return proto::Step::transfer;
    }
    return proto::Step::none;
}

}  // namespace

proto::RefusalReason to_reason(engine::Refusal refusal) {
    using From = engine::Refusal;
    using To = proto::RefusalReason;
    switch (refusal) {
        case From::stale_request:
            return To::stale_request;
        case From::request_reused:
            return To::request_reused;
        case From::storage_low:
            return To::storage_low;
        case From::unknown_service:
            return To::unknown_service;
        case From::nobody_waits:
            return To::nobody_waits;
        case From::not_called:
            return To::not_called;
        case From::unknown_ticket:
            return To::unknown_ticket;
        case From::series_full:
            return To::series_full;
        case From::not_open_yet:
            return To::not_open_yet;
        case From::in_break:
            return To::in_break;
        case From::too_late:
            return To::too_late;
        case From::closed:
            return To::closed;
        case From::paused:
            return To::paused;
        case From::not_in_force:
            return To::not_in_force;
        case From::quota_used:
            return To::quota_used;
        case From::hall_full:
            return To::hall_full;
        case From::day_closed:
            return To::day_closed;
        case From::no_counter:
            return To::no_counter;
        case From::not_signed_in:
            return To::not_signed_in;
        case From::unknown_staff:
            return To::unknown_staff;
        case From::counter_paused:
            return To::counter_paused;
        case From::recall_limit:
            return To::recall_limit;
        case From::not_callable:
            return To::not_callable;
        case From::wrong_state:
            return To::wrong_state;
        case From::nothing_to_undo:
            return To::nothing_to_undo;
        case From::too_late_to_undo:
            return To::too_late_to_undo;
        case From::unknown_lease:
            return To::unknown_lease;
        case From::unknown_appointment:
            return To::unknown_appointment;
        case From::wrong_day:
            return To::wrong_day;
        case From::too_early:
            return To::too_early;
        case From::too_late_for_appointment:
            return To::too_late_for_appointment;
        case From::appointment_used:
            return To::appointment_used;
    }
    return To::stale_request;
}

bool may_ask(proto::Role role, const proto::Request& request) {
    const bool of_a_kiosk = std::holds_alternative<proto::Issue>(request) ||
                            std::holds_alternative<proto::CheckIn>(request) ||
                            std::holds_alternative<proto::PrintReport>(request) ||
                            std::holds_alternative<proto::IssueOffline>(request) ||
                            std::holds_alternative<proto::RetireLease>(request);
    return of_a_kiosk == (role == proto::Role::kiosk);
}

engine::Action to_action(const proto::Request& request) {
    return std::visit(
        [](const auto& r) -> engine::Action {
            using T = std::decay_t<decltype(r)>;
            if constexpr (std::is_same_v<T, proto::Issue>) {
                return engine::Issue{r.service, r.ticket_class};
            }
            // The hub reads its code, with the site's key.
            if constexpr (std::is_same_v<T, proto::CheckIn>) return engine::CheckIn{};
            if constexpr (std::is_same_v<T, proto::PrintReport>) {
                return engine::PrintReport{r.ticket, to_outcome(r.outcome),
                                           proto::to_text(r.reason), r.copy};
            }
            if constexpr (std::is_same_v<T, proto::IssueOffline>) {
                return engine::IssueOffline{r.lease, r.number, r.service,  r.ticket_class,
                                            {},      false,    r.abandoned};
            }
            if constexpr (std::is_same_v<T, proto::RetireLease>) {
                return engine::RetireLease{r.lease, r.given};
            }
            if constexpr (std::is_same_v<T, proto::CallNext>) return engine::CallNext{r.only};
            if constexpr (std::is_same_v<T, proto::Recall>) return engine::Recall{r.ticket};
            if constexpr (std::is_same_v<T, proto::Finish>) return engine::Finish{r.ticket};
            if constexpr (std::is_same_v<T, proto::NoShow>) return engine::NoShow{r.ticket};
            if constexpr (std::is_same_v<T, proto::CallNamed>) {
                return engine::CallNamed{r.ticket, r.label};
            }
            if constexpr (std::is_same_v<T, proto::Serve>) return engine::Serve{r.ticket};
            if constexpr (std::is_same_v<T, proto::Hold>) return engine::Hold{r.ticket};
            if constexpr (std::is_same_v<T, proto::Transfer>) {
                return engine::Transfer{r.ticket, r.service};
            }
            if constexpr (std::is_same_v<T, proto::Undo>) return engine::Undo{};
            if constexpr (std::is_same_v<T, proto::SignIn>) return engine::SignIn{r.code};
            if constexpr (std::is_same_v<T, proto::SignOut>) return engine::SignOut{};
            if constexpr (std::is_same_v<T, proto::PauseCounter>) {
                return engine::PauseCounter{r.reason};
            }
            if constexpr (std::is_same_v<T, proto::OpenCounter>) return engine::OpenCounter{};
        },
        request);
}

proto::Answer to_answer(RequestId request, const engine::Answer& answer) {
    return std::visit(
        [&](const auto& a) -> proto::Answer {
            using T = std::decay_t<decltype(a)>;
            if constexpr (std::is_same_v<T, engine::TicketAnswer>) {
                return proto::Ticket{request,        a.ticket.id,
                                     a.ticket.label, a.ticket.service,
                                     a.issued.wall,  a.issued.utc_offset,
                                     a.ahead,        a.issued.day,
                                     a.ticket_class, to_estimate(a.estimate)};
            }
            if constexpr (std::is_same_v<T, engine::CalledAnswer>) {
                return proto::Called{request, a.ticket.id, a.ticket.label};
            }
            if constexpr (std::is_same_v<T, engine::DoneAnswer>) return proto::Done{request};
            if constexpr (std::is_same_v<T, engine::Refusal>) {
                return proto::Refused{request, to_reason(a)};
            }
        },
        answer);
}

proto::CounterView to_view(const site::Site& site, const site::Counter& counter,
                           const projections::CounterNow& now) {
    proto::CounterView view;
    view.counter = counter.id;
    view.counter_name = counter.name;
    view.waiting = now.waiting.all;
    view.waiting_by_class = now.waiting.by_class;
    for (const auto& held : now.held) {
        if (view.held.size() == proto::max_held) break;
        view.held.push_back({held.ticket.id, held.ticket.label, held.ticket_class});
    }
    if (now.staff) {
        const auto* person = site.person(now.staff);
        view.staff = person ? person->name : std::string{now.staff.view()};
    }
    view.sign_in_required = site.rules.sign_in_required;
    view.paused = now.paused.has_value();
    view.pause_reason = now.paused.value_or("");
    view.can_undo = to_step(now.last_step);
    if (!now.ticket.id) return view;
    view.ticket = now.ticket.id;
    view.label = now.ticket.label;
    const auto* service = site.service(now.ticket.service);
    view.service_name = service ? service->name : std::string{now.ticket.service.view()};
    view.paper = to_paper(now.paper);
    view.times_called = now.times_called;
    view.state = now.state == engine::State::serving ? proto::State::serving : proto::State::called;
    view.ticket_class = now.ticket_class;
    return view;
}

}  // namespace antrean::sessions
