#include "tests/catch.hpp"
#include "tests/drivers/printer_bench.hpp"

namespace {

using namespace antrean::printer_test;
namespace escpos = antrean::escpos;

Kind any_kind() {
    return GENERATE(0, 1) == 0 ? epson() : clone();
}

// Connected, and through with greeting.
void settle(Bench& bench) {
    bench.open();
    bench.pass(5s);
}

bool last_is(const Bench& bench, Outcome outcome, Reason reason) {
    return !bench.dones.empty() && bench.dones.back().outcome == outcome &&
           bench.dones.back().reason == reason;
}

TEST_CASE("a healthy printer confirms a paper", "[printer][machine]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    bench.chunk = GENERATE(1, 7, 4096);
    bench.taken_late = GENERATE(false, true);
    settle(bench);
    CHECK(bench.states == std::vector{PrinterState::ready});
    const auto before = bench.now;
    for (std::uint64_t id = 1; id <= 3; ++id) {
        bench.print(id, ticket(kind.profile, "A00" + std::to_string(id)));
        REQUIRE(bench.run_until_done(id));
        CHECK(bench.dones.back().job == JobId{id});
        CHECK(last_is(bench, Outcome::printed, Reason::none));
    }
    CHECK(bench.printer.papers() ==
          std::vector{ticket_text("A001"), ticket_text("A002"), ticket_text("A003")});
    CHECK(bench.now - before < 2s);
}

TEST_CASE("a paper that is asked for during the greeting is printed after it",
          "[printer][machine]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    bench.open();
    bench.print(1, ticket(kind.profile, "A001"));
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::printed, Reason::none));
}

TEST_CASE("a printer that cannot print gets no byte of the paper", "[printer][machine][F20]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    const bool from_the_start = GENERATE(false, true);
    if (!from_the_start) settle(bench);
    struct Trouble {
        std::function<void(PrinterModel&)> begin;
        Reason reason;
    };
    const std::vector<Trouble> troubles{
        {[](PrinterModel& p) { p.set_paper(false); }, Reason::paper_out},
        {[](PrinterModel& p) { p.set_cover(true); }, Reason::cover_open},
        {[](PrinterModel& p) { p.set_paper(false), p.set_cover(true); }, Reason::cover_open},
        {[](PrinterModel& p) { p.set_hot(true); }, Reason::busy},
        {[](PrinterModel& p) { p.set_mute(true); }, Reason::no_answer},
    };
    const Trouble& trouble = troubles[GENERATE(range(std::size_t{0}, std::size_t{5}))];
    trouble.begin(bench.printer);
    if (from_the_start) bench.open();
    bench.print(1, ticket(kind.profile, "A001"));
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::not_printed, trouble.reason));
    CHECK_FALSE(bench.paper_given);
    CHECK(bench.printer.papers().empty());

    bench.printer.set_paper(true);
    bench.printer.set_cover(false);
    bench.printer.set_hot(false);
    bench.printer.set_mute(false);
    bench.pass(20s);
    CHECK(bench.machine.state() == PrinterState::ready);
    bench.print(2, ticket(kind.profile, "A002"));
    REQUIRE(bench.run_until_done(2));
    CHECK(last_is(bench, Outcome::printed, Reason::none));
}

TEST_CASE("a printer that is not there gets no byte of the paper", "[printer][machine]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    enum class When { never_was, before, while_asked };
    const When when = GENERATE(When::never_was, When::before, When::while_asked);
    if (when != When::never_was) settle(bench);
    if (when == When::before) bench.close(Reason::gone);
    if (when == When::while_asked) bench.printer.set_mute(true);
    bench.print(1, ticket(kind.profile, "A001"));
    if (when == When::while_asked) {
        bench.pass(100ms);
        CHECK(bench.dones.empty());
        bench.close(Reason::gone);
    }
    REQUIRE(bench.dones.size() == 1);
    CHECK(last_is(bench, Outcome::not_printed, Reason::gone));
    CHECK(bench.machine.state() == PrinterState::gone);
}

TEST_CASE("a pause that ends by itself is waited for", "[printer][machine]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    settle(bench);
    bool hot = false;
    const std::size_t start = bench.printer.bytes_taken;
    bench.before_byte = [&] {
        if (!hot && bench.paper_given && bench.printer.bytes_taken > start + 40)
            bench.printer.set_hot(hot = true);
    };
    bench.print(1, ticket(kind.profile, "A001"));
    bench.pass(12s);
    CHECK(bench.dones.empty());
    CHECK(bench.machine.state() == PrinterState::head_hot);
    bench.printer.set_hot(false);
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::printed, Reason::none));
    CHECK(bench.printer.papers() == std::vector{ticket_text("A001")});
}

