// Key maps as files: the standard one, the samples, and what slips of the pen are told.
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/callpad/key_matcher.hpp"
#include "firmware/callpad/pad_keys.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <filesystem>
#include <set>
#include <string>

#include <linux/input-event-codes.h>

namespace antrean::callpad {
namespace {

using namespace std::chrono_literals;
using buttons::KeyCode;

const std::filesystem::path samples{ANTREAN_KEYS};

Push standard(int code) {
    const auto* entry = standard_key_map().find(KeyCode(code));
    return entry ? entry->press : Push{};
}

std::string problems(const std::string& text) {
    const auto map = read_key_map(text, "keys.toml");
    return map ? "" : map.error().message();
}

// As the file of one key that calls the next, and LINES.
std::string problems_with(const std::string& lines) {
    return problems("[keys]\nKEY_1 = { press = \"next\" }\n" + lines);
}

}  // namespace

TEST_CASE("a callpad's keys mean the same on a terminal and on a keypad", "[callpad][keys]") {
    struct Row {
        Key key;
        std::string characters;
        std::vector<int> codes;
    };
    const std::vector<Row> rows{
        {Key::next, "nN1\n", {KEY_N, KEY_1, KEY_KP1, KEY_ENTER, KEY_KPENTER}},
        {Key::recall, "rR2", {KEY_R, KEY_2, KEY_KP2}},
        {Key::done, "dD3", {KEY_D, KEY_3, KEY_KP3}},
        {Key::no_show, "xX4", {KEY_X, KEY_4, KEY_KP4}},
        {Key::serve, "sS5", {KEY_S, KEY_5, KEY_KP5}},
        {Key::hold, "hH6", {KEY_H, KEY_6, KEY_KP6}},
        {Key::resume, "bB7", {KEY_B, KEY_7, KEY_KP7}},
        {Key::transfer, "tT8", {KEY_T, KEY_8, KEY_KP8}},
        {Key::undo, "uU9", {KEY_U, KEY_9, KEY_KP9}},
        {Key::pause, "iI0", {KEY_I, KEY_0, KEY_KP0}},
        {Key::next_priority, "pP+", {KEY_P, KEY_KPPLUS}},
        {Key::sign_in, "mM*", {KEY_M, KEY_KPASTERISK}},
        {Key::sign_out, "kK/", {KEY_K, KEY_KPSLASH}},
        {Key::by_label, "cC", {KEY_C}}};
    std::size_t known = 0;
    for (const auto& row : rows) {
        for (const char c : row.characters)
            CHECK(standard_key_map().of_character(c) == Push{row.key, c});
        for (const int code : row.codes)
            CHECK(standard(code).key == row.key);
        known += row.characters.size();
    }
    std::size_t found = 0;
    for (int c = -128; c < 128; ++c) {
        const auto push = standard_key_map().of_character(static_cast<char>(c));
        CHECK(push.character == static_cast<char>(c));
        if (push.key) ++found;
    }
    CHECK(found == known);
}

TEST_CASE("a keyboard types labels into a callpad, and takes back", "[callpad][keys]") {
    std::set<char> typed;
    for (int code = 0; code <= KEY_MAX; ++code)
        typed.insert(standard(code).character);
    for (const char c : std::string{"abcdefghijklmnopqrstuvwxyz0123456789-+*/\n\x7f\x1b"})
        CHECK(typed.erase(c) == 1);
    CHECK(typed == std::set{'\0'});
    CHECK(standard(KEY_MINUS).character == '-');
    CHECK(standard(KEY_BACKSPACE).character == erase_key);
    CHECK(standard(KEY_ESC).character == cancel_key);
    CHECK(standard(KEY_F1) == Push{});
}

TEST_CASE("no key of the standard map is waited for", "[callpad][keys]") {
    CHECK(standard_key_map().chords.empty());
    for (const auto& key : standard_key_map().keys)
        CHECK_FALSE(key.long_press);
}

TEST_CASE("every sample of a key map can be used", "[callpad][keys]") {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator{samples}) {
        if (file.path().extension() != ".toml") continue;
        const auto map = load_key_map(file.path());
        INFO((map ? std::string{} : map.error().message()));
        CHECK(map.has_value());
        // The table that tells what is there.
        CHECK(tests::content(samples / "README.md").find(file.path().filename()) !=
              std::string::npos);
        ++count;
    }
    CHECK(count >= 2);
}

