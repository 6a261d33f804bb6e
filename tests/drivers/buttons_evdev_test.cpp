// The real libevdev against a device that umockdev plays. Run under umockdev-wrapper.
#include "drivers/buttons/evdev.hpp"
#include "tests/catch.hpp"
#include "tests/drivers/fake_buttons.hpp"

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <linux/input.h>

using namespace antrean;
using namespace antrean::buttons;
using namespace std::chrono_literals;

namespace {

// What the buttons told, as words: "there: Nine buttons", "+KEY_1", "-KEY_1", "gone: ...".
class Listener {
public:
    EvdevConfig config() const {
        EvdevConfig config;
        config.device = FakeDevice::node;
        config.retry_first = 1ms;
        config.retry_most = 4ms;
        config.times.stuck_after = 24h;  // events are long past when they are read
        return config;
    }
    EvdevHandlers handlers() {
        return {[this](KeyCode code, SteadyTime at) {
                    pressed_at = at;
                    heard.push_back("+" + key_name(code));
                },
                [this](KeyCode code, SteadyTime at) {
                    released_at = at;
                    heard.push_back("-" + key_name(code));
                },
                [this](KeyCode code, bool is_stuck) {
                    heard.push_back((is_stuck ? "stuck " : "freed ") + key_name(code));
                },
                [this](bool there, const std::string& text) {
                    heard.push_back((there ? "there: " : "gone: ") + text);
                }};
    }
    // Runs until WORD was heard, or fails after five seconds.
    void until(const std::string& word) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (std::ranges::find(heard, word) == heard.end()) {
            INFO("waiting for " << word << ", heard last "
                                << (heard.empty() ? "nothing" : heard.back()));
            REQUIRE(std::chrono::steady_clock::now() < end);
            io.run_one_for(50ms);
        }
    }
    std::vector<std::string> take() { return std::exchange(heard, {}); }

