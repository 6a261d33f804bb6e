// Events as rows: what is written can be read, and nothing else.
#include "controller/journal/row.hpp"
#include "controller/journal/schema.hpp"
#include "tests/controller/journal_bench.hpp"

#include <limits>
#include <set>
#include <variant>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;

TEST_CASE("every kind of event becomes a row and comes back the same", "[journal]") {
    std::set<std::size_t> kinds;
    for (const auto& event : samples()) {
        const auto row = to_row(event);
        INFO(row.kind);
        const auto back = from_row(row);
        REQUIRE(back);
        CHECK(same(*back, event));
        CHECK(to_row(*back) == row);
        kinds.insert(event.fact.index());
    }
    CHECK(kinds.size() == std::variant_size_v<engine::Fact>);
}

TEST_CASE("ids of any size that a device may send come back the same", "[journal]") {
    // SQLite's integers are signed; a device that counts in the upper half must not be able to
    // write a journal that cannot be read again.
    const auto id = GENERATE(std::uint64_t{1}, std::uint64_t{1} << 62, std::uint64_t{1} << 63,
                             std::numeric_limits<std::uint64_t>::max());
    const engine::Event event{samples().front().stamp,
                              engine::Refused{{*DeviceId::parse("callpad-1"), RequestId{id}},
                                              {engine::Asked::Kind::recall, {}, TicketId{id}},
                                              engine::Refusal::not_called}};
    const auto back = from_row(to_row(event));
    REQUIRE(back);
    CHECK(same(*back, event));
}

TEST_CASE("the columns are those of the table, each once", "[journal]") {
    Row row;
    std::size_t columns = 0;
    Row::for_each(row, [&](auto&) { ++columns; });
    CHECK(columns == column_names.size());
    CHECK(std::set<std::string_view>(column_names.begin(), column_names.end()).size() == columns);
    for (const auto* name : column_names) {
        CHECK(schema()[0].find(std::string{"\n    "} + name + " ") != std::string_view::npos);
    }
}

TEST_CASE("a row that no engine wrote is no event", "[journal]") {
    struct Case {
        const char* what;
        std::size_t sample;
        void (*spoil)(Row&);
    };
    const Case cases[]{
        {"an unknown kind", 0, [](Row& row) { row.kind = "day_closed"; }},
        {"a day that there is not", 0, [](Row& row) { row.day = "2026-02-30"; }},
        {"a day in another form", 0, [](Row& row) { row.day = "22.11.2026"; }},
        {"a day with something behind it", 0, [](Row& row) { row.day += " "; }},
        {"an empty day", 0, [](Row& row) { row.day.clear(); }},
        {"an unknown answer", 1, [](Row& row) { row.answer = "maybe"; }},
        {"a carried ticket without its day", 1, [](Row& row) { row.issued_day.reset(); }},
        {"an unknown request", 1, [](Row& row) { row.asked = "issue2"; }},
        {"no device", 9, [](Row& row) { row.device.reset(); }},
        {"a device that is no id", 9, [](Row& row) { row.device = "Kiosk 1"; }},
        {"no request", 9, [](Row& row) { row.request.reset(); }},
        {"request 0", 9, [](Row& row) { row.request = 0; }},
        {"no ticket", 9, [](Row& row) { row.ticket.reset(); }},
        {"no label", 9, [](Row& row) { row.label.reset(); }},
        {"number 0", 9, [](Row& row) { row.number = 0; }},
        {"a negative number", 9, [](Row& row) { row.number = -1; }},
        {"a number over 32 bits", 9, [](Row& row) { row.number = (std::int64_t{1} << 32) + 1; }},
        {"a negative queue", 9, [](Row& row) { row.ahead = -1; }},
        {"a queue over 32 bits", 9, [](Row& row) { row.ahead = std::int64_t{1} << 32; }},
        {"an unknown outcome", 10, [](Row& row) { row.outcome = "torn"; }},
        {"no reason", 10, [](Row& row) { row.reason.reset(); }},
        {"a copy that is neither yes nor no", 10, [](Row& row) { row.copy = 2; }},
        {"no voids", 10, [](Row& row) { row.voids.reset(); }},
        {"a call of what was not printed", 15, [](Row& row) { row.outcome = "not_printed"; }},
        {"no counter", 15, [](Row& row) { row.counter.reset(); }},
        {"an unknown refusal", 22, [](Row& row) { row.reason = "closed"; }},
    };
    const auto events = samples();
    for (const auto& one : cases) {
        INFO(one.what);
        auto row = to_row(events.at(one.sample));
        REQUIRE(from_row(row));
        const auto before = row;
        one.spoil(row);
        REQUIRE_FALSE(row == before);
        CHECK_FALSE(from_row(row));
    }
}

TEST_CASE("the hash covers the place in the chain, and tells nothing from an empty text",
          "[journal]") {
    auto row = to_row(samples()[9]);
    const Hash before{};
    const auto hash = chain(before, 5, row);
    CHECK(hash == chain(before, 5, row));
    CHECK(hash != chain(before, 6, row));
    CHECK(hash != chain(hash, 5, row));
    row.counter = "";
    CHECK(hash != chain(before, 5, row));
    // A character that moves from one column to the next is noticed.
    auto left = row;
    left.outcome = "ab", left.reason = "c";
    auto right = row;
    right.outcome = "a", right.reason = "bc";
    CHECK(chain(before, 5, left) != chain(before, 5, right));
}

}  // namespace
