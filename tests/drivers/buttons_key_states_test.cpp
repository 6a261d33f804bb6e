#include "drivers/buttons/key_states.hpp"
#include "drivers/buttons/one_at_a_time.hpp"
#include "tests/catch.hpp"

using namespace antrean;
using namespace antrean::buttons;
using namespace std::chrono_literals;

namespace {

using What = KeyChange::What;

constexpr KeyCode one{2};
constexpr KeyCode two{3};

// A change without its time.
struct Told {
    KeyCode code{};
    What what{};
    friend bool operator==(const Told&, const Told&) = default;
};
constexpr Told press_one{one, What::pressed};
constexpr Told release_one{one, What::released};
constexpr Told stuck_one{one, What::stuck};
constexpr Told freed_one{one, What::freed};
using Changes = std::vector<Told>;

class Keys {
public:
    explicit Keys(KeyTimes times = {}) : states{times} {}
    void held(KeyCode code, SteadyTime now) { states.held(code, now); }
    Changes changed(KeyCode code, bool down, SteadyTime now) {
        return told(states.changed(code, down, now));
    }
    Changes settle(SteadyTime now) { return told(states.settle(now)); }
    Changes lost() { return told(states.lost({})); }
    std::optional<SteadyTime> deadline() const { return states.deadline(); }

    KeyStates states;

private:
    static Changes told(const std::vector<KeyChange>& changes) {
        Changes all;
        for (const auto& change : changes)
            all.push_back({change.code, change.what});
        return all;
    }
};

SteadyTime at(std::chrono::milliseconds time) {
    return SteadyTime{1h + time};
}

}  // namespace

TEST_CASE("a press is told at once, and a release once it has lasted 30 ms", "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(120ms)).empty());
    CHECK(keys.deadline() == at(150ms));
    CHECK(keys.settle(at(149ms)).empty());
    CHECK(keys.settle(at(150ms)) == Changes{release_one});
    CHECK_FALSE(keys.deadline());
    CHECK(keys.settle(at(151ms)).empty());
    CHECK(keys.changed(one, true, at(300ms)) == Changes{press_one});
}

TEST_CASE("a bouncing press is one press", "[buttons][F22]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    for (const auto bounce : {1ms, 4ms, 9ms}) {
        CHECK(keys.changed(one, false, at(bounce)).empty());
        CHECK(keys.changed(one, true, at(bounce + 1ms)).empty());
    }
    CHECK(keys.settle(at(5s)).empty());
}

TEST_CASE("a bouncing release is one release, and no press", "[buttons][F22]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(200ms)).empty());
    CHECK(keys.changed(one, true, at(203ms)).empty());
    CHECK(keys.changed(one, false, at(204ms)).empty());
    CHECK(keys.deadline() == at(234ms));
    CHECK(keys.settle(at(234ms)) == Changes{release_one});
}

TEST_CASE("a worn contact that flickers while it is held gives no second press", "[buttons][F22]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    for (auto time = 500ms; time < 9s; time += 700ms) {
        CHECK(keys.changed(one, false, at(time)).empty());
        CHECK(keys.changed(one, true, at(time + 29ms)).empty());
    }
    CHECK(keys.changed(one, false, at(9500ms)).empty());
    CHECK(keys.settle(at(9530ms)) == Changes{release_one});
}

TEST_CASE("a tap shorter than the bounce time is a press, and a release when it is over",
          "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(5ms)).empty());
    CHECK(keys.deadline() == at(35ms));
    CHECK(keys.settle(at(34ms)).empty());
    CHECK(keys.settle(at(35ms)) == Changes{release_one});
    CHECK_FALSE(keys.deadline());
}

TEST_CASE("a press at the very end of the bounce time counts", "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(100ms)).empty());
    CHECK(keys.changed(one, true, at(130ms)) == Changes{release_one, press_one});
}

TEST_CASE("a late timer loses nothing", "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(two, true, at(1ms)) == Changes{{two, What::pressed}});
    CHECK(keys.changed(two, false, at(5ms)).empty());
    CHECK(keys.changed(one, false, at(6ms)).empty());
    // Nobody called settle() at 35 ms, and now the next press comes.
    CHECK(keys.changed(one, true, at(200ms)) ==
          Changes{{two, What::released}, release_one, press_one});
}

