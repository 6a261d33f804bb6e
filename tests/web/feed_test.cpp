#include "controller/web/feed.hpp"

#include "tests/catch.hpp"

using namespace antrean;
using namespace antrean::web;
using namespace std::chrono_literals;

namespace {

BoardView view_of(std::uint64_t version) {
    BoardView view;
    view.version = version;
    return view;
}

bool shows(const Feed& feed, std::uint64_t version) {
    return feed.frame() &&
           feed.frame()->find("{\"version\":" + std::to_string(version) + ",") != std::string::npos;
}

}  // namespace

TEST_CASE("a feed without a view has no frame and nothing due", "[web][feed]") {
    Feed feed{100ms};
    CHECK(feed.frame() == nullptr);
    CHECK(feed.due() == std::nullopt);
    CHECK_FALSE(feed.advance(SteadyTime{1h}));
    CHECK(feed.sequence() == 0);
}

TEST_CASE("the first view goes out at once, as one event", "[web][feed]") {
    Feed feed{100ms};
    feed.publish(view_of(1));
    REQUIRE(feed.advance(SteadyTime{0s}));
    CHECK(*feed.frame() == "event: view\ndata: " + to_json(view_of(1)) + "\n\n");
    CHECK(feed.sequence() == 1);
    CHECK(feed.due() == std::nullopt);
}

TEST_CASE("views within an interval go out as one, the newest", "[web][feed]") {
    Feed feed{100ms};
    const SteadyTime start{1h};
    feed.publish(view_of(1));
    REQUIRE(feed.advance(start));
    for (std::uint64_t version = 2; version <= 500; ++version) {
        feed.publish(view_of(version));
        REQUIRE_FALSE(feed.advance(start + 99ms));
    }
    CHECK(shows(feed, 1));
    CHECK(feed.due() == start + 100ms);
    REQUIRE(feed.advance(start + 100ms));
    CHECK(shows(feed, 500));
    CHECK(feed.sequence() == 2);
    CHECK_FALSE(feed.advance(start + 1h));
}

TEST_CASE("a view after a quiet time goes out at once", "[web][feed]") {
    Feed feed{100ms};
    feed.publish(view_of(1));
    REQUIRE(feed.advance(SteadyTime{1h}));
    feed.publish(view_of(2));
    CHECK(feed.advance(SteadyTime{2h}));
    CHECK(shows(feed, 2));
}

TEST_CASE("a frame that is being sent outlives its successor", "[web][feed]") {
    Feed feed{100ms};
    feed.publish(view_of(1));
    feed.advance(SteadyTime{1h});
    const Feed::Frame sending = feed.frame();
    feed.publish(view_of(2));
    feed.advance(SteadyTime{2h});
    CHECK(*sending == "event: view\ndata: " + to_json(view_of(1)) + "\n\n");
}
