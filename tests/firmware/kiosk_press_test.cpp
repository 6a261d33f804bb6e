// From a press to its report, as conversations with the kiosk's core.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {

using proto::PrintOutcome;
using proto::PrintReason;
using proto::RefusalReason;

TEST_CASE("a press becomes a request, a paper and a report, each stored before it leaves",
          "[kiosk][R3][R5]") {
    Bench kiosk;
    CHECK(kiosk.start() == Words{"show starting"});
    CHECK(kiosk.printer(PrinterReady::yes).empty());
    CHECK(kiosk.link().empty());
    CHECK(kiosk.menu(menu_of(2)) == Words{"save (menu)", "show ready"});
    CHECK(kiosk.press(1) ==
          Words{"show wait", "save (request 1 issue service-1)", "send 1 issue service-1"});
    CHECK(kiosk.ticket(1, 7) ==
          Words{"save (no request) (job 7 printing)", "print A-007", "show printing A-007"});
    CHECK(kiosk.printed(7) == Words{"save (no job 7) (request 2 report 7 printed none)",
                                    "send 2 report 7 printed none", "show take paper A-007"});
    CHECK(kiosk.done(2).empty());
    CHECK(kiosk.wait(4999ms).empty());
    CHECK(kiosk.wait(1ms) == Words{"show ready"});
    CHECK(kiosk.core.deadline() == std::nullopt);
    CHECK(kiosk.hello().last_request == RequestId{2});
}

