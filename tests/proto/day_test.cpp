// A service day as text.
#include "proto/day.hpp"

#include "tests/catch.hpp"

namespace antrean {
namespace {

using namespace std::chrono;

}  // namespace

TEST_CASE("days are written as dates and read back", "[day]") {
    const auto day = GENERATE(local_days{year{0} / 1 / 1}, local_days{year{1970} / 1 / 1},
                              local_days{year{2028} / 2 / 29}, local_days{year{9999} / 12 / 31});
    CHECK(parse_day(to_iso(day)) == day);
    CHECK(to_iso(local_days{year{2026} / 11 / 2}) == "2026-11-02");
    CHECK(to_iso(local_days{year{7} / 12 / 31}) == "0007-12-31");
}

TEST_CASE("what is no date is refused", "[day]") {
    const auto* text =
        GENERATE("", "2026", "2026-11", "2026-11-2", "2026-11-022", "2026-11-22 ", " 2026-11-22",
                 "22.11.2026", "2026/11/22", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00",
                 "2026-+1-01", "2026--1-01", "-026-01-01", "20z6-01-01", "2026-1 -01");
    INFO(text);
    CHECK_FALSE(parse_day(text));
}

}  // namespace antrean
