// Faults at any moment of a paper, while the head prints behind what has been interpreted.
#include "tests/catch.hpp"
#include "tests/drivers/printer_world.hpp"

#include <random>

namespace {

using namespace antrean::printer_world;
namespace escpos = antrean::escpos;

std::vector<std::byte> long_ticket(const escpos::Profile& profile, const std::string& number) {
    escpos::Encoder encoder{profile};
    encoder.init().align(escpos::Align::center).bold(true).line("Mal Pelayanan Publik");
    encoder.bold(false).line("Jl. Merdeka 1").feed(1).size(4, 4).line(number).size(1, 1);
    encoder.wrapped("Dinas Kependudukan dan Pencatatan Sipil, pembuatan akta kelahiran");
    encoder.feed(1).line("Sabtu 17 Agustus 2024 08:15").cut();
    return encoder.take();
}

Sheet expected(const Kind& kind, const std::string& number) {
    World world{kind};
    world.open();
    world.run_until(PrinterState::ready);
    world.print(1, long_ticket(kind.believed, number));
    world.run_until_done(1);
    REQUIRE(world.papers.size() == 1);
    REQUIRE(world.papers[0].whole);
    REQUIRE(world.dones[0].outcome == Outcome::printed);
    REQUIRE(world.printer.unknown_count() == 0);
    return world.papers[0];
}

TEST_CASE("a paper is not called printed before it is out", "[printer][timed]") {
    const Kind kind = std::vector{epson(), clone(), custom()}[GENERATE(0u, 1u, 2u)];
    const Sheet sheet = expected(kind, "A001");
    CHECK_THAT(sheet.text, Catch::Contains("A001\n"));
    CHECK_THAT(sheet.text, Catch::EndsWith("08:15\n"));
}

TEST_CASE("a paper with a metre of feed is not called printed before it is out",
          "[printer][timed]") {
    const Kind kind = std::vector{epson(), clone(), custom()}[GENERATE(0u, 1u, 2u)];
    CAPTURE(kind.believed.name);
    World world{kind};
    world.open();
    world.run_until(PrinterState::ready);
    escpos::Encoder encoder{kind.believed};
    encoder.init().line("A001").feed(240).line("08:15").cut();
    world.print(1, encoder.take());
    REQUIRE(world.run_until_done(1));
    CHECK(world.dones[0].outcome == Outcome::printed);
    CHECK(world.papers.size() == 1);
}

TEST_CASE("no fault at any moment of a paper makes a wrong outcome", "[printer][timed]") {
    enum Fault { paper_out, cover, jam, power, hot, mute, fault_count };
    const Kind kind = std::vector{counting_epson(), clone(), custom()}[GENERATE(0u, 1u, 2u)];
    const int fault = GENERATE(range(0, static_cast<int>(fault_count)));
    const Sheet sheet = expected(kind, "A001");
    const Sheet next_sheet = expected(kind, "A002");
    std::mt19937 random{static_cast<unsigned>(fault + 1)};
    int printed = 0;
    int unconfirmed = 0;
    for (int round = 0; round < 200; ++round) {
        World world{kind};
        world.open();
        world.run_until(PrinterState::ready);
        world.pass(3s);
        const auto moment = world.now + std::chrono::microseconds{random() % 2'500'000};
        world.at(moment, [&] {
            auto& p = world.printer;
            if (fault == paper_out) p.set_paper_left(world.now, 0);
            if (fault == cover) p.open_cover(world.now);
            if (fault == jam) p.jam_cutter(world.now);
            if (fault == hot) p.overheat(world.now, true);
            if (fault == mute) p.mute(true);
            if (fault == power) {
                p.power_off(world.now);
                world.close();
            }
        });
        world.print(1, long_ticket(kind.believed, "A001"));
        REQUIRE(world.run_until_done(1));
        CAPTURE(kind.believed.name, fault, round, static_cast<int>(world.dones[0].reason));
        const auto copies = world.count(sheet);
        const Outcome outcome = world.dones[0].outcome;
        if (outcome == Outcome::printed) {
            REQUIRE(copies == 1);
            ++printed;
        }
        if (outcome == Outcome::unconfirmed) ++unconfirmed;

        world.pass(5s);
        auto& p = world.printer;
        if (fault == paper_out) p.load_paper(world.now);
        if (fault == cover) p.close_cover(world.now);
        if (fault == jam) p.clear_jam(world.now);
        if (fault == hot) p.overheat(world.now, false);
        p.mute(false);
        if (fault == power) {
            p.power_on(world.now);
            world.open();
        }
        world.pass(60s);
        REQUIRE(world.machine->state() == PrinterState::ready);
        world.papers.clear();
        world.print(2, long_ticket(kind.believed, "A002"));
        REQUIRE(world.run_until_done(2));
        REQUIRE(world.dones[1].outcome == Outcome::printed);
        REQUIRE(world.papers == std::vector{next_sheet});
    }
    CHECK(printed > 0);
    if (fault != hot) CHECK(unconfirmed > 0);
}

}  // namespace
