// Every fault at every byte of a paper: what the driver says is compared with what came out.
#include "tests/catch.hpp"
#include "tests/drivers/printer_bench.hpp"

#include <map>

namespace {

using namespace antrean::printer_test;

enum class Fault { paper_out, cover_open, jam, power_cycle, cable, mute, refuse, short_mute, hot };

struct Course {
    Kind kind;
    Fault fault;
    std::size_t at_byte;
    std::size_t chunk;
};

void strike(Bench& bench, Fault fault) {
    switch (fault) {
        case Fault::paper_out:
            return bench.printer.set_paper(false);
        case Fault::cover_open:
            return bench.printer.set_cover(true);
        case Fault::jam:
            return bench.printer.set_jam(true);
        case Fault::power_cycle:
            bench.printer.power_cycle();
            return bench.close(Reason::gone);
        case Fault::cable:  // the printer keeps what it has
            return bench.close(Reason::gone);
        case Fault::mute:
        case Fault::short_mute:
            return bench.printer.set_mute(true);
        case Fault::refuse:
            bench.refuses = true;
            return;
        case Fault::hot:
            return bench.printer.set_hot(true);
    }
}

void heal(Bench& bench, Fault fault) {
    bench.printer.set_paper(true);
    bench.printer.set_cover(false);
    bench.printer.set_jam(false);
    bench.printer.set_mute(false);
    bench.printer.set_hot(false);
    bench.refuses = false;
    if (fault == Fault::power_cycle || fault == Fault::cable) bench.open();
}

// How many bytes the driver sends from print() on, when nothing happens.
std::size_t healthy_bytes(const Kind& kind) {
    Bench bench{kind.profile, kind.abilities};
    bench.open();
    bench.pass(5s);
    const std::size_t before = bench.printer.bytes_taken;
    bench.print(1, ticket(kind.profile, "A001"));
    bench.run_until_done(1);
    return bench.printer.bytes_taken - before;
}

std::map<Outcome, int> follow(const Course& course) {
    CAPTURE(static_cast<int>(course.fault), course.at_byte, course.chunk, course.kind.profile.name);
    Bench bench{course.kind.profile, course.kind.abilities};
    bench.chunk = course.chunk;
    bench.open();
    bench.pass(5s);
    const std::size_t before = bench.printer.bytes_taken;
    bool struck = false;
    bench.before_byte = [&] {
        if (struck || bench.printer.bytes_taken < before + course.at_byte) return;
        struck = true;
        strike(bench, course.fault);
    };
    bench.print(1, ticket(course.kind.profile, "A001"));
    const bool passes = course.fault == Fault::short_mute || course.fault == Fault::hot;
    if (passes) {
        bench.run([&] { return !bench.dones.empty(); }, 4s);
        heal(bench, course.fault);
    }
    REQUIRE(bench.run_until_done(1));
    REQUIRE(struck);
    const std::size_t lines = bench.printer.lines_printed;
    const Outcome outcome = bench.dones[0].outcome;
    const auto copies = std::count(bench.printer.papers().begin(), bench.printer.papers().end(),
                                   ticket_text("A001"));
    if (outcome == Outcome::printed) {
        REQUIRE(copies == 1);
    }
    REQUIRE((outcome == Outcome::not_printed) == !bench.paper_given);
    REQUIRE((outcome == Outcome::printed) == (bench.dones[0].reason == Reason::none));

    // Afterwards the printer works again by itself, and the next paper is whole and alone.
    bench.pass(10s);
    heal(bench, course.fault);
    bench.pass(30s);
    REQUIRE(bench.machine.state() == PrinterState::ready);
    // What a printer can clear does not come out when it has paper again.
    const bool stopped = course.fault == Fault::paper_out || course.fault == Fault::cover_open ||
                         course.fault == Fault::jam;
    if (course.kind.profile.clear == antrean::escpos::ClearCommand::dle_dc4_8 && stopped) {
        REQUIRE(bench.printer.lines_printed == lines);
    }
    bench.print(2, ticket(course.kind.profile, "A002"));
    REQUIRE(bench.run_until_done(2));
    REQUIRE(bench.dones.size() == 2);
    REQUIRE(bench.dones[1].outcome == Outcome::printed);
    REQUIRE(bench.printer.papers().back() == ticket_text("A002"));
    const auto all = std::count(bench.printer.papers().begin(), bench.printer.papers().end(),
                                ticket_text("A001"));
    REQUIRE(all <= 1);
    if (outcome == Outcome::not_printed) {
        REQUIRE(all == 0);
    }
    return {{outcome, 1}};
}

TEST_CASE("no fault at any byte of a paper makes a wrong outcome",
          "[printer][sweep][R2][F19][F20][F21]") {
    const Kind kind = GENERATE(0, 1) == 0 ? epson() : clone();
    const auto fault = static_cast<Fault>(GENERATE(range(0, 9)));
    const std::size_t chunk = GENERATE(1u, 16u, 4096u);
    const std::size_t bytes = healthy_bytes(kind);
    REQUIRE(bytes > 80);
    std::map<Outcome, int> seen;
    for (std::size_t at = 0; at < bytes; ++at)
        for (const auto& [outcome, count] : follow({kind, fault, at, chunk}))
            seen[outcome] += count;
    CAPTURE(kind.profile.name, static_cast<int>(fault), chunk, seen[Outcome::printed],
            seen[Outcome::unconfirmed], seen[Outcome::not_printed]);
    // The sweep reaches what it is about.
    if (fault == Fault::hot)
        CHECK(seen[Outcome::printed] > 0);
    else
        CHECK(seen[Outcome::unconfirmed] > 0);
    if (fault == Fault::paper_out || fault == Fault::cover_open || fault == Fault::cable)
        CHECK(seen[Outcome::not_printed] > 0);
}

}  // namespace
