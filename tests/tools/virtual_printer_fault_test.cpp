#include "tests/tools/virtual_printer_bench.hpp"

#include <algorithm>
#include <cmath>

using namespace antrean::virtual_printer;

namespace {

// Ten lines; a line feeds 34 dots, which is 4.25 mm at 203 dpi.
std::string ticket(std::string_view name) {
    std::string out = init;
    for (int line = 0; line < 10; ++line) {
        out += std::string{name} + ' ' + std::to_string(line) + '\n';
    }
    return out + cut;
}

std::size_t lines_of(const Paper& paper) {
    const std::string text = paper.text();
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("the head takes its time", "[virtual_printer][time]") {
    Profile profile = generic_80();
    profile.speed_mm_per_s = 100;
    profile.cut_time = 300ms;
    Bench bench{profile};
    bench.send(ticket("slow"));
    const double seconds = std::chrono::duration<double>{bench.settle()}.count();
    // Ten lines, then from the head to the blade, then the cut.
    const double expected = (10 * profile.mm(34) + profile.head_to_cutter_mm) / 100 + 0.3;
    CHECK(std::abs(seconds - expected) < 0.001);
    CHECK(lines_of(bench.paper()) == 10);
}

TEST_CASE("printing does not depend on how often time is told", "[virtual_printer][time]") {
    Bench fine{generic_80()};
    fine.send(ticket("same"));
    fine.settle();
    Bench coarse{generic_80()};
    coarse.send(ticket("same"));
    coarse.wait(10s);
    CHECK(fine.paper().text() == coarse.paper().text());
    CHECK_FALSE(coarse.machine.next_event());
}

TEST_CASE("lines leave the buffer only as the head gets to them", "[virtual_printer][time]") {
    Bench bench{generic_80()};
    bench.send(ticket("buffered"));
    const auto at_first = bench.machine.condition().buffered;
    CHECK(at_first > 80);
    CHECK(bench.machine.condition().busy);
    bench.wait(100ms);
    const auto later = bench.machine.condition().buffered;
    CHECK(later < at_first);
    CHECK(later > 0);
    bench.settle();
    CHECK(bench.machine.condition().buffered == 0);
    CHECK_FALSE(bench.machine.condition().busy);
}

TEST_CASE("a full receive buffer takes no more until the head has moved",
          "[virtual_printer][buffer]") {
    Bench bench{generic_80()};
    std::string much = init;
    for (int line = 0; line < 1'000; ++line)
        much += "line " + std::to_string(line) + '\n';
    std::size_t sent = bench.offer(much);
    CHECK(sent >= 4096);
    CHECK(sent < 4096 + 64);
    CHECK(bench.offer(std::string_view{much}.substr(sent)) == 0);
    // Nor does a question get in.
    CHECK(bench.offer(bytes({0x10, 0x04, 1})) == 0);
    CHECK(bench.replies().empty());
    while (sent < much.size()) {
        const auto next = bench.machine.next_event();
        REQUIRE(next);
        bench.now = *next;
        bench.machine.advance(bench.now);
        sent += bench.offer(std::string_view{much}.substr(sent));
    }
    bench.settle();
    bench.send(cut);
    bench.settle();
    std::string all;
    for (const Paper& paper : bench.papers())
        all += paper.text();
    CHECK(all.substr(0, 14) == "line 0\nline 1\n");
    CHECK(all.substr(all.size() - 9) == "line 999\n");
}

TEST_CASE("a picture larger than the buffer streams through it", "[virtual_printer][buffer]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(bytes({0x1d, 'v', '0', 0, 72, 0, 0x00, 0x02}) + std::string(72 * 512, '\x55') + cut);
    const Paper paper = bench.paper();
    REQUIRE(paper.rasters.size() == 1);
    CHECK(paper.rasters[0].height == 512);
    CHECK(paper.rasters[0].width == 576);
}

TEST_CASE("a printer that is busy when offline takes nothing then", "[virtual_printer][buffer]") {
    Profile profile = generic_80();
    profile.refuses_while_offline = true;
    Bench bench{profile};
    bench.machine.open_cover(bench.now);
    CHECK(bench.offer(bytes({0x10, 0x04, 1})) == 0);
    bench.machine.close_cover(bench.now);
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("when paper ends in mid-ticket the rest is printed on the new roll",
          "[virtual_printer][fault]") {
    Bench bench{generic_80()};
    bench.machine.set_paper_left(bench.now, 20);
    bench.send(ticket("T") + barrier);
    bench.settle();
    CHECK(bench.papers().empty());
    CHECK(bench.replies().empty());
    CHECK(bench.statuses() == "1a 32 12 7e");
    const std::size_t out = lines_of(bench.machine.hanging());
    CHECK(out >= 4);
    CHECK(out <= 6);

    bench.machine.load_paper(bench.now);
    bench.settle();
    const auto papers = bench.papers();
    REQUIRE(papers.size() == 2);
    CHECK_FALSE(papers[0].complete);
    CHECK_FALSE(papers[0].interrupted);
    CHECK(papers[1].complete);
    CHECK(papers[1].interrupted);
    CHECK(papers[0].text().substr(0, 8) == "T 0\nT 1\n");
    CHECK(papers[1].text().substr(papers[1].text().size() - 4) == "T 9\n");
    CHECK(lines_of(papers[0]) + lines_of(papers[1]) >= 9);
    CHECK(bench.replies() == "00");

    bench.send(ticket("U"));
    bench.settle();
    CHECK_FALSE(bench.paper().interrupted);
}

TEST_CASE("a ticket that was cleared never comes out", "[virtual_printer][fault]") {
    Profile profile = GENERATE(generic_80(), epson_tm_t88v());
    Bench bench{profile};
    bench.machine.set_paper_left(bench.now, 20);
    bench.send(ticket("old"));
    bench.settle();
    CHECK(bench.ask(clear_buffers) == "37 25 00");
    CHECK(bench.machine.condition().buffered == 0);
    bench.machine.load_paper(bench.now);
    bench.settle();
    CHECK_FALSE(bench.paper().complete);
    bench.send(ticket("new"));
    bench.settle();
    const Paper paper = bench.paper();
    CHECK(paper.complete);
    CHECK(paper.text().find("old") == std::string::npos);
    CHECK(lines_of(paper) == 10);
}

TEST_CASE("DLE ENQ 2 clears a clone that is out of paper, and leaves an Epson as it is",
          "[virtual_printer][fault]") {
    const bool epson = GENERATE(false, true);
    Bench bench{epson ? epson_tm_t88v() : generic_80()};
    bench.machine.set_paper_left(bench.now, 20);
    bench.send(ticket("T"));
    bench.settle();
    bench.send(bytes({0x10, 0x05, 0x02}));
    CHECK((bench.machine.condition().buffered == 0) == !epson);
    bench.machine.load_paper(bench.now);
    bench.settle();
    CHECK(bench.papers().size() == (epson ? 2 : 1));
}

TEST_CASE("a paper with the rest of a cleared ticket on it says so", "[virtual_printer][fault]") {
    Bench bench{generic_80()};
    bench.send(ticket("old"));
    bench.wait(150ms);
    bench.machine.open_cover(bench.now);
    CHECK(bench.ask(clear_buffers) == "37 25 00");
    bench.machine.close_cover(bench.now);
    bench.send(ticket("new"));
    bench.settle();
    const Paper paper = bench.paper();
    CHECK(paper.complete);
    CHECK(paper.interrupted);
    CHECK(lines_of(paper) > 12);
    CHECK(lines_of(paper) < 20);
    bench.send(ticket("newer"));
    bench.settle();
    CHECK_FALSE(bench.paper().interrupted);
}

TEST_CASE("a printer without the clear command prints the rest all the same",
          "[virtual_printer][fault]") {
    Bench bench{generic_58()};
    bench.machine.set_paper_left(bench.now, 20);
    bench.send(ticket("T"));
    bench.settle();
    CHECK(bench.ask(clear_buffers).empty());
    bench.machine.load_paper(bench.now);
    bench.settle();
    CHECK(bench.papers().size() == 2);
}

TEST_CASE("power lost in mid-ticket leaves half a ticket hanging", "[virtual_printer][fault]") {
    Bench bench{generic_80()};
    bench.send(ticket("lost") + all_automatic_status);
    bench.wait(150ms);
    bench.machine.power_off(bench.now);
    CHECK_FALSE(bench.machine.condition().powered);
    CHECK(bench.offer("nobody listens") == 0);
    CHECK_FALSE(bench.machine.next_event());
    const std::size_t hanging = lines_of(bench.machine.hanging());
    CHECK(hanging > 2);
    CHECK(hanging < 9);

    bench.wait(1s);
    bench.machine.power_on(bench.now);
    bench.settle();
    CHECK(bench.papers().empty());
    CHECK(bench.replies().empty());
    bench.send(ticket("next"));
    bench.settle();
    const Paper paper = bench.paper();
    CHECK(lines_of(paper) == hanging + 10);
    CHECK(paper.interrupted);
    CHECK(paper.text().substr(0, 7) == "lost 0\n");
    CHECK(paper.text().find("lost 9") == std::string::npos);
}

TEST_CASE("a jammed cutter stops at the cut, and needs a hand and a command",
          "[virtual_printer][fault]") {
    Bench bench{epson_tm_t88v()};
    bench.machine.jam_cutter(bench.now);
    bench.send(ticket("T") + process_id("jam1"));
    bench.settle();
    CHECK(bench.papers().empty());
    CHECK(bench.replies().empty());
    CHECK(bench.statuses() == "1a 52 1a 12");
    CHECK(lines_of(bench.machine.hanging()) == 10);

    // A command without the hand runs into the jam again.
    bench.send(bytes({0x10, 0x05, 0x01}));
    bench.settle();
    CHECK(bench.statuses() == "1a 52 1a 12");

    bench.machine.clear_jam(bench.now);
    CHECK(bench.statuses() == "1a 52 1a 12");
    SECTION("go on") {
        bench.send(bytes({0x10, 0x05, 0x01}));
        bench.settle();
        CHECK(bench.paper().complete);
        CHECK(bench.replies() == "37 22 6a 61 6d 31 00");
    }
    SECTION("forget") {
        bench.send(bytes({0x10, 0x05, 0x02}));
        bench.settle();
        CHECK(bench.papers().empty());
        CHECK(bench.replies().empty());
        bench.send(ticket("U"));
        bench.settle();
        CHECK(lines_of(bench.paper()) == 20);
    }
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("a cover that was open for a while loses no line", "[virtual_printer][fault]") {
    Bench bench{generic_80()};
    bench.send(ticket("T"));
    bench.wait(100ms);
    bench.machine.open_cover(bench.now);
    CHECK_FALSE(bench.machine.next_event().value_or(bench.now) > bench.now + 1s);
    bench.wait(10s);
    CHECK(bench.papers().empty());
    bench.machine.close_cover(bench.now);
    bench.settle();
    CHECK(lines_of(bench.paper()) == 10);
}

TEST_CASE("somebody may tear off what hangs out", "[virtual_printer][fault]") {
    Bench bench{instantaneous(generic_80())};
    bench.send("half\n" + bytes({0x1b, 'd', 10}));
    bench.machine.tear_off(bench.now);
    const Paper paper = bench.paper();
    CHECK_FALSE(paper.complete);
    CHECK(paper.text() == "half\n");
}

TEST_CASE("paper is used up by what is printed", "[virtual_printer][fault]") {
    Bench bench{instantaneous(generic_80())};
    bench.machine.set_paper_left(bench.now, 250);
    std::size_t whole = 0;
    for (int i = 0; i < 10; ++i) {
        bench.offer(ticket("T"));
        whole += bench.papers().size();
    }
    // A ticket takes ten lines of 4.25 mm and the 14 mm to the blade.
    CHECK(whole == 4);
    CHECK(bench.machine.condition().paper_end);
}
