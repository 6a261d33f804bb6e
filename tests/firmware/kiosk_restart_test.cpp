// What a kiosk makes of what it finds in its store.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {

using proto::PrintOutcome;
using proto::PrintReason;
using proto::RefusalReason;

namespace {

// A kiosk with a paper of ticket 7 in STATE, last pressed five seconds ago.
Bench with_paper(Job::State state) {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    if (state == Job::State::queued) {
        kiosk.ticket(1, 6);
        kiosk.press(2);
        kiosk.ticket(2, 7, 2);
        kiosk.disk.jobs.erase(kiosk.disk.jobs.begin());  // ticket 6 is not looked at
    } else {
        kiosk.ticket(1, 7);
    }
    if (state == Job::State::settled) {
        kiosk.press(2);  // keeps the report from being sent at once
        kiosk.printed(7);
    }
    kiosk.now += 5s;
    REQUIRE(kiosk.disk.jobs.size() == 1);
    REQUIRE(kiosk.disk.jobs[0].state == state);
    return kiosk;
}

bool holds(const Words& said, const std::string& what) {
    return std::find(said.begin(), said.end(), what) != said.end();
}

}  // namespace

TEST_CASE("a press waits for a printer that is greeted after the start", "[kiosk][restart]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.restart();
    kiosk.link();
    kiosk.wait(200ms);
    CHECK(kiosk.press(1) == Words{"show wait"});
    SECTION("and is asked for when that is ready") {
        CHECK(holds(kiosk.printer(PrinterReady::yes), "send 1 issue service-1"));
    }
    SECTION("and is refused when that is not") {
        CHECK(kiosk.printer(PrinterReady::paper_out) == Words{"show no paper"});
        CHECK_FALSE(holds(kiosk.printer(PrinterReady::yes), "send 1 issue service-1"));
    }
    SECTION("and is refused when there is none") {
        CHECK(kiosk.wait(799ms).empty());
        CHECK(kiosk.wait(1ms) == Words{"show no paper"});
        CHECK(kiosk.press(2).empty());
        CHECK_FALSE(holds(kiosk.printer(PrinterReady::yes), "send 1 issue service-1"));
    }
}

TEST_CASE("a number without the controller waits for the printer as well", "[kiosk][restart]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.leases({7});
    kiosk.restart();
    kiosk.unlink();
    CHECK(kiosk.press(1) == Words{"show wait"});
    CHECK(holds(kiosk.printer(PrinterReady::yes), "print A-QK01"));
}

TEST_CASE("a paper that was being printed is printed again as a copy",
          "[kiosk][restart][R1][F18]") {
    auto kiosk = with_paper(Job::State::printing);
    CHECK(kiosk.restart() == Words{"save (job 7 queued copy)", "show disconnected"});
    // The printer starts too; the paper waits for it.
    kiosk.wait(3s);
    CHECK(kiosk.printer(PrinterReady::yes) ==
          Words{"save (job 7 printing copy)", "print A-007 copy parted", "show printing A-007"});
    CHECK(kiosk.printed(7) ==
          Words{"save (job 7 settled printed none copy)", "show take paper A-007"});
    CHECK(kiosk.link(1) == Words{"save (no job 7) (request 2 report 7 printed none copy)",
                                 "send 2 report 7 printed none copy"});
}

TEST_CASE("a paper that was being printed too long ago is unconfirmed",
          "[kiosk][restart][F18][F21]") {
    auto kiosk = with_paper(Job::State::printing);
    SECTION("by the clock of this boot") {
        CHECK(holds(kiosk.restart(late_after), "save (job 7 settled unconfirmed restarted)"));
    }
    SECTION("of another boot, which may have been long ago") {
        CHECK(holds(kiosk.reboot(), "save (job 7 settled unconfirmed restarted)"));
    }
    CHECK(kiosk.printer(PrinterReady::yes).empty());
    CHECK(kiosk.link(1).back() == "send 2 report 7 unconfirmed restarted");
}

TEST_CASE("what may hang out of the printer is cut off before the next person's paper",
          "[kiosk][restart]") {
    auto kiosk = with_paper(Job::State::printing);
    kiosk.reboot();
    kiosk.printer(PrinterReady::yes);
    kiosk.link(1);
    kiosk.done(2);
    kiosk.press(2);
    CHECK(holds(kiosk.ticket(3, 8, 2), "print A-008 parted"));
    kiosk.printed(8);
    kiosk.done(4);
    kiosk.press(3);
    CHECK(holds(kiosk.ticket(5, 9, 3), "print A-009"));
}

