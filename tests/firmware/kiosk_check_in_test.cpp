// Appointments that are checked in, as conversations with the kiosk's core.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {

using proto::PrintOutcome;
using proto::PrintReason;
using proto::RefusalReason;

namespace {

proto::Ticket ticket_of(std::uint64_t request, std::uint64_t ticket) {
    proto::Ticket given{RequestId{request},
                        TicketId{ticket},
                        "A-00" + std::to_string(ticket),
                        service("service-1"),
                        WallTime{1'700'000'000s},
                        420min,
                        3,
                        ServiceDay{std::chrono::days{19676}},
                        TicketClass::appointment};
    given.service_name = "Paspor";
    given.agency_name = "Imigrasi";
    return given;
}

}  // namespace

TEST_CASE("a code becomes a request, a paper and a report", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    CHECK(kiosk.scan("AJ1") ==
          Words{"show wait", "save (request 1 check in AJ1)", "send 1 check in AJ1"});
    CHECK(kiosk.answer(ticket_of(1, 7)) ==
          Words{"save (no request) (job 7 printing)", "print A-007", "show printing A-007"});
    const auto& paper = kiosk.disk.jobs.at(0).paper;
    CHECK(paper.service_name == "Paspor");
    CHECK(paper.agency_name == "Imigrasi");
    CHECK(paper.ticket_class == TicketClass::appointment);
    CHECK(kiosk.printed(7).back() == "show take paper A-007");
}

TEST_CASE("no lamp blinks for a code: nobody pressed that button", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.scan("AJ1");
    CHECK(kiosk.core.lamp(ButtonNumber{1}, kiosk.now) == Lamp::lit);
    kiosk.answer(ticket_of(1, 7));
    CHECK(kiosk.core.lamp(ButtonNumber{1}, kiosk.now) == Lamp::lit);
}

TEST_CASE("a refusal is shown, and the next person is served", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.scan("AJ1");
    CHECK(kiosk.refuse(1, RefusalReason::wrong_day) == Words{"save (no request)", "show refused"});
    CHECK(kiosk.press(1) ==
          Words{"show wait", "write (request 2 issue service-1)", "send 2 issue service-1"});
}

TEST_CASE("a code that is read again and again is asked for once", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.scan("AJ1");
    for (int i = 0; i < 20; ++i) {
        kiosk.wait(1s);
        CHECK(kiosk.scan("AJ1").empty());
    }
    kiosk.refuse(1, RefusalReason::too_early);
    kiosk.wait(2999ms);
    CHECK(kiosk.scan("AJ1").empty());
    kiosk.wait(3s);
    CHECK(kiosk.scan("AJ1").back() == "send 2 check in AJ1");
    // Another one is another person's.
    kiosk.refuse(2, RefusalReason::too_early);
    CHECK(kiosk.scan("AJ2").back() == "send 3 check in AJ2");
}

TEST_CASE("while its answer is awaited a code is not asked for again", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.scan("AJ1");
    kiosk.wait(10s);
    CHECK(kiosk.scan("AJ1").empty());
}

TEST_CASE("without the controller no number is given for a code, and no lease used",
          "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.unlink();
    CHECK(kiosk.scan("AJ1") == Words{"show no check in"});
    CHECK(kiosk.wait(6s) == Words{"show ready offline"});
    CHECK(kiosk.link() == Words{"show ready"});
    CHECK(kiosk.scan("AJ1").back() == "send 1 check in AJ1");
    // A controller that is silent is waited for; a number of a lease is for who presses.
    CHECK(kiosk.wait(20s) == Words{"show ready"});
    CHECK(kiosk.press(1).back() == "show wait");
    CHECK(kiosk.wait(2s) == Words{"save (lease 7 given 1) (offline 7/1) (job 7/1 printing)",
                                  "print A-QK01", "show printing A-QK01"});
}

TEST_CASE("who waits for a code to be checked is told when the controller goes",
          "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.scan("AJ1");
    CHECK(kiosk.scan("AJ2").empty());  // waits for the first one's answer
    CHECK(kiosk.unlink() == Words{"show no check in"});
    // The first is on its way for ever, the second was never stored.
    CHECK(kiosk.link() == Words{"send 1 check in AJ1"});
    CHECK(kiosk.answer(ticket_of(1, 7)).back() == "show printing A-007");
}

TEST_CASE("an answer that comes too late prints nothing, and the code is free again by its report",
          "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.scan("AJ1");
    kiosk.wait(30s);
    CHECK(kiosk.answer(ticket_of(1, 7)) ==
          Words{"save (no request) (job 7 settled not_printed late)", "show not printed A-007",
                "save (no job 7) (request 2 report 7 not_printed late)",
                "send 2 report 7 not_printed late"});
}

TEST_CASE("a check-in outlives a restart, and is asked for with the same id",
          "[kiosk][check_in][R5]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.scan("AJ1");
    kiosk.restart(1s);
    kiosk.printer(PrinterReady::yes);
    CHECK(kiosk.link().back() == "send 1 check in AJ1");
    CHECK(kiosk.answer(ticket_of(1, 7)).back() == "show printing A-007");
}

TEST_CASE("codes are of the same limit as presses", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    for (std::uint64_t i = 1; i <= 10; ++i) {
        kiosk.scan("AJ" + std::to_string(i));
        kiosk.refuse(i, RefusalReason::unknown_appointment);
    }
    CHECK(kiosk.scan("AJ11") == Words{"show too many"});
    CHECK(kiosk.press(1) == Words{"show too many"});  // which is told in other words
    kiosk.wait(2s);
    CHECK(kiosk.scan("AJ12").back() == "send 11 check in AJ12");
}

TEST_CASE("a code is not asked for without paper", "[kiosk][check_in]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.printer(PrinterReady::paper_out);
    CHECK(kiosk.scan("AJ1").size() <= 1);
    CHECK_FALSE(kiosk.core.is_asking());
}

}  // namespace antrean::kiosk