TEST_CASE("the paper says what the ticket and the menu said", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(2);
    kiosk.ticket(1, 7, 2);
    REQUIRE(kiosk.disk.jobs.size() == 1);
    const auto& paper = kiosk.disk.jobs[0].paper;
    CHECK(paper.ticket == TicketId{7});
    CHECK(paper.label == "A-007");
    CHECK(paper.site_name == "Mal Contoh");
    CHECK(paper.place == "Contoh");
    CHECK(paper.zone == "WIB");
    CHECK(paper.agency_name == "Dinas");
    CHECK(paper.service_name == "Layanan 2");
    CHECK(paper.service_day == ServiceDay{std::chrono::days{19676}});
    CHECK(paper.issued == WallTime{1'700'000'000s});
    CHECK(paper.utc_offset == 420min);
    CHECK(paper.ahead == 3);
}

TEST_CASE("a second press waits for the first one's answer, not for its paper", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    CHECK(kiosk.press(2).empty());
    CHECK(kiosk.ticket(1, 7) == Words{"save (no request) (job 7 printing)", "print A-007",
                                      "show printing A-007", "write (request 2 issue service-2)",
                                      "send 2 issue service-2"});
    // One paper at a time: the second is stored, and waits.
    CHECK(kiosk.ticket(2, 8, 2) == Words{"save (no request) (job 8 queued)"});
    CHECK(kiosk.printed(7) == Words{"save (no job 7) (request 3 report 7 printed none)",
                                    "send 3 report 7 printed none", "show take paper A-007",
                                    "save (job 8 printing)", "print A-008", "show printing A-008"});
    // The first report is not answered yet: the second outcome is kept by its job.
    CHECK(kiosk.printed(8) == Words{"save (job 8 settled printed none)", "show take paper A-008"});
    CHECK(kiosk.done(3) == Words{"save (no job 8) (request 4 report 8 printed none)",
                                 "send 4 report 8 printed none"});
    CHECK(kiosk.done(4).empty());
    CHECK(kiosk.disk.jobs.empty());
}

TEST_CASE("a report goes before the presses that wait", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.press(2);
    kiosk.press(3);
    CHECK(kiosk.printed(7) == Words{"save (job 7 settled printed none)", "show take paper A-007"});
    CHECK(kiosk.ticket(2, 8, 2) == Words{"save (no request) (job 8 printing)", "print A-008",
                                         "show printing A-008",
                                         "save (no job 7) (request 3 report 7 printed none)",
                                         "send 3 report 7 printed none"});
    CHECK(kiosk.done(3) == Words{"write (request 4 issue service-3)", "send 4 issue service-3"});
}

TEST_CASE("a press is told at once why no number can be given", "[kiosk]") {
    Bench kiosk;
    SECTION("without a menu") {
        kiosk.start();
        CHECK(kiosk.press(1).empty());  // the screen says so already
    }
    SECTION("of a button without a service") {
        kiosk.make_ready(2);
        CHECK(kiosk.press(3) == Words{"show unknown button"});
        CHECK(kiosk.wait(5s) == Words{"show ready"});
    }
    SECTION("without paper") {
        kiosk.make_ready();
        const auto why =
            GENERATE(PrinterReady::paper_out, PrinterReady::cover_open, PrinterReady::trouble);
        CHECK(kiosk.printer(why) == Words{"show no paper"});
        CHECK(kiosk.press(1).empty());  // the screen says so already
        kiosk.wait(6s);
        CHECK(kiosk.printer(PrinterReady::yes) == Words{"show ready"});
    }
    SECTION("without the controller") {
        kiosk.make_ready();
        CHECK(kiosk.unlink() == Words{"show disconnected"});
        CHECK(kiosk.press(1).empty());
        kiosk.wait(6s);
        CHECK(kiosk.link() == Words{"show ready"});
    }
    CHECK(kiosk.disk.in_flight.has_value() == false);
    CHECK(kiosk.disk.last_request == RequestId{});
}

TEST_CASE("which trouble the printer has reaches the screen", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    Actions out;
    kiosk.core.printer(PrinterReady::paper_out, kiosk.now, out);
    kiosk.core.printer(PrinterReady::cover_open, kiosk.now, out);
    REQUIRE(out.size() == 2);
    CHECK(std::get<Show>(out[0]).screen ==
          Screen{Screen::Kind::no_paper, "", PrinterReady::paper_out});
    CHECK(std::get<Show>(out[1]).screen ==
          Screen{Screen::Kind::no_paper, "", PrinterReady::cover_open});
}

TEST_CASE("a press asks for the class of its button", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    auto menu = menu_of(3);
    menu.buttons[1].service = menu.buttons[2].service = menu.buttons[0].service;
    menu.buttons[1].ticket_class = TicketClass::priority;
    menu.buttons[1].bring = "Kartu penyandang disabilitas";
    menu.buttons[2].ticket_class = TicketClass::appointment;
    menu.wifi_name = "MPP";
    menu.wifi_password = "rahasia123";
    menu.paper_link = "https://antrean.example.id";
    kiosk.menu(menu);
    CHECK(kiosk.press(1).back() == "send 1 issue service-1");
    kiosk.refuse(1, RefusalReason::closed);
    CHECK(kiosk.press(2).back() == "send 2 issue service-1 priority");
    SECTION("and its paper says so, with all that the menu has for it") {
        kiosk.answer(proto::Ticket{
            RequestId{2}, TicketId{7}, "A-007", service("service-1"), WallTime{1'700'000'000s},
            420min, 3, ServiceDay{std::chrono::days{19676}}, TicketClass::priority, 1500s});
        REQUIRE(kiosk.disk.jobs.size() == 1);
        const auto& paper = kiosk.disk.jobs[0].paper;
        CHECK(paper.ticket_class == TicketClass::priority);
        CHECK(paper.estimate == 1500s);
        CHECK(paper.bring == "Kartu penyandang disabilitas");
        CHECK(paper.wifi_name == "MPP");
        CHECK(paper.wifi_password == "rahasia123");
        CHECK(paper.link == "https://antrean.example.id");
    }
    SECTION("or none was to be had") {
        kiosk.refuse(2, RefusalReason::closed);
        CHECK(kiosk.press(3).back() == "send 3 issue service-1 appointment");
    }
}

TEST_CASE("a button whose service is not offered is asked for all the same", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.core.offers({9, {{service("service-1"), RefusalReason::quota_used, {}, 0, 4, 0s}}});
    REQUIRE(kiosk.core.offers().size() == 1);
    CHECK(kiosk.press(1).back() == "send 1 issue service-1");
    CHECK(kiosk.ticket(1, 7).size() == 3);
    kiosk.unlink();
    CHECK(kiosk.core.offers().empty());  // nobody knows any more
}

TEST_CASE("a refusal reaches the screen with its reason, a pause with the operator's text",
          "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.core.offers({9,
                       {{service("service-1"), RefusalReason::paused, "Jaringan pusat", {}, 4, 0s},
                        {service("service-2"), std::nullopt, {}, {}, 4, 0s}}});
    const auto shown = [&](int button, RefusalReason reason) {
        kiosk.press(button);
        Actions out;
        kiosk.core.answered(proto::Refused{kiosk.disk.last_request, reason}, kiosk.now, out);
        REQUIRE(out.size() == 2);
        return std::get<Show>(out[1]).screen;
    };
    const auto paused = shown(1, RefusalReason::paused);
    CHECK(paused.refusal == RefusalReason::paused);
    CHECK(paused.text == "Jaringan pusat");
    const auto unknown = shown(2, RefusalReason::paused);
    CHECK(unknown.refusal == RefusalReason::paused);
    CHECK(unknown.text.empty());
    kiosk.wait(2s);
    const auto full = shown(1, RefusalReason::hall_full);
    CHECK(full.refusal == RefusalReason::hall_full);
    CHECK(full.text.empty());
}

TEST_CASE("a refused press is told so and forgotten", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    const auto reason = GENERATE(RefusalReason::unknown_service, RefusalReason::series_full,
                                 RefusalReason::stale_request, RefusalReason::request_reused);
    CHECK(kiosk.refuse(1, reason) == Words{"save (no request)", "show refused"});
    CHECK(kiosk.wait(5s) == Words{"show ready"});
    CHECK(kiosk.press(1) ==
          Words{"show wait", "write (request 2 issue service-1)", "send 2 issue service-1"});
}

TEST_CASE("a lost connection clears the presses that wait, and asks the one under way again",
          "[kiosk][R5][R6][F11]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.press(2);
    CHECK(kiosk.unlink() == Words{"show disconnected"});
    kiosk.wait(2s);
    CHECK(kiosk.link() == Words{"show ready", "send 1 issue service-1"});
    kiosk.unlink();
    CHECK(kiosk.link(1) == Words{"show ready", "send 1 issue service-1"});
    CHECK(kiosk.ticket(1, 7) ==
          Words{"save (no request) (job 7 printing)", "print A-007", "show printing A-007"});
    // Nothing is asked for button 2, whose person was told that there is no number now.
}

TEST_CASE("a report is asked again until it is answered, under the same id", "[kiosk][R5][F11]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.unlink();
    kiosk.wait(10s);
    CHECK(kiosk.printed(7) ==
          Words{"save (no job 7) (request 2 report 7 printed none)", "show take paper A-007"});
    for (int i = 0; i < 3; ++i) {
        const auto said = kiosk.link(1);
        CHECK(said.back() == "send 2 report 7 printed none");
        kiosk.unlink();
    }
    kiosk.link(1);
    CHECK(kiosk.done(2).empty());
    kiosk.unlink();
    kiosk.wait(5s);
    CHECK(kiosk.link(2) == Words{"show ready"});
}

TEST_CASE("answers to anything but the request under way are old news", "[kiosk][R5][F12]") {
    Bench kiosk;
    kiosk.make_ready();
    CHECK(kiosk.ticket(1, 7).empty());
    kiosk.press(1);
    CHECK(kiosk.ticket(2, 8).empty());
    CHECK(kiosk.done(0).empty());
    CHECK_FALSE(kiosk.ticket(1, 7).empty());
    CHECK(kiosk.ticket(1, 7).empty());
}

TEST_CASE("a ticket that comes too late for its person is not printed", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    SECTION("in time") {
        kiosk.wait(late_after - 1ms);
        CHECK(kiosk.ticket(1, 7) ==
              Words{"save (no request) (job 7 printing)", "print A-007", "show printing A-007"});
    }
    SECTION("too late") {
        kiosk.wait(late_after);
        CHECK(kiosk.ticket(1, 7) == Words{"save (no request) (job 7 settled not_printed late)",
                                          "show not printed A-007",
                                          "save (no job 7) (request 2 report 7 not_printed late)",
                                          "send 2 report 7 not_printed late"});
    }
}

TEST_CASE("a paper that waits for another one too long is not printed", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.press(2);
    kiosk.ticket(2, 8, 2);
    // The first takes long, and nobody is woken more often than something happens.
    const auto said = kiosk.wait(50s);
    CHECK(said == Words{"show ready", "save (job 8 settled not_printed late)",
                        "save (no job 8) (request 3 report 8 not_printed late)",
                        "send 3 report 8 not_printed late"});
    kiosk.done(3);
    CHECK(kiosk.printed(7) == Words{"save (no job 7) (request 4 report 7 printed none)",
                                    "send 4 report 7 printed none", "show take paper A-007"});
}

TEST_CASE("a paper that the printer could not make is told with its reason", "[kiosk][R2][F20]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    SECTION("surely not printed") {
        CHECK(kiosk.printed(7, PrintOutcome::not_printed, PrintReason::paper_out) ==
              Words{"save (no job 7) (request 2 report 7 not_printed paper_out)",
                    "send 2 report 7 not_printed paper_out", "show not printed A-007"});
    }
    SECTION("perhaps printed") {
        CHECK(kiosk.printed(7, PrintOutcome::unconfirmed, PrintReason::gone) ==
              Words{"save (no job 7) (request 2 report 7 unconfirmed gone)",
                    "send 2 report 7 unconfirmed gone", "show maybe printed A-007"});
    }
}

