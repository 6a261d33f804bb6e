#include "tests/tools/virtual_printer_bench.hpp"

using namespace antrean::virtual_printer;

TEST_CASE("a healthy printer answers 12 to every real-time status", "[virtual_printer][status]") {
    Bench bench{generic_80()};
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("near end shows in the paper status alone", "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.machine.set_paper_left(bench.now, 2'000);
    CHECK(bench.statuses() == "12 12 12 1e");
    CHECK(bench.ask(barrier) == "03");
    CHECK(bench.machine.condition().online);
}

TEST_CASE("a printer without near-end sensor never tells of it", "[virtual_printer][status]") {
    Bench bench{generic_58()};
    bench.machine.set_paper_left(bench.now, 100);
    CHECK(bench.statuses() == "12 12 12 12");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.statuses() == "1a 32 12 72");
}

TEST_CASE("out of paper the printer is offline and says why", "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.statuses() == "1a 32 12 7e");
    bench.machine.load_paper(bench.now);
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("the paper bits freeze while the cover is open", "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.machine.open_cover(bench.now);
    CHECK(bench.statuses() == "1a 16 12 12");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.statuses() == "1a 16 12 12");
    bench.machine.close_cover(bench.now);
    CHECK(bench.statuses() == "1a 32 12 7e");
}

TEST_CASE("a cover opened while printing is an error until it is shut",
          "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.send("one\ntwo\n");
    bench.machine.open_cover(bench.now);
    CHECK(bench.statuses() == "1a 56 52 12");
    bench.machine.close_cover(bench.now);
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("a hot head pauses printing and goes on alone", "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    bench.machine.overheat(bench.now, true);
    bench.send("late\n" + cut);
    CHECK(bench.statuses() == "1a 52 52 12");
    CHECK(bench.papers().empty());
    bench.machine.overheat(bench.now, false);
    CHECK(bench.paper().text() == "late\n");
}

TEST_CASE("a broken board needs a power cycle", "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.machine.break_board(bench.now);
    CHECK(bench.statuses() == "1a 52 32 12");
    bench.machine.power_off(bench.now);
    bench.machine.power_on(bench.now);
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("near end stops the printer when it was told so", "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(bytes({0x1b, 'c', '4', 3}));
    bench.machine.set_paper_left(bench.now, 1'000);
    CHECK(bench.statuses() == "1a 32 12 1e");
}

TEST_CASE("real-time status is answered in the middle of a picture and while stopped",
          "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(bytes({0x1d, 'v', '0', 0, 3, 0, 2, 0}));
    CHECK(bench.ask(bytes({0x10, 0x04, 0x04})) == "12");
    bench.send(bytes({0xff, 0xff, 0xff}) + cut);
    const Paper paper = bench.paper();
    REQUIRE(paper.rasters.size() == 1);
    CHECK(paper.rasters[0].bits == std::vector<std::uint8_t>{0x10, 0x04, 0x04, 0xff, 0xff, 0xff});

    bench.machine.set_paper_left(bench.now, 0);
    bench.send("waiting\n");
    CHECK(bench.statuses() == "1a 32 12 7e");
    CHECK(bench.machine.condition().buffered == 8 + 12);
}

TEST_CASE("real-time commands that went by are skipped in the queue", "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    bench.send("a" + bytes({0x10, 0x04, 1}) + "b" + bytes({0x10, 0x05, 1}) + "c\n" + cut);
    CHECK(bench.paper().text() == "abc\n");
    CHECK(bench.machine.unknown_count() == 0);
}

TEST_CASE("automatic status comes at once and then with each change", "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    CHECK(bench.ask(init + all_automatic_status) == "10 00 00 00");
    bench.send("nothing changes\n");
    CHECK(bench.replies().empty());
    bench.machine.set_paper_left(bench.now, 1'000);
    CHECK(bench.replies() == "10 00 03 00");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.replies() == "18 00 0f 00");
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies() == "38 00 0f 00");
    bench.machine.load_paper(bench.now);
    CHECK(bench.replies().empty());
    bench.machine.close_cover(bench.now);
    CHECK(bench.replies() == "10 00 00 00");
}

TEST_CASE("automatic status watches only what was asked for", "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    CHECK(bench.ask(bytes({0x1d, 'a', 0x08})) == "10 00 00 00");
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies().empty());
    bench.machine.close_cover(bench.now);
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.replies() == "18 00 0f 00");
}

TEST_CASE("initialising and losing power turn automatic status off", "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    CHECK(bench.ask(all_automatic_status) == "10 00 00 00");
    SECTION("ESC @") {
        bench.send(bytes({0x1b, '@'}));
    }
    SECTION("power") {
        bench.machine.power_off(bench.now);
        bench.machine.power_on(bench.now);
        CHECK(bench.replies().empty());
    }
    SECTION("GS a 0") {
        bench.send(bytes({0x1d, 'a', 0}));
    }
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.replies().empty());
}

