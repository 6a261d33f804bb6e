// How many presses a kiosk takes: of one button, of several at once, and in a while.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {

using proto::PrintOutcome;
using proto::PrintReason;
using proto::RefusalReason;

TEST_CASE("presses that wait are bounded, and one too many is told so", "[kiosk][R13][F22]") {
    Bench kiosk;
    kiosk.make_ready(7);
    kiosk.press(1);
    for (int button = 2; button <= 5; ++button) {
        INFO(button);
        CHECK(kiosk.press(button).empty());  // the screen says "wait" already
    }
    CHECK(kiosk.press(6) == Words{"show busy"});
    Words sent;
    for (std::uint64_t request = 1; request <= 5; ++request) {
        for (auto& word : kiosk.ticket(request, 10 + request, static_cast<int>(request))) {
            if (word.starts_with("send")) sent.push_back(word);
        }
    }
    CHECK(sent == Words{"send 2 issue service-2", "send 3 issue service-3",
                        "send 4 issue service-4", "send 5 issue service-5"});
}

TEST_CASE("a button that is mashed counts once", "[kiosk][F22]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    SECTION("for as long as it is mashed") {
        for (int i = 0; i < 10; ++i) {
            kiosk.wait(999ms);
            kiosk.ticket(1, 7);  // answered meanwhile or not
            CHECK(kiosk.press(1).empty());
        }
        kiosk.wait(1000ms);
        CHECK_FALSE(kiosk.press(1).empty());
    }
    SECTION("also together with another one") {
        Words sent;
        for (int i = 0; i < 20; ++i) {
            kiosk.now += 100ms;
            for (auto& word : kiosk.press(1 + (i + 1) % 2))
                sent.push_back(word);
            for (auto& word : kiosk.ticket(static_cast<std::uint64_t>(1 + i), 7u + i)) {
                if (word.starts_with("send")) sent.push_back(word);
            }
        }
        CHECK(sent == Words{"send 2 issue service-2"});
    }
    SECTION("and a press that waits already is not taken twice") {
        kiosk.press(2);
        kiosk.wait(2s);
        CHECK(kiosk.press(2).empty());
        kiosk.ticket(1, 7);
        CHECK(kiosk.ticket(2, 8, 2) == Words{"save (no request) (job 8 queued)"});
    }
    SECTION("and another person's press of it afterwards counts") {
        kiosk.ticket(1, 7);
        kiosk.wait(1s);
        CHECK(kiosk.press(1) ==
              Words{"show wait", "write (request 2 issue service-1)", "send 2 issue service-1"});
    }
}

TEST_CASE("presses of many buttons are limited, and one too many is told so", "[kiosk][R13][F22]") {
    Bench kiosk;
    kiosk.make_ready(35);
    std::uint64_t request = 0;
    int numbers = 0;
    // Whether BUTTON gave a number at once.
    const auto gives = [&](int button) {
        const auto said = kiosk.press(button);
        if (said == Words{"show too many"}) return false;
        const auto ticket = 100u + request;
        kiosk.ticket(++request, ticket, button);
        kiosk.printed(ticket);
        kiosk.done(++request);
        ++numbers;
        return true;
    };
    for (int button = 1; button <= 10; ++button)
        CHECK(gives(button));
    CHECK_FALSE(gives(11));
    SECTION("and says so again to who presses again") {
        CHECK(kiosk.wait(5s) == Words{"show ready"});
        // Two were given back meanwhile.
        CHECK(gives(11));
        CHECK(gives(12));
        CHECK_FALSE(gives(13));
        CHECK(kiosk.wait(5s) == Words{"show ready"});
    }
    SECTION("a press that gives no number for another reason takes none") {
        kiosk.wait(2s);
        CHECK(kiosk.press(99) == Words{"show unknown button"});
        kiosk.printer(PrinterReady::paper_out);
        kiosk.press(12);
        kiosk.printer(PrinterReady::yes);
        CHECK(gives(13));
    }
    SECTION("a rush of one paper each 2 s goes on for ever") {
        for (int i = 0; i < 100; ++i) {
            kiosk.wait(2s);
            CHECK(gives(12 + i % 5));
        }
    }
    SECTION("and after a pause the whole of it is there again") {
        kiosk.wait(1h);
        for (int button = 12; button <= 21; ++button)
            CHECK(gives(button));
        CHECK_FALSE(gives(22));
    }
}

TEST_CASE("a kiosk may have a limit of its own", "[kiosk]") {
    Bench kiosk;
    kiosk.core = Core{{}, {2, 10s}};
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.press(2);
    CHECK(kiosk.press(3) == Words{"show too many"});
    kiosk.wait(9s);
    CHECK(kiosk.press(3) == Words{"show too many"});
    kiosk.wait(1s);
    CHECK(kiosk.press(4) == Words{"show wait"});
}

TEST_CASE("a second button at once is told so where nobody waits for a number", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    const auto together = [&] {
        Actions out;
        kiosk.core.pressed_together(kiosk.now, out);
        Words all;
        for (const auto& action : out)
            all.push_back(words(action));
        return all;
    };
    SECTION("a button is held, and its number is out") {
        CHECK(together() == Words{"show one button"});
        CHECK(together().empty());
        CHECK(kiosk.wait(5s) == Words{"show ready"});
    }
    SECTION("else the display is about the first") {
        kiosk.press(1);
        CHECK(together().empty());
        kiosk.ticket(1, 7);
        CHECK(together().empty());
        kiosk.printed(7);
        CHECK(together().empty());
    }
}

}  // namespace antrean::kiosk
