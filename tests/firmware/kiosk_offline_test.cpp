// Numbers that the kiosk gives by itself, as conversations with its core.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {

using proto::PrintOutcome;
using proto::RefusalReason;

namespace {

const std::uint64_t of_7_1 = offline_ticket_id(LeaseId{7}, 1).value();
const std::uint64_t of_7_2 = offline_ticket_id(LeaseId{7}, 2).value();

}  // namespace

TEST_CASE("with the link down a press gets a number of the lease, spent before it is printed",
          "[kiosk][offline][R3][F14]") {
    Bench kiosk;
    kiosk.make_ready();
    CHECK(kiosk.leases({7}) == Words{"save (lease 7 given 0)"});
    CHECK(kiosk.unlink() == Words{"show ready offline"});
    CHECK(kiosk.press(1) == Words{"show wait",
                                  "save (lease 7 given 1) (offline 7/1) (job 7/1 printing)",
                                  "print A-QK01", "show printing A-QK01"});
    // What became of it is told behind the number itself.
    CHECK(kiosk.printed(of_7_1) ==
          Words{"save (job 7/1 settled printed none)", "show take paper A-QK01"});
    kiosk.wait(7s);
    CHECK(kiosk.link() == Words{"show ready", "save (request 1 offline 7/1 age 7000)",
                                "send 1 offline 7/1 age 7000"});
    CHECK(kiosk.done(1) == Words{"save (no request) (told 7/1)",
                                 "save (no job 7/1) (request 2 report 7/1 printed none)",
                                 "send 2 report 7/1 printed none"});
    CHECK(kiosk.done(2).empty());
    CHECK(kiosk.disk.offline.empty());
    CHECK(kiosk.disk.jobs.empty());
    CHECK(kiosk.press(1) ==
          Words{"show wait", "write (request 3 issue service-1)", "send 3 issue service-1"});
}

TEST_CASE("a number that is told once more is told as old as it is by then",
          "[kiosk][offline][R8][F14]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.unlink();
    kiosk.press(1);
    kiosk.printed(of_7_1);
    kiosk.wait(7s);
    REQUIRE(kiosk.link().back() == "send 1 offline 7/1 age 7000");
    kiosk.unlink();
    kiosk.wait(60s);
    CHECK(kiosk.link().back() == "send 1 offline 7/1 age 67000");
    CHECK(kiosk.done(1).back() == "send 2 report 7/1 printed none");
}

TEST_CASE("an answer that does not come in time is given up, and changes nothing when it comes",
          "[kiosk][offline][R6][F12]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.press(1);
    CHECK(kiosk.wait(1999ms).empty());
    CHECK(kiosk.wait(1ms) ==
          Words{"save (lease 7 given 1) (offline 7/1) (no request) (job 7/1 printing)",
                "print A-QK01", "show printing A-QK01"});
    // Until then nothing can be asked over this connection.
    CHECK(kiosk.press(2) ==
          Words{"show wait", "save (lease 7 given 2) (offline 7/2) (job 7/2 queued)"});
    SECTION("it comes late") {
        CHECK(kiosk.ticket(1, 9) == Words{"save (request 2 offline 7/1 age 2000 for 1)",
                                          "send 2 offline 7/1 age 2000 for 1"});
        CHECK(kiosk.done(2) == Words{"save (no request) (told 7/1)",
                                     "save (request 3 offline 7/2 age 0)",
                                     "send 3 offline 7/2 age 0"});
    }
    SECTION("the link fails") {
        kiosk.unlink();
        kiosk.wait(1s);
        CHECK(kiosk.link(1).back() == "send 2 offline 7/1 age 3000 for 1");
    }
    SECTION("the kiosk fails as well") {
        kiosk.restart(1s);
        CHECK(kiosk.link(1).back() == "send 2 offline 7/1 age 3000 for 1");
    }
}

TEST_CASE("a press waits two seconds behind a report that is not answered", "[kiosk][offline]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.press(1);
    kiosk.ticket(1, 8);
    kiosk.printed(8);
    kiosk.press(2);
    CHECK(kiosk.wait(2s) == Words{"save (lease 7 given 1) (offline 7/1) (job 7/1 printing)",
                                  "print A-QK01", "show printing A-QK01"});
    CHECK(kiosk.done(2).back() == "send 3 offline 7/1 age 2000");
}

TEST_CASE("a kiosk that starts without a controller uses its last menu and lease",
          "[kiosk][offline][F14]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.reboot();
    kiosk.printer(PrinterReady::yes);
    SECTION("once it is known that there is none") {
        kiosk.unlink();
        CHECK(kiosk.press(1).back() == "show printing A-QK01");
    }
    SECTION("or two seconds later") {
        CHECK(kiosk.press(1) == Words{"show wait"});
        CHECK(kiosk.wait(2s).back() == "show printing A-QK01");
    }
    CHECK_FALSE(kiosk.disk.jobs.front().paper.timed);
    CHECK(kiosk.disk.jobs.front().paper.offline);
    // Of another boot it is known that it is at least as old as this one.
    kiosk.reboot();
    CHECK(kiosk.link().back() ==
          "send 1 offline 7/1 age " + std::to_string(kiosk.now.time_since_epoch() / 1ms));
}