TEST_CASE("automatic status asked for while stopped comes only afterwards",
          "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    bench.machine.open_cover(bench.now);
    CHECK(bench.ask(all_automatic_status).empty());
    bench.machine.close_cover(bench.now);
    CHECK(bench.replies() == "10 00 00 00");
}

TEST_CASE("a barrier is answered in order, and not at all while offline",
          "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.send("one\ntwo\n" + barrier);
    CHECK(bench.replies().empty());
    bench.settle();
    CHECK(bench.replies() == "00");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.ask(barrier).empty());
    bench.settle();
    CHECK(bench.replies().empty());
}

TEST_CASE("a barrier proves neither the last movement nor the cut", "[virtual_printer][status]") {
    Bench bench{generic_80()};
    bench.machine.jam_cutter(bench.now);
    bench.send("one\n");
    bench.settle();
    bench.send(cut + barrier);
    CHECK(bench.replies() == "00");
    CHECK(bench.statuses() == "12 12 12 12");
    bench.settle();
    CHECK(bench.statuses() == "1a 52 1a 12");
    CHECK(bench.papers().empty());
}

TEST_CASE("a process id comes when the paper is cut and not before", "[virtual_printer][status]") {
    Bench bench{epson_tm_t88v()};
    bench.send("A-025\n" + cut + process_id("k001"));
    bench.wait(20ms);
    CHECK(bench.replies().empty());
    bench.settle();
    CHECK(bench.papers().size() == 1);
    CHECK(bench.replies() == "37 22 6b 30 30 31 00");
}

TEST_CASE("a process id without a ticket is answered at once", "[virtual_printer][status]") {
    Bench bench{epson_tm_t88v()};
    CHECK(bench.ask(process_id("once")) == "37 22 6f 6e 63 65 00");
    CHECK(bench.replies().empty());
}

TEST_CASE("a process id waits for the end of a fault, or is forgotten with the buffer",
          "[virtual_printer][status]") {
    Bench bench{epson_tm_t88v()};
    bench.machine.set_paper_left(bench.now, 5);
    bench.send("A-025\nB\nC\nD\n" + cut + process_id("late"));
    bench.settle();
    CHECK(bench.replies().empty());
    SECTION("late success") {
        bench.machine.load_paper(bench.now);
        bench.settle();
        CHECK(bench.replies() == "37 22 6c 61 74 65 00");
    }
    SECTION("cleared") {
        CHECK(bench.ask(clear_buffers) == "37 25 00");
        bench.machine.load_paper(bench.now);
        bench.settle();
        CHECK(bench.replies().empty());
    }
}

TEST_CASE("a process id is kept while the host does not read", "[virtual_printer][status]") {
    Bench bench{instantaneous(epson_tm_t88v())};
    std::string questions;
    for (int i = 0; i < 130; ++i)
        questions += barrier;
    bench.send(questions + process_id("kept"));
    CHECK(bench.machine.take_replies().size() == 128);
    CHECK(bench.machine.lost_replies() == 2);
    CHECK(bench.replies() == "37 22 6b 65 70 74 00");
}

TEST_CASE("a model without process ids is silent and prints no scraps",
          "[virtual_printer][status]") {
    Bench bench{instantaneous(generic_80())};
    CHECK(bench.ask("x\n" + process_id("none") + cut).empty());
    CHECK(bench.paper().text() == "x\n");
    CHECK(bench.machine.unknown_count() == 1);
}

TEST_CASE("the offline response tells of going offline once", "[virtual_printer][status]") {
    Bench bench{instantaneous(epson_tm_t88v())};
    bench.send(bytes({0x1d, '(', 'H', 3, 0, '1', '0', 1}));
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies() == "37 23 00");
    bench.machine.close_cover(bench.now);
    CHECK(bench.replies().empty());
}

TEST_CASE("a muted printer prints and answers nothing", "[virtual_printer][status]") {
    Bench bench{instantaneous(epson_tm_t88v())};
    bench.machine.mute(true);
    CHECK(bench.ask("quiet\n" + cut + barrier + process_id("hush")).empty());
    CHECK(bench.statuses().empty());
    CHECK(bench.paper().text() == "quiet\n");
    bench.machine.mute(false);
    CHECK(bench.statuses() == "12 12 12 12");
}

TEST_CASE("identity and counters are answered in blocks", "[virtual_printer][status]") {
    Bench bench{instantaneous(epson_tm_t88v())};
    CHECK(bench.ask(bytes({0x1d, 'I', 67})) == "5f 54 4d 2d 54 38 38 56 00");
    const std::string cuts = bytes({0x1d, 'g', '2', 0, 0xb2, 0});
    CHECK(bench.ask(cuts) == "5f 30 00");
    CHECK(bench.ask(cut + cuts) == "5f 31 00");
}