TEST_CASE("paper that runs out between two tickets stops the second", "[kiosk][F20]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.press(2);
    kiosk.ticket(2, 8, 2);
    kiosk.printer(PrinterReady::paper_out);
    const auto said = kiosk.printed(7, PrintOutcome::unconfirmed, PrintReason::paper_out);
    CHECK(std::none_of(said.begin(), said.end(),
                       [](const auto& word) { return word.starts_with("print "); }));
    SECTION("until there is a new roll") {
        kiosk.wait(10s);
        const auto loaded = kiosk.printer(PrinterReady::yes);
        CHECK(std::count(loaded.begin(), loaded.end(), "print A-008") == 1);
    }
    SECTION("or until its person has gone") {
        kiosk.done(3);
        const auto late = kiosk.wait(late_after);
        CHECK(std::count(late.begin(), late.end(), "send 4 report 8 not_printed late") == 1);
        const auto loaded = kiosk.printer(PrinterReady::yes);
        CHECK(std::count(loaded.begin(), loaded.end(), "print A-008") == 0);
    }
}

TEST_CASE("a report that was not decided is told again under a new id", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.printed(7);
    const auto reason = GENERATE(RefusalReason::stale_request, RefusalReason::request_reused);
    CHECK(kiosk.refuse(2, reason) == Words{"save (no job 7) (request 3 report 7 printed none)",
                                           "send 3 report 7 printed none"});
    CHECK(kiosk.done(3).empty());
}

