#include "controller/sessions/translate.hpp"

#include "proto/peer.hpp"

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

proto::RefusalReason to_reason(engine::Refusal refusal) {
    using From = engine::Refusal;
    using To = proto::RefusalReason;
    switch (refusal) {
        case From::stale_request:
            return To::stale_request;
        case From::request_reused:
            return To::request_reused;
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
    }
    return To::stale_request;
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

}  // namespace

bool may_ask(proto::Role role, const proto::Request& request) {
    const bool of_a_kiosk = std::holds_alternative<proto::Issue>(request) ||
                            std::holds_alternative<proto::PrintReport>(request);
    return of_a_kiosk == (role == proto::Role::kiosk);
}

engine::Action to_action(const proto::Request& request) {
    return std::visit(
        [](const auto& r) -> engine::Action {
            using T = std::decay_t<decltype(r)>;
            if constexpr (std::is_same_v<T, proto::Issue>) return engine::Issue{r.service};
            if constexpr (std::is_same_v<T, proto::PrintReport>) {
                return engine::PrintReport{r.ticket, to_outcome(r.outcome),
                                           proto::to_text(r.reason), r.copy};
            }
            if constexpr (std::is_same_v<T, proto::CallNext>) return engine::CallNext{};
            if constexpr (std::is_same_v<T, proto::Recall>) return engine::Recall{r.ticket};
            if constexpr (std::is_same_v<T, proto::Finish>) return engine::Finish{r.ticket};
            if constexpr (std::is_same_v<T, proto::NoShow>) return engine::NoShow{r.ticket};
        },
        request);
}

proto::Answer to_answer(RequestId request, const engine::Answer& answer) {
    return std::visit(
        [&](const auto& a) -> proto::Answer {
            using T = std::decay_t<decltype(a)>;
            if constexpr (std::is_same_v<T, engine::TicketAnswer>) {
                return proto::Ticket{request,          a.ticket.id,   a.ticket.label,
                                     a.ticket.service, a.issued.wall, a.issued.utc_offset,
                                     a.ahead,          a.issued.day};
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
    view.waiting = now.waiting;
    if (!now.ticket.id) return view;
    view.ticket = now.ticket.id;
    view.label = now.ticket.label;
    const auto* service = site.service(now.ticket.service);
    view.service_name = service ? service->name : std::string{now.ticket.service.view()};
    view.paper = to_paper(now.paper);
    view.times_called = now.times_called;
    return view;
}

}  // namespace antrean::sessions