TEST_CASE("four buttons do all that a clerk does", "[callpad][keys]") {
    const auto map = load_key_map(samples / "four-buttons.toml").value();
    std::set<Key> done;
    std::string typed;
    for (int one = KEY_1; one <= KEY_4; ++one) {
        for (int other = one; other <= KEY_4; ++other) {
            for (const auto held : {0ms, 800ms}) {
                KeyMatcher matcher{map};
                std::vector<Pushed> out;
                SteadyTime now{1h};
                matcher.down(KeyCode(one), now, out);
                if (other != one) matcher.down(KeyCode(other), now, out);
                matcher.tick(now + held, out);
                matcher.up(KeyCode(one), now + held, out);
                matcher.up(KeyCode(other), now + held, out);
                for (const auto& pushed : out) {
                    if (pushed.push.key) done.insert(*pushed.push.key);
                    typed += pushed.push.character;
                }
            }
        }
    }
    // A label has letters; the held are chosen from their list instead.
    for (std::size_t i = 0; i < key_words.size(); ++i)
        CHECK(done.count(static_cast<Key>(i)) == (static_cast<Key>(i) == Key::by_label ? 0 : 1));
    for (const char c : {'1', '2', '3', forth_key, back_key, enter_key, erase_key, cancel_key})
        CHECK(typed.find(c) != std::string::npos);
}

TEST_CASE("who types with a slow finger types the same", "[callpad][keys]") {
    const auto map = read_key_map(
        "[keys]\n"
        "KEY_1 = { press = \"next\", long_press = \"hold\", types = \"1\" }\n"
        "KEY_2 = { types = \"enter\", long_types = \"cancel\" }\n",
        "keys.toml");
    REQUIRE(map.has_value());
    CHECK(map->find(KeyCode{KEY_1})->long_press == Push{Key::hold, '1'});
    CHECK(map->find(KeyCode{KEY_2})->press == Push{std::nullopt, enter_key});
    CHECK(map->find(KeyCode{KEY_2})->long_press == Push{std::nullopt, cancel_key});
    CHECK(map->long_press == 800ms);
}

TEST_CASE("a slip in a key map is told with its line and what to do", "[callpad][keys]") {
    struct Row {
        const char* lines;
        const char* problem;
    };
    const auto row = GENERATE(
        Row{"KEY_KP01 = { press = \"done\" }\n",
            "keys.toml:3: 'KEY_KP01' is no key; did you mean 'KEY_KP1'?"},
        Row{"\"\\u001b[2J\" = { press = \"done\" }\n",
            "keys.toml:3: '\\x1B[2J' is no key; write a name of linux/input-event-codes.h"},
        Row{"KEY_2 = { press = \"recal\" }\n",
            "keys.toml:3: 'press' of KEY_2 is 'recal'; did you mean 'recall'?"},
        Row{"KEY_2 = { press = \"dance\" }\n", "write one of next, recall, done, no_show,"},
        Row{"KEY_2 = { presses = \"done\" }\n",
            "keys.toml:3: KEY_2 has an unknown key 'presses'; did you mean 'press'?"},
        Row{"KEY_2 = { types = \"E\" }\n",
            "keys.toml:3: 'types' of KEY_2 is 'E'; write one of a-z, 0-9, -, +, * and /"},
        Row{"KEY_2 = { types = 2 }\n", "keys.toml:3: 'types' of KEY_2 is a whole number, not text"},
        Row{"KEY_2 = \"done\"\n",
            "keys.toml:3: 'KEY_2' does not say what it does; write KEY_2 = { press = \"next\" }"},
        Row{"KEY_2 = {}\n", "keys.toml:3: 'KEY_2' does nothing; give it press"},
        Row{"KEY_1 = { press = \"done\" }\n", "keys.toml:3: "},
        Row{"BTN_A = { press = \"done\" }\nBTN_SOUTH = { press = \"done\" }\n",
            "is a key that is here by another name; keep one of them"},
        Row{"[[chord]]\nkeys = [\"KEY_1\"]\npress = \"done\"\n",
            "keys.toml:3: this [[chord]] is of 1 keys; write keys = "},
        Row{"[[chord]]\npress = \"done\"\n", "keys.toml:3: this [[chord]] has no 'keys'"},
        Row{"[[chord]]\nkeys = [\"KEY_1\", \"KEY_X1\"]\npress = \"done\"\n",
            "keys.toml:4: 'KEY_X1' is no key"},
        Row{"[[chord]]\nkeys = [\"KEY_1\", \"KEY_1\"]\npress = \"done\"\n",
            "keys.toml:3: this [[chord]] is twice the same key; name two"},
        Row{"[[chord]]\nkeys = [\"KEY_1\", \"KEY_2\"]\npress = \"done\"\n"
            "[[chord]]\nkeys = [\"KEY_2\", \"KEY_1\"]\npress = \"undo\"\n",
            "keys.toml:6: there is a [[chord]] of these keys already"},
        Row{"[[chord]]\nkeys = [\"KEY_1\", \"KEY_2\"]\n",
            "keys.toml:3: this [[chord]] does nothing; give it press or types"},
        Row{"KEY_2 = { press = \"transfer\" }\n",
            "no key types enter, which 'transfer' ends with; give one of them types = \"enter\""},
        Row{"[others]\n", "keys.toml:3: the file has an unknown key 'others'"});
    CHECK_THAT(problems_with(row.lines), Catch::Contains(row.problem));
}

