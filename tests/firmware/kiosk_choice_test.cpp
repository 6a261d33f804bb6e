// A service chosen by digits or by pages, out of more than there are keys.
#include "firmware/kiosk/choice.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "firmware/kiosk/keys.hpp"
#include "tests/catch.hpp"

#include <set>
#include <string>
#include <vector>

#include <linux/input-event-codes.h>

namespace antrean::kiosk {
namespace {

using namespace std::chrono_literals;
using Kind = ChoiceView::Kind;
using Lines = std::vector<std::string>;

// Buttons with these numbers, of the agencies that their hundreds name.
proto::Menu menu_of(const std::vector<int>& numbers) {
    proto::Menu menu{"Mal", "Contoh", "WIB", {}};
    for (const int number : numbers) {
        const auto text = std::to_string(number);
        menu.buttons.push_back({ButtonNumber{static_cast<std::uint16_t>(number)},
                                *ServiceId::parse("s-" + text), "Layanan " + text,
                                "Dinas " + std::to_string(number / 100), TicketClass::regular, ""});
    }
    return menu;
}

std::vector<int> from_to(int first, int last) {
    std::vector<int> numbers;
    for (int number = first; number <= last; ++number)
        numbers.push_back(number);
    return numbers;
}

// Somebody at the keys.
struct Hand {
    Hand(ChoiceMode mode, const std::vector<int>& numbers) : choice{mode} {
        choice.menu(menu_of(numbers));
    }
    // Types KEYS a second apart; the button of the last one, 0 if none, and none before.
    int type(const std::string& keys) {
        std::optional<ButtonNumber> chosen;
        for (const char key : keys) {
            CHECK_FALSE(chosen);
            now += 1s;
            chosen = choice.key(choice_key_of(key).value(), now);
        }
        return chosen ? chosen->value() : 0;
    }
    Lines lines(const std::vector<proto::Offer>& offers = {}) const {
        return choice_lines(choice.view(), offers);
    }
    void wait(std::chrono::milliseconds time) {
        now += time;
        choice.tick(now);
    }

