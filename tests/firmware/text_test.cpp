// What kiosks and callpads say to people: dates, sentences, lines of the display, keys.
#include "drivers/tty/escape.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "firmware/kiosk/keys.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <linux/input-event-codes.h>

namespace antrean {
namespace {

using namespace std::chrono_literals;

ServiceDay date(int year, unsigned month, unsigned day) {
    return ServiceDay{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
}

WallTime utc(int year, unsigned month, unsigned day, std::chrono::milliseconds time = 0ms) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    return std::chrono::sys_days{date} + time;
}

}  // namespace

TEST_CASE("dates have Indonesian names of days", "[text]") {
    const std::array names{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"};
    for (unsigned i = 0; i < 14; ++i) {  // 22 November 2026 is a Sunday
        const auto day = 10 + i;
        const auto expected =
            std::string{names[(i + 2) % 7]} + ", " + std::to_string(day) + " November 2026";
        CHECK(kiosk::date_text(date(2026, 11, day)) == expected);
    }
}

TEST_CASE("dates have Indonesian names of months", "[text]") {
    const std::array expected{
        "Kamis, 1 Januari 2026", "Minggu, 1 Februari 2026", "Minggu, 1 Maret 2026",
        "Rabu, 1 April 2026",    "Jumat, 1 Mei 2026",       "Senin, 1 Juni 2026",
        "Rabu, 1 Juli 2026",     "Sabtu, 1 Agustus 2026",   "Selasa, 1 September 2026",
        "Kamis, 1 Oktober 2026", "Minggu, 1 November 2026", "Selasa, 1 Desember 2026"};
    for (unsigned month = 1; month <= 12; ++month) {
        CHECK(kiosk::date_text(date(2026, month, 1)) == expected[month - 1]);
    }
    CHECK(kiosk::date_text(date(2028, 2, 29)) == "Selasa, 29 Februari 2028");
}

TEST_CASE("times are those of the site's zone", "[text]") {
    const auto last_of_year = utc(2026, 12, 31, 16h + 59min + 59s + 999ms);
    struct Row {
        std::chrono::minutes offset;
        const char* zone;
        const char* time;
    };
    const auto row = GENERATE(Row{420min, "WIB", "23.59 WIB"}, Row{480min, "WITA", "00.59 WITA"},
                              Row{540min, "WIT", "01.59 WIT"}, Row{0min, "UTC", "16.59 UTC"},
                              Row{-1020min, "X", "23.59 X"});
    CHECK(kiosk::time_text(last_of_year, row.offset, row.zone) == row.time);
}

TEST_CASE("midnight is 00.00, as clocks in Indonesia show it", "[text]") {
    const auto midnight = utc(2026, 11, 21, 17h);
    CHECK(kiosk::time_text(midnight, 420min, "WIB") == "00.00 WIB");
    CHECK(kiosk::time_text(midnight - 1ms, 420min, "WIB") == "23.59 WIB");
    CHECK(kiosk::time_text(utc(2026, 11, 22, 1h + 5min), 420min, "WIB") == "08.05 WIB");
}

TEST_CASE("every screen of a kiosk says something of its own", "[text]") {
    using Kind = kiosk::Screen::Kind;
    std::set<std::string> all;
    for (int kind = 0; kind <= static_cast<int>(Kind::busy); ++kind) {
        const auto text = kiosk::sentence({static_cast<Kind>(kind), "A-025"});
        CHECK(text.size() > 20);
        CHECK(all.insert(text).second);
        const bool names_label = text.find("A-025") != std::string::npos;
        const auto of_ticket = static_cast<Kind>(kind);
        CHECK(names_label == (of_ticket == Kind::printing || of_ticket == Kind::take_paper ||
                              of_ticket == Kind::maybe_printed || of_ticket == Kind::not_printed));
    }
    const auto no_paper = [](kiosk::PrinterReady why) {
        return kiosk::sentence({Kind::no_paper, "", why});
    };
    CHECK(no_paper(kiosk::PrinterReady::paper_out).starts_with("Kertas tiket habis."));
    CHECK(no_paper(kiosk::PrinterReady::cover_open).starts_with("Tutup pencetak tiket terbuka."));
    CHECK(no_paper(kiosk::PrinterReady::trouble).starts_with("Pencetak tiket sedang terganggu."));
}

TEST_CASE("keys of a terminal and of a keypad are the same buttons", "[text][keys]") {
    const std::array codes{KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9,
                           KEY_A, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G, KEY_H, KEY_I,
                           KEY_J, KEY_K, KEY_L, KEY_M, KEY_N, KEY_O, KEY_P, KEY_Q, KEY_R,
                           KEY_S, KEY_T, KEY_U, KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z};
    const std::string keys = "123456789abcdefghijklmnopqrstuvwxyz";
    REQUIRE(codes.size() == keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const ButtonNumber button{static_cast<std::uint16_t>(i + 1)};
        INFO(keys[i]);
        CHECK(kiosk::button_of(keys[i]) == button);
        CHECK(kiosk::button_of(static_cast<char>(std::toupper(keys[i]))) == button);
        CHECK(kiosk::button_of(static_cast<buttons::KeyCode>(codes[i])) == button);
        CHECK(kiosk::key_of(button) == keys[i]);
    }
    const std::array number_block{KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5,
                                  KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    for (std::size_t i = 0; i < number_block.size(); ++i) {
        CHECK(kiosk::button_of(static_cast<buttons::KeyCode>(number_block[i])) ==
              ButtonNumber{static_cast<std::uint16_t>(i + 1)});
    }
    for (const char other : {'0', ' ', '\n', '\x1b', '\0', '\x7f', '\xff', '@', '[', '`', '{'}) {
        CHECK_FALSE(kiosk::button_of(other));
    }
    for (const int other : {KEY_RESERVED, KEY_0, KEY_KP0, KEY_ESC, KEY_ENTER, KEY_F1, KEY_MAX}) {
        CHECK_FALSE(kiosk::button_of(static_cast<buttons::KeyCode>(other)));
    }
    CHECK(kiosk::key_of(ButtonNumber{36}) == '?');
}

TEST_CASE("a callpad's keys mean the same on a terminal and on a keypad", "[text][keys]") {
    using callpad::Key;
    struct Row {
        Key key;
        std::string characters;
        std::vector<int> codes;
    };
    const std::vector<Row> rows{
        {Key::next, "nN1\n", {KEY_N, KEY_1, KEY_KP1, KEY_ENTER, KEY_KPENTER}},
        {Key::recall, "rR2", {KEY_R, KEY_2, KEY_KP2}},
        {Key::done, "dD3", {KEY_D, KEY_3, KEY_KP3}},
        {Key::no_show, "xX4", {KEY_X, KEY_4, KEY_KP4}}};
    std::size_t known = 0;
    for (const auto& row : rows) {
        for (const char c : row.characters)
            CHECK(callpad::key_of(c) == row.key);
        for (const int code : row.codes) {
            CHECK(callpad::key_of(static_cast<buttons::KeyCode>(code)) == row.key);
        }
        known += row.characters.size();
    }
    std::size_t found = 0;
    for (int c = -128; c < 128; ++c) {
        if (callpad::key_of(static_cast<char>(c))) ++found;
    }
    CHECK(found == known);
    CHECK_FALSE(callpad::key_of(static_cast<buttons::KeyCode>(KEY_ESC)));
}

TEST_CASE("a callpad's line tells the counter, the number and how many wait", "[text]") {
    using Note = callpad::Screen::Note;
    proto::CounterView view{CounterId::parse("loket-3").value(), "Loket 3", 4, {}, {}, {}, {}, 0};
    CHECK(callpad::line({std::nullopt, Note::disconnected}) ==
          "belum tersambung | TERPUTUS dari pengendali");
    CHECK(callpad::line({view, Note::none}) == "Loket 3 | tidak ada yang dipanggil | menunggu 4");
    view.ticket = TicketId{7};
    view.label = "A-025";
    view.service_name = "KTP elektronik";
    view.paper = proto::Paper::printed;
    view.times_called = 1;
    CHECK(callpad::line({view, Note::none}) == "Loket 3 | A-025 | KTP elektronik | menunggu 4");
    view.times_called = 3;
    CHECK(callpad::line({view, Note::working}) ==
          "Loket 3 | A-025 | KTP elektronik | panggilan ke-3 | menunggu 4 | ...");
    view.times_called = 1;
    view.paper = proto::Paper::unconfirmed;
    CHECK(callpad::line({view, Note::none}) ==
          "Loket 3 | A-025 | KTP elektronik | tiket mungkin tidak tercetak | menunggu 4");
    view.paper = proto::Paper::voided;
    CHECK(callpad::line({view, Note::nobody_called}) ==
          "Loket 3 | A-025 | KTP elektronik | BATAL: tiket tidak tercetak | menunggu 4 | "
          "belum ada yang dipanggil");
    std::set<std::string> all;
    for (int note = 0; note <= static_cast<int>(Note::refused); ++note) {
        CHECK(all.insert(callpad::line({view, static_cast<Note>(note)})).second);
    }
}

TEST_CASE("names that came from outside cannot steer the clerk's terminal", "[text]") {
    proto::CounterView view{CounterId::parse("loket-3").value(),
                            "Loket \x1b]0;x\x07",
                            1,
                            TicketId{7},
                            "A\r\n> B-001",
                            "\xE2\x80\xAE"
                            "txet",
                            proto::Paper::printed,
                            1};
    const auto shown = tty::escaped(callpad::line({view, callpad::Screen::Note::none}));
    CHECK(tty::is_plain(shown));
    CHECK(shown.find("A\\x0D\\x0A> B-001") != std::string::npos);
}

}  // namespace antrean