TEST_CASE("a paper that waited is printed after a restart, without a mark",
          "[kiosk][restart][F18]") {
    auto kiosk = with_paper(Job::State::queued);
    CHECK(kiosk.restart() == Words{"save (job 7 queued)", "show disconnected"});
    CHECK(kiosk.printer(PrinterReady::yes) ==
          Words{"save (job 7 printing)", "print A-007", "show printing A-007"});
}

TEST_CASE("a paper that waited too long is void after a restart", "[kiosk][restart][R2][F18]") {
    auto kiosk = with_paper(Job::State::queued);
    SECTION("by the clock of this boot") {
        CHECK(holds(kiosk.restart(late_after), "save (job 7 settled not_printed late)"));
    }
    SECTION("of another boot") {
        CHECK(holds(kiosk.reboot(), "save (job 7 settled not_printed late)"));
    }
    CHECK(kiosk.printer(PrinterReady::yes).empty());
    CHECK(kiosk.link(2).back() == "send 3 report 7 not_printed late");
}

TEST_CASE("a paper that waits for its printer becomes late while it waits", "[kiosk][restart]") {
    auto kiosk = with_paper(Job::State::queued);
    kiosk.restart();
    CHECK(holds(kiosk.wait(25s), "save (job 7 settled not_printed late)"));
    CHECK(kiosk.core.deadline() == std::nullopt);
}

TEST_CASE("a copy that becomes late is unconfirmed: the first paper may be out",
          "[kiosk][restart]") {
    auto kiosk = with_paper(Job::State::printing);
    kiosk.restart();
    REQUIRE(kiosk.disk.jobs[0].copy);
    SECTION("while it waits") {
        CHECK(holds(kiosk.wait(25s), "save (job 7 settled unconfirmed late copy)"));
    }
    SECTION("during a second restart") {
        CHECK(holds(kiosk.restart(late_after), "save (job 7 settled unconfirmed late copy)"));
    }
    SECTION("during a reboot") {
        CHECK(holds(kiosk.reboot(), "save (job 7 settled unconfirmed late copy)"));
    }
}

TEST_CASE("a copy that does not come out is unconfirmed: the first paper may be out",
          "[kiosk][restart][F18][F21]") {
    auto kiosk = with_paper(Job::State::printing);
    kiosk.restart();
    kiosk.printer(PrinterReady::yes);
    CHECK(kiosk.printed(7, PrintOutcome::not_printed, PrintReason::paper_out) ==
          Words{"save (job 7 settled unconfirmed paper_out copy)", "show maybe printed A-007"});
}

TEST_CASE("a request for a number is flushed together with its paper", "[kiosk][restart]") {
    Bench kiosk;
    kiosk.make_ready();
    // The first one at once: a store without any is a new one to the controller.
    CHECK(kiosk.press(1).at(1) == "save (request 1 issue service-1)");
    kiosk.ticket(1, 7);
    kiosk.printed(7);
    kiosk.done(2);
    kiosk.wait(5s);
    CHECK(kiosk.press(1).at(1) == "write (request 3 issue service-1)");
    CHECK(kiosk.ticket(3, 8).front() == "save (no request) (job 8 printing)");
}

TEST_CASE("no two requests that a power cut may take are sent one behind the other",
          "[kiosk][restart]") {
    Stored stored;
    stored.last_request = RequestId{4};
    Bench kiosk{stored};
    kiosk.start();
    kiosk.printer(PrinterReady::yes);
    // The controller knows one that the power cut took.
    kiosk.link(5);
    kiosk.menu(menu_of(7));
    CHECK(kiosk.press(1).at(1) == "save (request 6 issue service-1)");
}

TEST_CASE("a report behind which a request was lost is not told again", "[kiosk][restart]") {
    Stored stored;
    stored.last_request = RequestId{4};
    stored.in_flight = InFlight{
        proto::PrintReport{RequestId{4}, TicketId{7}, PrintOutcome::printed}, std::nullopt};
    SECTION("the controller knows a later request: it has answered this one") {
        Bench kiosk{stored};
        kiosk.start();
        CHECK(kiosk.link(5) == Words{"save (no request)"});
        CHECK_FALSE(kiosk.core.is_asking());
    }
    SECTION("else it is told") {
        Bench kiosk{stored};
        kiosk.start();
        CHECK(kiosk.link(4) == Words{"send 4 report 7 printed none"});
    }
}

