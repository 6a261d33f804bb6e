// Events as rows: what is written can be read, and nothing else.
#include "controller/journal/row.hpp"
#include "controller/journal/schema.hpp"
#include "tests/controller/journal_bench.hpp"

#include <limits>
#include <set>
#include <stdexcept>
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
    CHECK(kinds.size() == std::variant_size_v<engine::Fact::variant>);
}

TEST_CASE("ids of any size that a device may send come back the same", "[journal]") {
    // SQLite's integers are signed; a device that counts in the upper half must not be able to
    // write a journal that cannot be read again.
    const auto id = GENERATE(std::uint64_t{1}, std::uint64_t{1} << 62, std::uint64_t{1} << 63,
                             std::numeric_limits<std::uint64_t>::max());
    const engine::Event event{samples().front().stamp,
                              engine::Refused{{*DeviceId::parse("callpad-1"), RequestId{id}},
                                              {engine::Asked::Kind::recall, {}, TicketId{id}, {}},
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

// The first sample of that kind that USES the column that is to be spoilt.
Row sample(std::string_view kind, bool (*uses)(const Row&) = nullptr) {
    for (const auto& event : samples()) {
        const auto row = to_row(event);
        if (row.kind == kind && (!uses || uses(row))) return row;
    }
    throw std::logic_error{"no such sample"};
}

TEST_CASE("a row that no engine wrote is no event", "[journal]") {
    const auto carried_ticket = [](const Row& row) { return row.answer == "ticket"; };
    const auto planned = [](const Row& row) { return row.plan.has_value(); };
    const auto onward = [](const Row& row) { return row.place.has_value(); };
    struct Case {
        const char* what;
        const char* kind;
        void (*spoil)(Row&);
        bool (*uses)(const Row&) = nullptr;
    };
    const Case cases[]{
        {"an unknown kind", "day_opened", [](Row& row) { row.kind = "day_began"; }},
        {"a day that there is not", "day_opened", [](Row& row) { row.day = "2026-02-30"; }},
        {"a day in another form", "day_opened", [](Row& row) { row.day = "22.11.2026"; }},
        {"a day with something behind it", "day_opened", [](Row& row) { row.day += " "; }},
        {"an empty day", "day_opened", [](Row& row) { row.day.clear(); }},
        {"no epoch", "day_opened", [](Row& row) { row.epoch.reset(); }},
        {"an unknown answer", "carried", [](Row& row) { row.answer = "maybe"; }},
        {"a carried ticket without its day", "carried", [](Row& row) { row.issued_day.reset(); },
         carried_ticket},
        {"an unknown request", "carried", [](Row& row) { row.asked = "issue2"; }},
        {"asked for ticket 0", "carried", [](Row& row) { row.asked_ticket = 0; }},
        {"no device", "issued", [](Row& row) { row.device.reset(); }},
        {"a device that is no id", "issued", [](Row& row) { row.device = "Kiosk 1"; }},
        {"no request", "issued", [](Row& row) { row.request.reset(); }},
        {"request 0", "issued", [](Row& row) { row.request = 0; }},
        {"no ticket", "issued", [](Row& row) { row.ticket.reset(); }},
        {"no label", "issued", [](Row& row) { row.label.reset(); }},
        {"number 0", "issued", [](Row& row) { row.number = 0; }},
        {"a negative number", "issued", [](Row& row) { row.number = -1; }},
        {"a number over 32 bits", "issued", [](Row& row) { row.number = 4'294'967'297; }},
        {"a negative queue", "issued", [](Row& row) { row.ahead = -1; }},
        {"a queue over 32 bits", "issued", [](Row& row) { row.ahead = 4'294'967'296; }},
        {"an unknown class", "issued", [](Row& row) { row.ticket_class = "vip"; }},
        {"no class", "issued", [](Row& row) { row.ticket_class.reset(); }},
        {"an empty plan", "issued", [](Row& row) { row.plan = ""; }},
        {"a plan with a gap", "issued",
         [](Row& row) { row.plan->insert(row.plan->find(' '), " "); }, planned},
        {"a plan that goes on", "issued", [](Row& row) { *row.plan += ' '; }, planned},
        {"an unknown outcome", "paper_reported", [](Row& row) { row.outcome = "torn"; }},
        {"no reason", "paper_reported", [](Row& row) { row.reason.reset(); }},
        {"a copy that is neither yes nor no", "paper_reported", [](Row& row) { row.copy = 2; }},
        {"no voids", "paper_reported", [](Row& row) { row.voids.reset(); }},
        {"a call of what was not printed", "called", [](Row& row) { row.outcome = "not_printed"; }},
        {"no counter", "called", [](Row& row) { row.counter.reset(); }},
        {"an unknown why", "called", [](Row& row) { row.why = "friend"; }},
        {"no turn", "called", [](Row& row) { row.turn.reset(); }},
        {"somebody who is no id", "called", [](Row& row) { row.staff = ""; }},
        {"half an origin", "finished", [](Row& row) { row.request.reset(); }},
        {"half of where it goes on", "finished", [](Row& row) { row.queue.reset(); }, onward},
        {"nowhere to go", "transferred", [](Row& row) { row.to_service.reset(); }},
        {"an unknown step", "undone", [](Row& row) { row.step = "jump"; }},
        {"an unknown state", "undone", [](Row& row) { row.state = "lost"; }},
        {"an unknown reason", "voided", [](Row& row) { row.reason = "rain"; }},
        {"nobody", "signed_in", [](Row& row) { row.staff.reset(); }},
        {"an unknown refusal", "refused", [](Row& row) { row.reason = "shut"; }},
        {"no site", "site_changed", [](Row& row) { row.site.reset(); }},
    };
    for (const auto& one : cases) {
        INFO(one.what);
        auto row = sample(one.kind, one.uses);
        REQUIRE(from_row(row));
        const auto before = row;
        one.spoil(row);
        REQUIRE_FALSE(row == before);
        CHECK_FALSE(from_row(row));
    }
}

TEST_CASE("the hash covers the place in the chain, and tells nothing from an empty text",
          "[journal][R17]") {
    auto row = sample("issued");
    const Hash before{};
    const auto hash = chain(before, 5, row);
    CHECK(hash == chain(before, 5, row));
    CHECK(hash != chain(before, 6, row));
    CHECK(hash != chain(hash, 5, row));
    row.counter = "";
    CHECK(hash != chain(before, 5, row));
    // What moves from one column to the next is noticed, be it a character or all of it.
    auto left = row;
    left.outcome = "ab", left.reason = "c";
    auto right = row;
    right.outcome = "a", right.reason = "bc";
    CHECK(chain(before, 5, left) != chain(before, 5, right));
    right.outcome.reset(), right.reason = "ab";
    left.reason.reset();
    CHECK(chain(before, 5, left) != chain(before, 5, right));
    // So is a text whose own bytes look like the column behind it.
    left.outcome = std::string{"a"} + char{20} + char{1} + "b", left.reason.reset();
    right.outcome = "a", right.reason = "b";
    CHECK(chain(before, 5, left) != chain(before, 5, right));
}

TEST_CASE("a text of any length is hashed", "[journal]") {
    const auto size = GENERATE(0, 1, 254, 255, 256, 65'536);
    auto row = sample("service_paused");
    row.detail = std::string(static_cast<std::size_t>(size), 'x');
    const auto hash = chain({}, 5, row);
    row.detail->push_back('x');
    CHECK(chain({}, 5, row) != hash);
}

}  // namespace
