// Which service day a moment belongs to, in the zones that matter and in two that are odd.
#include "controller/server/calendar.hpp"

#include "tests/catch.hpp"

namespace {

using namespace antrean;
using namespace std::chrono;
using server::Calendar;

struct Case {
    const char* zone;
    minutes day_starts;
    sys_seconds at;
    minutes offset;
    local_days day;
};

constexpr sys_seconds utc(int y, unsigned m, unsigned d, int h, int min = 0, int s = 0) {
    return sys_days{year{y} / month{m} / std::chrono::day{d}} + hours{h} + minutes{min} +
           seconds{s};
}
constexpr local_days date(int y, unsigned m, unsigned d) {
    return local_days{year{y} / month{m} / std::chrono::day{d}};
}

TEST_CASE("a moment belongs to the service day of the site's zone", "[calendar][R10][F10]") {
    const Case cases[]{
        // Western and eastern Indonesia: midnight is at 17:00 and 15:00 of the day before in UTC.
        {"Asia/Jakarta", 0min, utc(2026, 11, 21, 16, 59, 59), 420min, date(2026, 11, 21)},
        {"Asia/Jakarta", 0min, utc(2026, 11, 21, 17), 420min, date(2026, 11, 22)},
        {"Asia/Makassar", 0min, utc(2026, 11, 21, 16), 480min, date(2026, 11, 22)},
        {"Asia/Jayapura", 0min, utc(2026, 11, 21, 14, 59, 59), 540min, date(2026, 11, 21)},
        {"Asia/Jayapura", 0min, utc(2026, 11, 21, 15), 540min, date(2026, 11, 22)},
        // A day that starts at 3:00: the hours before it belong to the day before.
        {"Asia/Jakarta", 180min, utc(2026, 11, 21, 19, 59, 59), 420min, date(2026, 11, 21)},
        {"Asia/Jakarta", 180min, utc(2026, 11, 21, 20), 420min, date(2026, 11, 22)},
        {"Asia/Jayapura", 180min, utc(2026, 12, 31, 17, 59, 59), 540min, date(2026, 12, 31)},
        {"Asia/Jayapura", 180min, utc(2026, 12, 31, 18), 540min, date(2027, 1, 1)},
        // Berlin springs forward on 29 March 2026 (2:00 to 3:00), and back on 25 October.
        {"Europe/Berlin", 0min, utc(2026, 3, 29, 0, 59, 59), 60min, date(2026, 3, 29)},
        {"Europe/Berlin", 0min, utc(2026, 3, 29, 1), 120min, date(2026, 3, 29)},
        {"Europe/Berlin", 0min, utc(2026, 3, 29, 22), 120min, date(2026, 3, 30)},
        {"Europe/Berlin", 0min, utc(2026, 10, 25, 0, 59, 59), 120min, date(2026, 10, 25)},
        {"Europe/Berlin", 0min, utc(2026, 10, 25, 1), 60min, date(2026, 10, 25)},
        {"Europe/Berlin", 0min, utc(2026, 10, 25, 22, 59, 59), 60min, date(2026, 10, 25)},
        {"Europe/Berlin", 0min, utc(2026, 10, 25, 23), 60min, date(2026, 10, 26)},
        // The hour that day_starts names is skipped, or comes twice: the day opens once all the
        // same.
        {"Europe/Berlin", 150min, utc(2026, 3, 29, 0, 59, 59), 60min, date(2026, 3, 28)},
        {"Europe/Berlin", 150min, utc(2026, 3, 29, 1), 120min, date(2026, 3, 29)},
        {"Europe/Berlin", 150min, utc(2026, 10, 25, 0, 30), 120min, date(2026, 10, 25)},
        // Apia was a day behind until it left out 30 December 2011.
        {"Pacific/Apia", 0min, utc(2011, 12, 30, 9, 59, 59), -600min, date(2011, 12, 29)},
        {"Pacific/Apia", 0min, utc(2011, 12, 30, 10), 840min, date(2011, 12, 31)},
        {"Pacific/Apia", 0min, utc(2026, 11, 21, 10, 59, 59), 780min, date(2026, 11, 21)},
        {"Pacific/Apia", 0min, utc(2026, 11, 21, 11), 780min, date(2026, 11, 22)},
        // Before 1970, and far from now.
        {"Asia/Jakarta", 0min, utc(1969, 12, 31, 17), 420min, date(1970, 1, 1)},
        {"Asia/Jakarta", 0min, utc(2099, 12, 31, 16, 59, 59), 420min, date(2099, 12, 31)},
    };
    for (const auto& one : cases) {
        INFO(one.zone << ", day starts after " << one.day_starts.count() << " min, "
                      << one.at.time_since_epoch().count());
        const Calendar calendar{one.zone, one.day_starts};
        const auto now = calendar.at(one.at);
        CHECK(now.wall == one.at);
        CHECK(now.utc_offset == one.offset);
        CHECK((now.day == one.day));
    }
}

TEST_CASE("when an hour comes twice, a day that has opened is not left again",
          "[calendar][R10][F10]") {
    // At 2:30 of summer time the day opens; an hour later it is 2:00 of winter time, before 2:30.
    const Calendar calendar{"Europe/Berlin", 150min};
    CHECK((calendar.at(utc(2026, 10, 25, 1)).day == date(2026, 10, 24)));
    // The calendar alone would go back. The engine does not: a day that is not later opens nothing.
    engine::Engine engine{{}};
    const auto opens = calendar.at(utc(2026, 10, 25, 0, 30));
    for (const auto& event : engine.open_day(opens))
        engine.apply(event);
    CHECK_FALSE(engine.day_is_due(calendar.at(utc(2026, 10, 25, 1))));
    CHECK_FALSE(engine.day_is_due(calendar.at(utc(2026, 10, 25, 1, 30))));
    CHECK(engine.day_is_due(calendar.at(utc(2026, 10, 26, 1, 30))));
}

TEST_CASE("milliseconds are kept, also before 1970", "[calendar]") {
    const Calendar calendar{"Asia/Jakarta", 0min};
    const auto at = GENERATE(WallTime{milliseconds{1'795'321'936'789}}, WallTime{milliseconds{-1}});
    CHECK(calendar.at(at).wall == at);
    CHECK((calendar.at(WallTime{milliseconds{-1}}).day == date(1970, 1, 1)));
}

TEST_CASE("now is now", "[calendar]") {
    Calendar calendar{"Asia/Jakarta", 0min};
    const auto before = floor<milliseconds>(system_clock::now());
    const auto steady = steady_clock::now();
    const auto moment = calendar.now();
    CHECK(moment.now.wall >= before);
    CHECK(moment.steady >= steady);
    CHECK(moment.zone == "WIB");
    CHECK(moment.now.utc_offset == 420min);
    CHECK((moment.now.day == calendar.at(moment.now.wall).day));
}

}  // namespace