TEST_CASE("a change bears the time at which it came about, however late it is told", "[buttons]") {
    KeyStates keys;
    CHECK(keys.changed(one, true, at(0ms)) ==
          std::vector<KeyChange>{{one, What::pressed, at(0ms)}});
    CHECK(keys.changed(two, true, at(500ms)) ==
          std::vector<KeyChange>{{two, What::pressed, at(500ms)}});
    CHECK(keys.changed(one, false, at(700ms)).empty());
    CHECK(keys.settle(at(20s)) == std::vector<KeyChange>{{one, What::released, at(730ms)},
                                                         {two, What::stuck, at(10'500ms)}});
    CHECK(keys.changed(two, false, at(21s)).empty());
    CHECK(keys.lost(at(21'300ms)) == std::vector<KeyChange>{{two, What::freed, at(21'300ms)}});
}

TEST_CASE("saying the same again changes nothing", "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, false, at(0ms)).empty());
    CHECK(keys.changed(one, true, at(1ms)) == Changes{press_one});
    CHECK(keys.changed(one, true, at(100ms)).empty());
    CHECK(keys.changed(one, false, at(200ms)).empty());
    CHECK(keys.changed(one, false, at(220ms)).empty());
    CHECK(keys.settle(at(230ms)) == Changes{release_one});
    CHECK(keys.changed(one, false, at(300ms)).empty());
}

TEST_CASE("keys do not disturb each other", "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(two, true, at(1ms)) == Changes{{two, What::pressed}});
    CHECK(keys.changed(one, false, at(3ms)).empty());
    CHECK(keys.changed(two, false, at(4ms)).empty());
    CHECK(keys.deadline() == at(33ms));
    CHECK(keys.settle(at(33ms)) == Changes{release_one});
    CHECK(keys.deadline() == at(34ms));
    CHECK(keys.settle(at(34ms)) == Changes{{two, What::released}});
}

TEST_CASE("a key that is held for 10 s is stuck, and told so once", "[buttons][F22]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.deadline() == at(10s));
    CHECK(keys.settle(at(9999ms)).empty());
    CHECK(keys.settle(at(10s)) == Changes{stuck_one});
    CHECK_FALSE(keys.deadline());
    CHECK(keys.settle(at(24h)).empty());
    SECTION("and is ignored until it has been open for a second") {
        for (auto time = 20'000ms; time < 60s; time += 1000ms) {
            CHECK(keys.changed(one, false, at(time)).empty());
            CHECK(keys.changed(one, true, at(time + 999ms)).empty());
        }
        CHECK(keys.changed(one, false, at(60s)).empty());
        CHECK(keys.deadline() == at(61s));
        CHECK(keys.settle(at(61s)) == Changes{freed_one});
        CHECK(keys.changed(one, true, at(62s)) == Changes{press_one});
    }
    SECTION("also where its timer is late") {
        CHECK(keys.changed(one, false, at(60s)).empty());
        CHECK(keys.changed(one, true, at(61s)) == Changes{freed_one, press_one});
    }
    SECTION("and the others go on") {
        CHECK(keys.changed(two, true, at(20s)) == Changes{{two, What::pressed}});
    }
    SECTION("and a device that goes frees it") {
        CHECK(keys.lost() == Changes{freed_one});
    }
}

TEST_CASE("who lets go before 10 s are over has a key that is not stuck", "[buttons]") {
    Keys keys;
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(9999ms)).empty());
    CHECK(keys.settle(at(1min)) == Changes{release_one});
}

TEST_CASE("a key held since its device was opened is stuck after 10 s as well", "[buttons]") {
    Keys keys;
    keys.held(one, at(0ms));
    CHECK(keys.settle(at(10s)) == Changes{stuck_one});
    CHECK(keys.changed(one, false, at(11s)).empty());
    CHECK(keys.settle(at(12s)) == Changes{freed_one});
}

TEST_CASE("a key held at opening tells neither press nor release", "[buttons]") {
    Keys keys;
    keys.held(one, at(0ms));
    CHECK(keys.changed(one, true, at(10ms)).empty());
    CHECK(keys.changed(one, false, at(50ms)).empty());
    // Its release bounces too, and is no press for that.
    CHECK(keys.changed(one, true, at(52ms)).empty());
    CHECK(keys.changed(one, false, at(53ms)).empty());
    CHECK(keys.settle(at(83ms)).empty());
    CHECK_FALSE(keys.deadline());
    CHECK(keys.changed(one, true, at(100ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(200ms)).empty());
    CHECK(keys.settle(at(230ms)) == Changes{release_one});
}

TEST_CASE("a lost device releases the keys that were told as pressed, and only those",
          "[buttons]") {
    Keys keys;
    keys.held(two, at(0ms));
    CHECK(keys.changed(one, true, at(0ms)) == Changes{press_one});
    CHECK(keys.changed(one, false, at(5ms)).empty());
    CHECK(keys.lost() == Changes{release_one});
    CHECK(keys.lost().empty());
    CHECK_FALSE(keys.deadline());
    CHECK(keys.changed(one, true, at(6ms)) == Changes{press_one});
}

TEST_CASE("codes beyond the kernel's keys are ignored", "[buttons]") {
    Keys keys;
    const KeyCode beyond{KeyStates::codes};
    const KeyCode last{KeyStates::codes - 1};
    keys.held(beyond, at(0ms));
    CHECK(keys.changed(beyond, true, at(0ms)).empty());
    CHECK(keys.lost().empty());
    CHECK(keys.changed(last, true, at(0ms)) == Changes{{last, What::pressed}});
}

TEST_CASE("whatever a contact does, no press comes before the one before it has ended",
          "[buttons][F22]") {
    // A fixed pseudo-random walk: the same in every run.
    std::uint32_t random = GENERATE(1u, 2u, 3u, 4u, 5u);
    Keys keys{{.debounce = 30ms, .stuck_after = 150ms, .stuck_rest = 60ms}};
    enum class Is { up, down, stuck } is = Is::up;
    bool down = false;
    std::chrono::milliseconds now{0};
    int presses = 0;
    int times_stuck = 0;
    const auto hear = [&](const Changes& changes) {
        for (const Told& change : changes) {
            switch (change.what) {
                case What::pressed:
                    REQUIRE(is == Is::up);
                    is = Is::down;
                    ++presses;
                    break;
                case What::released:
                    REQUIRE(is == Is::down);
                    is = Is::up;
                    break;
                case What::stuck:
                    REQUIRE(is == Is::down);
                    is = Is::stuck;
                    ++times_stuck;
                    break;
                case What::freed:
                    REQUIRE(is == Is::stuck);
                    is = Is::up;
                    break;
            }
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
    CHECK(presses > 100);
    CHECK(times_stuck > 10);
    hear(keys.settle(at(now + 1s)));
    CHECK(is == (down ? Is::stuck : Is::up));
    CHECK_FALSE(keys.deadline());
}

TEST_CASE("of two buttons at once the first counts", "[buttons][F22]") {
    OneAtATime presses;
    const OneAtATime::Id first{0, one};
    const OneAtATime::Id second{0, two};
    CHECK(presses.pressed(first, at(0ms)));
    SECTION("while it is held, however long") {
        CHECK_FALSE(presses.pressed(second, at(5s)));
        SECTION("and the second not by outlasting it") {
            presses.released(first);
            CHECK_FALSE(presses.pressed({0, KeyCode{4}}, at(6s)));
            presses.released(second);
            presses.released({0, KeyCode{4}});
            CHECK(presses.pressed(second, at(7s)));
        }
    }
    SECTION("also where it was left a moment before the second") {
        presses.released(first);
        CHECK_FALSE(presses.pressed(second, at(299ms)));
        presses.released(second);
        // What did not count does not hold up the next.
        CHECK(presses.pressed(second, at(300ms)));
    }
    SECTION("and the same one again is another matter") {
        presses.released(first);
        CHECK(presses.pressed(first, at(100ms)));
    }
    SECTION("and a key of another device is another key") {
        const OneAtATime::Id elsewhere{1, one};
        CHECK_FALSE(presses.pressed(elsewhere, at(1s)));
        presses.released(elsewhere);
        presses.released(first);
        CHECK(presses.pressed(elsewhere, at(2s)));
    }
}
