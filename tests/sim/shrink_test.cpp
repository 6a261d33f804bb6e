// In a program of its own: of the bugs that can be planted.
#include "tests/sim/shrink.hpp"

#include "tests/catch.hpp"
#include "tests/sim/campaign.hpp"
#include "tests/sim/plants.hpp"
#include "tests/sim/story.hpp"

namespace antrean::sim {

using namespace std::chrono_literals;

TEST_CASE("a failing seed becomes a short story that fails by the same rule again", "[sim]") {
    const auto [name, most] = GENERATE(table<const char*, std::size_t>({
        {"reprint_without_copy", 6},
        {"skip_journal_flush", 10},
        {"lose_tombstone", 12},
        {"numbers_anew_after_restore", 12},
    }));
    CAPTURE(name);
    plant(find_planted_bug(name));
    Campaign campaign;
    campaign.count = 500;
    const auto found = campaign.run();
    REQUIRE(found.failures.size() == 1);
    const auto& failure = found.failures.front();
    CAPTURE(failure.seed);

    const auto shrunk = shrink(failure.seed, 60s);
    CHECK(shrunk.verdict.rule == failure.rule);
    CHECK(shrunk.had > 20);
    CHECK(shrunk.only.numbers().size() <= most);
    const auto again = run_seed(failure.seed, Telling::keep, *Only::parse(shrunk.only.text()));
    CHECK(again.rule == failure.rule);
    CHECK(again.text == shrunk.verdict.text);
    CHECK(again.trace == shrunk.verdict.trace);
    const auto story = tell_story(again.story);
    CHECK(story.size() > 3);
    CHECK(story.size() <= longest_story);

    plant(nullptr);
    CHECK(run_seed(failure.seed, Telling::hash, shrunk.only).passed);
}

TEST_CASE("a seed that does not fail is not shrunk", "[sim]") {
    const auto shrunk = shrink(1, 60s);
    CHECK(shrunk.verdict.passed);
    CHECK(shrunk.runs == 1);
}

TEST_CASE("a seed can be run without any of its doings", "[sim]") {
    const auto whole = run_seed(1);
    const auto nothing = run_seed(1, Telling::keep, *Only::parse("0"));
    CHECK(nothing.passed);
    CHECK(nothing.doings == whole.doings);
    CHECK(nothing.story.size() < 100);
}

TEST_CASE("a list of doings is read as it is written", "[sim]") {
    CHECK(Only::parse("7,3-5,4")->text() == "3-5,7");
    CHECK(Only::parse("0")->text() == "0");
    CHECK(Only{}.contains(1));
    CHECK_FALSE(Only::parse("0")->contains(1));
    CHECK(Only::parse("3-5")->contains(4));
    CHECK_FALSE(Only::parse("3-5")->contains(6));
    for (const char* wrong : {"", "a", "3-", "-3", "5-3", "3,,4", "1-99999999"}) {
        CAPTURE(wrong);
        CHECK_FALSE(Only::parse(wrong));
    }
}

TEST_CASE("a story says what repeats once, and the opening in a sentence", "[sim]") {
    std::deque<std::string> lines{"08:00:00.001 kiosk-1 starts with 0 papers unsettled",
                                  "08:00:00.200 controller starts at event 1",
                                  "08:00:00.300 controller kiosk-1: connected",
                                  "08:00:00.400 kiosk-2 starts with 0 papers unsettled"};
    for (int i = 0; i < 7; ++i)
        lines.emplace_back("08:04:11.125 callpad-2 shows A-001");
    lines.emplace_back("08:04:12.125 kiosk-2 loses power");
    lines.emplace_back("08:04:13.125 kiosk-2 starts with 1 papers unsettled");
    CHECK(tell_story(lines) ==
          std::vector<std::string>{
              "08:00:00  controller, 2 kiosks start", "08:04:11  callpad-2 shows A-001 (7 times)",
              "08:04:12  kiosk-2 loses power", "08:04:13  kiosk-2 starts with 1 papers unsettled"});
}

}  // namespace antrean::sim