    boost::asio::io_context io;
    std::vector<std::string> heard;
    SteadyTime pressed_at{};  // the last press
    SteadyTime released_at{};
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("presses and releases are told in order, repeats are not", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    CHECK(device.grabbed());
    device.key(KEY_1, 1).key(KEY_1, 2).key(KEY_1, 2).key(KEY_1, 0);
    device.key(KEY_2, 1).key(KEY_3, 1).key(KEY_2, 0).key(KEY_3, 0).send();
    listener.until("-KEY_3");
    CHECK(listener.take() ==
          Words{"there: Nine buttons", "+KEY_1", "-KEY_1", "+KEY_2", "+KEY_3", "-KEY_2", "-KEY_3"});
}

TEST_CASE("a bounce is measured by the time of the events", "[buttons][evdev][F22]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    device.key(KEY_1, 1).key(KEY_1, 0, 2ms).key(KEY_1, 1, 2ms).key(KEY_1, 0).key(KEY_1, 1, 3ms);
    device.key(KEY_1, 0, 1ms).key(KEY_2, 1).send();
    listener.until("+KEY_2");
    CHECK(listener.take() == Words{"+KEY_1", "-KEY_1", "+KEY_2"});
    // And who hears of a press hears when it was: the events are a minute old.
    CHECK(SteadyTime::clock::now() - listener.pressed_at > 50s);
}

TEST_CASE("a short tap is released without a further event", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    device.key(KEY_1, 1).key(KEY_1, 0, 5ms).send();
    listener.until("-KEY_1");
    CHECK(listener.take() == Words{"+KEY_1", "-KEY_1"});
    CHECK(listener.released_at == listener.pressed_at + 5ms + listener.config().times.debounce);
}

TEST_CASE("a key held when the device is opened is no press", "[buttons][evdev]") {
    FakeDevice device;
    device.hold({KEY_4});
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.key(KEY_4, 0).key(KEY_4, 1).send();
    listener.until("+KEY_4");
    CHECK(listener.take() == Words{"there: Nine buttons", "+KEY_4"});
}

TEST_CASE("after dropped events the present state counts", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.key(KEY_1, 1).key(KEY_2, 1).send();
    listener.until("+KEY_2");
    listener.take();

    // While nobody read, 1 was released, 3 was tapped, and 5 went down; 2 stayed down.
    device.hold({KEY_2, KEY_5});
    device.event(EV_SYN, SYN_DROPPED, 0, 100ms).event(EV_KEY, KEY_3, 0);
    device.event(EV_SYN, SYN_REPORT, 0).send();
    listener.until("-KEY_1");
    CHECK(listener.take() == Words{"+KEY_5", "-KEY_1"});

    device.key(KEY_5, 0).key(KEY_2, 0).key(KEY_6, 1).send();
    listener.until("+KEY_6");
    CHECK(listener.take() == Words{"-KEY_5", "-KEY_2", "+KEY_6"});
}

TEST_CASE("a device that goes releases its keys, and is found when it comes back",
          "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.key(KEY_1, 1).send();
    listener.until("+KEY_1");
    listener.take();

    device.unplug();
    listener.until("gone: No such device");
    CHECK(listener.take() == Words{"-KEY_1", "gone: No such device"});

    device.hold({KEY_1});  // still under a finger: not a second press
    device.plug();
    listener.until("there: Nine buttons");
    device.key(KEY_2, 1).send();
    listener.until("+KEY_2");
    CHECK(listener.take() == Words{"there: Nine buttons", "+KEY_2"});
}

TEST_CASE("a key that is held too long is told as stuck until it has been left alone",
          "[buttons][evdev][F22]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    EvdevConfig config = listener.config();
    config.times = KeyTimes{};
    const EvdevButtons buttons{listener.io, config, listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    device.key(KEY_1, 1).key(KEY_2, 1, 11s).key(KEY_2, 0).send();
    listener.until("-KEY_2");
    CHECK(listener.take() == Words{"+KEY_1", "-KEY_1", "stuck KEY_1", "+KEY_2", "-KEY_2"});
    device.key(KEY_1, 0, 5s).key(KEY_1, 1, 500ms).key(KEY_1, 0, 500ms).send();
    listener.until("freed KEY_1");
    device.key(KEY_1, 1, 2s).key(KEY_1, 0).send();
    listener.until("-KEY_1");
    CHECK(listener.take() == Words{"freed KEY_1", "+KEY_1", "-KEY_1"});
}

TEST_CASE("a device that is not there yet is told once and waited for", "[buttons][evdev]") {
    FakeDevice device;
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    CHECK(listener.heard.empty());
    listener.until("gone: No such file or directory");
    for (int turn = 0; turn < 10; ++turn)
        listener.io.run_one_for(50ms);
    CHECK(listener.take() == Words{"gone: No such file or directory"});
    device.plug();
    listener.until("there: Nine buttons");
}

TEST_CASE("a device in somebody else's hands is refused", "[buttons][evdev]") {
    FakeDevice device;
    device.refuse_grab(EBUSY);
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("gone: Device or resource busy");
    device.refuse_grab(0);
    listener.until("there: Nine buttons");
}

TEST_CASE("without grab the device stays open to others", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    EvdevConfig config = listener.config();
    config.grab = false;
    const EvdevButtons buttons{listener.io, config, listener.handlers()};
    listener.until("there: Nine buttons");
    CHECK_FALSE(device.grabbed());
}

TEST_CASE("what is no device with keys is refused", "[buttons][evdev]") {
    const std::string path = GENERATE(as<std::string>{}, FakeDevice::node, "/proc/self/exe", "/");
    FakeDevice device;
    device.without_keys();
    device.plug();
    Listener listener;
    EvdevConfig config = listener.config();
    config.device = path;
    const EvdevButtons buttons{listener.io, config, listener.handlers()};
    listener.until("gone: this is no input device");
    CHECK(listener.take() == Words{"gone: this is no input device"});
}

TEST_CASE("a device that wakes the reader without events is given up", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.hang_up();
    listener.until("gone: the device is ready to read, but there is nothing to read");
}

TEST_CASE("more events than one wake-up reads are all told", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    Words wanted;
    for (int i = 0; i < 400; ++i) {
        device.key(KEY_1, 1, 40ms).key(KEY_1, 0, 40ms);
        if (i % 10 == 9) device.send();
        wanted.insert(wanted.end(), {"+KEY_1", "-KEY_1"});
    }
    device.key(KEY_2, 1).send();
    wanted.push_back("+KEY_2");
    listener.until("+KEY_2");
    CHECK(listener.take() == wanted);
}

TEST_CASE("a handler may destroy the buttons, and none is called afterwards", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    std::unique_ptr<EvdevButtons> buttons;
    EvdevHandlers handlers = listener.handlers();
    handlers.press = [&](KeyCode code, SteadyTime) {
        listener.heard.push_back("+" + key_name(code));
        buttons.reset();
    };
    buttons = std::make_unique<EvdevButtons>(listener.io, listener.config(), handlers);
    listener.until("there: Nine buttons");
    device.key(KEY_1, 1).key(KEY_1, 0).key(KEY_2, 1).send();
    listener.until("+KEY_1");
    listener.io.run();  // returns, for nothing is left to wait for
    CHECK(listener.take() == Words{"there: Nine buttons", "+KEY_1"});
}

TEST_CASE("keys go by the names of the kernel", "[buttons][evdev]") {
    CHECK(key_code("KEY_1") == KeyCode{KEY_1});
    CHECK(key_code("BTN_0") == KeyCode{BTN_0});
    CHECK_FALSE(key_code("KEY_NONE_SUCH"));
    CHECK_FALSE(key_code("REL_X"));
    CHECK_FALSE(key_code(""));
    CHECK(key_name(KeyCode{KEY_F1}) == "KEY_F1");
    CHECK(key_name(KeyCode{0x2fd}) == "765");
}
