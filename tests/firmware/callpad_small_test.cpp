// What a callpad shows on a display of a few short rows.
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/small.hpp"
#include "tests/catch.hpp"

#include <set>

namespace antrean::callpad {
namespace {

using Rows = std::vector<std::string>;
using Note = Screen::Note;

Screen screen_of(const std::string& label, Note note = Note::none) {
    proto::CounterView view;
    view.counter_name = "Loket 1";
    view.waiting = 4;
    if (!label.empty()) {
        view.ticket = TicketId{7};
        view.label = label;
        view.service_name = "KTP elektronik";
        view.times_called = 1;
    }
    Screen screen;
    screen.view = view;
    screen.note = note;
    return screen;
}

Rows two(const Screen& screen) {
    return small(screen, 16, 2);
}
Rows four(const Screen& screen) {
    return small(screen, 20, 4);
}

}  // namespace

TEST_CASE("two short rows say who is called, who waits and what matters", "[callpad][small]") {
    auto screen = screen_of("A-025");
    CHECK(two(screen) == Rows{"A-025    antre 4", "KTP elektronik  "});
    SECTION("what is wrong comes first") {
        screen.note = Note::disconnected;
        CHECK(two(screen)[1] == "TERPUTUS        ");
    }
    SECTION("a class, a doubt, a pause, nobody signed in") {
        screen.view->ticket_class = TicketClass::priority;
        CHECK(two(screen)[1] == "PRIORITAS KTP el");
        screen.view->paper = proto::Paper::unconfirmed;
        CHECK(two(screen)[1] == "tiket diragukan ");
        screen.view->paper = proto::Paper::voided;
        CHECK(two(screen)[1] == "BATAL           ");
        screen.view->sign_in_required = true;
        CHECK(two(screen)[1] == "belum masuk     ");
        screen.view->paused = true;
        CHECK(two(screen)[1] == "LOKET DIJEDA    ");
    }
    SECTION("nobody") {
        screen = screen_of("");
        screen.view->held = {{TicketId{1}, "A-001", TicketClass::regular}};
        CHECK(two(screen) == Rows{"-        antre 4", "ditahan 1       "});
    }
    SECTION("a long label keeps the number that wait") {
        screen.view->label = "DUKCAPIL-QK1234";
        screen.view->waiting = 1234;
        CHECK(two(screen)[0] == "DUKCA antre 1234");
    }
    SECTION("before the first connection") {
        CHECK(two(Screen{}) == Rows{"Belum tersambung", "TERPUTUS        "});
    }
}

TEST_CASE("four rows tell the counter and its staff too", "[callpad][small]") {
    auto screen = screen_of("A-025", Note::working);
    screen.view->staff = "Siti";
    CHECK(four(screen) == Rows{"Loket 1         Siti", "A-025        antre 4",
                               "KTP elektronik      ", "...                 "});
    CHECK(small(Screen{}, 20, 4) == Rows{"Belum tersambung    ", "TERPUTUS            ",
                                         std::string(20, ' '), std::string(20, ' ')});
}

TEST_CASE("what is typed is seen, with the choice that it is", "[callpad][small]") {
    auto screen = screen_of("A-025");
    screen.entry = Entry{Entry::Kind::target, "", {"NPWP", "Kartu Keluarga"}};
    CHECK(two(screen) == Rows{"Alihkan: _      ", "1-2: NPWP       "});
    screen.entry->text = "2";
    CHECK(two(screen) == Rows{"Alihkan: 2_     ", "Kartu Keluarga  "});
    CHECK(four(screen) == Rows{"Loket 1             ", "A-025        antre 4",
                               "Alihkan: 2_         ", "Kartu Keluarga      "});
    screen.entry->text = "99";
    CHECK(two(screen)[1] == "1-2: NPWP       ");
    screen.note = Note::no_choice;
    CHECK(two(screen)[1] == "bukan pilihan   ");
    screen.note = Note::none;
    screen.entry = Entry{Entry::Kind::code, "****", {}};
    CHECK(two(screen) == Rows{"Kode: ****_     ", std::string(16, ' ')});
    screen.entry = Entry{Entry::Kind::label, "A-02", {}};
    CHECK(two(screen)[0] == "Nomor: A-02_    ");
}

TEST_CASE("letters beyond ASCII count as one", "[callpad][small]") {
    auto screen = screen_of("A-025");
    screen.view->service_name =
        "\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9"
        "\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9\u00c9";
    CHECK(two(screen)[1].size() == 32);
    screen.view->service_name = "Akt\u00e9";
    CHECK(two(screen)[1] == "Akt\u00e9            ");
}

TEST_CASE("each refusal that a clerk can meet is told apart in few letters", "[callpad][small]") {
    using proto::RefusalReason;
    std::set<std::string> all;
    for (int i = 1; i <= static_cast<int>(RefusalReason::appointment_used); ++i) {
        const auto text = short_refusal(static_cast<RefusalReason>(i));
        CHECK(text.size() >= 7);
        CHECK(text.size() <= 16);
        all.insert(text);
    }
    CHECK(all.size() == 15);  // with one for all that kiosks are told
    auto screen = screen_of("A-025", Note::refused);
    screen.refusal = RefusalReason::nobody_waits;
    CHECK(two(screen)[1] == "antrean kosong  ");
}

TEST_CASE("every note fits a short row", "[callpad][small]") {
    for (int note = 1; note < static_cast<int>(Note::refused); ++note) {
        const auto row = two(screen_of("A-025", static_cast<Note>(note)))[1];
        CHECK(row.size() == 16);
        CHECK(row != two(screen_of("A-025"))[1]);
    }
}

TEST_CASE("each display gets what fits it", "[callpad][small]") {
    const auto screen = screen_of("A-025");
    CHECK(rows_for(screen, {0, 1}, {"help"}) == Rows{line(screen)});
    CHECK(rows_for(screen, {80, 0}, {"help"}) == panel(screen, {"help"}, 80));
    CHECK(rows_for(screen, {16, 2}, {"help"}) == two(screen));
    CHECK(rows_for(screen, {20, 4}, {"help"}) == four(screen));
}

}  // namespace antrean::callpad
