// Presses, long presses and chords, told from keys that go down and up.
#include "firmware/callpad/key_matcher.hpp"
#include "tests/catch.hpp"

#include <map>
#include <set>
#include <string>

namespace antrean::callpad {
namespace {

using namespace std::chrono_literals;
using buttons::KeyCode;
using Words = std::vector<std::string>;

// 1 is plain, 2 can be held, 3 and 4 are a chord, of which 4 can be held; 5 and 3 are another. 6
// and 7 are only a chord.
KeyMap some_map() {
    const auto push = [](Key key) { return Push{key}; };
    KeyMap map;
    map.keys = {{KeyCode{1}, push(Key::next)},
                {KeyCode{2}, push(Key::recall), push(Key::hold)},
                {KeyCode{3}, push(Key::done)},
                {KeyCode{4}, push(Key::no_show), push(Key::pause)},
                {KeyCode{5}, push(Key::serve)}};
    map.chords = {{KeyCode{3}, KeyCode{4}, push(Key::transfer)},
                  {KeyCode{5}, KeyCode{3}, push(Key::undo)},
                  {KeyCode{6}, KeyCode{7}, push(Key::sign_in)}};
    return map;
}

class Fingers {
public:
    Words down(int key) {
        return step([&](auto& out) { matcher.down(KeyCode(key), now, out); });
    }
    Words up(int key) {
        return step([&](auto& out) { matcher.up(KeyCode(key), now, out); });
    }
    Words wait(std::chrono::milliseconds time) {
        now += time;
        return step([&](auto& out) { matcher.tick(now, out); });
    }
    // Nobody looks meanwhile.
    void sleep(std::chrono::milliseconds time) { now += time; }

    KeyMap map = some_map();
    KeyMatcher matcher{map};
    SteadyTime now{1h};

private:
    template <class Event>
    static Words step(const Event& event) {
        std::vector<Pushed> done;
        event(done);
        Words words;
        for (const auto& one : done) {
            auto text = std::to_string(static_cast<int>(one.key));
            if (one.how == Pushed::How::long_press) text += " held";
            if (one.how == Pushed::How::chord)
                text += "+" + std::to_string(static_cast<int>(one.other));
            words.push_back(text + (one.push.key ? " " + std::string{to_text(*one.push.key)} : ""));
        }
        return words;
    }
};

}  // namespace

TEST_CASE("a key that is only pressed acts at once, and once", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(1) == Words{"1 next"});
    CHECK_FALSE(fingers.matcher.deadline());
    CHECK(fingers.wait(1h).empty());
    CHECK(fingers.up(1).empty());
    CHECK(fingers.down(1) == Words{"1 next"});
}

TEST_CASE("a key that the map does not have is told, and asks for nothing", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(99) == Words{"99"});
    CHECK(fingers.up(99).empty());
}

TEST_CASE("a key that can be held acts on its release, or as held in time", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(2).empty());
    CHECK(fingers.matcher.deadline() == fingers.now + default_long_press);
    SECTION("released before") {
        CHECK(fingers.wait(799ms).empty());
        CHECK(fingers.up(2) == Words{"2 recall"});
        CHECK_FALSE(fingers.matcher.deadline());
        CHECK(fingers.wait(1s).empty());
    }
    SECTION("held") {
        CHECK(fingers.wait(800ms) == Words{"2 held hold"});
        CHECK_FALSE(fingers.matcher.deadline());
        CHECK(fingers.wait(5s).empty());
        CHECK(fingers.up(2).empty());
        CHECK(fingers.down(2).empty());
        CHECK(fingers.up(2) == Words{"2 recall"});
    }
    SECTION("held, and nobody looked in time") {
        fingers.sleep(800ms);
        CHECK(fingers.up(2) == Words{"2 held hold"});
        CHECK_FALSE(fingers.matcher.deadline());
    }
    SECTION("while other keys act") {
        CHECK(fingers.down(1) == Words{"1 next"});
        CHECK(fingers.up(1).empty());
        CHECK(fingers.up(2) == Words{"2 recall"});
    }
    SECTION("as long as the map says") {
        fingers.map.long_press = 300ms;
        CHECK(fingers.wait(299ms).empty());
        CHECK(fingers.wait(1ms) == Words{"2 held hold"});
    }
}

