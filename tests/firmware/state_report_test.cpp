// When the controller is told what somebody has to see to at the kiosk.
#include "firmware/kiosk/state_report.hpp"

#include "tests/catch.hpp"

namespace {

using namespace antrean;
using namespace antrean::kiosk;
using namespace std::chrono_literals;
using proto::PrinterState;

SteadyTime at(std::chrono::milliseconds time) {
    return SteadyTime{time};
}

TEST_CASE("a state is told after the welcome, and when it changes", "[kiosk][state]") {
    StateReport report{at(-1h)};
    const proto::KioskState good{{PrinterState::ready}};
    const proto::KioskState low{{PrinterState::paper_low}};
    CHECK_FALSE(report.take(good, at(0ms)));
    report.linked();
    CHECK(report.take(good, at(100ms)));
    CHECK_FALSE(report.take(good, at(5s)));
    CHECK(report.take(low, at(6s)));
    report.unlinked();
    CHECK_FALSE(report.take(low, at(7s)));
    report.linked();
    CHECK(report.take(low, at(7s)));
}

TEST_CASE("a state that changes all the time is told once a second", "[kiosk][state]") {
    StateReport report{at(-1h)};
    report.linked();
    int told = 0;
    for (auto time = 0ms; time < 10s; time += 100ms) {
        const auto state = time.count() / 100 % 2 == 0 ? PrinterState::ready : PrinterState::gone;
        told += report.take({{state}}, at(time)) ? 1 : 0;
    }
    CHECK(told == 10);
    // What it is in the end is told as well.
    CHECK_FALSE(report.take({{PrinterState::cover_open}}, at(10s)));
    const auto deadline = report.deadline();
    REQUIRE(deadline);
    CHECK(report.take({{PrinterState::cover_open}}, *deadline));
    CHECK_FALSE(report.deadline());
}

TEST_CASE("a printer that has not been greeted yet is not told as gone", "[kiosk][state]") {
    StateReport report{at(0ms)};
    report.linked();
    const proto::KioskState gone{{PrinterState::ready, PrinterState::gone}};
    CHECK_FALSE(report.take(gone, at(100ms)));
    SECTION("it comes") {
        CHECK(report.take({{PrinterState::ready, PrinterState::ready}}, at(500ms)));
    }
    SECTION("it does not come") {
        const auto deadline = report.deadline();
        REQUIRE(deadline);
        CHECK(report.take(gone, *deadline));
    }
}

}  // namespace
