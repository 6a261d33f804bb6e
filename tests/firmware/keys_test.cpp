// The keys of a device's program, over an evdev device that umockdev plays. Run under
// umockdev-wrapper.
#include "firmware/common/log.hpp"
#include "firmware/common/program.hpp"
#include "tests/catch.hpp"
#include "tests/drivers/fake_buttons.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <linux/input.h>

namespace antrean::common {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

struct Listener {
    Keys::OnButton told(const std::string& how) {
        return [this, how](buttons::KeyCode key) { heard.push_back(how + buttons::key_name(key)); };
    }
    // Runs until HOLDS, or fails after some seconds.
    template <class Condition>
    void until(Condition&& holds) {
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (!holds()) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            io.run_one_for(50ms);
        }
    }
    void until_heard(const std::string& word) {
        until([&] { return std::find(heard.begin(), heard.end(), word) != heard.end(); });
    }

    boost::asio::io_context io;
    Words heard;
};

bool is_logged(const std::string& text) {
    const auto lines = last_log_lines(kept_log_lines);
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.find(text) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("of two buttons at once the first counts, and the second is told apart",
          "[common][keys][F22]") {
    buttons::FakeDevice device;
    device.plug();
    Listener listener;
    const Keys keys{
        listener.io, {device.node}, listener.told(""), [](char) {}, listener.told("second ")};
    listener.until([&] { return device.grabbed(); });
    // They are all read together, and were not pressed together.
    device.key(KEY_1, 1).key(KEY_2, 1).key(KEY_1, 0).key(KEY_2, 0);
    device.key(KEY_3, 1).key(KEY_3, 0).key(KEY_1, 1, 1s).key(KEY_1, 0).send();
    listener.until([&] { return listener.heard.size() == 4; });
    CHECK(listener.heard == Words{"KEY_1", "second KEY_2", "KEY_3", "KEY_1"});
}

TEST_CASE("where keys are typed each of them counts", "[common][keys]") {
    buttons::FakeDevice device;
    device.plug();
    Listener listener;
    const Keys keys{listener.io, {device.node}, listener.told(""), [](char) {}};
    listener.until([&] { return device.grabbed(); });
    device.key(KEY_1, 1).key(KEY_2, 1).key(KEY_1, 0).key(KEY_2, 0).send();
    listener.until_heard("KEY_2");
    CHECK(listener.heard == Words{"KEY_1", "KEY_2"});
}

TEST_CASE("a stuck key is told and logged, and holds up no other", "[common][keys][F22]") {
    static const bool has_log = (start_log("test"), true);
    REQUIRE(has_log);
    buttons::FakeDevice device;
    device.plug();
    Listener listener;
    const Keys keys{
        listener.io, {device.node}, listener.told(""), [](char) {}, listener.told("second ")};
    listener.until([&] { return device.grabbed(); });
    CHECK(keys.stuck().empty());
    device.key(KEY_1, 1).send();  // a minute ago, by its stamp
    listener.until([&] { return !keys.stuck().empty(); });
    REQUIRE(keys.stuck().size() == 1);
    CHECK(keys.stuck()[0].device == device.node);
    CHECK(keys.stuck()[0].key == buttons::KeyCode{KEY_1});
    CHECK(std::chrono::steady_clock::now() - keys.stuck()[0].since >= 10s);
    CHECK(is_logged("/dev/input/event7: KEY_1 is stuck: it has been held for 10 s"));

    device.key(KEY_2, 1, 15s).key(KEY_2, 0).send();
    listener.until_heard("KEY_2");
    CHECK(listener.heard == Words{"KEY_1", "KEY_2"});

    const auto is_free = [&] {
        listener.until([&] { return keys.stuck().empty(); });
        return is_logged("/dev/input/event7: KEY_1 is free again");
    };
    SECTION("until it is let go") {
        device.key(KEY_1, 0).send();
        CHECK(is_free());
    }
    SECTION("until its device is gone") {
        device.unplug();
        CHECK(is_free());
    }
}

}  // namespace antrean::common
