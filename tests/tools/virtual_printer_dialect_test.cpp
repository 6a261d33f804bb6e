#include "tests/tools/virtual_printer_bench.hpp"

using namespace antrean::virtual_printer;

namespace {

Profile custom(PresenterKind presenter) {
    Profile profile = generic_80();
    profile.dialect = Dialect::custom;
    profile.presenter = presenter;
    profile.has_counters = true;
    profile.starts_in_kanji_mode = false;
    return profile;
}

Profile star() {
    Profile profile = generic_80();
    profile.dialect = Dialect::star;
    return profile;
}

const std::string full_status = bytes({0x10, 0x04, 0x14});
const std::string total_cut = bytes({0x1b, 'i'});
const std::string ticket = "A-025\n" + bytes({0x1b, 'd', 4}) + total_cut;
const std::string present_and_keep = bytes({0x1c, 'P', 8, 1, 'E', 0});
const std::string present_for_30_s = bytes({0x1c, 'P', 8, 1, 'R', 30});
const std::string star_status_on = bytes({0x1b, 0x1e, 'a', 3});
const std::string etb = bytes({0x17});

}  // namespace

TEST_CASE("the full status of a Custom printer tells paper, user and errors",
          "[virtual_printer][custom]") {
    Bench bench{instantaneous(custom(PresenterKind::fs_p))};
    CHECK(bench.ask(full_status) == "10 0f 00 00 00 00");
    bench.machine.set_paper_left(bench.now, 1'000);
    CHECK(bench.ask(full_status) == "10 0f 04 00 00 00");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.ask(full_status) == "10 0f 05 00 00 00");
    bench.machine.load_paper(bench.now);
    bench.machine.open_cover(bench.now);
    CHECK(bench.ask(full_status) == "10 0f 00 03 00 00");
    bench.machine.close_cover(bench.now);
    bench.machine.overheat(bench.now, true);
    CHECK(bench.ask(full_status) == "10 0f 00 00 01 00");
    bench.machine.overheat(bench.now, false);
    bench.machine.jam_cutter(bench.now);
    bench.send(ticket);
    CHECK(bench.ask(full_status) == "10 0f 00 00 00 01");
}

TEST_CASE("the motor and what waits show while it prints", "[virtual_printer][custom]") {
    Bench bench{custom(PresenterKind::fs_p)};
    CHECK(bench.ask(bytes({0x10, 0x04, 0x11})) == "12");
    bench.send(ticket);
    CHECK(bench.ask(bytes({0x10, 0x04, 0x11})) == "16");
    CHECK(bench.ask(full_status) == "10 0f 00 0c 00 00");
    bench.settle();
    CHECK(bench.ask(bytes({0x10, 0x04, 0x11})) == "12");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.ask(bytes({0x10, 0x04, 0x11})) == "32");
}

TEST_CASE("other makers are silent to Custom's questions", "[virtual_printer][custom]") {
    Bench bench{instantaneous(generic_80())};
    CHECK(bench.ask(full_status + bytes({0x10, 0x04, 0x11})).empty());
    CHECK(bench.machine.unknown_count() == 0);
}

TEST_CASE("a ticket is offered, taken, and both are told", "[virtual_printer][custom]") {
    Bench bench{custom(PresenterKind::fs_p)};
    bench.send(ticket);
    bench.settle();
    const Paper paper = bench.paper();
    CHECK(bench.machine.condition().ticket_inside);
    CHECK_FALSE(bench.machine.take_ticket(bench.now));
    bench.send(present_and_keep);
    CHECK(bench.ask(full_status) == "10 0f 00 08 00 00");
    bench.settle();
    CHECK(bench.ask(full_status) == "10 0f 20 00 00 00");
    bench.wait(10min);
    CHECK(bench.machine.condition().ticket_in_mouth);
    CHECK(bench.machine.take_ticket(bench.now));
    CHECK(bench.ask(full_status) == "10 0f 00 00 00 00");
    CHECK(bench.machine.take_fates() == std::vector<TicketFate>{{paper.number, Fate::taken}});
    CHECK(bench.ask(bytes({0x1d, 0xe4})) == hex(std::as_bytes(std::span{"0ret", 4})));
}

