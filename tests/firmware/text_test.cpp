// What kiosks and callpads say to people: dates, sentences, lines of the display, keys.
#include "drivers/tty/escape.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/callpad/large.hpp"
#include "firmware/callpad/pad_keys.hpp"
#include "firmware/common/class_text.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "firmware/kiosk/keys.hpp"
#include "proto/peer.hpp"
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
    for (int kind = 0; kind <= static_cast<int>(Kind::one_button); ++kind) {
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

TEST_CASE("a wait is told to five minutes, and no more exactly", "[text]") {
    struct Row {
        std::chrono::seconds wait;
        const char* text;
    };
    const auto row =
        GENERATE(Row{0s, ""}, Row{1s, "kurang dari 5 menit"},
                 Row{4min + 59s, "kurang dari 5 menit"}, Row{5min, "\u00b1 5 menit"},
                 Row{7min + 29s, "\u00b1 5 menit"}, Row{7min + 31s, "\u00b1 10 menit"},
                 Row{24min, "\u00b1 25 menit"}, Row{57min, "\u00b1 55 menit"},
                 Row{59min, "\u00b1 1 jam"}, Row{64min, "\u00b1 1 jam 5 menit"},
                 Row{3h, "\u00b1 3 jam"}, Row{4'294'967'295s, "\u00b1 1193046 jam 30 menit"});
    CHECK(kiosk::estimate_text(row.wait) == row.text);
}

TEST_CASE("only who is not served in order is told a class", "[text]") {
    CHECK(common::class_text(TicketClass::regular).empty());
    CHECK(common::class_text(TicketClass::priority) == "PRIORITAS");
    CHECK(common::class_text(TicketClass::appointment) == "JANJI TEMU");
}

TEST_CASE("every refusal has its words at a kiosk and at a callpad", "[text]") {
    std::set<std::string> of_offers, of_callpads;
    for (int i = 1; i <= static_cast<int>(proto::RefusalReason::appointment_used); ++i) {
        const auto reason = static_cast<proto::RefusalReason>(i);
        INFO(proto::to_text(reason));
        const auto at_kiosk = kiosk::refusal_text(reason, "");
        CHECK(at_kiosk.size() > 10);
        kiosk::Screen screen{kiosk::Screen::Kind::refused, {}};
        screen.refusal = reason;
        CHECK(kiosk::sentence(screen) == at_kiosk);
        if (reason >= proto::first_of_offers && reason <= proto::last_of_offers)
            CHECK(of_offers.insert(at_kiosk).second);
        const auto at_callpad = callpad::refusal_text(reason);
        CHECK(at_callpad.size() > 10);
        // The two about ids are one thing to people.
        if (reason != proto::RefusalReason::request_reused)
            CHECK(of_callpads.insert(at_callpad).second);
    }
    CHECK(kiosk::refusal_text(proto::RefusalReason::quota_used, "") == "Kuota hari ini habis.");
    CHECK(kiosk::refusal_text(proto::RefusalReason::paused, "Jaringan pusat")
              .ends_with(": Jaringan pusat"));
}

TEST_CASE("a kiosk's terminal tells of each button what is to be had", "[text]") {
    const auto service = [](const char* id) { return ServiceId::parse(id).value(); };
    proto::Menu menu{"Mal", "Contoh", "WIB", {}};
    menu.buttons = {{ButtonNumber{1}, service("ktp"), "KTP", "Dukcapil", TicketClass::regular, ""},
                    {ButtonNumber{2}, service("ktp"), "KTP", "Dukcapil", TicketClass::priority,
                     "Kartu disabilitas"},
                    {ButtonNumber{10}, service("npwp"), "NPWP", "Pajak", TicketClass::regular, ""}};
    using Lines = std::vector<std::string>;
    CHECK(kiosk::button_lines(menu, {}) ==
          Lines{"[1] Dukcapil - KTP", "[2] Dukcapil - KTP (PRIORITAS) | siapkan: Kartu disabilitas",
                "[a] Pajak - NPWP"});
    proto::Offer open{service("ktp"), std::nullopt, "", 12, 4, 20min};
    proto::Offer shut{service("npwp"), proto::RefusalReason::paused, "Rapat", 3, 0, 20min};
    CHECK(kiosk::button_lines(menu, {open, shut}) ==
          Lines{"[1] Dukcapil - KTP | sisa 12 | menunggu 4 | perkiraan tunggu \u00b1 20 menit",
                "[2] Dukcapil - KTP (PRIORITAS) | sisa 12 | menunggu 4 | perkiraan tunggu "
                "\u00b1 20 menit | siapkan: Kartu disabilitas",
                "[a] Pajak - NPWP | TUTUP: Layanan ini dihentikan sementara: Rapat | menunggu 0"});
    open.left.reset();
    open.estimate = 0s;
    CHECK(kiosk::button_lines(menu, {open}).front() == "[1] Dukcapil - KTP | menunggu 4");
}

namespace {

proto::CounterView called_view() {
    proto::CounterView view{CounterId::parse("loket-3").value(), "Loket 3", 4, {}, {}, {}, {}, 0};
    view.ticket = TicketId{7};
    view.label = "A-025";
    view.service_name = "KTP elektronik";
    view.paper = proto::Paper::printed;
    view.times_called = 1;
    return view;
}

}  // namespace

TEST_CASE("a callpad's line tells the counter, the number and how many wait", "[text]") {
    using Note = callpad::Screen::Note;
    auto view = called_view();
    CHECK(callpad::line({std::nullopt, Note::disconnected}) ==
          "belum tersambung | TERPUTUS dari pengendali");
    view.ticket = TicketId{};
    CHECK(callpad::line({view, Note::none}) == "Loket 3 | tidak ada yang dipanggil | menunggu 4");
    view.ticket = TicketId{7};
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
          "Loket 3 | A-025 | KTP elektronik | BATAL: tiket tidak berlaku lagi | menunggu 4 | "
          "belum ada yang dipanggil");
    std::set<std::string> all;
    for (int note = 0; note < static_cast<int>(Note::refused); ++note) {
        CHECK(all.insert(callpad::line({view, static_cast<Note>(note)})).second);
    }
    CHECK(callpad::line({view, Note::refused, proto::RefusalReason::nobody_waits})
              .ends_with(" | tidak ada yang menunggu"));
}

TEST_CASE("a callpad's line tells class, state, staff, pause, the held and what can be undone",
          "[text]") {
    using Note = callpad::Screen::Note;
    auto view = called_view();
    view.ticket_class = TicketClass::priority;
    view.state = proto::State::serving;
    view.waiting_by_class = {1, 2, 1};
    view.staff = "Siti";
    view.held = {{TicketId{5}, "A-022", TicketClass::regular},
                 {TicketId{6}, "A-023", TicketClass::appointment}};
    view.can_undo = proto::Step::serve;
    CHECK(callpad::line({view, Note::none}) ==
          "Loket 3 | Siti | A-025 | KTP elektronik | PRIORITAS | sedang dilayani | "
          "menunggu 4 (prioritas 2, janji temu 1) | ditahan 1: A-022, 2: A-023 JANJI TEMU | "
          "u: batalkan mulai layani");
    view = called_view();
    view.ticket = TicketId{};
    view.sign_in_required = true;
    view.paused = true;
    view.pause_reason = "Salat";
    CHECK(callpad::line({view, Note::none}) ==
          "Loket 3 | belum masuk | LOKET DIJEDA: Salat | tidak ada yang dipanggil | menunggu 4");
    view.pause_reason.clear();
    CHECK(callpad::line({view, Note::none}).find("| LOKET DIJEDA |") != std::string::npos);
    std::set<std::string> steps;
    for (int step = 0; step <= static_cast<int>(proto::Step::transfer); ++step) {
        view.can_undo = static_cast<proto::Step>(step);
        CHECK(steps.insert(callpad::line({view, Note::none})).second);
    }
}

TEST_CASE("a callpad's line shows what is being typed, with its choices", "[text]") {
    using Kind = callpad::Entry::Kind;
    callpad::Screen screen{called_view(), callpad::Screen::Note::none};
    screen.entry = callpad::Entry{Kind::target, "1", {"NPWP", "KTP"}};
    CHECK(callpad::line(screen).ends_with(" | Alihkan ke, nomor: 1_ [1: NPWP, 2: KTP]"));
    screen.entry = callpad::Entry{Kind::code, "****", {}};
    CHECK(callpad::line(screen).ends_with(" | Kode petugas: ****_"));
}

TEST_CASE("a callpad's panel shows the label large, and fits its terminal", "[text]") {
    callpad::Screen screen{called_view(), callpad::Screen::Note::working};
    screen.view->held = {{TicketId{5}, "A-022", TicketClass::regular}};
    screen.entry = callpad::Entry{callpad::Entry::Kind::held, "", {"A-022"}};
    const auto help = callpad::key_help(callpad::standard_key_map());
    const auto shown = callpad::panel(screen, help);
    const auto has = [&](const std::string& text) {
        return std::count(shown.begin(), shown.end(), text) == 1;
    };
    for (const auto& row : callpad::large("A-025"))
        CHECK(has(row));
    CHECK(has("A-025 | KTP elektronik"));
    CHECK(has("ditahan 1: A-022"));
    CHECK(has("  1: A-022"));
    CHECK(has("..."));
    CHECK(shown.back() == help.back());
    CHECK(shown.size() <= 24);
    for (const auto& row : shown)
        CHECK(row.size() <= 80);
    // Too long for large letters: it is said all the same.
    screen.view->label = "ABC-123456789";
    const auto narrow = callpad::panel(screen, help, 40);
    CHECK(std::count(narrow.begin(), narrow.end(), "ABC-123456789") == 1);
    CHECK(callpad::panel({}, {}).front() == "belum tersambung");
}

TEST_CASE("large letters are all different, and none is wider than another", "[text]") {
    std::set<std::array<std::string, callpad::large_lines>> all;
    for (const char c : std::string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789- "}) {
        const auto letter = callpad::large(std::string{c});
        CHECK(all.insert(letter).second);
        for (const auto& row : letter)
            CHECK(row.size() == callpad::large_columns);
    }
    CHECK(callpad::large("a-1") == callpad::large("A-1"));
    CHECK(callpad::large("\x1b") == callpad::large(" "));
}

TEST_CASE("names that came from outside cannot steer the clerk's terminal", "[text][R16][F30]") {
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
