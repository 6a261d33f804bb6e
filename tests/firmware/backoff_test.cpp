#include "firmware/common/backoff.hpp"

#include "tests/catch.hpp"

namespace antrean::common {

using namespace std::chrono_literals;

namespace {

constexpr SteadyTime now{1h};

}  // namespace

TEST_CASE("waits double from the first to the longest, each spread around that", "[backoff][F11]") {
    Backoff backoff;
    for (const auto base : {200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms, 5000ms}) {
        Backoff least = backoff;
        Backoff most = backoff;
        CHECK(least.next(now, 0) == base / 2);
        // The largest of the 1024 steps of the spread.
        CHECK(most.next(now, 1023) == base / 2 + base * 1023 / 1024);
        for (const std::uint32_t random : {1u, 77u, 511u, 512u, 1024u, 123456789u, 4294967295u}) {
            Backoff copy = backoff;
            const auto wait = copy.next(now, random);
            CHECK(wait >= base / 2);
            CHECK(wait < base * 3 / 2);
        }
        backoff.next(now, 512);
    }
}

TEST_CASE("behind a connection that lasted the waits begin anew", "[backoff]") {
    Backoff backoff;
    for (int i = 0; i < 10; ++i)
        backoff.next(now, 0);
    CHECK(backoff.next(now, 0) == 2500ms);
    backoff.connected(now);
    CHECK(backoff.next(now + 4999ms, 0) == 2500ms);
    CHECK(backoff.next(now + 1h, 0) == 2500ms);
    backoff.connected(now);
    CHECK(backoff.next(now + 5s, 0) == 100ms);
    CHECK(backoff.next(now + 1h, 0) == 200ms);
}

TEST_CASE("the spread uses all of its range", "[backoff]") {
    auto least = 1000ms;
    auto most = 0ms;
    for (std::uint32_t random = 0; random < 1024; ++random) {
        Backoff backoff;
        const auto wait = backoff.next(now, random);
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    CHECK(least == 100ms);
    CHECK(most == 299ms);
}

}  // namespace antrean::common
