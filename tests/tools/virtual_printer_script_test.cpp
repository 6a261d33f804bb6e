#include "tests/tools/virtual_printer_bench.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

using namespace antrean::virtual_printer;

namespace {

Script script(std::string_view text) {
    const auto parsed = parse_script(text);
    if (const auto* error = std::get_if<ScriptError>(&parsed)) FAIL(error->line << error->why);
    return std::get<Script>(parsed);
}

std::string error_of(std::string_view text) {
    const auto parsed = parse_script(text);
    const auto* error = std::get_if<ScriptError>(&parsed);
    return error == nullptr ? "none" : std::to_string(error->line) + ": " + error->why;
}

void run(Bench& bench, std::string_view text) {
    REQUIRE(bench.machine.run_script(script(text), bench.now));
}

std::string lines(int count) {
    std::string out;
    for (int i = 1; i <= count; ++i)
        out += std::to_string(i) + '\n';
    return out;
}

constexpr int feed_of_a_line = 34;  // dots

}  // namespace

TEST_CASE("what a script cannot say is told with its line", "[virtual_printer][script]") {
    CHECK(error_of("") == "none");
    CHECK(error_of("# nothing\n\n  \n") == "none");
    CHECK(error_of("paper out\n\npaper inn") == "3: \"paper inn\" is nothing that can happen");
    CHECK(error_of("at line 3 paper out") == "1: a colon must follow the time");
    CHECK(error_of("at line 0: jam") == "1: \"0\" is no number from 1 up");
    CHECK(error_of("at byte x: jam") == "1: \"x\" is no number from 1 up");
    CHECK(error_of("at noon: jam") == "1: \"noon\" is none of \"line N\", \"byte N\", \"cut N\"");
    CHECK(error_of("after 2 h: jam") == "1: \"2 h\" is no time such as \"300 ms\" or \"2 s\"");
    CHECK(error_of("jam now") == "1: \"now\" is too much");
    CHECK(error_of("tear for 2 s") == "1: \"tear\" has no end, so \"for\" makes no sense");
    CHECK(error_of("replies garbled 5") == "1: \"5\" is not \"1 in N\"");
    CHECK(error_of("replies garbled 1 in 0") == "1: \"1 in 0\" is not \"1 in N\"");
    CHECK(error_of("replies late") == "1: \"\" is no time such as \"300 ms\"");
    CHECK(error_of("paper left -1") == "1: \"-1\" is no length in millimetres");
    std::string much;
    for (int i = 0; i < 1'001; ++i)
        much += "jam\n";
    CHECK(error_of(much) == "1001: a script has at most 1000 statements");
}

TEST_CASE("every word of a script is understood", "[virtual_printer][script]") {
    for (const ScriptWord& word : script_words()) {
        std::string line;
        for (std::string_view rest = word.name; !rest.empty();) {
            const auto space = std::min(rest.find(' '), rest.size());
            std::string part{rest.substr(0, space)};
            rest.remove_prefix(std::min(space + 1, rest.size()));
            if (part == "MM" || part == "N") part = "7";
            if (part == "TIME") part = "1.5 s";
            if (part == "[TIME]") part = "";
            line += part + ' ';
        }
        CAPTURE(line);
        CHECK(std::holds_alternative<std::optional<Statement>>(parse_statement(line)));
    }
}

TEST_CASE("paper runs out behind the line that the script names", "[virtual_printer][script]") {
    const bool timed = GENERATE(false, true);
    Bench bench{timed ? generic_80() : instantaneous(generic_80())};
    run(bench, "at line 3: paper out");
    bench.send(init + lines(9) + cut);
    bench.settle();
    CHECK(bench.machine.hanging().text() == "1\n2\n3\n");
    CHECK(bench.statuses() == "1a 32 12 7e");
    CHECK(bench.machine.hanging().height_dots == 112 + 3 * feed_of_a_line);
}

TEST_CASE("a line of the second paper counts on from the first", "[virtual_printer][script]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(init + "before\n");
    run(bench, "at line 5: cover open\nat line 3: paper low");
    bench.send(lines(3) + cut);
    CHECK(bench.machine.condition().paper_near_end);
    CHECK(bench.machine.condition().online);
    bench.send(lines(3) + cut);
    CHECK(bench.machine.condition().cover_open);
    CHECK(bench.papers().size() == 1);
    CHECK(bench.machine.hanging().text() == "1\n2\n");
}

TEST_CASE("power goes at a byte, whatever the size of the pieces, and comes back",
          "[virtual_printer][script]") {
    const std::size_t piece = GENERATE(1, 7, 1000);
    Bench bench{instantaneous(generic_80())};
    run(bench, "at byte 12: power off\nafter 2 s: power on");
    const std::string data = init + lines(20);  // four bytes, then two for each line
    std::size_t sent = 0;
    while (sent < data.size()) {
        const std::size_t taken = bench.offer(data.substr(sent, piece));
        if (taken == 0) break;
        sent += taken;
    }
    CHECK(sent == 12);
    CHECK(bench.machine.hanging().text() == "1\n2\n3\n4\n");
    CHECK_FALSE(bench.machine.condition().powered);
    CHECK(bench.machine.next_event() == bench.now + 2s);
    CHECK(bench.settle() == 2s);
    CHECK(bench.machine.condition().powered);
    CHECK(bench.statuses() == "12 12 12 12");
    bench.send("new\n" + cut);
    const Paper paper = bench.paper();
    CHECK(paper.text() == "1\n2\n3\n4\nnew\n");
    CHECK(paper.interrupted);
}

TEST_CASE("some printers keep their buffer without power", "[virtual_printer][script]") {
    Bench bench{generic_80()};
    run(bench, "power on: rest printed\nat line 3: power off\nafter 2 s: power on");
    bench.send(init + lines(9) + cut + all_automatic_status);
    bench.settle();
    const Paper paper = bench.paper();
    CHECK(paper.text() == lines(9));
    CHECK_FALSE(paper.interrupted);
    CHECK(bench.machine.condition().powered);

    run(bench, "power off: buffer lost\nat line 3: power off for 1 s");
    bench.send(lines(9) + cut);
    bench.settle();
    CHECK(bench.papers().empty());
    CHECK(bench.machine.hanging().text() == "1\n2\n3\n");
}

TEST_CASE("the second cut jams, not the first", "[virtual_printer][script]") {
    Bench bench{generic_80()};
    run(bench, "at cut 2: jam for 5 s");
    bench.send(init + "a\n" + cut + "b\n" + cut + "c\n" + cut);
    bench.settle();
    CHECK(bench.paper().text() == "a\n");
    CHECK(bench.statuses() == "1a 52 1a 12");
    CHECK(bench.machine.hanging().text() == "b\n");
    // The cause has been mended meanwhile; the error waits for the host.
    bench.send(bytes({0x10, 0x05, 0x01}));
    bench.settle();
    CHECK(bench.papers().size() == 2);
}

TEST_CASE("a fault ends by itself after the time that was set", "[virtual_printer][script]") {
    Bench bench{generic_80()};
    run(bench, "at line 2: head hot for 5 s");
    bench.send(init + lines(4) + cut);
    const auto took = bench.settle();
    CHECK(bench.paper().text() == lines(4));
    Bench quick{generic_80()};
    quick.send(init + lines(4) + cut);
    CHECK(took == quick.settle() + 5s);
}

TEST_CASE("a script does not depend on how often time is told", "[virtual_printer][script]") {
    constexpr std::string_view text =
        "at line 2: head hot for 700 ms\n"
        "at line 4: paper out\n"
        "after 900 ms: paper load\n"
        "after 100 ms: cover open for 250 ms\n"
        "at cut 1: power off\n"
        "after 1 s: power on\n";
    const auto result = [&](std::chrono::nanoseconds step) {
        Bench bench{generic_80()};
        run(bench, text);
        bench.send(init + lines(8) + cut + "after\n" + cut);
        for (std::chrono::nanoseconds waited{0}; waited < 20s; waited += step)
            bench.wait(step);
        std::string out;
        for (const Paper& paper : bench.papers())
            out += std::to_string(paper.height_dots) + paper.text() + '|';
        out += std::to_string(bench.machine.hanging().height_dots) + bench.machine.hanging().text();
        return out;
    };
    const std::string fine = result(1ms);
    CHECK(fine == result(20s));
    CHECK(fine == result(333ms));
    CHECK(fine.find("8\n") != std::string::npos);
}

TEST_CASE("late answers come late, and the printer says when", "[virtual_printer][script]") {
    Bench bench{instantaneous(generic_80())};
    run(bench, "replies late 300 ms");
    CHECK(bench.ask(bytes({0x10, 0x04, 1})).empty());
    CHECK(bench.machine.next_event() == bench.now + 300ms);
    bench.wait(299ms);
    CHECK(bench.replies().empty());
    bench.wait(1ms);
    CHECK(bench.replies() == "12");
    CHECK_FALSE(bench.machine.next_event());
    run(bench, "replies normal");
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("split answers come byte by byte, in their order", "[virtual_printer][script]") {
    Bench bench{instantaneous(generic_80())};
    run(bench, "replies split 40 ms");
    CHECK(bench.ask(init + all_automatic_status) == "10");
    bench.machine.set_paper_left(bench.now, 0);
    std::vector<std::string> rest;
    while (const auto next = bench.machine.next_event()) {
        CHECK(*next - bench.now <= 40ms);
        bench.now = *next;
        bench.machine.advance(bench.now);
        rest.push_back(bench.replies());
    }
    CHECK(rest == std::vector<std::string>{"00", "00", "00", "18", "00", "0f", "00"});
}

TEST_CASE("garbled answers follow from the seed, and show their damage",
          "[virtual_printer][script]") {
    const auto result = [](std::string_view text) {
        Bench bench{instantaneous(generic_80())};
        run(bench, text);
        std::string out;
        for (int i = 0; i < 200; ++i)
            out += bench.ask(barrier) + '|';
        return std::pair{out, bench.machine.garbled_replies()};
    };
    const auto [first, damaged] = result("seed 7\nreplies garbled 1 in 5");
    CHECK(damaged > 20);
    CHECK(damaged < 70);
    CHECK(first == result("seed 7\nreplies garbled 1 in 5").first);
    CHECK(first != result("seed 8\nreplies garbled 1 in 5").first);
    // An answer is whole, lost, or has noise in it that no answer has.
    std::string_view rest = first;
    std::size_t whole = 0;
    while (!rest.empty()) {
        const std::string_view answer = rest.substr(0, rest.find('|'));
        rest.remove_prefix(answer.size() + 1);
        whole += answer == "00";
        const bool noisy = answer.find_first_of("89abcdef") % 3 == 0;
        CHECK((answer == "00" || answer.empty() || noisy));
    }
    CHECK(whole + damaged == 200);
}

TEST_CASE("mute and every hand can be scripted", "[virtual_printer][script]") {
    Bench bench{instantaneous(generic_80())};
    run(bench, "mute for 1 s");
    CHECK(bench.statuses().empty());
    bench.wait(1s);
    CHECK(bench.statuses() == "12 12 12 12");
    run(bench, "after 10 ms: cover open\nafter 10 ms: cover close\nafter 10 ms: board broken");
    bench.wait(10ms);
    CHECK(bench.machine.condition().cover_open);
    bench.wait(10ms);
    CHECK_FALSE(bench.machine.condition().cover_open);
    bench.wait(10ms);
    CHECK(bench.machine.condition().broken);
}

TEST_CASE("more than can be kept is refused", "[virtual_printer][script]") {
    Bench bench{instantaneous(generic_80())};
    const Script many(
        most_statements,
        std::get<std::optional<Statement>>(parse_statement("after 1 min: jam")).value());
    CHECK(bench.machine.run_script(many, bench.now));
    CHECK(bench.machine.run_script(many, bench.now));
    CHECK_FALSE(bench.machine.run_script(many, bench.now));
}
