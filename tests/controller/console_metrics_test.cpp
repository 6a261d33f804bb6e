#include "controller/console/metrics.hpp"
#include "controller/journal/row.hpp"
#include "tests/catch.hpp"

#include <regex>
#include <set>
#include <sstream>

using namespace antrean;
using namespace antrean::console;
using Catch::Contains;
using namespace std::chrono_literals;

TEST_CASE("a histogram counts what took at most each bound", "[console][metrics]") {
    Histogram histogram;
    histogram.observe(100us);  // a bound belongs to its own step
    histogram.observe(101us);
    histogram.observe(3ms);
    histogram.observe(10s);
    const auto counts = histogram.counts();
    CHECK(counts.up_to[0] == 1);
    CHECK(counts.up_to[1] == 2);
    CHECK(counts.up_to[4] == 2);  // 2.5 ms
    CHECK(counts.up_to[5] == 3);
    CHECK(counts.up_to.back() == 3);
    CHECK(counts.all == 4);
    CHECK(counts.sum == 10s + 3ms + 201us);
}

TEST_CASE("the meters are told with their values", "[console][metrics]") {
    Meters meters;
    meters.stats.connections = 7;
    meters.stats.kiosks = 2;
    meters.stats.journal_seq = 99;
    meters.stats.batches = 12;
    meters.stats.facts[engine::Fact{engine::Issued{}}.index()] = 5;
    meters.tickets[engine::State::waiting] = 3;
    meters.alarms = 1;
    meters.vitals.storage_free_bytes = 4096;
    Histogram flushes;
    flushes.observe(600us);
    meters.flushes = flushes.counts();
    const auto text = metrics_text(meters);
    for (const char* line :
         {"antrean_up 1\n", "antrean_tickets_issued_total 5\n", "antrean_tickets_waiting 3\n",
          "antrean_tickets_held 0\n", "antrean_connections 7\n",
          "antrean_devices{role=\"kiosk\"} 2\n", "antrean_journal_seq 99\n",
          "antrean_journal_batches_total 12\n", "antrean_events_total{kind=\"issued\"} 5\n",
          "antrean_alarms 1\n", "antrean_flush_seconds_bucket{le=\"0.0005\"} 0\n",
          "antrean_flush_seconds_bucket{le=\"0.001\"} 1\n",
          "antrean_flush_seconds_bucket{le=\"+Inf\"} 1\n", "antrean_flush_seconds_sum 0.0006\n",
          "antrean_flush_seconds_count 1\n", "antrean_storage_free_bytes 4096\n"}) {
        CHECK_THAT(text, Contains(line));
    }
    CHECK_THAT(text, !Contains("antrean_reports_lag_events"));  // nobody measures it

    meters.vitals.trouble = "no room";
    meters.vitals.reports_lag_events = 8;
    CHECK_THAT(metrics_text(meters),
               Contains("antrean_up 0\n") && Contains("antrean_reports_lag_events 8\n"));
}

TEST_CASE("every line is of the format, and every meter is declared once before its values",
          "[console][metrics]") {
    const std::regex sample{
        R"re(([a-z_]+?)(_bucket|_sum|_count)?(\{[a-z]+="[^"\\]*"\})? [0-9.e+-]+)re"};
    const std::regex head{R"(# (HELP|TYPE) ([a-z_]+) (.+))"};
    std::set<std::string> declared;
    Meters meters;
    meters.vitals.storage_free_bytes = 1;
    meters.vitals.reports_lag_events = 1;
    std::istringstream text{metrics_text(meters)};
    for (std::string line; std::getline(text, line);) {
        INFO(line);
        std::smatch match;
        if (std::regex_match(line, match, head)) {
            if (match[1] == "TYPE") {
                CHECK(declared.insert(match[2]).second);
                CHECK(std::set<std::string>{"counter", "gauge", "histogram"}.contains(match[3]));
            }
        } else {
            REQUIRE(std::regex_match(line, match, sample));
            CHECK(declared.contains(match[1]));
        }
    }
    CHECK(declared.size() > 15);
}

namespace {

template <std::size_t... at>
std::vector<std::string> kinds(std::index_sequence<at...>) {
    return {journal::to_row({{}, std::variant_alternative_t<at, engine::Fact::variant>{}}).kind...};
}

}  // namespace

TEST_CASE("events are counted by the names that the journal has for them", "[console][metrics]") {
    Meters meters;
    for (std::size_t i = 0; i < meters.stats.facts.size(); ++i)
        meters.stats.facts[i] = 1000 + i;
    const auto text = metrics_text(meters);
    std::size_t i = 0;
    for (const auto& kind :
         kinds(std::make_index_sequence<std::variant_size_v<engine::Fact::variant>>{})) {
        CHECK_THAT(text, Contains("antrean_events_total{kind=\"" + kind + "\"} " +
                                  std::to_string(1000 + i++) + "\n"));
    }
}

TEST_CASE("a controller is in trouble when its disk is full or does not answer",
          "[console][metrics]") {
    using engine::Room;
    CHECK(trouble(Room::ample, 0s).empty());
    CHECK(trouble(Room::ample, journal_is_behind).empty());
    CHECK(trouble(Room::ample, 7s) == "the journal's disk has not answered for 7 s");
    CHECK(trouble(Room::low, 0s) == "the disk has no room for new tickets");
    CHECK(trouble(Room::low, 7s) ==
          "the journal's disk has not answered for 7 s; the disk has no room for new tickets");
}
