#include "firmware/common/backoff.hpp"

#include "tests/catch.hpp"

namespace antrean::common {

using namespace std::chrono_literals;

TEST_CASE("waits double from the first to the longest, each spread around that", "[backoff]") {
    Backoff backoff{200ms, 5000ms};
    for (const auto base : {200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms, 5000ms}) {
        Backoff least = backoff;
        Backoff most = backoff;
        CHECK(least.next(0) == base / 2);
        // The largest of the 1024 steps of the spread.
        CHECK(most.next(1023) == base / 2 + base * 1023 / 1024);
        for (const std::uint32_t random : {1u, 77u, 511u, 512u, 1024u, 123456789u, 4294967295u}) {
            Backoff copy = backoff;
            const auto wait = copy.next(random);
            CHECK(wait >= base / 2);
            CHECK(wait < base * 3 / 2);
        }
        backoff.next(512);
    }
}

TEST_CASE("after a success the waits begin anew", "[backoff]") {
    Backoff backoff{200ms, 5000ms};
    for (int i = 0; i < 10; ++i)
        backoff.next(0);
    CHECK(backoff.next(0) == 2500ms);
    backoff.reset();
    CHECK(backoff.next(0) == 100ms);
    CHECK(backoff.next(0) == 200ms);
}

TEST_CASE("the spread uses all of its range", "[backoff]") {
    auto least = 1000ms;
    auto most = 0ms;
    for (std::uint32_t random = 0; random < 1024; ++random) {
        Backoff backoff{200ms, 5000ms};
        const auto wait = backoff.next(random);
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    CHECK(least == 100ms);
    CHECK(most == 299ms);
}

}  // namespace antrean::common