TEST_CASE("a key map is a whole one", "[callpad][keys]") {
    CHECK_THAT(problems("long_press_ms = 800\n"), Catch::Contains("the file has no [keys]"));
    CHECK_THAT(problems("long_press_ms = 10\n[keys]\nKEY_1 = { press = \"next\" }\n"),
               Catch::Contains("keys.toml:1: 'long_press_ms' of the file is 10; write a whole "
                               "number from 300 to 5000"));
    CHECK_THAT(problems("[keys]\nKEY_1 = { press = \"done\" }\n"),
               Catch::Contains("no key calls the next; give one of them press = \"next\""));
    CHECK_THAT(problems("[keys]\nKEY_1 = { press = \"nex\" }\nKEY_Q1 = 1\n"),
               Catch::Contains("keys.toml:2: ") && Catch::Contains("keys.toml:3: "));
    CHECK(problems("[keys]\nKEY_1 = { press = \"next\" }\n").empty());
    CHECK_THAT(load_key_map("/nowhere/keys.toml").error().message(),
               Catch::Contains("/nowhere/keys.toml: there is no such file"));
}

TEST_CASE("a key map is no larger than there are keys for", "[callpad][keys]") {
    std::string chords;
    for (int i = 2; i < 10; ++i) {
        for (int j = i + 1; j < 10; ++j) {
            chords += "[[chord]]\nkeys = [\"KEY_" + std::to_string(i) + "\", \"KEY_" +
                      std::to_string(j) + "\"]\npress = \"done\"\n";
        }
    }
    CHECK(problems_with(chords).empty());  // 28
    for (int i = 1; i <= 5; ++i)
        chords +=
            "[[chord]]\nkeys = [\"KEY_F" + std::to_string(i) + "\", \"KEY_1\"]\npress = \"done\"\n";
    CHECK_THAT(problems_with(chords), Catch::Contains("a key map may have 32 of them"));
    std::string keys;
    int count = 1;
    for (int code = KEY_2; count <= 128; ++code) {
        const auto name = buttons::key_name(KeyCode(code));
        if (!name.starts_with("KEY_")) continue;
        keys += name + " = { types = \"a\" }\n";
        ++count;
    }
    CHECK_THAT(problems_with(keys), Catch::Contains("[keys] has 129 keys; leave at most 128"));
}

TEST_CASE("clerks are told the keys that they have", "[callpad][keys]") {
    CHECK(key_help(standard_key_map()) ==
          std::vector<std::string>{
              "n: berikutnya   p: prioritas   r: panggil ulang   s: layani   d: selesai",
              "x: tidak hadir   h: tahan   b: panggil yang ditahan   c: panggil nomor",
              "t: alihkan   u: batalkan   i: jeda/buka   m: masuk   k: keluar"});
    CHECK(key_help(load_key_map(samples / "four-buttons.toml").value()) ==
          std::vector<std::string>{
              "1: berikutnya   1 lama: prioritas   2: panggil ulang   1+3: layani   3: selesai",
              "4: tidak hadir   2 lama: tahan   1+2: panggil yang ditahan",
              "3 lama: alihkan   2+3: batalkan   4 lama: jeda/buka   1+4: masuk   3+4: keluar"});
}

TEST_CASE("a push is named as a technician reads it", "[callpad][keys]") {
    using How = Pushed::How;
    const KeyCode one{KEY_1}, two{KEY_2};
    const auto words = [](const PushText& text) { return text.keys + ": " + text.means; };
    CHECK(words(to_text({How::press, one, {}, {Key::next, '1'}})) == "KEY_1: next");
    CHECK(words(to_text({How::long_press, one, {}, {Key::hold}})) == "KEY_1 held: hold");
    CHECK(words(to_text({How::chord, one, two, {Key::undo}})) == "KEY_1 + KEY_2: undo");
    CHECK(words(to_text({How::press, one, {}, {std::nullopt, '1'}})) == "KEY_1: types 1");
    CHECK(words(to_text({How::press, one, {}, {std::nullopt, erase_key}})) == "KEY_1: erase");
    CHECK(words(to_text({How::press, one, {}, {}})) == "KEY_1: ");
    CHECK(words(to_text('n', {Key::next, 'n'})) == "n: next");
    CHECK(words(to_text('~', {std::nullopt, '~'})) == "~: ");
}

}  // namespace antrean::callpad
