// What the texts of a kiosk's options mean.
#include "firmware/kiosk/options.hpp"
#include "tests/catch.hpp"

namespace antrean::kiosk {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a limit of presses is a burst and the seconds for one more", "[kiosk][options]") {
    struct Row {
        const char* text;
        std::uint32_t burst;
        std::chrono::milliseconds each;
    };
    const auto row = GENERATE(Row{"10/2", 10, 2s}, Row{"1/60", 1, 60s},
                              Row{"1000/0.001", 1000, 1ms}, Row{"5/1.5", 5, 1500ms});
    const auto limit = parse_press_limit(row.text);
    REQUIRE(limit.has_value());
    CHECK(limit->burst == row.burst);
    CHECK(limit->each == row.each);
}

TEST_CASE("what is no limit of presses is told with what to write", "[kiosk][options]") {
    const std::string text =
        GENERATE("", "10", "/2", "10/", "0/2", "1001/2", "-1/2", "10/0", "10/61", "10/-2", "10/nan",
                 "10/inf", "10/2s", "10/2/3", "10 /2", "1e1/2");
    const auto limit = parse_press_limit(text);
    REQUIRE_FALSE(limit.has_value());
    CHECK(limit.error().starts_with("--press-limit: '" + text + "' is no BURST/SECONDS"));
    CHECK(limit.error().ends_with("such as 10/2"));
}

TEST_CASE("lamps are told by their buttons", "[kiosk][options]") {
    const auto lamps = parse_lamps({"3=lamp-3", "999=platform:green:ten", "1=a=b"});
    REQUIRE(lamps.has_value());
    CHECK(*lamps == std::vector<LampName>{{ButtonNumber{3}, "lamp-3"},
                                          {ButtonNumber{999}, "platform:green:ten"},
                                          {ButtonNumber{1}, "a=b"}});
    CHECK(parse_lamps({})->empty());
}

TEST_CASE("what is no lamp is told with what to write", "[kiosk][options]") {
    const std::string text = GENERATE("", "3", "=a", "3=", "0=a", "1000=a", "-1=a", "x=a", "3=../a",
                                      "3=a b", "3 =a", "3=.", "70000=a");
    const auto lamps = parse_lamps({"7=fine", text});
    REQUIRE_FALSE(lamps.has_value());
    CHECK(lamps.error().starts_with("--lamp: '" + text + "' is no BUTTON=NAME"));
    CHECK(lamps.error().ends_with("such as 3=lamp-3"));
}

TEST_CASE("a button has one lamp, and a LED one button", "[kiosk][options]") {
    for (const char* text : {"3=b", "4=a"}) {
        const auto lamps = parse_lamps({"3=a", text});
        REQUIRE_FALSE(lamps.has_value());
        CHECK(lamps.error().ends_with("give each once"));
    }
}

TEST_CASE("a way to choose goes by its name", "[kiosk][options]") {
    CHECK(*parse_choice("direct") == ChoiceMode::direct);
    CHECK(*parse_choice("digits") == ChoiceMode::digits);
    CHECK(*parse_choice("pages") == ChoiceMode::pages);
    for (const char* text : {"", "page", "DIRECT", "digits "}) {
        const auto choice = parse_choice(text);
        REQUIRE_FALSE(choice.has_value());
        CHECK(choice.error().ends_with("write direct, digits or pages"));
    }
}

}  // namespace
}  // namespace antrean::kiosk
