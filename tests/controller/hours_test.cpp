// When a service is open.
#include "controller/engine/hours.hpp"

#include "tests/catch.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace std::chrono_literals;
using std::chrono::minutes;

// 2026-03-02, a Monday.
const ServiceDay monday{std::chrono::local_days{std::chrono::year{2026} / 3 / 2}};

Hours hours() {
    Hours made;
    made.week[0] = {{8h, 12h}, {13h, 15h}};
    made.week[4] = {{8h, 11h + 30min}, {13h + 30min, 14h}};
    made.week[5] = {{20h, 26h}};
    return made;
}

TEST_CASE("hours are those of the weekday", "[hours]") {
    const auto made = hours();
    CHECK(made.on(monday) == made.week[0]);
    CHECK(made.on(monday + std::chrono::days{4}) == made.week[4]);
    CHECK(made.on(monday + std::chrono::days{6}).empty());
    CHECK(made.on(monday + std::chrono::days{7}) == made.week[0]);
    CHECK(made.on(monday - std::chrono::days{2}) == made.week[5]);
}

TEST_CASE("a service opens, has its break, and closes to the minute", "[hours]") {
    const auto at = [](minutes time, minutes last = 0min) {
        return opening(hours(), monday, time, last);
    };
    CHECK(at(-1min) == Opening::early);
    CHECK(at(7h + 59min) == Opening::early);
    CHECK(at(8h) == Opening::open);
    CHECK(at(11h + 59min) == Opening::open);
    CHECK(at(12h) == Opening::in_break);
    CHECK(at(12h + 59min) == Opening::in_break);
    CHECK(at(13h) == Opening::open);
    CHECK(at(14h + 59min) == Opening::open);
    CHECK(at(15h) == Opening::too_late);
    CHECK(at(30h) == Opening::too_late);
    CHECK(opening(hours(), monday + std::chrono::days{1}, 10h, 0min) == Opening::closed);
}

TEST_CASE("the last ticket is given before the end of the day, not of each interval", "[hours]") {
    const auto at = [](minutes time, minutes last) { return opening(hours(), monday, time, last); };
    CHECK(at(11h + 59min, 30min) == Opening::open);
    CHECK(at(14h + 29min, 30min) == Opening::open);
    CHECK(at(14h + 30min, 30min) == Opening::too_late);
    // So long before that it falls into the break, or before it.
    CHECK(at(12h + 15min, 150min) == Opening::in_break);
    CHECK(at(12h + 30min, 150min) == Opening::too_late);
    CHECK(at(10h, 5h) == Opening::too_late);
    CHECK(at(7h, 10h) == Opening::early);
}

TEST_CASE("a day may last beyond midnight", "[hours]") {
    const auto saturday = monday + std::chrono::days{5};
    const minutes offset{420};  // the site's clock is seven hours before UTC's
    const auto at = [&](minutes since_midnight) {
        const WallTime wall{saturday.time_since_epoch() + since_midnight - offset};
        return opening(hours(), saturday, time_of_day(wall, offset, saturday), 0min);
    };
    CHECK(at(19h + 59min) == Opening::early);
    CHECK(at(23h + 59min) == Opening::open);
    CHECK(at(24h) == Opening::open);
    CHECK(at(25h + 59min) == Opening::open);
    CHECK(at(26h) == Opening::too_late);
}

TEST_CASE("the time of day counts from the midnight before the service day", "[hours]") {
    const minutes offset{480};
    const WallTime midnight{monday.time_since_epoch() - offset};
    CHECK(time_of_day(midnight, offset, monday) == 0min);
    CHECK(time_of_day(midnight + 59s + 999ms, offset, monday) == 0min);
    CHECK(time_of_day(midnight + 25h, offset, monday) == 25h);
    CHECK(time_of_day(midnight - 1ms, offset, monday) == -1min);  // a clock that was set back
}

}  // namespace
