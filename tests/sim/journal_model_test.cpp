#include "tests/sim/journal_model.hpp"

#include "tests/catch.hpp"

#include <utility>

namespace antrean::sim {
namespace {

using namespace std::chrono_literals;

// A journal by hand: each call adds the next row.
class Rows {
public:
    Rows() {
        site.agencies.push_back({id<AgencyId>("dinas"), "Dinas", "D"});
        site.series.push_back({id<SeriesId>("a"), site.agencies[0].id, "A"});
        site.services.push_back(
            {id<ServiceId>("ktp"), site.agencies[0].id, site.series[0].id, "KTP"});
        site.services.push_back(
            {id<ServiceId>("kk"), site.agencies[0].id, site.series[0].id, "KK"});
        for (const std::string number : {"1", "2"}) {
            site.counters.push_back({id<CounterId>("loket-" + number),
                                     "Loket " + number,
                                     {site.series[0].id},
                                     id<DeviceId>("callpad-" + number)});
        }
        site.kiosks.push_back(
            {id<DeviceId>("kiosk-1"),
             {{ButtonNumber{1}, site.services[0].id}, {ButtonNumber{2}, site.services[1].id}}});
    }
    Rows& day(const std::string& day) {
        day_ = day;
        add("day_opened").epoch = epoch;
        at_ms_ = std::chrono::milliseconds{date(day).time_since_epoch()}.count() + 1'000'000;
        return *this;
    }
    std::int64_t issue(std::int64_t number, std::int64_t request, const char* of = "regular") {
        auto& row = add("issued");
        row.device = "kiosk-1";
        row.request = request;
        row.ticket = (epoch << 40) | row.seq;
        row.series = "a";
        row.service = "ktp";
        row.ticket_class = of;
        row.number = number;
        row.label = fmt::format("A-{:03}", number);
        row.ahead = static_cast<std::int64_t>(waiting_++);
        labels_[row.ticket] = row.label;
        return row.ticket;
    }
    // A ticket whose paper is out.
    std::int64_t take(std::int64_t number, const char* of = "regular") {
        const auto ticket = issue(number, number * 2, of);
        report(ticket, number * 2 + 1, "printed");
        return ticket;
    }
    JournalRow& of(const char* kind, std::int64_t ticket) {
        auto& row = add(kind);
        row.ticket = ticket;
        row.series = "a";
        row.service = "ktp";
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
        if (voids) --waiting_;
    }
    // By the callpad of loket-1.
    JournalRow& asks(const char* kind, std::int64_t ticket) {
        auto& row = of(kind, ticket);
        row.device = "callpad-1";
        row.request = ++request_;
        row.counter = "loket-1";
        return row;
    }
    JournalRow& call(std::int64_t ticket, const char* why = "in_order", std::int64_t passed = 0) {
        auto& row = asks("called", ticket);
        row.outcome = "printed";
        row.asked = "call_next";
        row.why = why;
        row.passed = passed;
        --waiting_;
        return row;
    }
    JournalRow& refuse(const char* asked, const char* reason) {
        auto& row = asks("refused", 0);
        row.counter = row.label = row.series = row.service = "";
        row.asked = asked;
        row.reason = reason;
        return row;
    }
    void finish(std::int64_t ticket) { of("finished", ticket).counter = "loket-1"; }

    // The rule that they break; "none".
    std::string verdict() const {
        World world{1, Telling::keep};
        const Sites sites{{"", std::make_shared<site::Site>(site)}};
        try {
            JournalModel model{world, sites};
            model.read(rows_);
        } catch (const Broken& broken) {
            return broken.rule;
        }
        return "none";
    }

    // Where TICKET goes on to.
    void plan(std::int64_t ticket, const char* services) {
        for (auto& row : rows_) {
            if (row.kind == "issued" && row.ticket == ticket) row.plan = services;
        }
    }
    const JournalRow& last() const { return rows_.back(); }

    site::Site site;
    std::int64_t epoch = 0;

    JournalRow& add(const char* kind) {
        JournalRow row;
        row.seq = static_cast<std::int64_t>(rows_.size()) + 1;
        row.kind = kind;
        row.day = day_;
        row.at_ms = at_ms_ += 1000;
        rows_.push_back(row);
        return rows_.back();
    }

private:
    template <class Id>
    static Id id(const std::string& text) {
        return *Id::parse(text);
    }
    static std::chrono::sys_days date(const std::string& iso) {
        return std::chrono::year{2026} / 1 / std::stoi(iso.substr(8));
    }

