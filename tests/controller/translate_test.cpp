// The protocol's words and the engine's, each into the other.
#include "controller/sessions/translate.hpp"

#include "proto/peer.hpp"
#include "tests/catch.hpp"

#include <limits>
#include <set>

namespace antrean::sessions {
namespace {

using engine::Refusal;
using proto::Request;

const auto service = ServiceId::parse("ktp-el").value();
constexpr RequestId request{7};
constexpr TicketId ticket{1334};

template <class Action>
Action action_of(const Request& asked) {
    return std::get<Action>(to_action(asked));
}

TEST_CASE("a kiosk asks for tickets and reports, a callpad asks the rest", "[sessions]") {
    const Request of_kiosks[] = {proto::Issue{}, proto::PrintReport{}, proto::IssueOffline{},
                                 proto::RetireLease{}, proto::CheckIn{}};
    const Request of_callpads[] = {proto::CallNext{},   proto::CallNamed{}, proto::Recall{},
                                   proto::Serve{},      proto::Finish{},    proto::NoShow{},
                                   proto::Hold{},       proto::Transfer{},  proto::Undo{},
                                   proto::SignIn{},     proto::SignOut{},   proto::PauseCounter{},
                                   proto::OpenCounter{}};
    CHECK(std::size(of_kiosks) + std::size(of_callpads) == std::variant_size_v<Request>);
    for (const auto& asked : of_kiosks) {
        INFO(asked.index());
        CHECK(may_ask(proto::Role::kiosk, asked));
        CHECK_FALSE(may_ask(proto::Role::callpad, asked));
    }
    for (const auto& asked : of_callpads) {
        INFO(asked.index());
        CHECK(may_ask(proto::Role::callpad, asked));
        CHECK_FALSE(may_ask(proto::Role::kiosk, asked));
    }
}

TEST_CASE("a kiosk's requests reach the engine with all that they say", "[sessions]") {
    const auto issue =
        action_of<engine::Issue>(proto::Issue{request, service, TicketClass::priority});
    CHECK(issue.service == service);
    CHECK(issue.ticket_class == TicketClass::priority);
    CHECK(issue.estimate.count() == 0);
    const auto report = action_of<engine::PrintReport>(proto::PrintReport{
        request, ticket, proto::PrintOutcome::not_printed, proto::PrintReason::paper_out, true});
    CHECK(report.ticket == ticket);
    CHECK(report.outcome == engine::Outcome::not_printed);
    CHECK(report.reason == "paper_out");
    CHECK(report.copy);
}

TEST_CASE("a callpad's requests reach the engine with all that they say", "[sessions]") {
    CHECK_FALSE(action_of<engine::CallNext>(proto::CallNext{request}).only);
    CHECK(action_of<engine::CallNext>(proto::CallNext{request, TicketClass::regular}).only ==
          TicketClass::regular);
    CHECK(action_of<engine::CallNamed>(proto::CallNamed{request, ticket, ""}).ticket == ticket);
    CHECK(action_of<engine::CallNamed>(proto::CallNamed{request, {}, "A-025"}).label == "A-025");
    CHECK(action_of<engine::Recall>(proto::Recall{request, ticket}).ticket == ticket);
    CHECK(action_of<engine::Serve>(proto::Serve{request, ticket}).ticket == ticket);
    CHECK(action_of<engine::Finish>(proto::Finish{request, ticket}).ticket == ticket);
    CHECK(action_of<engine::NoShow>(proto::NoShow{request, ticket}).ticket == ticket);
    CHECK(action_of<engine::Hold>(proto::Hold{request, ticket}).ticket == ticket);
    const auto transfer = action_of<engine::Transfer>(proto::Transfer{request, ticket, service});
    CHECK(transfer.ticket == ticket);
    CHECK(transfer.service == service);
    CHECK(std::holds_alternative<engine::Undo>(to_action(proto::Undo{request})));
    CHECK(action_of<engine::SignIn>(proto::SignIn{request, "4711"}).code == "4711");
    CHECK(std::holds_alternative<engine::SignOut>(to_action(proto::SignOut{request})));
    CHECK(action_of<engine::PauseCounter>(proto::PauseCounter{request, "Istirahat"}).reason ==
          "Istirahat");
    CHECK(std::holds_alternative<engine::OpenCounter>(to_action(proto::OpenCounter{request})));
}

TEST_CASE("a ticket's answer says what its paper needs", "[sessions]") {
    using namespace std::chrono_literals;
    const engine::Now issued{WallTime{1'795'312'826'123ms}, 420min,
                             ServiceDay{std::chrono::days{20779}}};
    engine::TicketAnswer answer{{ticket, {}, TicketNumber{25}, "A-025", service},
                                issued,
                                3,
                                TicketClass::appointment,
                                540s};
    const auto told = std::get<proto::Ticket>(to_answer(request, answer));
    CHECK(told == proto::Ticket{request, ticket, "A-025", service, issued.wall, 420min, 3,
                                issued.day, TicketClass::appointment, 540s});
    SECTION("an estimate that no paper could bear is none") {
        for (const auto wrong : {std::chrono::seconds{-1}, std::chrono::seconds::max()}) {
            answer.estimate = wrong;
            CHECK(std::get<proto::Ticket>(to_answer(request, answer)).estimate == 0s);
        }
    }
    CHECK(to_answer(request, engine::CalledAnswer{answer.ticket}) ==
          proto::Answer{proto::Called{request, ticket, "A-025"}});
    CHECK(to_answer(request, engine::DoneAnswer{}) == proto::Answer{proto::Done{request}});
    CHECK(to_answer(request, Refusal::hall_full) ==
          proto::Answer{proto::Refused{request, proto::RefusalReason::hall_full}});
}

TEST_CASE("every refusal of the engine has a reason of its own in the protocol", "[sessions]") {
    std::set<proto::RefusalReason> reasons;
    for (int i = 0; i <= static_cast<int>(Refusal::too_late_to_undo); ++i) {
        reasons.insert(to_reason(static_cast<Refusal>(i)));
    }
    CHECK(reasons.size() == static_cast<std::size_t>(Refusal::too_late_to_undo) + 1);
    CHECK(reasons.size() == static_cast<std::size_t>(proto::RefusalReason::too_late_to_undo));
    CHECK(to_reason(Refusal::request_reused) == proto::RefusalReason::request_reused);
    CHECK(to_reason(Refusal::wrong_state) == proto::RefusalReason::wrong_state);
}

TEST_CASE("the refusals of a service are those that an offer may say", "[sessions]") {
    for (const auto refusal :
         {Refusal::storage_low, Refusal::series_full, Refusal::not_open_yet, Refusal::in_break,
          Refusal::too_late, Refusal::closed, Refusal::paused, Refusal::not_in_force,
          Refusal::quota_used, Refusal::hall_full, Refusal::day_closed}) {
        const auto reason = to_reason(refusal);
        INFO(proto::to_text(reason));
        CHECK(reason >= proto::first_of_offers);
        CHECK(reason <= proto::last_of_offers);
    }
}

}  // namespace
}  // namespace antrean::sessions
