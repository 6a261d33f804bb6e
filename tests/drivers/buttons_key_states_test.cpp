#include "drivers/buttons/key_states.hpp"
#include "tests/catch.hpp"

using namespace antrean;
using namespace antrean::buttons;
using namespace std::chrono_literals;

namespace {

constexpr KeyCode one{2};
constexpr KeyCode two{3};
constexpr KeyChange press_one{one, true};
constexpr KeyChange release_one{one, false};
using Changes = std::vector<KeyChange>;

SteadyTime at(std::chrono::milliseconds time) {
    return SteadyTime{1h + time};
}

}  // namespace

TEST_CASE("a press is told at once, and a release after it", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK_FALSE(keys.deadline());
    CHECK(keys.changed(one, false, at(120ms)) == Changes{release_one});
    CHECK(keys.changed(one, true, at(300ms)) == Changes{press_one});
}

TEST_CASE("a bouncing press is one press", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    for (const auto bounce : {1ms, 4ms, 9ms}) {
        CHECK(keys.changed(one, false, at(bounce)).empty());
        CHECK(keys.changed(one, true, at(bounce + 1ms)).empty());
    }
    CHECK_FALSE(keys.deadline());
    CHECK(keys.settle(at(100ms)).empty());
}

TEST_CASE("a bouncing release is one release, and no press", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(200ms)) == Changes{release_one});
    CHECK(keys.changed(one, true, at(203ms)).empty());
    CHECK(keys.deadline() == at(230ms));
    CHECK(keys.changed(one, false, at(204ms)).empty());
    CHECK_FALSE(keys.deadline());
    CHECK(keys.settle(at(230ms)).empty());
}

TEST_CASE("a tap shorter than the bounce time is a press, and a release when it is over",
          "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(5ms)).empty());
    CHECK(keys.deadline() == at(30ms));
    CHECK(keys.settle(at(29ms)).empty());
    CHECK(keys.settle(at(30ms)) == Changes{release_one});
    CHECK_FALSE(keys.deadline());
    CHECK(keys.settle(at(31ms)).empty());
}

TEST_CASE("a change at the very end of the bounce time counts", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(30ms)) == Changes{release_one});
}

TEST_CASE("a late timer loses nothing", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(5ms)).empty());
    // Nobody called settle() at 30 ms, and now the next press comes.
    CHECK(keys.changed(one, true, at(200ms)) == Changes{release_one, press_one});
}

TEST_CASE("saying the same again changes nothing", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, false, at(0ms)).empty());
    CHECK(keys.changed(one, true, at(1ms)) == Changes{press_one});
    CHECK(keys.changed(one, true, at(100ms)).empty());
    CHECK(keys.changed(one, false, at(200ms)) == Changes{release_one});
    CHECK(keys.changed(one, false, at(300ms)).empty());
}

TEST_CASE("keys do not disturb each other", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(two, true, at(1ms)) == Changes{{two, true}});
    CHECK(keys.changed(one, false, at(3ms)).empty());
    CHECK(keys.changed(two, false, at(2ms)).empty());
    CHECK(keys.deadline() == at(30ms));
    CHECK(keys.settle(at(30ms)) == Changes{release_one});
    CHECK(keys.deadline() == at(31ms));
    CHECK(keys.settle(at(31ms)) == Changes{{two, false}});
}

TEST_CASE("a key held at opening tells neither press nor release", "[buttons]") {
    KeyStates keys;
    keys.held(one);
    CHECK_FALSE(keys.deadline());
    CHECK(keys.changed(one, true, at(0ms)).empty());
    CHECK(keys.changed(one, false, at(50ms)).empty());
    // Its release bounces too, and is no press for that.
    CHECK(keys.changed(one, true, at(52ms)).empty());
    CHECK(keys.changed(one, false, at(53ms)).empty());
    CHECK(keys.changed(one, true, at(100ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(200ms)) == Changes{release_one});
}

TEST_CASE("a lost device releases the keys that were told as pressed, and only those",
          "[buttons]") {
    KeyStates keys;
    keys.held(two);
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(5ms)).empty());
    CHECK(keys.lost() == Changes{release_one});
    CHECK(keys.lost().empty());
    CHECK_FALSE(keys.deadline());
    CHECK(keys.changed(one, true, at(6ms)) == Changes{press_one});
}

TEST_CASE("codes beyond the kernel's keys are ignored", "[buttons]") {
    KeyStates keys;
    const KeyCode beyond{KeyStates::codes};
    const KeyCode last{KeyStates::codes - 1};
    keys.held(beyond);
    CHECK(keys.changed(beyond, true, at(0ms)).empty());
    CHECK(keys.lost().empty());
    CHECK(keys.changed(last, true, at(0ms)) == Changes{{last, true}});
}

TEST_CASE("whatever a contact does, presses and releases alternate and the last one is true",
          "[buttons]") {
    // A fixed pseudo-random walk: the same in every run.
    std::uint32_t random = GENERATE(1u, 2u, 3u, 4u, 5u);
    KeyStates keys;
    bool told = false;
    bool down = false;
    std::chrono::milliseconds now{0};
    const auto hear = [&](const Changes& changes) {
        for (const KeyChange& change : changes) {
            REQUIRE(change.pressed != told);
            told = change.pressed;
        }
    };
    for (int step = 0; step < 5000; ++step) {
        random = random * 1664525u + 1013904223u;
        now += std::chrono::milliseconds{(random >> 16) % 40};
        if ((random >> 8) % 3 == 0) {
            hear(keys.settle(at(now)));
        } else {
            down = (random >> 28) % 2 == 0;
            hear(keys.changed(one, down, at(now)));
        }
    }
    hear(keys.settle(at(now + 1s)));
    CHECK(told == down);
    CHECK_FALSE(keys.deadline());
}