    Choice choice;
    SteadyTime now{1h};
};

}  // namespace

TEST_CASE("a number that is typed and entered is a button", "[kiosk][choice]") {
    Hand hand{ChoiceMode::digits, {1, 27, 270, 999}};
    CHECK(hand.choice.view() == ChoiceView{});
    CHECK(hand.type("27#") == 27);
    CHECK(hand.choice.view() == ChoiceView{});
    CHECK(hand.type("999\n") == 999);
    CHECK(hand.type("1\n") == 1);
    CHECK(hand.type("001\n") == 1);
    SECTION("and none before it is entered, or without a digit") {
        CHECK(hand.type("\n\n") == 0);
        CHECK(hand.type("270") == 0);
        CHECK(hand.type("\n") == 270);
        CHECK(hand.type("\n") == 0);
    }
    SECTION("of which a digit can be erased, and all of it cancelled") {
        CHECK(hand.type("9.29\x7f\b27\n") == 27);
        CHECK(hand.type("\x7f") == 0);
        CHECK(hand.type("99*27\n") == 27);
    }
    SECTION("and which has three digits at most") {
        CHECK(hand.type("2700\n") == 270);
    }
}

TEST_CASE("what is typed is shown, with its service", "[kiosk][choice]") {
    Hand hand{ChoiceMode::digits, {2, 27}};
    CHECK(hand.lines().empty());
    hand.type("2");
    CHECK(hand.lines() == Lines{"Nomor layanan: 2 = Dinas 0 - Layanan 2. Tekan Enter untuk "
                                "mengambil nomor antrean."});
    hand.type("8");
    CHECK(hand.lines() == Lines{"Nomor layanan: 28_"});
    SECTION("and that there is none of that number, until one is typed anew") {
        CHECK(hand.type("\n") == 0);
        CHECK(hand.choice.view().kind == Kind::no_such);
        CHECK(hand.lines().size() == 1);
        CHECK(hand.lines()[0].starts_with("Tidak ada layanan nomor 28."));
        SECTION("with its first digit") {
            CHECK(hand.type("27\n") == 27);
        }
        SECTION("with its last one") {
            CHECK(hand.type(".7\n") == 27);
        }
    }
    SECTION("and nothing of it once it was cancelled") {
        hand.type("*");
        CHECK(hand.lines().empty());
    }
}

TEST_CASE("who stops typing is forgotten after ten seconds", "[kiosk][choice]") {
    Hand hand{ChoiceMode::digits, {2, 27}};
    CHECK_FALSE(hand.choice.deadline());
    hand.type("2");
    CHECK(hand.choice.deadline() == hand.now + 10s);
    hand.wait(9999ms);
    CHECK_FALSE(hand.lines().empty());
    SECTION("by the clock") {
        hand.wait(1ms);
        CHECK(hand.lines().empty());
        CHECK_FALSE(hand.choice.deadline());
    }
    SECTION("by the next one's key, where the clock is late") {
        hand.now += 1ms;
        CHECK(hand.type("7\n") == 0);
        CHECK(hand.choice.view().digits == "7");
    }
}

TEST_CASE("each key begins the patience anew", "[kiosk][choice]") {
    Hand hand{ChoiceMode::digits, {27}};
    for (const char* key : {"2", "8", ".", "7"}) {
        CHECK(hand.type(key) == 0);
        hand.wait(8999ms);
    }
    CHECK(hand.type("\n") == 27);
}

TEST_CASE("a service is chosen by its agency, then by its name", "[kiosk][choice]") {
    Hand hand{ChoiceMode::pages, {101, 102, 201, 103}};
    CHECK(hand.lines() ==
          Lines{"Pilih instansi", "[1] Dinas 1 (3 layanan)", "[2] Dinas 2 (1 layanan)"});
    CHECK(hand.type("1") == 0);
    CHECK(hand.lines() == Lines{"Dinas 1: pilih layanan", "[1] Layanan 101", "[2] Layanan 102",
                                "[3] Layanan 103", "[0] Kembali"});
    CHECK(hand.type("3") == 103);
    CHECK(hand.choice.view().kind == Kind::agencies);
    CHECK(hand.type("21") == 201);
    SECTION("and keys of nothing do nothing") {
        CHECK(hand.type("3") == 0);
        CHECK(hand.type("\n") == 0);
        CHECK(hand.type("0") == 0);
        CHECK(hand.type("9") == 0);
        CHECK(hand.choice.view().kind == Kind::agencies);
        CHECK(hand.type("24") == 0);
        CHECK(hand.choice.view().kind == Kind::services);
    }
    SECTION("and one goes back from the wrong one") {
        hand.type("2");
        CHECK(hand.type("011") == 101);
        hand.type("2");
        CHECK(hand.type("*12") == 102);
        hand.type("2");
        CHECK(hand.type(".12") == 102);
    }
    SECTION("where it is shut is said beside it") {
        hand.type("1");
        const proto::Offer shut{
            *ServiceId::parse("s-102"), proto::RefusalReason::closed, "", {}, 0, 0s};
        CHECK(hand.lines({shut})[2] == "[2] Layanan 102 | TUTUP: Layanan ini tutup hari ini.");
        CHECK(hand.type("2") == 102);  // the controller says so
    }
    SECTION("and who stops is forgotten") {
        hand.type("1");
        CHECK(hand.choice.deadline() == hand.now + 20s);
        hand.wait(19'999ms);
        CHECK(hand.choice.view().kind == Kind::services);
        hand.wait(1ms);
        CHECK(hand.choice.view().kind == Kind::agencies);
        CHECK_FALSE(hand.choice.deadline());
    }
}

TEST_CASE("a key that is pressed twice does not choose on the page behind", "[kiosk][choice]") {
    Hand hand{ChoiceMode::pages, {101, 102, 201}};
    const auto one = *choice_key_of('1');
    CHECK_FALSE(hand.choice.key(one, hand.now));
    CHECK_FALSE(hand.choice.key(one, hand.now + 399ms));
    CHECK(hand.choice.view().kind == Kind::services);
    CHECK(hand.choice.key(one, hand.now + 400ms) == ButtonNumber{101});
    CHECK_FALSE(hand.choice.key(one, hand.now + 799ms));
    CHECK(hand.choice.view().kind == Kind::agencies);
}

TEST_CASE("pages go on with 9, around, and back with 0", "[kiosk][choice]") {
    // Agencies 1 to 9, and 20 services of agency 9.
    std::vector<int> numbers;
    for (int agency = 1; agency <= 8; ++agency)
        numbers.push_back(100 * agency);
    for (int service = 901; service <= 920; ++service)
        numbers.push_back(service);
    Hand hand{ChoiceMode::pages, numbers};
    CHECK(hand.lines().front() == "Pilih instansi (halaman 1 dari 2)");
    CHECK(hand.lines().back() == "[9] Halaman berikutnya");
    hand.type("9");
    CHECK(hand.lines() == Lines{"Pilih instansi (halaman 2 dari 2)", "[1] Dinas 9 (20 layanan)",
                                "[9] Halaman berikutnya", "[0] Kembali"});
    hand.type("1");
    CHECK(hand.lines().front() == "Dinas 9: pilih layanan (halaman 1 dari 3)");
    hand.type("99");
    CHECK(hand.lines() == Lines{"Dinas 9: pilih layanan (halaman 3 dari 3)", "[1] Layanan 917",
                                "[2] Layanan 918", "[3] Layanan 919", "[4] Layanan 920",
                                "[9] Halaman berikutnya", "[0] Kembali"});
    SECTION("around") {
        hand.type("9");
        CHECK(hand.choice.view().page == 1);
        CHECK(hand.type("8") == 908);
    }
    SECTION("back") {
        hand.type("0");
        CHECK(hand.type("8") == 916);
    }
    SECTION("back to the agencies where one was") {
        hand.type("000");
        CHECK(hand.lines().front() == "Pilih instansi (halaman 2 dari 2)");
        hand.type("0");
        CHECK(hand.lines().front() == "Pilih instansi (halaman 1 dari 2)");
    }
    SECTION("and none is chosen where there is none") {
        CHECK(hand.type("5") == 0);
    }
}

TEST_CASE("every one of 512 services can be chosen either way", "[kiosk][choice]") {
    const auto numbers = from_to(488, 999);
    REQUIRE(numbers.size() == 512);
    Hand typing{ChoiceMode::digits, numbers};
    for (const int number : numbers)
        CHECK(typing.type(std::to_string(number) + "\n") == number);
    Hand paging{ChoiceMode::pages, numbers};
    std::set<int> found;
    const auto agencies = paging.choice.view().rows.size();
    REQUIRE(agencies == 6);
    for (std::size_t agency = 1; agency <= agencies; ++agency) {
        for (std::size_t page = 1, pages = 1; page <= pages; ++page) {
            for (std::size_t row = 1, rows = 1; row <= rows; ++row) {
                paging.type(std::to_string(agency) + std::string(page - 1, '9'));
                const auto view = paging.choice.view();
                CHECK(view.page == page);
                pages = view.pages;
                rows = view.rows.size();
                found.insert(paging.type(std::to_string(row)));
            }
        }
    }
    CHECK(found == std::set<int>{numbers.begin(), numbers.end()});
}

TEST_CASE("another menu begins anew, the same one goes on", "[kiosk][choice]") {
    Hand hand{GENERATE(ChoiceMode::digits, ChoiceMode::pages), {1, 2}};
    const auto before = hand.choice.view();
    hand.type("1");
    const auto begun = hand.choice.view();
    CHECK_FALSE(begun == before);
    hand.choice.menu(menu_of({1, 2}));
    CHECK(hand.choice.view() == begun);
    hand.choice.menu(menu_of({1, 3}));
    CHECK_FALSE(hand.choice.deadline());
    hand.choice.menu(menu_of({1, 2}));
    CHECK(hand.choice.view() == before);
}

TEST_CASE("without a menu there is nothing to choose", "[kiosk][choice]") {
    Hand hand{GENERATE(ChoiceMode::direct, ChoiceMode::digits, ChoiceMode::pages), {}};
    for (const char key : std::string{"0123456789*.\n"})
        CHECK(hand.type(std::string(1, key)) == 0);
}

TEST_CASE("keypads of all kinds have the keys of a choice", "[kiosk][choice]") {
    using Of = ChoiceKey::Kind;
    const auto of = [](int code) { return choice_key_of(static_cast<buttons::KeyCode>(code)); };
    for (int digit = 0; digit <= 9; ++digit) {
        const ChoiceKey key{Of::digit, digit};
        CHECK(choice_key_of(static_cast<char>('0' + digit)) == key);
        CHECK(of(KEY_NUMERIC_0 + digit) == key);
        CHECK(of(digit == 0 ? KEY_0 : KEY_1 + digit - 1) == key);
    }
    const std::vector<int> block{KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                 KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    for (std::size_t digit = 0; digit < block.size(); ++digit)
        CHECK(of(block[digit]) == ChoiceKey{Of::digit, static_cast<int>(digit)});
    for (const int code : {KEY_ENTER, KEY_KPENTER, KEY_NUMERIC_POUND})
        CHECK(of(code) == ChoiceKey{Of::enter});
    for (const int code : {KEY_BACKSPACE, KEY_DELETE, KEY_KPDOT})
        CHECK(of(code) == ChoiceKey{Of::erase});
    for (const int code : {KEY_ESC, KEY_KPASTERISK, KEY_NUMERIC_STAR})
        CHECK(of(code) == ChoiceKey{Of::cancel});
    for (const int code : {KEY_RESERVED, KEY_A, KEY_F1, KEY_MAX})
        CHECK_FALSE(of(code));
    CHECK_FALSE(choice_key_of('a'));
    CHECK_FALSE(choice_key_of('\0'));
}

TEST_CASE("where services are chosen the display says how, with numbers for keys",
          "[kiosk][choice]") {
    const auto menu = menu_of({9, 10, 300});
    CHECK(button_lines(menu, {}, ChoiceMode::digits) == Lines{"[9] Dinas 0 - Layanan 9",
                                                              "[10] Dinas 0 - Layanan 10",
                                                              "[300] Dinas 3 - Layanan 300"});
    std::set<std::string> all;
    for (const auto mode : {ChoiceMode::direct, ChoiceMode::digits, ChoiceMode::pages}) {
        CHECK(all.insert(sentence({Screen::Kind::ready, ""}, mode)).second);
        const auto offline = sentence({Screen::Kind::ready_offline, ""}, mode);
        CHECK(all.insert(offline).second);
        CHECK(offline.find("nomor Anda tetap berlaku") != std::string::npos);
    }
}

}  // namespace antrean::kiosk
