#include "tests/sim/checker.hpp"

#include "drivers/escpos/profile.hpp"
#include "firmware/kiosk/layout.hpp"
#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

namespace antrean::sim {
namespace {

using namespace std::chrono_literals;

const DeviceId kiosk = *DeviceId::parse("kiosk-1");
const ServiceId service = *ServiceId::parse("a1");

std::string rule_of(const std::function<void()>& what) {
    try {
        what();
    } catch (const Broken& broken) {
        return broken.rule;
    }
    return "none";
}

struct Bench {
    Bench() {
        site.name = "Mal Uji";
        engine::Event event;
        event.stamp = {issued_at, 420min, day};
        event.fact =
            engine::Issued{{kiosk, RequestId{1}},
                           {TicketId{2}, *SeriesId::parse("a"), TicketNumber{1}, "A-001", service},
                           0};
        checker.journal_holds(2, event);
    }
    // The ticket's bytes, and the paper that they become.
    std::vector<std::byte> bytes(bool copy) const {
        kiosk::Paper paper;
        paper.label = "A-001";
        paper.site_name = site.name;
        paper.service_day = day;
        paper.issued = issued_at;
        paper.utc_offset = 420min;
        paper.zone = "WIB";
        return kiosk::lay_out(paper, copy, escpos::generic_80());
    }
    void print(bool copy) {
        checker.paper_given(kiosk, bytes(copy));
        auto profile = virtual_printer::generic_80();
        profile.speed_mm_per_s = 0;
        virtual_printer::Machine printer{profile};
        printer.receive(bytes(copy), SteadyTime{});
        for (const auto& paper : printer.take_papers())
            checker.paper_out(kiosk, paper);
    }

    ServiceDay day{std::chrono::year{2026} / 1 / 5};
    WallTime issued_at{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 1h};
    World world{1, Telling::keep};
    site::Site site;
    Checker checker{world, site};
};

}  // namespace

TEST_CASE("a paper of a number that is not durable breaks R3", "[sim][checker]") {
    Bench bench;
    CHECK(rule_of([&] { bench.print(false); }) == "R3");
    bench.checker.durable(2);
    CHECK(rule_of([&] { bench.print(false); }) == "none");
}

TEST_CASE("a second paper of a number breaks R1 unless it is marked as a copy", "[sim][checker]") {
    Bench bench;
    bench.checker.durable(2);
    bench.print(false);
    CHECK(rule_of([&] { bench.print(true); }) == "none");
    CHECK(rule_of([&] { bench.print(true); }) == "none");
    CHECK(rule_of([&] { bench.print(false); }) == "R1");
}

TEST_CASE("a kiosk's screen that says more than the paper does breaks R6", "[sim][checker]") {
    using Kind = kiosk::Screen::Kind;
    Bench bench;
    bench.checker.durable(2);
    const auto shows = [&](Kind kind) {
        return rule_of([&] { bench.checker.kiosk_shows(kiosk, {kind, "A-001", {}}); });
    };
    CHECK(shows(Kind::take_paper) == "R6");
    CHECK(shows(Kind::not_printed) == "none");
    bench.print(false);
    CHECK(shows(Kind::take_paper) == "none");
    CHECK(shows(Kind::not_printed) == "R6");
}

TEST_CASE("two different answers to one request break R5", "[sim][checker]") {
    Bench bench;
    const proto::Called one{RequestId{7}, TicketId{2}, "A-001"};
    const proto::Called other{RequestId{7}, TicketId{3}, "A-002"};
    bench.checker.answer_seen(kiosk, one);
    CHECK(rule_of([&] { bench.checker.answer_seen(kiosk, one); }) == "none");
    CHECK(rule_of([&] { bench.checker.answer_seen(kiosk, other); }) == "R5");
}

TEST_CASE("a call on a screen that is not durable breaks R7", "[sim][checker]") {
    Bench bench;
    const auto counter = *CounterId::parse("loket-1");
    proto::CounterView view;
    view.ticket = TicketId{2};
    view.label = "A-001";
    CHECK(rule_of([&] {
              bench.checker.callpad_shows(counter, {view, callpad::Screen::Note::none});
          }) == "R7");
}

TEST_CASE("a disk that forgets what it had synced breaks R4", "[sim][checker]") {
    Bench bench;
    bench.checker.durable(2);
    CHECK(rule_of([&] { bench.checker.controller_started(1, false); }) == "R4");
}

TEST_CASE("an answer that the journal lacks breaks R4", "[sim][checker]") {
    Bench bench;
    bench.checker.answer_seen(kiosk, proto::Done{RequestId{5}});
    CHECK(rule_of([&] { bench.checker.finish({}); }) == "R4");
}

}  // namespace antrean::sim
