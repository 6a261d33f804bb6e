#include "firmware/kiosk/printers.hpp"
#include "tests/catch.hpp"

namespace {

using namespace antrean::kiosk;
using State = antrean::printer::PrinterState;

const std::vector<State> can_print{State::ready, State::paper_low, State::head_hot};
const std::vector<State> cannot_print{State::paper_out, State::cover_open, State::cutter_jam,
                                      State::offline,   State::gone,       State::faulty};

Printers two(State first, State second) {
    Printers printers{2};
    printers.set_state(0, first);
    printers.set_state(1, second);
    return printers;
}

TEST_CASE("a single printer gets every ticket, and its trouble is the kiosk's",
          "[kiosk][printers]") {
    Printers printers{1};
    CHECK(printers.ready() == PrinterReady::trouble);  // not seen yet
    for (const State state : can_print) {
        printers.set_state(0, state);
        CHECK(printers.next() == 0);
        CHECK(printers.ready() == PrinterReady::yes);
    }
    for (const State state : cannot_print) {
        printers.set_state(0, state);
        CHECK(printers.next() == 0);
        CHECK(printers.ready() == to_ready(state));
    }
}

TEST_CASE("the first printer is used as long as it can print", "[kiosk][printers]") {
    for (const State first : {State::ready, State::paper_low}) {
        for (const State second : {State::ready, State::paper_low, State::gone, State::paper_out}) {
            const Printers printers = two(first, second);
            CHECK(printers.next() == 0);
            CHECK(printers.ready() == PrinterReady::yes);
        }
    }
}

TEST_CASE("the second printer takes over when the first cannot print", "[kiosk][printers]") {
    for (const State first : cannot_print) {
        for (const State second : can_print) {
            const Printers printers = two(first, second);
            CHECK(printers.next() == 1);
            CHECK(printers.ready() == PrinterReady::yes);
        }
    }
}

TEST_CASE("the first printer is taken again when it is ready", "[kiosk][printers]") {
    Printers printers = two(State::ready, State::ready);
    printers.set_state(0, State::paper_out);
    REQUIRE(printers.next() == 1);
    printers.set_state(0, State::ready);
    CHECK(printers.next() == 0);
}

TEST_CASE("a printer that cools down is used if the other cannot print", "[kiosk][printers]") {
    CHECK(two(State::head_hot, State::ready).next() == 1);
    CHECK(two(State::head_hot, State::head_hot).next() == 0);
    CHECK(two(State::head_hot, State::paper_out).next() == 0);
    CHECK(two(State::head_hot, State::gone).ready() == PrinterReady::yes);
}

TEST_CASE("trouble is shown only if no printer can print, and what can be mended first",
          "[kiosk][printers]") {
    for (const State first : cannot_print) {
        for (const State second : cannot_print) {
            const Printers printers = two(first, second);
            CHECK(printers.ready() != PrinterReady::yes);
            CHECK(printers.ready() == to_ready(printers.next() == 0 ? first : second));
        }
    }
    CHECK(two(State::gone, State::paper_out).ready() == PrinterReady::paper_out);
    CHECK(two(State::cover_open, State::paper_out).ready() == PrinterReady::cover_open);
    CHECK(two(State::gone, State::faulty).ready() == PrinterReady::trouble);
}

TEST_CASE("what may hang out of a printer is cut off by its own next paper", "[kiosk][printers]") {
    Printers printers = two(State::ready, State::ready);
    CHECK_FALSE(printers.take_parted(0));
    printers.set_parted();  // after a restart nobody knows which one had printed
    CHECK(printers.take_parted(0));
    CHECK_FALSE(printers.take_parted(0));
    CHECK(printers.take_parted(1));
    CHECK_FALSE(printers.take_parted(1));
}

}  // namespace
