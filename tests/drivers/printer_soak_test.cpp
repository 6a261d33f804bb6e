// A day at one printer, in virtual time: a ticket each ten seconds, and faults among them. What is
// held in memory, counted below operator new, is the same in each hour.
#include "tests/catch.hpp"
#include "tests/drivers/printer_world.hpp"
#include "tests/live_bytes.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace {

using namespace antrean::printer_world;

enum Fault { paper_out, cover_open, jam, unplug, power_cycle, silence, heat, fault_count };

void strike(World& world, int fault) {
    auto& p = world.printer;
    if (fault == paper_out) p.set_paper_left(world.now, 0);
    if (fault == cover_open) p.open_cover(world.now);
    if (fault == jam) p.jam_cutter(world.now);
    if (fault == silence) p.mute(true);
    if (fault == heat) p.overheat(world.now, true);
    if (fault == power_cycle) p.power_off(world.now);
    if (fault == power_cycle || fault == unplug) world.close();
}

void heal(World& world, int fault) {
    auto& p = world.printer;
    p.load_paper(world.now);
    p.close_cover(world.now);
    p.clear_jam(world.now);
    p.overheat(world.now, false);
    p.mute(false);
    p.power_on(world.now);
    if (fault == power_cycle || fault == unplug) world.open();
}

TEST_CASE("a day of tickets and faults leaves nothing behind", "[printer][soak]") {
    const std::vector<Kind> kinds{counting_epson(), clone(), custom(), mute()};
    const Kind kind = kinds[GENERATE(range(std::size_t{0}, std::size_t{4}))];
    constexpr int tickets_per_hour = 360;
    constexpr int hours = 24;
    World world{kind};
    std::mt19937 random{5};
    world.open();
    world.pass(20s);
    std::vector<std::size_t> held;
    held.reserve(hours);
    std::map<Outcome, int> seen{
        {Outcome::printed, 0}, {Outcome::unconfirmed, 0}, {Outcome::not_printed, 0}};
    std::uint64_t id = 0;
    for (int hour = 0; hour < hours; ++hour) {
        for (int i = 0; i < tickets_per_hour; ++i) {
            const auto next = world.now + 10s;
            // About one in forty is hit; hands come a minute later.
            const int fault = i < tickets_per_hour - 20 && random() % 40 == 0
                                  ? static_cast<int>(random() % fault_count)
                                  : static_cast<int>(fault_count);
            if (fault != fault_count)
                world.at(world.now + std::chrono::milliseconds{random() % 1500},
                         [&world, fault] { strike(world, fault); });
            if (!world.machine->busy()) {
                ++id;
                world.print(id, ticket(kind.believed, "A" + std::to_string(id)));
            }
            if (fault != fault_count) {
                world.pass(60s);
                heal(world, fault);
                world.pass(30s);
            }
            if (next > world.now)
                world.pass(std::chrono::duration_cast<std::chrono::milliseconds>(next - world.now));
            world.printer.take_ticket(world.now);
            world.printer.take_fates();
            for (const Done& done : world.dones)
                ++seen[done.outcome];
            world.dones.clear();
            world.papers.clear();
            world.presentations.clear();
        }
        world.pass(60s);
        REQUIRE_FALSE(world.machine->busy());
        held.push_back(antrean::live_bytes::now());
    }
    CAPTURE(kind.believed.name, id, held, seen[Outcome::printed], seen[Outcome::unconfirmed],
            seen[Outcome::not_printed]);
    CHECK(id > hours * tickets_per_hour * 9 / 10);
    if (kind.believed.answers) CHECK(seen[Outcome::printed] > hours * tickets_per_hour * 9 / 10);
    CHECK(seen[Outcome::unconfirmed] > 0);
    // The first hour fills what is kept for use: buffers at their largest, notes of the printer.
    const auto [least, most] = std::minmax_element(held.begin() + 1, held.end());
    CHECK(*most - *least <= 4096);
    CHECK(held.back() <= held[1] + 1024);
}

}  // namespace
