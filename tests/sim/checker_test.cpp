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
    Bench() { issue(2); }
    // A-001, as the event SEQ.
    void issue(std::uint64_t seq, std::uint32_t epoch = 0, DeviceId to = kiosk) {
        hold(seq, engine::Issued{{to, RequestId{seq}},
                                 {engine::ticket_id(epoch, seq), *SeriesId::parse("a"),
                                  TicketNumber{1}, "A-001", service},
                                 0});
    }
    void hold(std::uint64_t seq, engine::Fact fact) {
        checker.journal_holds(seq, {{issued_at, 420min, day}, std::move(fact)});
    }
    // The ticket's bytes, and the paper that they become.
    std::vector<std::byte> bytes(bool copy) const {
        kiosk::Paper paper;
        paper.label = "A-001";
        paper.site_name = "Mal Uji";
        paper.service_day = day;
        paper.issued = issued_at;
        paper.utc_offset = 420min;
        paper.zone = "WIB";
        return kiosk::lay_out(paper, copy, escpos::generic_80());
    }
    void print(bool copy, DeviceId at = kiosk) {
        checker.paper_given({at}, bytes(copy));
        auto profile = virtual_printer::generic_80();
        profile.speed_mm_per_s = 0;
        virtual_printer::Machine printer{profile};
        printer.receive(bytes(copy), SteadyTime{});
        for (const auto& paper : printer.take_papers())
            checker.paper_out({at}, paper);
    }

    ServiceDay day{std::chrono::year{2026} / 1 / 5};
    WallTime issued_at{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 1h};
    World world{1, Telling::keep};
    const Sites sites = [] {
        auto site = std::make_shared<site::Site>();
        site->name = "Mal Uji";
        return Sites{{"", std::move(site)}};
    }();
    Checker checker{world, sites};
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
    bench.hold(7, engine::DayClosed{{kiosk, RequestId{7}}});
    bench.checker.durable(7);
    const proto::Called one{RequestId{7}, TicketId{2}, "A-001"};
    const proto::Called other{RequestId{7}, TicketId{3}, "A-002"};
    bench.checker.answer_seen(kiosk, one);
    CHECK(rule_of([&] { bench.checker.answer_seen(kiosk, one); }) == "none");
    CHECK(rule_of([&] { bench.checker.answer_seen(kiosk, other); }) == "R5");
}

TEST_CASE("a call on a screen that is not durable breaks R7", "[sim][checker]") {
    Bench bench;
    proto::CounterView view;
    view.counter = *CounterId::parse("loket-1");
    view.ticket = TicketId{2};
    view.label = "A-001";
    CHECK(rule_of([&] {
              bench.checker.callpad_shows(*DeviceId::parse("callpad-1"),
                                          {view, callpad::Screen::Note::none});
          }) == "R7");
}

TEST_CASE("a disk that forgets what it had synced breaks R4", "[sim][checker]") {
    Bench bench;
    bench.checker.durable(2);
    CHECK(rule_of([&] { bench.checker.controller_started(1, false); }) == "R4");
}

TEST_CASE("an answer that the journal lacks breaks R4", "[sim][checker]") {
    Bench bench;
    const auto answered = [&] {
        return rule_of([&] { bench.checker.answer_seen(kiosk, proto::Done{RequestId{5}}); });
    };
    CHECK(answered() == "R4");
    bench.hold(5, engine::DayClosed{{kiosk, RequestId{5}}});
    CHECK(answered() == "R4");  // on its way to the disk
    bench.checker.durable(5);
    CHECK(answered() == "none");
    CHECK(rule_of([&] { bench.checker.finish({}); }) == "R4");
}

TEST_CASE("a label that the restore forgot breaks R1 when it is given again", "[sim][checker]") {
    Bench bench;
    bench.checker.durable(2);
    bench.print(false);
    bench.checker.journal_restored(1, true);
    CHECK(rule_of([&] { bench.issue(3, 1); }) == "R1");
}

TEST_CASE("an old journal without its sign may give a label again until its kiosk is back",
          "[sim][checker]") {
    const auto other = *DeviceId::parse("kiosk-2");
    Bench bench;
    bench.checker.durable(2);
    proto::Ticket ticket;
    ticket.request = RequestId{2};
    ticket.ticket = TicketId{2};
    ticket.label = "A-001";
    bench.checker.answer_seen(kiosk, ticket);
    bench.print(false);
    bench.checker.journal_restored(1, false);
    const bool is_back = GENERATE(false, true);
    if (is_back) {
        proto::Welcome welcome;
        welcome.service_day = bench.day;
        bench.checker.device_welcomed(kiosk, welcome);
    }
    CHECK(rule_of([&] { bench.issue(3, 0, other); }) == (is_back ? "R1" : "none"));
}

TEST_CASE("two papers of one number from two kiosks break R1", "[sim][checker]") {
    const auto other = *DeviceId::parse("kiosk-2");
    Bench bench;
    bench.issue(3, 0, other);
    bench.checker.durable(3);
    bench.print(false);
    CHECK(rule_of([&] { bench.print(false, other); }) == "R1");
}

TEST_CASE("a position behind the one that a device was told breaks R9", "[sim][checker]") {
    Bench bench;
    proto::Hello hello;
    hello.journal_seq = 5;
    bench.checker.device_greets(kiosk, hello);
    proto::Welcome welcome;
    welcome.journal_seq = 4;
    CHECK(rule_of([&] { bench.checker.device_welcomed(kiosk, welcome); }) == "R9");
    welcome.journal_seq = 5;
    CHECK(rule_of([&] { bench.checker.device_welcomed(kiosk, welcome); }) == "none");
}

TEST_CASE("papers whose report the restore forgot are not waited for", "[sim][checker]") {
    Bench bench;
    CHECK_FALSE(bench.checker.all_papers_told());
    bench.hold(3, engine::PaperReported{
                      {kiosk, RequestId{3}},
                      {TicketId{2}, *SeriesId::parse("a"), TicketNumber{1}, "A-001", service},
                      engine::Outcome::printed,
                      "none"});
    CHECK(bench.checker.all_papers_told());
    const auto last = GENERATE(1, 2);  // its number is forgotten too, or is not
    bench.checker.journal_restored(static_cast<std::uint64_t>(last), true);
    CHECK(bench.checker.all_papers_told());
}

}  // namespace antrean::sim
