// Who has an appointment checks in with its code.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using namespace std::chrono_literals;

CheckIn at_noon(std::string name = "AJ1.KTP.1", ServiceId which = ktp) {
    return {std::move(name), which, first_day(), 12h, true};
}

Answer answer(Bench& bench, const CheckIn& check_in, DeviceId kiosk = kiosk_1) {
    return bench.ask(kiosk, check_in).answer;
}

TEST_CASE("who checks in gets the next number of the service, of the class appointment",
          "[engine][check_in]") {
    Bench bench;
    bench.take();
    auto check_in = at_noon();
    check_in.estimate = 300s;
    const auto decision = bench.ask(kiosk_1, check_in);
    const auto& issued = only<Issued>(decision);
    CHECK(issued.appointment == "AJ1.KTP.1");
    CHECK(issued.ticket_class == TicketClass::appointment);
    CHECK(issued.ticket.label == "A-002");
    CHECK(issued.ahead == 1);
    CHECK(decision.answer == Answer{TicketAnswer{issued.ticket, decision.events.front().stamp, 1,
                                                 TicketClass::appointment, 300s}});
    bench.report(kiosk_1, issued.ticket);
    CHECK(bench.called(pad_1, TicketClass::appointment).ticket == issued.ticket);
}

TEST_CASE("the code names the service: the kiosk needs no button of it", "[engine][check_in]") {
    Bench bench;
    REQUIRE(bench.ask(kiosk_2, Issue{npwp}).answer == Answer{Refusal::unknown_service});
    CHECK(only<Issued>(bench.ask(kiosk_2, at_noon("N", npwp))).ticket.label == "B1-001");
    CHECK(answer(bench, at_noon("P", service("paspor"))) == Answer{Refusal::unknown_service});
    CHECK(answer(bench, at_noon("Q"), pad_1) == Answer{Refusal::unknown_service});
}

TEST_CASE("what is not genuine is refused, whatever it says", "[engine][check_in]") {
    Bench bench;
    auto forged = at_noon();
    forged.genuine = false;
    forged.day += std::chrono::days{1};
    CHECK(answer(bench, forged) == Answer{Refusal::unknown_appointment});
    CHECK(answer(bench, CheckIn{}) == Answer{Refusal::unknown_appointment});
    CHECK(answer(bench, at_noon("")) == Answer{Refusal::unknown_appointment});
    // Who has the right one has lost nothing by it.
    CHECK(std::holds_alternative<TicketAnswer>(answer(bench, at_noon())));
}

TEST_CASE("an appointment is of one day", "[engine][check_in]") {
    Bench bench;
    for (const int days : {-1, 1, 365}) {
        auto check_in = at_noon();
        check_in.day += std::chrono::days{days};
        CHECK(answer(bench, check_in) == Answer{Refusal::wrong_day});
    }
}

TEST_CASE("who is too early or too late is told so, to the minute", "[engine][check_in]") {
    auto site = catalog();
    site.rules.check_in_early = 60min;
    site.rules.check_in_late = 30min;
    const auto said_at = [&](std::chrono::seconds after_noon) {
        Bench bench{site};
        bench.now.wall += after_noon - 1s;  // asking takes a second
        const auto said = answer(bench, at_noon());
        const auto* refusal = std::get_if<Refusal>(&said);
        return refusal ? std::optional{*refusal} : std::nullopt;
    };
    CHECK(said_at(-60min - 1s) == Refusal::too_early);
    CHECK(said_at(-60min) == std::nullopt);
    CHECK(said_at(30min + 59s) == std::nullopt);
    CHECK(said_at(31min) == Refusal::too_late_for_appointment);
}

