// What a reader types, as codes.
#include "firmware/kiosk/reader.hpp"
#include "proto/messages.hpp"
#include "tests/catch.hpp"

#include <vector>

#include <linux/input-event-codes.h>

namespace antrean::kiosk {
namespace {

using namespace std::chrono_literals;

static_assert(CodeReader::max_size == proto::max_appointment_code);

struct Bench {
    // The lines that KEYS end, each pressed and let go.
    std::vector<std::string> type(std::initializer_list<int> keys) {
        std::vector<std::string> lines;
        for (const int key : keys) {
            if (const auto line = down(key)) lines.push_back(*line);
            up(key);
        }
        return lines;
    }
    std::optional<std::string> down(int key) {
        now += 1ms;
        return reader.pressed(buttons::KeyCode(key), now);
    }
    void up(int key) { reader.released(buttons::KeyCode(key)); }

    CodeReader reader;
    SteadyTime now{1h};
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what a reader types is a line at each Enter", "[kiosk][reader]") {
    Bench bench;
    CHECK(bench.type({KEY_A, KEY_J, KEY_1, KEY_DOT, KEY_K, KEY_MINUS, KEY_0, KEY_0, KEY_ENTER,
                      KEY_KP9, KEY_KPDOT, KEY_KPENTER}) == Lines{"aj1.k-00", "9."});
}

TEST_CASE("Shift makes capitals as long as it is down, either of the two", "[kiosk][reader]") {
    Bench bench;
    for (const int shift : {KEY_LEFTSHIFT, KEY_RIGHTSHIFT}) {
        bench.down(shift);
        bench.type({KEY_A, KEY_MINUS, KEY_2});
        bench.up(shift);
        CHECK(bench.type({KEY_A, KEY_ENTER}) == Lines{"A_@a"});
    }
}

TEST_CASE("an empty line is none, and keys that type nothing are ignored", "[kiosk][reader]") {
    Bench bench;
    CHECK(bench.type({KEY_ENTER, KEY_F1, KEY_LEFTCTRL, KEY_ENTER}).empty());
    CHECK(bench.type({KEY_A, KEY_CAPSLOCK, KEY_UP, KEY_B, KEY_ENTER}) == Lines{"ab"});
}

TEST_CASE("a line of 96 characters is whole, a longer one is none of it", "[kiosk][reader]") {
    Bench bench;
    for (int i = 0; i < 96; ++i)
        bench.type({KEY_X});
    CHECK(bench.type({KEY_ENTER}) == Lines{std::string(96, 'x')});
    for (int i = 0; i < 10'000; ++i)
        bench.type({KEY_X});
    CHECK(bench.type({KEY_ENTER}).empty());
    CHECK(bench.type({KEY_A, KEY_ENTER}) == Lines{"a"});
}

TEST_CASE("what was left behind does not stand before the next code", "[kiosk][reader]") {
    Bench bench;
    bench.type({KEY_A});
    bench.now += 1999ms;
    bench.type({KEY_B});
    bench.now += 2s;
    CHECK(bench.type({KEY_C, KEY_ENTER}) == Lines{"c"});
    bench.type({KEY_A});
    bench.now += 1999ms;
    CHECK(bench.type({KEY_B, KEY_ENTER}) == Lines{"ab"});
    bench.type({KEY_A});
    bench.now += 3s;
    CHECK(bench.type({KEY_ENTER}).empty());
}

}  // namespace antrean::kiosk
