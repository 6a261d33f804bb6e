// LEDs in a folder of the test's own, which has the files that the kernel makes.
#include "drivers/lamps/leds.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <sys/stat.h>

namespace antrean::lamps {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{10};  // only turns a hang into a failure

// The LEDs of a computer.
class Board {
public:
    fs::path add(const std::string& name, const std::string& most = "255\n") {
        const auto led = folder_ / name;
        fs::create_directory(led);
        std::ofstream{led / "max_brightness"} << most;
        std::ofstream{led / "trigger"} << "[heartbeat] none\n";
        std::ofstream{led / "brightness"} << "9\n";
        return led;
    }
    LedsConfig config(std::vector<std::string> names) const {
        LedsConfig config;
        config.folder = folder_.path();
        config.names = std::move(names);
        config.retry = 1ms;
        return config;
    }
    const fs::path& folder() const { return folder_.path(); }

private:
    tests::Folder folder_;
};

// What was told of the LEDs, as "0: there is no LED ..." and "0: ".
struct Listener {
    Leds::OnTrouble handler() {
        return [this](std::size_t led, const std::string& why) {
            heard.push_back(std::to_string(led) + ": " + why);
        };
    }
    // Runs until HOLDS.
    template <class Condition>
    void until(Condition&& holds) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!holds()) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            io.restart();
            io.run_for(1ms);
        }
    }
    void until_holds(const fs::path& file, const std::string& text) {
        INFO(file << " never became " << text);
        until([&] { return tests::content(file) == text; });
    }

    boost::asio::io_context io;
    std::vector<std::string> heard;
};

}  // namespace

TEST_CASE("a LED is lit with all it has, by nothing but brightness", "[lamps]") {
    Board board;
    const auto led = board.add("led-1", "80\n");
    Listener listener;
    Leds leds{listener.io, board.config({"led-1"}), listener.handler()};
    leds.set(0, true);
    listener.until_holds(led / "brightness", "80\n");
    CHECK(tests::content(led / "trigger") == "none\n");
    leds.set(0, false);
    listener.until_holds(led / "brightness", "0\n");
    CHECK(listener.heard.empty());
}

TEST_CASE("a LED of a kernel without triggers is lit all the same", "[lamps]") {
    Board board;
    const auto led = board.add("led-1", "1\n");
    fs::remove(led / "trigger");
    Listener listener;
    Leds leds{listener.io, board.config({"led-1"}), listener.handler()};
    leds.set(0, true);
    listener.until_holds(led / "brightness", "1\n");
    CHECK_FALSE(fs::exists(led / "trigger"));
}

TEST_CASE("a LED is written on a change and on no other occasion", "[lamps]") {
    Board board;
    const auto led = board.add("led-1");
    const auto still = board.add("led-2");
    // A pipe keeps every write.
    fs::remove(led / "brightness");
    REQUIRE(mkfifo((led / "brightness").c_str(), 0600) == 0);
    std::fstream writes{led / "brightness"};  // for reading and writing: it opens at once
    const auto next = [&] {
        std::string line;
        std::getline(writes, line);
        return line;
    };
    Listener listener;
    {
        Leds leds{listener.io, board.config({"led-1", "led-2"}), listener.handler()};
        leds.set(0, false);  // what it was before is not known
        CHECK(next() == "0");
        leds.set(0, false);
        leds.set(0, true);
        CHECK(next() == "255");
        leds.set(0, true);
    }
    // Who goes leaves it dark; and one that was never set as it was.
    CHECK(next() == "0");
    CHECK(tests::content(still / "brightness") == "9\n");
    CHECK(tests::content(still / "trigger") == "[heartbeat] none\n");
}

TEST_CASE("a LED that is missing is told with its name and a remedy, and lit once it is there",
          "[lamps]") {
    Board board;
    const auto other = board.add("led-1");
    Listener listener;
    Leds leds{listener.io, board.config({"led-0", "led-1"}), listener.handler()};
    leds.set(0, true);
    leds.set(1, true);
    listener.until_holds(other / "brightness", "255\n");
    listener.until([&] { return !listener.heard.empty(); });
    CHECK(listener.heard ==
          std::vector<std::string>{"0: there is no LED 'led-0' in " + board.folder().string() +
                                   ": look there for its name, or at the device tree that should "
                                   "make it"});
    // It is tried again all the time, and told once.
    board.add("led-0.new");
    fs::rename(board.folder() / "led-0.new", board.folder() / "led-0");
    listener.until_holds(board.folder() / "led-0" / "brightness", "255\n");
    listener.until([&] { return listener.heard.size() > 1; });
    CHECK(listener.heard.size() == 2);
    CHECK(listener.heard.back() == "0: ");
}

TEST_CASE("a LED that fails is told with its file, and holds up no other", "[lamps]") {
    Board board;
    const auto led = board.add("led-0");
    const auto other = board.add("led-1");
    std::string file;
    std::string why;
    SECTION("nobody is at the other end") {
        file = "brightness";
        why = "No such device or address";
        fs::remove(led / file);
        REQUIRE(mkfifo((led / file).c_str(), 0600) == 0);
    }
    SECTION("a file is none") {
        file = GENERATE(as<std::string>{}, "brightness", "trigger", "max_brightness");
        why = "Is a directory";
        fs::remove(led / file);
        REQUIRE(fs::create_directory(led / file));
    }
    SECTION("a number is none") {
        file = "max_brightness";
        why = "Invalid argument";
        const auto text = GENERATE(as<std::string>{}, "bright\n", "", "0\n", "-1\n");
        std::ofstream{led / file} << text;
        REQUIRE(tests::content(led / file) == text);
    }
    Listener listener;
    Leds leds{listener.io, board.config({"led-0", "led-1"}), listener.handler()};
    leds.set(0, true);
    leds.set(1, true);
    listener.until_holds(other / "brightness", "255\n");
    listener.until([&] { return !listener.heard.empty(); });
    CHECK(listener.heard.front() == "0: " + (led / file).string() + ": " + why +
                                        ": look at the LED's hardware and its driver");
}

TEST_CASE("who is gone hears nothing of its LEDs", "[lamps]") {
    Board board;
    Listener listener;
    {
        Leds leds{listener.io, board.config({"led-0"}), listener.handler()};
        leds.set(0, true);
    }
    listener.io.run();
    CHECK(listener.heard.empty());
}

TEST_CASE("a LED's name leads out of its folder nowhere", "[lamps][F31]") {
    for (const char* name : {"led-1", "platform:green:button", "a", "input3::capslock"})
        CHECK(is_name(name));
    CHECK(is_name(std::string(max_name_bytes, 'x')));
    for (const char* name :
         {"", ".", "..", ".hidden", "a/b", "/", "a b", "a\n", "a\x7f", "\xc3\xa9"})
        CHECK_FALSE(is_name(name));
    CHECK_FALSE(is_name(std::string(max_name_bytes + 1, 'x')));
}

}  // namespace antrean::lamps