TEST_CASE("a pause that does not end is given up in bounded time", "[printer][machine][R13][F20]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    settle(bench);
    bench.before_byte = [&] {
        if (bench.paper_given) bench.printer.set_hot(true);
    };
    bench.print(1, ticket(kind.profile, "A001"));
    const auto start = bench.now;
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::unconfirmed, Reason::no_answer));
    CHECK(bench.now - start <= 65s);
}

TEST_CASE("a transport that takes nothing more is given up and opened anew",
          "[printer][machine][F19]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    settle(bench);
    bench.chunk = 1;
    bench.before_byte = [&] {
        if (bench.paper_given) bench.refuses = true;
    };
    bench.print(1, ticket(kind.profile, "A001"));
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::unconfirmed, Reason::no_answer));
    bench.before_byte = nullptr;
    bench.refuses = false;
    bench.print(2, ticket(kind.profile, "A002"));
    REQUIRE(bench.run_until_done(2));
    CHECK(last_is(bench, Outcome::printed, Reason::none));
    CHECK(bench.printer.papers().back() == ticket_text("A002"));
}

TEST_CASE("states follow the printer while it rests", "[printer][machine]") {
    const Kind kind = any_kind();
    Bench bench{kind.profile, kind.abilities};
    settle(bench);
    bench.states.clear();
    const auto wait_for = [&](PrinterState state) {
        return bench.run([&] { return bench.machine.state() == state; }, 25s);
    };
    bench.printer.set_cover(true);
    CHECK(wait_for(PrinterState::cover_open));
    bench.printer.set_cover(false);
    CHECK(wait_for(PrinterState::ready));
    bench.printer.set_paper(false);
    CHECK(wait_for(PrinterState::paper_out));
    bench.printer.set_paper(true);
    CHECK(wait_for(PrinterState::ready));
    bench.printer.set_mute(true);
    CHECK(wait_for(PrinterState::offline));
    bench.printer.set_mute(false);
    CHECK(wait_for(PrinterState::ready));
    bench.close(Reason::gone);
    CHECK(bench.machine.state() == PrinterState::gone);
    bench.open();
    CHECK(wait_for(PrinterState::ready));
    using enum PrinterState;
    CHECK(bench.states ==
          std::vector{cover_open, ready, paper_out, ready, offline, ready, gone, ready});
}

TEST_CASE("a printer that stays silent is opened anew", "[printer][machine]") {
    Bench bench{escpos::generic_80(), {}};
    bench.printer.set_mute(true);
    bench.open();
    bool reopened = false;
    Actions out;
    for (int i = 0; i < 200 && !reopened; ++i) {
        out.clear();
        bench.now = std::max(bench.now, bench.machine.deadline().value());
        bench.machine.tick(bench.now, out);
        for (const Action& action : out)
            reopened = reopened || std::holds_alternative<CloseAndReopen>(action);
    }
    CHECK(reopened);
}

TEST_CASE("polling a printer that stands leaves room in its buffer for hours",
          "[printer][machine]") {
    // Each question stays in the buffer of a printer that has stopped.
    Bench bench{escpos::epson_tm(), epson().abilities};
    settle(bench);
    const std::size_t before = bench.printer.bytes_taken;
    bench.pass(1h);
    CHECK(bench.printer.bytes_taken - before <= 12 * 361);
}

TEST_CASE("a printer that never answers is written to and believed nothing",
          "[printer][machine][F21]") {
    Bench bench{escpos::generic_58(), {}};
    bench.printer.set_mute(true);
    settle(bench);
    CHECK(bench.machine.state() == PrinterState::ready);
    bench.print(1, ticket(escpos::generic_58(), "A001"));
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::unconfirmed, Reason::no_answer));
    CHECK(bench.run([] { return false; }, 1s) == false);
    CHECK_FALSE(bench.machine.busy());
}

TEST_CASE("without any barrier a paper stays unconfirmed", "[printer][machine][F21]") {
    escpos::Profile profile = escpos::generic_80();
    profile.has_barrier = false;
    Bench bench{profile, {}};
    settle(bench);
    bench.print(1, ticket(profile, "A001"));
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::unconfirmed, Reason::no_answer));
}

TEST_CASE("the answer to an earlier paper's barrier confirms no later one",
          "[printer][machine][F21]") {
    // A printer that cannot clear itself pauses without a word, and the paper is abandoned while
    // its barrier is still inside. Answered later, that must not count for the next paper.
    Bench bench{escpos::generic_80(), clone().abilities};
    settle(bench);
    bench.before_byte = [&] {
        if (bench.paper_given) bench.printer.set_paused(true);
    };
    bench.print(1, ticket(escpos::generic_80(), "A001"));
    REQUIRE(bench.run_until_done(1));
    CHECK(last_is(bench, Outcome::unconfirmed, Reason::no_answer));
    bench.before_byte = nullptr;
    bench.pass(3s);
    bench.print(2, ticket(escpos::generic_80(), "A002"));
    bench.pass(1s);
    // The first answer comes now, and the printer pauses again as soon as the second paper is
    // given.
    bench.before_byte = [&] {
        if (bench.paper_given) bench.printer.set_paused(true);
    };
    bench.printer.set_paused(false);
    bench.pass(5s);
    CHECK(bench.paper_given);
    CHECK(bench.dones.size() == 1);
    bench.before_byte = nullptr;
    bench.printer.set_paused(false);
    REQUIRE(bench.run_until_done(2));
    CHECK(last_is(bench, Outcome::printed, Reason::none));
    CHECK(bench.printer.papers() ==
          std::vector{ticket_text("A001"), std::string{}, ticket_text("A002")});
}

