// What the lamps in a kiosk's buttons say, as the core has it.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {
namespace {

using proto::PrintOutcome;
using proto::PrintReason;
using proto::RefusalReason;

// Of the buttons 1 to 3: '.' dark, 'o' lit, '*' blinking.
std::string lamps(const Bench& kiosk) {
    std::string all;
    for (std::uint16_t button = 1; button <= 3; ++button)
        all += ".o*"[static_cast<int>(kiosk.core.lamp(ButtonNumber{button}, kiosk.now))];
    return all;
}

}  // namespace

TEST_CASE("a lamp is lit where a press gives a paper", "[kiosk][lamps]") {
    Bench kiosk;
    CHECK(lamps(kiosk) == "...");
    kiosk.make_ready(2);
    CHECK(lamps(kiosk) == "oo.");
    SECTION("and not where the printer cannot print") {
        kiosk.printer(
            GENERATE(PrinterReady::paper_out, PrinterReady::cover_open, PrinterReady::trouble));
        CHECK(lamps(kiosk) == "...");
        kiosk.printer(PrinterReady::yes);
        CHECK(lamps(kiosk) == "oo.");
    }
    SECTION("and not where there is neither controller nor lease") {
        kiosk.unlink();
        CHECK(lamps(kiosk) == "...");
        kiosk.link();
        CHECK(lamps(kiosk) == "oo.");
    }
    SECTION("but where a lease has a number") {
        kiosk.leases({7}, 1);
        kiosk.unlink();
        CHECK(lamps(kiosk) == "oo.");
        kiosk.press(1);
        CHECK(lamps(kiosk) == "*..");
    }
    SECTION("and not where the offer is refused") {
        kiosk.core.offers({9,
                           {{service("service-1"), RefusalReason::quota_used, {}, 0, 4, 0s},
                            {service("service-2"), std::nullopt, {}, {}, 4, 0s}}});
        CHECK(lamps(kiosk) == ".o.");
        kiosk.core.offers({9, {{service("service-1"), std::nullopt, {}, {}, 4, 0s}}});
        CHECK(lamps(kiosk) == "oo.");
    }
    SECTION("also while a press has to wait some seconds") {
        kiosk.core = Core{{}, {1, 10s}};
        kiosk.make_ready(2);
        kiosk.press(1);
        kiosk.refuse(1, RefusalReason::closed);
        CHECK(kiosk.press(2) == Words{"show too many"});
        CHECK(lamps(kiosk) == "oo.");
    }
}

TEST_CASE("a lamp blinks from the press until the paper is out", "[kiosk][lamps]") {
    Bench kiosk;
    kiosk.make_ready(3);
    kiosk.press(1);
    kiosk.press(2);
    CHECK(lamps(kiosk) == "**o");
    SECTION("or until the controller refuses") {
        kiosk.refuse(1, RefusalReason::closed);
        CHECK(lamps(kiosk) == "o*o");
        return;
    }
    kiosk.ticket(1, 7);
    CHECK(lamps(kiosk) == "**o");
    kiosk.printed(7);
    CHECK(lamps(kiosk) == "o*o");
    SECTION("also behind another paper") {
        kiosk.done(3);
        kiosk.ticket(2, 8, 2);
        CHECK(lamps(kiosk) == "o*o");
    }
}

TEST_CASE("a lamp blinks without the controller as well", "[kiosk][lamps]") {
    Bench kiosk;
    kiosk.make_ready(3);
    kiosk.leases({7});
    kiosk.unlink();
    kiosk.press(2);
    CHECK(lamps(kiosk) == "o*o");
    kiosk.printed(offline_ticket_id(LeaseId{7}, 1).value());
    CHECK(lamps(kiosk) == "ooo");
}

TEST_CASE("a lamp blinks for 30 s at most", "[kiosk][lamps]") {
    Bench kiosk;
    kiosk.make_ready(3);
    kiosk.press(1);
    SECTION("for an answer") {
        REQUIRE(kiosk.core.is_asking());
    }
    SECTION("for an answer, connected anew") {
        kiosk.unlink();
        REQUIRE(kiosk.link().back() == "send 1 issue service-1");
    }
    SECTION("for a paper") {
        REQUIRE(kiosk.ticket(1, 7).back() == "show printing A-007");
    }
    SECTION("for a paper that waits") {
        kiosk.printer(PrinterReady::trouble);
        REQUIRE(kiosk.ticket(1, 7) == Words{"save (no request) (job 7 queued)"});
    }
    kiosk.wait(late_after - 1ms);
    CHECK(lamps(kiosk).front() == '*');
    kiosk.wait(1ms);
    CHECK(lamps(kiosk).front() != '*');
}

}  // namespace antrean::kiosk