TEST_CASE("a report of a ticket that the controller does not know is over", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    kiosk.ticket(1, 7);
    kiosk.printed(7);
    CHECK(kiosk.refuse(2, RefusalReason::unknown_ticket).empty());
    CHECK(kiosk.disk.jobs.empty());
    kiosk.unlink();
    kiosk.wait(5s);
    CHECK(kiosk.link(2) == Words{"show ready"});
}

TEST_CASE("ids go on above what the controller has decided", "[kiosk]") {
    Bench kiosk;
    kiosk.start();
    kiosk.printer(PrinterReady::yes);
    kiosk.menu(menu_of(1));
    kiosk.link(41);
    CHECK(kiosk.press(1).back() == "send 42 issue service-1");
}

TEST_CASE("a menu is stored when it changes, and holds for the next press", "[kiosk]") {
    Bench kiosk;
    kiosk.make_ready(1);
    CHECK(kiosk.menu(menu_of(1)).empty());
    CHECK(kiosk.press(2) == Words{"show unknown button"});
    kiosk.wait(5s);
    CHECK(kiosk.menu(menu_of(2)) == Words{"save (menu)"});
    CHECK(kiosk.press(2).back() == "send 1 issue service-2");
    SECTION("a press that waits for a button that is gone is dropped") {
        kiosk.press(1);
        kiosk.menu({"Mal Contoh", "Contoh", "WIB", {menu_of(2).buttons[1]}});
        CHECK(kiosk.ticket(1, 7, 2) ==
              Words{"save (no request) (job 7 printing)", "print A-007", "show printing A-007"});
    }
    SECTION("a ticket of a service that is gone is printed without its names") {
        kiosk.menu({"Mal Contoh", "Contoh", "WIB", {}});
        kiosk.ticket(1, 7, 2);
        REQUIRE(kiosk.disk.jobs.size() == 1);
        CHECK(kiosk.disk.jobs[0].paper.service_name.empty());
        CHECK(kiosk.disk.jobs[0].paper.label == "A-007");
    }
}

TEST_CASE("a kiosk with a menu from its store needs no new one to be pressed", "[kiosk]") {
    Stored stored;
    stored.menu = menu_of(1);
    Bench kiosk{stored};
    CHECK(kiosk.start() == Words{"show disconnected"});
    CHECK(kiosk.link() == Words{"show no paper"});
    CHECK(kiosk.printer(PrinterReady::yes) == Words{"show ready"});
    CHECK(kiosk.press(1).back() == "send 1 issue service-1");
}

}  // namespace antrean::kiosk