    std::string day_;
    std::int64_t at_ms_ = 0;
    std::int64_t request_ = 0;
    std::size_t waiting_ = 0;
    std::vector<JournalRow> rows_;
    std::map<std::int64_t, std::string> labels_;
};

}  // namespace

TEST_CASE("a day as it should be breaks no rule", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05");
    const auto first = rows.take(1);
    const auto second = rows.issue(2, 4);
    rows.call(first);
    rows.of("voided", second).reason = "day_ended";
    rows.finish(first);
    rows.day("2026-01-06");
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
    rows.take(2);
    rows.call(ticket);
    CHECK(rows.verdict() == "R2");
}

TEST_CASE("calling who came later breaks R8", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05").take(1);
    rows.call(rows.take(2));
    CHECK(rows.verdict() == "R8");
}

TEST_CASE("who is called ahead of others goes by the counter's policy, and says why",
          "[sim][model]") {
    Rows rows;
    rows.site.counters[0].policy.kind = engine::Policy::Kind::strict;
    const auto regular = rows.day("2026-01-05").take(1);
    const auto priority = rows.take(2, "priority");
    SECTION("rightly") {
        rows.call(priority, "priority", regular);
        CHECK(rows.verdict() == "none");
    }
    SECTION("without a reason") {
        rows.call(priority, "in_order", regular);
        CHECK(rows.verdict() == "R8");
    }
    SECTION("without saying who was passed over") {
        rows.call(priority, "priority");
        CHECK(rows.verdict() == "R8");
    }
    SECTION("against the policy") {
        rows.call(regular);
        CHECK(rows.verdict() == "R8");
    }
    SECTION("although the regular one was passed over too often") {
        rows.site.counters[0].policy.most_passes = 0;
        rows.call(priority, "priority", regular);
        CHECK(rows.verdict() == "R8");
    }
}

TEST_CASE("two people called to one counter break R7", "[sim][model]") {
    Rows rows;
    const auto first = rows.day("2026-01-05").take(1);
    const auto second = rows.take(2);
    rows.call(first);
    rows.call(second);
    CHECK(rows.verdict() == "R7");
}

TEST_CASE("one number at two counters breaks R7", "[sim][model]") {
    Rows rows;
    const auto ticket = rows.day("2026-01-05").take(1);
    rows.take(2);
    rows.call(ticket);
    auto& again = rows.call(ticket);
    again.device = "callpad-2";
    again.counter = "loket-2";
    CHECK(rows.verdict() == "R7");
}

TEST_CASE("a day that ends with people waiting, held or called breaks R2", "[sim][model]") {
    Rows rows;
    const auto ticket = rows.day("2026-01-05").take(1);
    const auto how = GENERATE(0, 1, 2);
    if (how > 0) rows.call(ticket);
    if (how > 1) rows.asks("held", ticket);
    rows.day("2026-01-06");
    CHECK(rows.verdict() == "R2");
}

TEST_CASE("what is decided when the day is over breaks R10", "[sim][model]") {
    Rows rows;
    const auto ticket = rows.day("2026-01-05").take(1);
    rows.call(ticket).at_ms += 24 * 3'600'000;
    CHECK(rows.verdict() == "R10");
}

TEST_CASE("a refusal without its cause, and one that is missing, break R8", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05");
    SECTION("somebody waits") {
        rows.take(1);
        rows.refuse("call_next", "nobody_waits");
        CHECK(rows.verdict() == "R8");
    }
    SECTION("nobody waits") {
        rows.refuse("call_next", "nobody_waits");
        CHECK(rows.verdict() == "none");
    }
    SECTION("the quota is used") {
        rows.site.services[0].quota = 1;
        rows.take(1);
        rows.issue(2, 4);
        CHECK(rows.verdict() == "R8");
    }
    SECTION("nobody is signed in") {
        rows.site.rules.sign_in_required = true;
        rows.call(rows.take(1));
        CHECK(rows.verdict() == "R8");
    }
}

TEST_CASE("an undo brings back what was, and no later than it may", "[sim][model]") {
    Rows rows;
    const auto ticket = rows.day("2026-01-05").take(1);
    rows.call(ticket);
    rows.asks("held", ticket);
    auto& undone = rows.asks("undone", ticket);
    undone.step = "hold";
    undone.state = "called";
    SECTION("rightly") {
        CHECK(rows.verdict() == "none");
    }
    SECTION("to what was not") {
        undone.state = "waiting";
        CHECK(rows.verdict() == "R2");
    }
    SECTION("too late") {
        undone.at_ms += 10'000;
        CHECK(rows.verdict() == "R8");
    }
}

TEST_CASE("a visit that ends before its last service breaks R2", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05");
    const auto ticket = rows.issue(1, 1);
    const bool goes_on = GENERATE(false, true);
    rows.report(ticket, 2, "printed");
    rows.call(ticket);
    auto& finished = rows.asks("finished", ticket);
    if (goes_on) {
        finished.to_service = "kk";
        finished.queue = "a";
        finished.place = ticket << 22;
    }
    rows.plan(ticket, "kk");
    CHECK(rows.verdict() == (goes_on ? "none" : "R2"));
}

TEST_CASE("the ids of a new epoch are above all before, and the epochs rise", "[sim][model]") {
    Rows rows;
    rows.day("2026-01-05").take(1);
    const auto epoch = GENERATE(0, 1, 2);  // 2: a device knew of one that this journal forgot
    rows.add("restored").epoch = epoch;
    rows.epoch = epoch;
    rows.issue(2, 10);
    CHECK(rows.verdict() == (epoch > 0 ? "none" : "R9"));
}

}  // namespace antrean::sim