TEST_CASE("an answer that was waited for in vain confirms no later paper",
          "[printer][machine][F21]") {
    // The pause is so long that the barrier behind the leftovers is given up as well.
    const auto [profile, abilities] = clone();
    Bench bench{profile, abilities};
    settle(bench);
    bench.before_byte = [&] {
        if (bench.paper_given) bench.printer.set_paused(true);
    };
    bench.print(1, ticket(profile, "A001"));
    REQUIRE(bench.run_until_done(1));
    bench.before_byte = nullptr;
    bench.pass(30s);
    bench.print(2, ticket(profile, "A002"));
    bench.pass(1s);
    REQUIRE(bench.paper_given);
    bench.hear(std::byte{0x00});  // the first paper is through, and the leftovers are next
    bench.pass(5s);
    CHECK(bench.dones.size() == 1);
    bench.printer.set_paused(false);
    REQUIRE(bench.run_until_done(2));
    // One answer too many has come by now, so which of them was the paper's is not known.
    bench.pass(60s);
    bench.print(3, ticket(profile, "A003"));
    REQUIRE(bench.run_until_done(3));
    CHECK(last_is(bench, Outcome::printed, Reason::none));
    CHECK(bench.printer.papers().back() == ticket_text("A003"));
}

TEST_CASE("a mute printer that takes a paper at the last moment stays in service",
          "[printer][machine]") {
    Machine machine{escpos::generic_58(), 1};
    antrean::SteadyTime now{1h};
    Actions out;
    std::uint64_t written = 0;
    const auto perform = [&] {
        for (const Action& action : out) {
            if (const auto* write = std::get_if<Write>(&action)) written += write->bytes.size();
            REQUIRE_FALSE(std::holds_alternative<CloseAndReopen>(action));
        }
        out.clear();
    };
    const auto run = [&](std::chrono::milliseconds time) {
        const auto end = now + time;
        while (machine.deadline() && *machine.deadline() <= end) {
            now = std::max(now, *machine.deadline());
            machine.tick(now, out);
            perform();
        }
        now = end;
    };
    machine.opened(now, out);
    perform();
    machine.taken(written, now, out);
    run(2s);
    REQUIRE(machine.state() == PrinterState::ready);
    const std::uint64_t before = written;
    machine.print({JobId{1}, ticket(escpos::generic_58(), "A001")}, now, out);
    perform();
    REQUIRE(written > before + 10);
    for (std::uint64_t slow = 1; slow <= 7; ++slow) {
        run(8500ms);
        machine.taken(slow < 7 ? before + slow : written, now, out);
        perform();
    }
    run(20s);
    CHECK_FALSE(machine.busy());
    machine.taken(written, now, out);
    perform();
    run(20s);
    CHECK(machine.state() == PrinterState::ready);
}

TEST_CASE("answers that come too late do not make a status", "[printer][machine]") {
    Machine machine{escpos::generic_80(), 1};
    antrean::SteadyTime now{1h};
    Actions out;
    machine.opened(now, out);
    const auto tick_at_deadline = [&] {
        now = std::max(now, machine.deadline().value());
        machine.tick(now, out);
    };
    const auto receive = [&](std::initializer_list<int> values) {
        std::vector<std::byte> bytes;
        for (const int value : values)
            bytes.push_back(static_cast<std::byte>(value));
        machine.received(bytes, now, out);
    };
    const auto take_all = [&] {
        std::uint64_t total = 0;
        for (const Action& action : out)
            if (const auto* write = std::get_if<Write>(&action)) total += write->bytes.size();
        machine.taken(total, now, out);
    };
    take_all();
    tick_at_deadline();  // cleared; the first question goes out
    take_all();
    receive({0x12});     // the answer to DLE EOT 1; the others come late
    tick_at_deadline();  // the question is repeated
    take_all();
    // 2, 3 and 4 of the first question (the cover is open), then 1 of the second: in these places
    // they would mean low paper.
    receive({0x16, 0x12, 0x12, 0x1a});
    CHECK(machine.state() == PrinterState::gone);
    receive({0x16, 0x12, 0x12});
    tick_at_deadline();
    take_all();
    receive({0x1a, 0x16, 0x12, 0x12});
    CHECK(machine.state() == PrinterState::cover_open);
}

}  // namespace