TEST_CASE("an appointment is used once, at whatever kiosk, and after a restart",
          "[engine][check_in]") {
    Bench bench;
    const auto first = bench.ask(kiosk_1, at_noon());
    const auto request = bench.engine.last_request(kiosk_1);
    CHECK(answer(bench, at_noon(), kiosk_2) == Answer{Refusal::appointment_used});
    bench.restart();
    CHECK(answer(bench, at_noon(), kiosk_2) == Answer{Refusal::appointment_used});
    // The request of the first is answered as before, and the ticket is served.
    const auto again = bench.ask(kiosk_1, at_noon(), request);
    CHECK(again.answer == first.answer);
    CHECK(again.events.empty());
    bench.report(kiosk_1, only<Issued>(first).ticket);
    bench.call();
    bench.ask(pad_1, Finish{only<Issued>(first).ticket.id});
    CHECK(answer(bench, at_noon()) == Answer{Refusal::appointment_used});
    CHECK(std::holds_alternative<TicketAnswer>(answer(bench, at_noon("AJ1.KTP.2"))));
}

TEST_CASE("another code under the id of a check-in is no repetition, another seal is",
          "[engine][check_in]") {
    Bench bench;
    const auto first = bench.ask(kiosk_1, at_noon());
    const auto request = bench.engine.last_request(kiosk_1);
    CHECK(bench.ask(kiosk_1, at_noon("AJ1.KTP.2"), request).answer ==
          Answer{Refusal::request_reused});
    CHECK(bench.ask(kiosk_1, Issue{ktp, TicketClass::appointment}, request).answer ==
          Answer{Refusal::request_reused});
    // As it is read while the key was changed.
    auto unsealed = at_noon();
    unsealed.genuine = false;
    CHECK(bench.ask(kiosk_1, unsealed, request).answer == first.answer);
    bench.restart();
    CHECK(bench.ask(kiosk_1, unsealed, request).answer == first.answer);
}

TEST_CASE("the ticket that became void frees its appointment", "[engine][check_in]") {
    Bench bench;
    SECTION("for its paper did not come out") {
        const auto issued = only<Issued>(bench.ask(kiosk_1, at_noon()));
        bench.report(kiosk_1, issued.ticket, Outcome::not_printed);
    }
    SECTION("by the operator") {
        const auto issued = only<Issued>(bench.ask(kiosk_1, at_noon()));
        bench.order(VoidTicket{issued.ticket.label});
    }
    SECTION("by a restart behind it, too") {
        const auto issued = only<Issued>(bench.ask(kiosk_1, at_noon()));
        bench.report(kiosk_1, issued.ticket, Outcome::not_printed);
        bench.restart();
    }
    CHECK(std::holds_alternative<TicketAnswer>(answer(bench, at_noon())));
    CHECK(answer(bench, at_noon()) == Answer{Refusal::appointment_used});
}

TEST_CASE("an appointment needs nothing of the quota, and takes nothing of it",
          "[engine][check_in]") {
    auto site = catalog();
    site.services.at(ktp).quota = 1;
    Bench bench{site};
    const auto booked = only<Issued>(bench.ask(kiosk_1, at_noon("1")));
    CHECK(bench.engine.offer(ktp, bench.now).left == 1U);
    bench.press();
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::quota_used});
    CHECK(std::holds_alternative<TicketAnswer>(answer(bench, at_noon("2"))));
    // Nor is anything given back by one that is void.
    bench.report(kiosk_1, booked.ticket, Outcome::not_printed);
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::quota_used});
}

TEST_CASE("all else that refuses a ticket refuses a check-in", "[engine][check_in]") {
    auto site = catalog();
    site.rules.hall_limit = 1;
    Bench bench{site};
    bench.order(PauseService{ktp, "Jaringan"});
    CHECK(answer(bench, at_noon()) == Answer{Refusal::paused});
    bench.order(ResumeService{ktp});
    CHECK(bench.engine.decide({{kiosk_2, RequestId{1}}, at_noon()}, bench.now, Room::low).answer ==
          Answer{Refusal::storage_low});
    bench.press();
    CHECK(answer(bench, at_noon()) == Answer{Refusal::hall_full});
    bench.order(CloseDay{});
    CHECK(answer(bench, at_noon()) == Answer{Refusal::day_closed});
}

}  // namespace