TEST_CASE("a ticket that nobody takes is retracted, and counted", "[virtual_printer][custom]") {
    Bench bench{custom(PresenterKind::fs_p)};
    bench.send(ticket + present_for_30_s);
    const auto took = bench.settle();
    CHECK(took > 30s);
    CHECK(took < 33s);
    const Paper paper = bench.paper();
    CHECK(bench.machine.take_fates() == std::vector<TicketFate>{{paper.number, Fate::retracted}});
    CHECK(bench.ask(bytes({0x1d, 0xe4})) == hex(std::as_bytes(std::span{"1ret", 4})));
    CHECK(bench.ask(full_status) == "10 0f 00 00 00 00");
}

TEST_CASE("a ticket that was not offered is pushed out by the next", "[virtual_printer][custom]") {
    Bench bench{instantaneous(custom(PresenterKind::fs_p))};
    bench.send(ticket + ticket);
    CHECK(bench.machine.take_fates() == std::vector<TicketFate>{{1, Fate::ejected}});
    bench.send(bytes({0x1b, 'C', 1}));
    CHECK(bench.machine.take_fates() == std::vector<TicketFate>{{2, Fate::retracted}});
    bench.send(ticket + bytes({0x1b, 'F'}));
    CHECK(bench.machine.take_fates() == std::vector<TicketFate>{{3, Fate::ejected}});
}

TEST_CASE("the older presenter takes GS e, and FS P not", "[virtual_printer][custom]") {
    Bench bench{instantaneous(custom(PresenterKind::gs_e))};
    const std::string where = bytes({0x1d, 'e', 6});
    CHECK(bench.ask(where) == "00");
    bench.send(ticket);
    CHECK(bench.ask(where) == "04");
    bench.send(bytes({0x1d, 'e', 3, 12}));
    CHECK(bench.ask(where) == "0c");
    CHECK(bench.ask(full_status) == "10 0f 20 00 00 00");
    CHECK(bench.machine.take_ticket(bench.now));
    bench.send(ticket + bytes({0x1d, 'e', 5}));
    bench.send(ticket + bytes({0x1d, 'e', 2}));
    CHECK(bench.machine.take_fates() ==
          std::vector<TicketFate>{{1, Fate::taken}, {2, Fate::ejected}, {3, Fate::retracted}});
    CHECK(bench.machine.unknown_count() == 0);
    bench.send(present_and_keep);
    CHECK(bench.machine.unknown_count() == 1);
}

TEST_CASE("a ticket may get stuck in the presenter", "[virtual_printer][custom]") {
    Bench bench{instantaneous(custom(PresenterKind::fs_p))};
    bench.machine.stick_ticket(bench.now, true);
    bench.send(ticket + present_and_keep);
    CHECK(bench.ask(full_status) == "10 0f 00 00 40 00");
    CHECK_FALSE(bench.machine.condition().online);
    CHECK(bench.statuses() == "1a 52 16 12");
    bench.machine.stick_ticket(bench.now, false);
    CHECK(bench.machine.condition().online);
    CHECK(bench.machine.take_fates() == std::vector<TicketFate>{{1, Fate::ejected}});
}

TEST_CASE("the automatic full status sends the bytes that were asked for",
          "[virtual_printer][custom]") {
    Bench bench{instantaneous(custom(PresenterKind::fs_p))};
    CHECK(bench.ask(bytes({0x1d, 0xe0, 0x05})).empty());
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies().empty());
    bench.machine.close_cover(bench.now);
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.replies() == "10 05 05 00");
    bench.machine.load_paper(bench.now);
    CHECK(bench.replies() == "10 05 00 00");
    bench.send(ticket + present_and_keep);
    CHECK(bench.replies() == "10 05 20 00");
}