TEST_CASE("with a clock from the controller the paper says when", "[kiosk][offline]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.unlink();
    kiosk.wait(90s);
    kiosk.press(1);
    const auto& paper = kiosk.disk.jobs.front().paper;
    CHECK(paper.timed);
    CHECK(paper.issued == WallTime{90s});
    CHECK(paper.label == "A-QK01");
    CHECK(paper.service_name == "Layanan 1");
}

TEST_CASE("the last number of a lease is the last", "[kiosk][offline][R1]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7}, 2);
    kiosk.unlink();
    kiosk.press(1);
    kiosk.printed(of_7_1);
    kiosk.press(2);
    CHECK(kiosk.printed(of_7_2).back() == "show take paper A-QK02");
    CHECK(kiosk.press(3) == Words{"show disconnected"});
    CHECK(kiosk.disk.offline.size() == 2);
}

TEST_CASE("a lease that is not granted any more is retired, and told once all of it is",
          "[kiosk][offline]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.unlink();
    kiosk.press(1);
    kiosk.printed(of_7_1);
    kiosk.link();
    CHECK(kiosk.leases({8}) == Words{"save (lease 7 given 1 retired) (lease 8 given 0)"});
    kiosk.done(1);
    CHECK(kiosk.done(2) == Words{"save (request 3 retire 7 of 1)", "send 3 retire 7 of 1"});
    SECTION("it is heard") {
        CHECK(kiosk.done(3) == Words{"save (no request) (no lease 7)"});
    }
    SECTION("it is not known") {
        CHECK(kiosk.refuse(3, RefusalReason::unknown_lease) ==
              Words{"save (no request) (no lease 7)"});
    }
    SECTION("under a stale id it is told again") {
        CHECK(kiosk.refuse(3, RefusalReason::stale_request) ==
              Words{"save (no request)", "save (request 4 retire 7 of 1)", "send 4 retire 7 of 1"});
        kiosk.done(4);
    }
    REQUIRE(kiosk.disk.leases.size() == 1);
    CHECK(kiosk.disk.leases.front().terms.lease == LeaseId{8});
}

TEST_CASE("a number that the controller refuses is told no more, one under a stale id is",
          "[kiosk][offline]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.unlink();
    kiosk.press(1);
    kiosk.printed(of_7_1);
    kiosk.link();
    CHECK(kiosk.refuse(1, RefusalReason::stale_request) ==
          Words{"save (no request)", "save (request 2 offline 7/1 age 0)",
                "send 2 offline 7/1 age 0"});
    CHECK(kiosk.refuse(2, RefusalReason::unknown_lease).front() == "save (no request) (told 7/1)");
    CHECK(kiosk.disk.offline.empty());
}

TEST_CASE(
    "a report that was not decided outlives the kiosk, whatever is told before it is told again",
    "[kiosk][offline][R2][R6][F1][F33]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    const bool offline = GENERATE(true, false);
    CAPTURE(offline);
    kiosk.press(1);
    kiosk.ticket(1, 5);
    if (offline) kiosk.printed(5);
    kiosk.press(2);
    if (offline) {
        kiosk.unlink();
        kiosk.wait(3s);
        kiosk.link(40);
    } else {
        kiosk.printed(5);
        kiosk.ticket(2, 6);
        kiosk.printed(6);
    }
    kiosk.refuse(offline ? 2 : 3, RefusalReason::stale_request);
    const auto told_or_kept = [&] {
        const auto& disk = kiosk.disk;
        const auto* report =
            disk.in_flight ? std::get_if<proto::PrintReport>(&disk.in_flight->request) : nullptr;
        return (report && report->ticket == TicketId{5}) ||
               std::any_of(disk.jobs.begin(), disk.jobs.end(),
                           [](const auto& job) { return job.paper.ticket == TicketId{5}; });
    };
    CHECK(told_or_kept());
}

TEST_CASE("a lease that comes when the person has gone wakes nobody", "[kiosk][offline]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.press(2);
    kiosk.wait(31s);
    kiosk.leases({7});
    CHECK(kiosk.core.deadline() == std::nullopt);
    CHECK(kiosk.wait(1min).empty());
    CHECK(kiosk.disk.offline.empty());
    // Its number, if one comes, is on no paper.
    kiosk.ticket(1, 9);
    CHECK(kiosk.disk.in_flight->request ==
          proto::Request{proto::PrintReport{RequestId{2}, TicketId{9}, PrintOutcome::not_printed,
                                            proto::PrintReason::late, false}});
}

TEST_CASE("without a lease it is as before", "[kiosk][offline]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    CHECK(kiosk.wait(4s).empty());
    CHECK(kiosk.unlink() == Words{"show disconnected"});
    CHECK(kiosk.press(2).empty());
    CHECK(kiosk.disk.in_flight);
}

}  // namespace antrean::kiosk
