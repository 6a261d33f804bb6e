// What a printed paper's word rests on, what becomes of a ticket in the presenter, and printers
// that never answer.
#include "tests/catch.hpp"
#include "tests/drivers/printer_world.hpp"

namespace {

using namespace antrean::printer_world;
namespace escpos = antrean::escpos;

void settle(World& world) {
    world.open();
    REQUIRE(world.run_until(PrinterState::ready));
    world.pass(3s);
}
Done print(World& world, const Kind& kind, std::uint64_t id, const std::string& number) {
    const std::size_t before = world.dones.size();
    world.print(id, ticket(kind.believed, number));
    REQUIRE(world.run_until_done(before + 1));
    return world.dones.back();
}

TEST_CASE("a ticket is known to be taken or taken back", "[printer][presenter]") {
    const Kind kind = custom();
    World world{kind};
    settle(world);
    REQUIRE(print(world, kind, 1, "A001").evidence == Evidence::presenter);
    REQUIRE(world.presentations.size() == 1);
    CHECK(world.presentations[0].what == Presenter::held_out);
    CHECK(world.presentations[0].job == JobId{1});
    SECTION("taken") {
        world.pass(2s);
        REQUIRE(world.printer.take_ticket(world.now));
        world.pass(5s);
        REQUIRE(world.presentations.size() == 2);
        CHECK(world.presentations[1].what == Presenter::taken);
    }
    SECTION("taken while the next one is asked for") {
        world.pass(2s);
        world.printer.mute(true);  // the change itself is not told
        REQUIRE(world.printer.take_ticket(world.now));
        world.printer.mute(false);
        REQUIRE(print(world, kind, 2, "A002").outcome == Outcome::printed);
        REQUIRE(world.presentations.size() == 3);
        CHECK(world.presentations[1].what == Presenter::taken);
        CHECK(world.presentations[1].job == JobId{1});
        CHECK(world.presentations[2].job == JobId{2});
    }
    SECTION("taken back") {
        world.pass(20s);
        REQUIRE(world.presentations.size() == 2);
        CHECK(world.presentations[1].what == Presenter::retracted);
        CHECK(world.printer.tickets_retracted() == 1);
    }
    CHECK(world.presentations[1].job == JobId{1});
}

TEST_CASE("without counters it is not known who has a ticket that left", "[printer][presenter]") {
    const Kind kind = sensing_custom();
    World world{kind};
    settle(world);
    REQUIRE(print(world, kind, 1, "A001").evidence == Evidence::presenter);
    world.pass(20s);
    REQUIRE(world.presentations.size() == 2);
    CHECK(world.presentations[1].what == Presenter::left);
}

TEST_CASE("a ticket that still waits hides the next one from the sensor", "[printer][presenter]") {
    const bool counts = GENERATE(true, false);
    const Kind kind = counts ? custom() : sensing_custom();
    World world{kind};
    settle(world);
    print(world, kind, 1, "A001");
    const Done done = print(world, kind, 2, "A002");
    CHECK(done.outcome == (counts ? Outcome::printed : Outcome::unconfirmed));
    CHECK(done.evidence == (counts ? Evidence::counter : Evidence::none));
}

TEST_CASE("a cut that was not counted, or one too many, confirms nothing", "[printer][counter]") {
    const Kind kind = custom();
    World world{kind};
    settle(world);
    std::vector<std::byte> paper = ticket(kind.believed, "A001");
    SECTION("none") {
        // The blade's command is lost on the way: what is left of it feeds the paper.
        const auto cut = std::search(paper.begin(), paper.end(), kind.believed.cut.begin(),
                                     kind.believed.cut.end());
        REQUIRE(cut != paper.end());
        Kind blunt = kind;
        blunt.real.cutter = escpos::Cutter::none;
        World other{blunt};
        settle(other);
        other.print(1, paper);
        REQUIRE(other.run_until_done(1));
        CHECK(other.dones[0].outcome == Outcome::unconfirmed);
        CHECK(other.dones[0].reason == Reason::no_answer);
    }
    SECTION("one by somebody else") {
        // Behind the paper, which comes after the questions for status and counters.
        constexpr std::size_t questions = 3 + 4;
        world.at_byte(questions + paper.size(),
                      [&] { world.printer.receive(kind.believed.cut, world.now); });
        world.print(1, paper);
        REQUIRE(world.run_until_done(1));
        CHECK(world.dones[0].outcome == Outcome::unconfirmed);
        CHECK(world.dones[0].reason == Reason::fault);
    }
}

TEST_CASE("a paper that is cut off first counts both cuts", "[printer][counter]") {
    const Kind kind = GENERATE(0, 1) == 0 ? custom() : counting_epson();
    World world{kind};
    settle(world);
    world.print(1, ticket(kind.believed, "A001", true));
    REQUIRE(world.run_until_done(1));
    CHECK(world.dones[0].outcome == Outcome::printed);
    CHECK(world.dones[0].evidence >= Evidence::presenter);
}

TEST_CASE("a counter that is not told leaves the process id to stand alone", "[printer][counter]") {
    Kind kind = counting_epson();
    kind.real.has_counters = false;
    World world{kind};
    settle(world);
    const Done done = print(world, kind, 1, "A001");
    CHECK(done.outcome == Outcome::printed);
    CHECK(done.evidence == Evidence::process_id);
}

TEST_CASE("a Star printer reports by its own status", "[printer][star]") {
    escpos::Profile profile = escpos::generic_80();
    profile.dialect = escpos::Dialect::star;
    Machine machine{profile, 1};
    Actions out;
    const antrean::SteadyTime now{1h};
    machine.opened(now, out);
    machine.tick(*machine.deadline(), out);
    const auto receive = [&](std::initializer_list<int> values) {
        std::vector<std::byte> bytes;
        for (const int value : values)
            bytes.push_back(static_cast<std::byte>(value));
        machine.received(bytes, now + 1s, out);
    };
    receive({0x12, 0x12, 0x12, 0x12});  // greeted
    receive({0x23, 0, 0x28, 0, 0, 0x08, 0, 0, 0});
    CHECK(machine.state() == PrinterState::cover_open);
    CHECK_FALSE(machine.status().paper_out);  // it is not judged with the cover open
}

TEST_CASE("what a Star printer may have left of a paper is cut off by a new link",
          "[printer][star][F19]") {
    const Kind kind = star();
    World world{kind};
    settle(world);
    escpos::Encoder encoder{kind.believed};
    encoder.init().line("A001").feed(200).cut();
    world.print(1, encoder.take());
    REQUIRE(world.run_until_done(1));
    CHECK(world.dones[0].outcome == Outcome::unconfirmed);
    REQUIRE(world.papers.empty());  // it is still being fed
    world.printer.power_off(world.now);
    world.close();
    world.printer.power_on(world.now);
    settle(world);
    world.papers.clear();
    print(world, kind, 2, "A002");
    world.pass(5s);
    REQUIRE(world.papers.size() == 1);
    CHECK_THAT(world.papers[0].text, Catch::Contains("A002") && !Catch::Contains("A001"));
}

TEST_CASE("low paper is told where there is a sensor", "[printer][state]") {
    Kind kind = clone();
    kind.believed.has_near_end = GENERATE(false, true);
    World world{kind};
    settle(world);
    world.printer.set_paper_left(world.now, 2000);
    world.pass(5s);
    CHECK(world.machine->state() ==
          (kind.believed.has_near_end ? PrinterState::paper_low : PrinterState::ready));
    CHECK(print(world, kind, 1, "A001").outcome == Outcome::printed);
}

TEST_CASE("a condition tells since when and what to do", "[printer][state]") {
    const Kind kind = epson();
    World world{kind};
    CHECK(world.machine->condition().state == PrinterState::gone);
    CHECK_FALSE(world.machine->condition().remedy.empty());
    settle(world);
    CHECK(world.machine->condition().remedy.empty());
    const auto before = world.now;
    world.printer.set_paper_left(world.now, 0);
    world.pass(30s);
    const Condition condition = world.machine->condition();
    CHECK(condition.state == PrinterState::paper_out);
    CHECK(condition.since - before <= 10s);
    CHECK(condition.remedy == remedy_of(PrinterState::paper_out));
}

TEST_CASE("a printer that is said to answer and never does gets no paper", "[printer][mute]") {
    Kind kind = mute();
    kind.believed.answers = kind.believed.has_barrier = true;
    World world{kind};
    world.open();
    world.print(1, ticket(kind.believed, "A001"));
    REQUIRE(world.run_until_done(1));
    CHECK(world.dones[0].outcome == Outcome::not_printed);
    CHECK(world.dones[0].reason == Reason::no_answer);
    CHECK(world.machine->state() == PrinterState::offline);
    CHECK_THAT(std::string{world.machine->condition().remedy}, Catch::Contains("profile"));
    world.pass(60s);
    CHECK(world.papers.empty());
}

TEST_CASE("a mute printer that takes no more bytes gets no paper until it does",
          "[printer][mute]") {
    const Kind kind = mute();
    World world{kind};
    settle(world);
    CHECK(print(world, kind, 1, "A001").outcome == Outcome::unconfirmed);
    world.printer.set_paper_left(world.now, 0);
    // It still takes what fits its buffer, and then nothing.
    std::uint64_t id = 2;
    while (world.machine->state() == PrinterState::ready && id < 60) {
        CHECK(print(world, kind, id, "B" + std::to_string(100 + id)).outcome ==
              Outcome::unconfirmed);
        ++id;
        world.pass(1s);
    }
    CHECK(world.machine->state() == PrinterState::offline);
    const std::size_t received = world.received;
    CHECK(print(world, kind, id, "C001").outcome == Outcome::not_printed);
    CHECK(world.dones.back().reason == Reason::no_answer);
    CHECK(world.received == received);

    const bool power_cycle = GENERATE(false, true);
    INFO((power_cycle ? "a power cycle" : "a new roll"));
    if (!power_cycle) {
        world.printer.load_paper(world.now);
    } else {
        world.close();
        world.printer.power_off(world.now);
        world.printer.load_paper(world.now);
        world.pass(1s);
        world.printer.power_on(world.now);
        world.open();
    }
    REQUIRE(world.run_until(PrinterState::ready));
    world.pass(60s);
    const auto with = [&](const std::string& text) {
        return std::count_if(world.papers.begin(), world.papers.end(), [&](const Sheet& sheet) {
            return sheet.text.find(text) != std::string::npos;
        });
    };
    for (std::uint64_t old = 2; old < id; ++old)
        CHECK(with("B" + std::to_string(100 + old)) <= 1);
    CHECK(with("C001") == 0);
    world.papers.clear();
    CHECK(print(world, kind, id + 1, "D001").outcome == Outcome::unconfirmed);
    world.pass(5s);
    REQUIRE(world.papers.size() == 1);
    CHECK(world.papers[0].whole);
    CHECK(world.papers[0].rows == 24);
    CHECK_THAT(world.papers[0].text, Catch::Contains("D001"));
}

TEST_CASE("a command that broke off half way is filled up", "[printer][mute]") {
    // Where nothing but a barrier tells that the printer still waits for the rest of a picture.
    Kind kind = GENERATE(0, 1) == 0 ? clone() : mute();
    kind.believed.band_rows = 128;
    World world{kind};
    settle(world);
    std::vector<std::byte> paper = ticket(kind.believed, "A001");
    for (const int b : {0x1d, 0x76, 0x30, 0x00, 0x48, 0x00, 0x78, 0x00})
        paper.push_back(static_cast<std::byte>(b));
    const std::size_t header_end = paper.size();
    paper.resize(paper.size() + std::size_t{72} * 120);
    world.at_byte(header_end + 10, [&] { world.close(); });
    world.print(1, paper);
    REQUIRE(world.run_until_done(1));
    CHECK(world.dones[0].outcome == Outcome::unconfirmed);
    world.open();
    REQUIRE(world.run_until(PrinterState::ready));
    world.pass(20s);
    world.papers.clear();
    print(world, kind, 2, "A002");
    world.pass(5s);
    REQUIRE(world.papers.size() == 1);
    CHECK(world.papers[0].rows == 24);
    CHECK_THAT(world.papers[0].text, Catch::Contains("A002"));
}

}  // namespace
