#include "tests/sim/journal_model.hpp"

#include "tests/catch.hpp"

namespace antrean::sim {
namespace {

// A journal by hand: each call adds the next row.
class Rows {
public:
    Rows& day(const std::string& day) {
        day_ = day;
        add("day_opened");
        return *this;
    }
    std::int64_t issue(std::int64_t number, std::int64_t request) {
        auto& row = add("issued");
        row.device = "kiosk-1";
        row.request = request;
        row.ticket = row.seq;
        row.series = "a";
        row.number = number;
        row.label = fmt::format("A-{:03}", number);
        labels_[row.seq] = row.label;
        return row.seq;
    }
    JournalRow& of(const char* kind, std::int64_t ticket) {
        auto& row = add(kind);
        row.ticket = ticket;
        row.series = "a";
        row.label = labels_[ticket];
        return row;
    }
    void report(std::int64_t ticket, std::int64_t request, const char* outcome,
                bool voids = false) {
        auto& row = of("paper_reported", ticket);
        row.device = "kiosk-1";
        row.request = request;
        row.outcome = outcome;
        row.voids = voids;
    }
    void call(std::int64_t ticket, std::int64_t request) {
        auto& row = of("called", ticket);
        row.device = "callpad-1";
        row.request = request;
        row.counter = "loket-1";
        row.outcome = "printed";
    }
    void finish(std::int64_t ticket) { of("finished", ticket).counter = "loket-1"; }

    // The rule that they break; "none".
    std::string verdict() const {
        World world{1, Telling::keep};
        site::Site site;
        site.counters.push_back({*CounterId::parse("loket-1"),
                                 "Loket 1",
                                 {*SeriesId::parse("a")},
                                 *DeviceId::parse("callpad-1")});
        try {
            JournalModel model{world, site};
            model.read(rows_);
        } catch (const Broken& broken) {
            return broken.rule;
        }
        return "none";
    }

private:
    JournalRow& add(const char* kind) {
        JournalRow row;
        row.seq = static_cast<std::int64_t>(rows_.size()) + 1;
        row.kind = kind;
        row.day = day_;
        rows_.push_back(row);
        return rows_.back();
    }
    std::string day_;
    std::vector<JournalRow> rows_;
    std::map<std::int64_t, std::string> labels_;
};

}  // namespace

TEST_CASE("a day as it should be breaks no rule", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05");
    const auto first = rows.issue(1, 1);
    rows.report(first, 2, "printed");
    const auto second = rows.issue(2, 3);
    rows.call(first, 1);
    rows.finish(first);
    rows.of("expired", second);
    rows.day("2026-01-06");
    rows.issue(1, 4);
    CHECK(rows.verdict() == "none");
}

TEST_CASE("a number that is left out, or given twice, breaks R9", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05").issue(1, 1);
    rows.issue(GENERATE(1, 3), 2);
    CHECK(rows.verdict() == "R9");
}

TEST_CASE("a request with two effects breaks R5", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05").issue(1, 1);
    rows.issue(2, 1);
    CHECK(rows.verdict() == "R5");
}

TEST_CASE("calling a void number breaks R2", "[sim][model]") {
    Rows rows;
    const auto ticket = rows.day("2026-01-05").issue(1, 1);
    rows.report(ticket, 2, "not_printed", true);
    rows.call(ticket, 1);
    CHECK(rows.verdict() == "R2");
}

TEST_CASE("calling who came later breaks R8", "[sim][model]") {
    Rows rows;
    const auto first = rows.day("2026-01-05").issue(1, 1);
    rows.report(first, 2, "printed");
    const auto second = rows.issue(2, 3);
    rows.report(second, 4, "printed");
    rows.call(second, 1);
    CHECK(rows.verdict() == "R8");
}

TEST_CASE("two people called to one counter break R7", "[sim][model]") {
    Rows rows;
    const auto first = rows.day("2026-01-05").issue(1, 1);
    rows.report(first, 2, "printed");
    const auto second = rows.issue(2, 3);
    rows.report(second, 4, "printed");
    rows.call(first, 1);
    rows.call(second, 2);
    CHECK(rows.verdict() == "R7");
}

TEST_CASE("a day that ends with people waiting breaks R2", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05").issue(1, 1);
    rows.day("2026-01-06");
    CHECK(rows.verdict() == "R2");
}

}  // namespace antrean::sim
