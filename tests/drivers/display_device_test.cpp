// A character display that comes and goes on its bus, with real timers and a fake of the display.
#include "drivers/display/hd44780_display.hpp"
#include "tests/catch.hpp"
#include "tests/drivers/fake_hd44780.hpp"

#include <boost/asio/io_context.hpp>

namespace antrean::display {
namespace {

using namespace std::chrono_literals;
using Rows = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

constexpr auto small = Glass::columns_16_rows_2;

// What hangs on the bus, and outlives whoever writes to it.
struct World {
    FakeHd44780 glass{small};
    bool has_bus = true;
    bool has_display = true;
    int opened = 0;
    std::size_t longest = 0;
    Clock::time_point touched = Clock::now();

    std::string write(std::span<const std::byte> bytes) {
        if (!has_display) return "no answer";
        longest = std::max(longest, bytes.size());
        // A write takes its time on the wire alone; what passes between writes is real.
        glass.wait(Clock::now() - touched);
        glass.write(bytes);
        touched = Clock::now();
        return {};
    }
    void plug_in_again() {
        has_display = true;
        glass.switch_on();
        touched = Clock::now();
    }
};

class FakeDevice final : public I2cDevice {
public:
    explicit FakeDevice(World& world) : world_{world} {}
    std::string open() override {
        if (!world_.has_bus) return "no bus";
        ++world_.opened;
        is_open_ = true;
        return {};
    }
    std::string write(std::span<const std::byte> bytes) override {
        REQUIRE(is_open_);
        return world_.write(bytes);
    }
    void close() override { is_open_ = false; }

private:
    World& world_;
    bool is_open_ = false;
};

class Bench {
public:
    explicit Bench(std::chrono::milliseconds refresh = 1h) { make(refresh); }
    void make(std::chrono::milliseconds refresh) {
        display = std::make_unique<Hd44780Display>(
            io, std::make_unique<FakeDevice>(world), small,
            [this](const Status& status) { told.push_back(status); },
            Hd44780Display::Times{10ms, 40ms, refresh});
    }
    // Runs until CONDITION holds; a deadline only turns a hang into a failure.
    template <class Condition>
    bool runs_until(const Condition& condition) {
        const auto end = Clock::now() + 20s;
        while (!condition()) {
            if (Clock::now() > end) return false;
            io.run_one_for(1s);
        }
        return true;
    }
    bool shows(const std::string& first) {
        return runs_until([&] { return world.glass.rows()[0].substr(0, first.size()) == first; });
    }

    World world;
    boost::asio::io_context io;
    std::vector<Status> told;
    std::unique_ptr<Hd44780Display> display;
};

}  // namespace

TEST_CASE("a display on the bus shows what it is told, in small writes", "[display]") {
    Bench bench;
    CHECK(bench.display->room() == Room{16, 2});
    CHECK_FALSE(bench.display->status().works);
    bench.display->show({"A-025", "TERPUTUS"});
    CHECK(bench.world.opened == 0);  // not from within
    REQUIRE(bench.shows("A-025"));
    REQUIRE(bench.runs_until([&] { return bench.display->status().works; }));
    CHECK(bench.world.glass.rows() == Rows{"A-025           ", "TERPUTUS        "});
    bench.display->show({"A-026"});
    CHECK(bench.shows("A-026 "));
    CHECK(bench.world.longest <= max_transfer_bytes);
    CHECK(bench.world.glass.violations() == Rows{});
    CHECK(bench.told.size() == 1);
}

TEST_CASE("a display that is unplugged gets the whole of its text when it is back", "[display]") {
    Bench bench;
    bench.display->show({"A-025"});
    REQUIRE(bench.runs_until([&] { return bench.display->status().works; }));
    bench.world.has_display = false;
    bench.display->show({"A-026"});
    REQUIRE(bench.runs_until([&] { return !bench.display->status().works; }));
    CHECK(bench.display->status().text == "no answer");
    bench.display->show({"A-027", "KTP"});
    const auto opened = bench.world.opened;
    REQUIRE(bench.runs_until([&] { return bench.world.opened >= opened + 3; }));
    bench.world.plug_in_again();
    REQUIRE(bench.runs_until([&] { return bench.display->status().works; }));
    CHECK(bench.world.glass.rows() == Rows{"A-027           ", "KTP             "});
    CHECK(bench.world.glass.violations() == Rows{});
    CHECK(bench.told.size() == 3);
}

TEST_CASE("a bus that is not there yet is waited for", "[display]") {
    Bench bench;
    bench.world.has_bus = false;
    bench.display->show({"A-025"});
    REQUIRE(bench.runs_until([&] { return !bench.told.empty(); }));
    CHECK(bench.told.back() == Status{false, "no bus"});
    bench.world.has_bus = true;
    CHECK(bench.shows("A-025"));
}

TEST_CASE("a display that was exchanged unnoticed shows its text with the next refresh",
          "[display]") {
    Bench bench{50ms};
    bench.display->show({"A-025"});
    REQUIRE(bench.runs_until([&] { return bench.display->status().works; }));
    bench.world.plug_in_again();
    bench.world.glass.wait(40ms);  // it has had its power for a while
    CHECK(bench.world.glass.rows()[0].empty());
    CHECK(bench.shows("A-025"));
    CHECK(bench.world.glass.violations() == Rows{});
}

TEST_CASE("a refresh notices a display that has gone", "[display]") {
    Bench bench{20ms};
    REQUIRE(bench.runs_until([&] { return bench.display->status().works; }));
    bench.world.has_display = false;
    CHECK(bench.runs_until([&] { return !bench.display->status().works; }));
}

TEST_CASE("a display may end at any time", "[display]") {
    Bench bench{1ms};
    bench.display->show({"A-025"});
    const int turns = GENERATE(0, 1, 3, 8, 20);
    for (int i = 0; i < turns; ++i)
        bench.io.run_one_for(1s);
    bench.display.reset();
    const auto opened = bench.world.opened;
    bench.io.run_for(100ms);
    CHECK(bench.io.stopped());
    CHECK(bench.world.opened == opened);
}

TEST_CASE("a bus that is none is told", "[display]") {
    CHECK_THAT(make_i2c_device("/dev/nowhere", 0x27)->open(),
               Catch::StartsWith("/dev/nowhere: No such file"));
    CHECK(make_i2c_device("/dev/null", 0x27)->open() == "/dev/null is no I2C bus");
}

}  // namespace antrean::display
