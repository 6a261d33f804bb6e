// Every fault at every byte of a paper, on one printer of each rung of evidence: what the driver
// says of the paper is never contradicted by what lies in front of the printer.
#include "tests/catch.hpp"
#include "tests/drivers/printer_world.hpp"

#include <map>

namespace {

using namespace antrean::printer_world;
namespace escpos = antrean::escpos;

// off_and_on: behind an adapter that keeps the link. A buffered one also takes every byte at once,
// and passes on later what the printer does not take.
enum class Fault {
    paper_out,
    cover_open,
    jam,
    unplug,
    power_cycle,
    host_reboot,
    off_and_on,
    off_and_on_buffered
};
constexpr int fault_count = 8;

struct Rung {
    const char* name;
    Kind kind;
    Evidence evidence;
};
std::vector<Rung> rungs() {
    return {{"process id", epson(), Evidence::process_id},
            {"process id and counter", counting_epson(), Evidence::process_id_and_counter},
            {"barrier", clone(), Evidence::barrier},
            {"custom", custom(), Evidence::presenter},
            {"sensing custom", sensing_custom(), Evidence::presenter},
            {"mute", mute(), Evidence::none},
            {"status alone", star(), Evidence::none}};
}

// The printer is as fast as it is, and the bytes come while it prints.
void slow_down(World& world) {
    world.chunk_time = 2ms;
}

struct Healthy {
    Sheet sheet;
    std::size_t bytes = 0;  // from print() on
    Done done{};
};
Healthy healthy(const Rung& rung, const std::string& number, bool parted) {
    World world{rung.kind};
    world.open();
    REQUIRE(world.run_until(PrinterState::ready));
    world.pass(3s);
    slow_down(world);
    const std::size_t before = world.received;
    world.print(1, ticket(rung.kind.believed, number, parted));
    REQUIRE(world.run_until_done(1));
    const std::size_t bytes = world.received - before;
    world.pass(3s);
    REQUIRE_FALSE(world.papers.empty());
    REQUIRE(world.papers.back().whole);
    REQUIRE(world.papers.back().rows == 24);
    return {world.papers.back(), bytes, world.dones[0]};
}

void strike(World& world, Fault fault) {
    auto& p = world.printer;
    switch (fault) {
        case Fault::paper_out:
            return p.set_paper_left(world.now, 0);
        case Fault::cover_open:
            return p.open_cover(world.now);
        case Fault::jam:
            return p.jam_cutter(world.now);
        case Fault::unplug:  // the printer goes on with what it has
            return world.close();
        case Fault::power_cycle:
            p.power_off(world.now);
            return world.close();
        case Fault::host_reboot:
            return world.reboot();
        case Fault::off_and_on:
        case Fault::off_and_on_buffered:
            p.power_off(world.now);
            return world.at(world.now + 4s, [&world] { world.printer.power_on(world.now); });
    }
}

void heal(World& world, Fault fault) {
    auto& p = world.printer;
    switch (fault) {
        case Fault::paper_out:
            p.open_cover(world.now);
            p.load_paper(world.now);
            return p.close_cover(world.now);
        case Fault::cover_open:
            return p.close_cover(world.now);
        case Fault::jam:
            p.clear_jam(world.now);
            return;
        case Fault::power_cycle:
            p.power_on(world.now);
            return world.open();
        case Fault::unplug:
        case Fault::host_reboot:
            return world.open();
        case Fault::off_and_on:
        case Fault::off_and_on_buffered:
            return;
    }
}

std::ptrdiff_t pieces_with(const World& world, const std::string& number) {
    return std::count_if(world.papers.begin(), world.papers.end(), [&](const Sheet& sheet) {
        return sheet.text.find(number) != std::string::npos;
    });
}

Outcome follow(const Rung& rung, Fault fault, std::size_t at_byte, const Healthy& first,
               const Healthy& next) {
    CAPTURE(rung.name, static_cast<int>(fault), at_byte);
    World world{rung.kind};
    world.open();
    REQUIRE(world.run_until(PrinterState::ready));
    world.pass(3s);
    slow_down(world);
    const std::size_t before = world.received;
    bool struck = false;
    world.adapter = fault == Fault::off_and_on_buffered;
    world.at_byte(at_byte, [&] {
        struck = true;
        strike(world, fault);
    });
    world.print(1, ticket(rung.kind.believed, "A001"));
    const bool lost = fault == Fault::host_reboot;
    Outcome outcome = Outcome::unconfirmed;
    if (lost) {
        world.run([&] { return struck; }, 10s);
    } else {
        REQUIRE(world.run_until_done(1));
        const Done& done = world.dones[0];
        outcome = done.outcome;
        REQUIRE((outcome == Outcome::printed) == (done.reason == Reason::none));
        REQUIRE((outcome == Outcome::printed) == (done.evidence != Evidence::none));
        if (outcome == Outcome::printed) {
            REQUIRE(world.count(first.sheet) == 1);
            REQUIRE(done.evidence <= rung.evidence);
        }
    }
    REQUIRE(struck);

    world.pass(5s);
    heal(world, fault);
    world.pass(fault == Fault::jam && !rung.kind.believed.answers ? 1s : 60s);
    if (fault == Fault::jam && !rung.kind.believed.answers) {
        // A person switches a printer off and on that nothing else recovers.
        world.close();
        world.printer.power_off(world.now);
        world.pass(2s);
        world.printer.power_on(world.now);
        world.open();
        world.pass(20s);
    }
    CAPTURE(to_string(world.machine->state()));
    REQUIRE(world.machine->state() == PrinterState::ready);
    // Whatever came out, came out once; and nothing of what surely did not.
    world.collect();
    REQUIRE(world.count(first.sheet) <= 1);
    REQUIRE(pieces_with(world, "A001") <= 1);
    if (outcome == Outcome::not_printed) {
        REQUIRE(pieces_with(world, "A001") == 0);
        REQUIRE(world.received >= before);
    }
    // Of a mute printer behind such an adapter there is no sign that anything went wrong.
    if (!rung.kind.believed.answers && fault == Fault::off_and_on_buffered) return outcome;

    // The next paper is whole and alone.
    if (!lost) world.papers.clear();  // otherwise it cuts off what hangs out
    const std::size_t done_before = world.dones.size();
    world.print(2, ticket(rung.kind.believed, "A002", lost));
    REQUIRE(world.run_until_done(done_before + 1));
    world.pass(3s);
    CAPTURE(to_string(world.dones.back().reason));
    REQUIRE(world.dones.back().outcome == next.done.outcome);
    // A ticket that nobody took hides the next one from the sensor.
    const bool hidden = next.done.evidence == Evidence::presenter &&
                        world.dones.back().evidence == Evidence::counter;
    if (!hidden) REQUIRE(world.dones.back().evidence == next.done.evidence);
    REQUIRE_FALSE(world.papers.empty());
    REQUIRE(world.papers.back() == next.sheet);
    REQUIRE(pieces_with(world, "A001") <= (lost ? 1 : 0));
    return outcome;
}

TEST_CASE("a healthy printer's word rests on its rung", "[printer][bytes]") {
    for (const Rung& rung : rungs()) {
        CAPTURE(rung.name);
        const Healthy run = healthy(rung, "A001", false);
        CHECK(run.done.evidence == rung.evidence);
        CHECK(run.done.outcome ==
              (rung.evidence == Evidence::none ? Outcome::unconfirmed : Outcome::printed));
        CHECK(run.bytes > 180);
    }
}

void sweep(std::size_t rung_index) {
    const Rung rung = rungs()[rung_index];
    const auto fault = static_cast<Fault>(GENERATE(range(0, fault_count)));
    const Healthy first = healthy(rung, "A001", false);
    const Healthy next = healthy(rung, "A002", fault == Fault::host_reboot);
    std::map<Outcome, int> seen;
    for (std::size_t at = 0; at < first.bytes; ++at)
        ++seen[follow(rung, fault, at, first, next)];
    CAPTURE(rung.name, static_cast<int>(fault), first.bytes, seen[Outcome::printed],
            seen[Outcome::unconfirmed], seen[Outcome::not_printed]);
    // The sweep reaches what it is about.
    CHECK(seen[Outcome::unconfirmed] > 0);
    if (rung.kind.believed.answers && fault != Fault::host_reboot && fault != Fault::jam)
        CHECK(seen[Outcome::not_printed] > 0);
}

TEST_CASE("no fault at any byte is told wrongly by a process id",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(0);
}
TEST_CASE("no fault at any byte is told wrongly by a process id and counters",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(1);
}
TEST_CASE("no fault at any byte is told wrongly by a barrier",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(2);
}
TEST_CASE("no fault at any byte is told wrongly by a presenter and counters",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(3);
}
TEST_CASE("no fault at any byte is told wrongly by a presenter alone",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(4);
}
TEST_CASE("no fault at any byte is told wrongly of a mute printer",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(5);
}
TEST_CASE("no fault at any byte is told wrongly of a Star printer",
          "[printer][bytes][R2][F19][F20][F21]") {
    sweep(6);
}

}  // namespace