TEST_CASE("an outcome that was not told is told after a restart", "[kiosk][restart][R2][F18]") {
    auto kiosk = with_paper(Job::State::settled);
    const bool rebooted = GENERATE(false, true);
    const auto said = rebooted ? kiosk.reboot(1h) : kiosk.restart();
    CHECK(said == Words{"show disconnected"});
    // The issue of the second press is asked first: it was on its way.
    CHECK(kiosk.link(2).back() == "send 2 issue service-2");
    kiosk.printer(PrinterReady::yes);
    const auto answered = kiosk.ticket(2, 8, 2);
    if (rebooted) {
        CHECK(holds(answered, "save (no request) (job 8 settled not_printed late)"));
    } else {
        CHECK(holds(answered, "print A-008"));
    }
    CHECK(answered.back() == "send 3 report 7 printed none");
}

TEST_CASE("a press whose answer was lost with the kiosk is answered after the restart",
          "[kiosk][restart][R5][F18]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    SECTION("in time: it is printed, for the first time") {
        kiosk.restart(10s);
        CHECK(kiosk.link(1).back() == "send 1 issue service-1");
        // The connection is there before the printer has told how it is: the paper waits for it.
        CHECK(kiosk.ticket(1, 7) == Words{"save (no request) (job 7 queued)"});
        CHECK(holds(kiosk.printer(PrinterReady::yes), "print A-007"));
    }
    SECTION("too late") {
        kiosk.restart(late_after);
        kiosk.printer(PrinterReady::yes);
        kiosk.link(1);
        CHECK(kiosk.ticket(1, 7).back() == "send 2 report 7 not_printed late");
    }
    SECTION("of another boot") {
        kiosk.reboot();
        kiosk.printer(PrinterReady::yes);
        kiosk.link(1);
        CHECK(kiosk.ticket(1, 7).back() == "send 2 report 7 not_printed late");
    }
}

TEST_CASE("a report whose answer was lost with the kiosk is asked again", "[kiosk][restart][R5]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.printed(7);
    kiosk.restart();
    CHECK(kiosk.link(2).back() == "send 2 report 7 printed none");
    SECTION("and answered") {
        CHECK(kiosk.done(2).empty());
        kiosk.restart();
        // The store still has it: asked once more, it gets the same answer.
        CHECK(kiosk.link(2).back() == "send 2 report 7 printed none");
    }
    SECTION("and told under a new id, where the old one counts for nothing") {
        CHECK(kiosk.refuse(2, RefusalReason::stale_request).back() ==
              "send 3 report 7 printed none");
        kiosk.restart();
        CHECK(kiosk.link(2).back() == "send 3 report 7 printed none");
        CHECK(kiosk.done(3).empty());
    }
}

TEST_CASE("presses wait until what the last run left is answered", "[kiosk][restart]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.printed(7);
    kiosk.restart();
    kiosk.printer(PrinterReady::yes);
    kiosk.link(1);
    CHECK(kiosk.press(2) == Words{"show wait"});
    CHECK(kiosk.done(2) == Words{"write (request 3 issue service-2)", "send 3 issue service-2"});
}

TEST_CASE("several papers of the last run are settled, each by its own state", "[kiosk][restart]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 6);
    kiosk.press(2);
    kiosk.ticket(2, 7, 2);
    kiosk.press(3);
    kiosk.ticket(3, 8, 3);
    CHECK(kiosk.restart() ==
          Words{"save (job 6 queued copy) (job 7 queued) (job 8 queued)", "show disconnected"});
    Words prints;
    const auto keep_prints = [&](const Words& said) {
        std::copy_if(said.begin(), said.end(), std::back_inserter(prints),
                     [](const auto& word) { return word.starts_with("print "); });
    };
    keep_prints(kiosk.printer(PrinterReady::yes));
    for (const int ticket : {6, 7, 8}) {
        keep_prints(kiosk.printed(static_cast<std::uint64_t>(ticket)));
    }
    CHECK(prints == Words{"print A-006 copy parted", "print A-007", "print A-008"});
}

}  // namespace antrean::kiosk