TEST_CASE("two keys of a chord do what it says, and nothing of their own", "[callpad][matcher]") {
    Fingers fingers;
    const bool is_reversed = GENERATE(false, true);
    const int one = is_reversed ? 4 : 3;
    const int other = is_reversed ? 3 : 4;
    CHECK(fingers.down(one).empty());
    CHECK(fingers.wait(99ms).empty());
    const auto name = std::to_string(one) + "+" + std::to_string(other);
    CHECK(fingers.down(other) == Words{name + " transfer"});
    CHECK_FALSE(fingers.matcher.deadline());
    CHECK(fingers.wait(5s).empty());
    CHECK(fingers.up(one).empty());
    SECTION("before they are pressed anew") {
        CHECK(fingers.down(one).empty());
        CHECK(fingers.wait(100ms) == (is_reversed ? Words{} : Words{"3 done"}));
        CHECK(fingers.up(one) == (is_reversed ? Words{"4 no_show"} : Words{}));
    }
    SECTION("each") {
        CHECK(fingers.up(other).empty());
    }
}

TEST_CASE("two keys that come too far apart are no chord", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(3).empty());
    CHECK(fingers.matcher.deadline() == fingers.now + chord_time);
    SECTION("told in time") {
        CHECK(fingers.wait(100ms) == Words{"3 done"});
        CHECK(fingers.down(4).empty());
    }
    SECTION("told late") {
        fingers.sleep(100ms);
        CHECK(fingers.down(4) == Words{"3 done"});
    }
    CHECK(fingers.up(3).empty());
    CHECK(fingers.up(4) == Words{"4 no_show"});
}

TEST_CASE("a key of a chord that can be held waits for both", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(4).empty());
    CHECK(fingers.wait(100ms).empty());
    CHECK(fingers.matcher.deadline() == fingers.now + 700ms);
    SECTION("released") {
        CHECK(fingers.up(4) == Words{"4 no_show"});
    }
    SECTION("held") {
        CHECK(fingers.wait(700ms) == Words{"4 held pause"});
    }
    SECTION("the other is too late") {
        CHECK(fingers.down(3).empty());
        CHECK(fingers.up(4) == Words{"4 no_show"});
        CHECK(fingers.up(3) == Words{"3 done"});
    }
}

TEST_CASE("whoever lets go early does not wait for a chord", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(3).empty());
    CHECK(fingers.wait(20ms).empty());
    CHECK(fingers.up(3) == Words{"3 done"});
    CHECK(fingers.down(4).empty());
    CHECK(fingers.up(4) == Words{"4 no_show"});
}

TEST_CASE("another key ends the wait for a chord, and acts after", "[callpad][matcher]") {
    Fingers fingers;
    fingers.down(3);
    CHECK(fingers.down(1) == Words{"3 done", "1 next"});
    CHECK(fingers.down(4).empty());
    CHECK(fingers.up(4) == Words{"4 no_show"});
}

TEST_CASE("a key of two chords makes the one whose other comes", "[callpad][matcher]") {
    Fingers fingers;
    fingers.down(3);
    SECTION("of one") {
        CHECK(fingers.down(5) == Words{"3+5 undo"});
        CHECK(fingers.down(4).empty());
        CHECK(fingers.up(4) == Words{"4 no_show"});
    }
    SECTION("of the other") {
        CHECK(fingers.down(4) == Words{"3+4 transfer"});
        CHECK(fingers.down(5).empty());
        CHECK(fingers.wait(100ms) == Words{"5 serve"});
    }
}

TEST_CASE("keys that are only a chord do nothing alone", "[callpad][matcher]") {
    Fingers fingers;
    CHECK(fingers.down(6).empty());
    CHECK(fingers.wait(100ms) == Words{"6"});
    CHECK(fingers.up(6).empty());
    fingers.down(7);
    CHECK(fingers.down(6) == Words{"7+6 sign_in"});
}

TEST_CASE("whatever fingers do, a key acts once for each time it goes down", "[callpad][matcher]") {
    Fingers fingers;
    std::map<int, int> pressed, acted;
    std::set<int> is_down;
    std::uint32_t random = GENERATE(range(1u, 50u));
    const auto next = [&] { return random = random * 1664525u + 1013904223u; };
    const auto count = [&](const Words& words) {
        for (const auto& word : words) {
            ++acted[word[0] - '0'];
            if (word.size() > 2 && word[1] == '+') ++acted[word[2] - '0'];
        }
    };
    for (int i = 0; i < 1000; ++i) {
        const int key = 1 + static_cast<int>((next() >> 16) % 7);
        if (is_down.erase(key) > 0) {
            count(fingers.up(key));
        } else {
            is_down.insert(key);
            ++pressed[key];
            count(fingers.down(key));
        }
        const auto time = std::chrono::milliseconds{(next() >> 16) % 300};
        if (next() >> 31) {
            count(fingers.wait(time));
        } else {
            fingers.sleep(time);
        }
        if (const auto deadline = fingers.matcher.deadline())
            REQUIRE(*deadline <= fingers.now + default_long_press);
    }
    for (const int key : is_down)
        count(fingers.up(key));
    CHECK(acted == pressed);
    CHECK_FALSE(fingers.matcher.deadline());
}

}  // namespace antrean::callpad