TEST_CASE("Custom's counters are plain text", "[virtual_printer][custom]") {
    Bench bench{instantaneous(custom(PresenterKind::fs_p))};
    bench.machine.set_paper_left(bench.now, 5'100);
    bench.send(ticket + ticket);
    bench.machine.power_off(bench.now);
    bench.machine.power_on(bench.now);
    const auto ask = [&](int counter) {
        std::string text;
        bench.send(bytes({0x1d, counter}));
        for (const std::byte b : bench.machine.take_replies())
            text += static_cast<char>(b);
        return text;
    };
    CHECK(ask(0xe1) == "505cm");
    CHECK(ask(0xe2) == "2cuts");
    CHECK(ask(0xe3) == "4cm");
    CHECK(ask(0xe4) == "0ret");
    CHECK(ask(0xe5) == "2on");
}

TEST_CASE("Star's status has nine bytes and tells every change", "[virtual_printer][star]") {
    Bench bench{instantaneous(star())};
    CHECK(bench.ask(star_status_on) == "23 00 00 00 00 00 00 00 00");
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies() == "23 00 28 00 02 00 00 00 00");
    bench.machine.close_cover(bench.now);
    CHECK(bench.replies() == "23 00 00 00 00 00 00 00 00");
    bench.machine.set_paper_left(bench.now, 0);
    CHECK(bench.replies() == "23 00 08 00 00 0c 00 00 00");
    bench.machine.load_paper(bench.now);
    bench.replies();
    bench.send(bytes({0x1b, 0x1e, 'a', 0}));
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies().empty());
    CHECK(bench.ask(bytes({0x1b, 0x06, 0x01})) == "23 00 28 00 02 00 00 00 00");
}

TEST_CASE("ETB is told when the paper before it is out", "[virtual_printer][star]") {
    Bench bench{star()};
    bench.send(star_status_on);
    bench.replies();
    bench.send("A-025\n" + cut + etb);
    bench.wait(50ms);
    CHECK(bench.replies().empty());
    bench.settle();
    CHECK(bench.papers().size() == 1);
    CHECK(bench.replies() == "23 00 02 00 00 00 00 02 00");
    // Bits 0 to 4 of the counter stand in bits 1, 2, 3, 5 and 6.
    bench.send(etb + etb);
    CHECK(bench.replies() == "23 00 02 00 00 00 00 04 00 23 00 02 00 00 00 00 06 00");
    for (int i = 3; i < 31; ++i)
        bench.ask(etb);
    bench.send(bytes({0x1b, 0x1e, 'a', 1}));
    CHECK(bench.replies() == "23 00 00 00 00 00 00 6e 00");
    CHECK(bench.ask(etb) == "23 00 02 00 00 00 00 00 00");
    bench.ask(etb);
    bench.send(bytes({0x1b, 0x1e, 'E', 0}));
    CHECK(bench.replies().empty());
    CHECK(bench.ask(etb) == "23 00 02 00 00 00 00 02 00");
}

TEST_CASE("ETB waits for the end of a fault, and CAN forgets the line", "[virtual_printer][star]") {
    Bench bench{star()};
    bench.send(star_status_on);
    bench.replies();
    bench.machine.jam_cutter(bench.now);
    bench.send("A-025\n" + cut + etb);
    bench.settle();
    CHECK(bench.replies() == "23 00 08 08 00 00 00 00 00");
    bench.machine.clear_jam(bench.now);
    bench.send(bytes({0x10, 0x05, 0x01}));
    bench.settle();
    CHECK(bench.replies() == "23 00 00 00 00 00 00 00 00 23 00 02 00 00 00 00 02 00");
    CHECK(bench.papers().size() == 1);
    bench.send("wrong" + bytes({0x18}) + "right\n" + cut);
    bench.settle();
    CHECK(bench.paper().text() == "right\n");
}

TEST_CASE("a Citizen calls a cover opened while printing a mechanical error",
          "[virtual_printer][citizen]") {
    Profile profile = generic_80();
    profile.open_cover_is_mechanical = true;
    Bench bench{profile};
    bench.send(all_automatic_status + "one\ntwo\n");
    bench.replies();
    bench.machine.open_cover(bench.now);
    CHECK(bench.replies() == "38 04 00 00");
    CHECK(bench.statuses() == "1a 56 16 12");
    bench.machine.close_cover(bench.now);
    CHECK(bench.statuses().substr(12) == "12 12 12 12");
}
