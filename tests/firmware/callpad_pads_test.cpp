// Several callpads in one program: how they are named, and that what becomes of one concerns no
// other.
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/callpad/pad.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <fstream>

#include <boost/asio/io_context.hpp>

namespace antrean::callpad {
namespace {

using namespace std::chrono_literals;

std::string problem_with(const std::string& text) {
    std::string problem;
    parse_pad(text, problem);
    return problem;
}

std::string problem_of_all(const std::vector<std::string>& texts) {
    std::vector<PadOption> pads;
    std::string problem;
    for (const auto& text : texts)
        pads.push_back(parse_pad(text, problem));
    REQUIRE(problem.empty());
    return problem_of(pads);
}

PadConfig config_of(const std::string& id, const std::filesystem::path& store) {
    std::string problem;
    PadConfig config;
    config.option = parse_pad(id + "=/dev/nowhere", problem);
    config.store = store;
    config.controller = "127.0.0.1:1";
    config.is_alone = false;
    REQUIRE(problem.empty());
    return config;
}

Pad::Handlers nobody() {
    return {[](const Pad&, const PushText&) { return false; }, {}};
}

// Runs IO until CONDITION holds; a deadline only turns a hang into a failure.
template <class Condition>
bool runs_until(boost::asio::io_context& io, const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        io.run_one_for(1s);
    }
    return true;
}

}  // namespace

TEST_CASE("a pad is named by its id, its keys and its display", "[callpad][pads]") {
    std::string problem;
    const auto plain = parse_pad("callpad-2=/dev/input/by-path/a-usb-0:1=2:1.0-event-kbd", problem);
    CHECK(plain.device == DeviceId::parse("callpad-2"));
    CHECK(plain.buttons == "/dev/input/by-path/a-usb-0:1=2:1.0-event-kbd");
    CHECK(plain.display == display::Address{display::TerminalAddress{}});
    const auto more = parse_pad("c=/dev/input/event3,hd44780:/dev/i2c-1:0x27:16x2", problem);
    CHECK(more.buttons == "/dev/input/event3");
    CHECK(std::get<display::Hd44780Address>(more.display).address == 0x27);
    CHECK(problem.empty());
    CHECK_THAT(problem_with("callpad-2"),
               Catch::Contains("--pad 'callpad-2': write ID=EVDEV, such as"));
    CHECK_THAT(problem_with("Loket 2=/dev/input/event3"), Catch::Contains("stands no id"));
    CHECK_THAT(problem_with("callpad-2="), Catch::Contains("the keys are a device"));
    CHECK_THAT(problem_with("callpad-2=event3"), Catch::Contains("the keys are a device"));
    CHECK_THAT(problem_with("callpad-2=/dev/a,lamp"), Catch::Contains("a display is 'terminal'"));
}

TEST_CASE("pads at one computer share nothing", "[callpad][pads]") {
    CHECK(problem_of_all({"a=/dev/1", "b=/dev/2", "c=/dev/3,terminal"}).empty());
    CHECK(problem_of_all({"a=/dev/1,hd44780:/dev/i2c-1:0x26:16x2",
                          "b=/dev/2,hd44780:/dev/i2c-1:0x27:16x2",
                          "c=/dev/3,hd44780:/dev/i2c-2:0x27:16x2"})
              .empty());
    CHECK_THAT(problem_of_all({"a=/dev/1", "a=/dev/2"}), Catch::StartsWith("two pads are a;"));
    CHECK_THAT(problem_of_all({"a=/dev/1", "b=/dev/1"}),
               Catch::StartsWith("a and b have the same keys;"));
    CHECK_THAT(problem_of_all({"a=/dev/1,hd44780:/dev/i2c-1:0x27:16x2",
                               "b=/dev/2,hd44780:/dev/i2c-1:0x27:20x4"}),
               Catch::StartsWith("a and b have the same display;"));
    std::vector<std::string> many;
    for (int i = 0; i < 10; ++i)
        many.push_back("p" + std::to_string(i) + "=/dev/" + std::to_string(i));
    CHECK_THAT(problem_of_all(many), Catch::Contains("there are 10 pads; leave at most 9"));
}

TEST_CASE("a pad whose store cannot be used stops no other, and begins once it can",
          "[callpad][pads][R14]") {
    boost::asio::io_context io;
    tests::Folder folder;
    std::ofstream{folder / "bad"} << std::string(5000, 'x');
    Pad good{io, config_of("good", folder / "good"), standard_key_map(), nobody()};
    Pad bad{io, config_of("bad", folder / "bad"), standard_key_map(), nobody()};
    CHECK(good.begin().has_value());
    CHECK(bad.begin().has_error());
    CHECK(good.shell() != nullptr);
    CHECK(good.state().trouble.empty());
    CHECK(bad.shell() == nullptr);
    CHECK_THAT(bad.state().trouble, Catch::Contains("bad"));
    CHECK(bad.link().why == bad.state().trouble);
    CHECK(runs_until(io, [&] { return !good.link().why.empty(); }));  // it tries to connect
    SECTION("by itself") {
        std::filesystem::remove(folder / "bad");
        CHECK(runs_until(io, [&] { return bad.shell() != nullptr; }));
    }
    SECTION("when it is told to forget") {
        bad.forget();
        CHECK(runs_until(io, [&] { return bad.shell() != nullptr; }));
    }
    CHECK(bad.state().trouble.empty());
    CHECK(good.shell() != nullptr);
}

TEST_CASE("a pad that runs can be told to forget, too", "[callpad][pads]") {
    boost::asio::io_context io;
    tests::Folder folder;
    Pad pad{io, config_of("one", folder / "one"), standard_key_map(), nobody()};
    REQUIRE(pad.begin().has_value());
    REQUIRE(runs_until(io, [&] { return !pad.link().why.empty(); }));
    const int times = GENERATE(1, 2);
    for (int i = 0; i < times; ++i)
        pad.forget();
    CHECK(pad.shell() == nullptr);
    CHECK_FALSE(pad.link().is_up);
    CHECK(runs_until(io, [&] { return pad.shell() != nullptr; }));
    CHECK(pad.state().trouble.empty());
}

TEST_CASE("the keys of a pad are told of as they are", "[callpad][pads]") {
    boost::asio::io_context io;
    tests::Folder folder;
    Pad pad{io, config_of("one", folder / "one"), standard_key_map(), nobody()};
    REQUIRE(pad.begin().has_value());
    CHECK_FALSE(pad.state().has_keys);
    CHECK(runs_until(io, [&] { return pad.state().keys == "gone: No such file or directory"; }));
    CHECK_FALSE(pad.state().has_keys);
    CHECK(pad.state().display.works);
}

}  // namespace antrean::callpad
