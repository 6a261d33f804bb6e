// The check of a whole journal, whatever day the damage is of, and of a file that is not in use.
#include "controller/journal/verify.hpp"
#include "tests/controller/journal_bench.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Catch::Contains;

std::string text(const result<Verified>& verified) {
    return verified.has_error() ? verified.error().text : "(good)";
}

void spoil(const fs::path& file, const std::string& sql) {
    REQUIRE(run_sql(file, without_triggers + sql) == SQLITE_OK);
}

TEST_CASE("a whole journal is found good, with its numbers and its last hash",
          "[journal][verify][R17]") {
    const Folder folder;
    const auto in_a_day = write_two_days(folder / "j");
    const auto before = content(folder / "j");
    std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
    const auto verified = verify({folder / "j"}, [&](std::uint64_t done, std::uint64_t total) {
        told.emplace_back(done, total);
    });
    INFO(text(verified));
    REQUIRE(verified.has_value());
    CHECK(verified->events == 2 * in_a_day);
    CHECK(verified->days == 2);
    CHECK(verified->last_hash != Hash{});
    REQUIRE_FALSE(told.empty());
    CHECK(told.back() == std::pair<std::uint64_t, std::uint64_t>{2 * in_a_day, 2 * in_a_day});
    const bool unchanged = content(folder / "j") == before;
    CHECK(unchanged);
    CHECK_FALSE(fs::exists((folder / "j").string() + "-wal"));
    // An end that is cut off leaves a chain that holds; the hash that was written down tells it.
    spoil(folder / "j", fmt::format("DELETE FROM events WHERE seq={}", 2 * in_a_day));
    const auto shorter = verify({folder / "j"});
    REQUIRE(shorter.has_value());
    CHECK(shorter->last_hash != verified->last_hash);
}

TEST_CASE("damage of a day long over is told with its event", "[journal][verify][R17][F5]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto in_a_day = write_two_days(file);
    struct Case {
        std::string sql;
        std::string told;
    };
    const auto one = GENERATE_COPY(
        Case{"UPDATE events SET label='A-1' WHERE seq=10", "at event 10, the row does not match"},
        Case{"DELETE FROM events WHERE seq=12", "at event 12, which is missing"},
        Case{"DELETE FROM events WHERE seq=1", "at event 1, which is missing"},
        Case{"UPDATE events SET hash=x'00' WHERE seq=3", "at event 3, no hash"},
        Case{"UPDATE events SET seq=-7 WHERE seq=5", "events before the first"},
        Case{fmt::format("DELETE FROM days WHERE first_seq={}", in_a_day + 1),
             fmt::format("at event {}, the list of days", in_a_day + 1)},
        Case{"UPDATE days SET day='2026-11-21' WHERE first_seq=1", "at event 1, the list of days"},
        Case{"INSERT INTO days VALUES (1000, '2027-01-01')", "a day that never began"});
    INFO(one.sql);
    spoil(file, one.sql);
    const auto before = content(file);
    const auto verified = verify({file});
    REQUIRE(verified.has_error());
    CHECK(verified.error().code == journal_errc::corrupt);
    CHECK_THAT(text(verified), Contains(one.told) && Contains(file.string()));
    const bool unchanged = content(file) == before;
    CHECK(unchanged);
}

TEST_CASE("a start does not see what the check of all days sees", "[journal][verify]") {
    const Folder folder;
    write_two_days(folder / "j");
    spoil(folder / "j", "UPDATE events SET label='A-1' WHERE seq=10");
    CHECK(open(folder / "j").ok());
    CHECK(verify({folder / "j"}).has_error());
}

TEST_CASE("damage in SQLite's own pages is told though each row is right",
          "[journal][verify][F5]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    // A page that belongs to nothing: no row is touched.
    auto bytes = content(file);
    const auto pages = static_cast<unsigned char>(bytes[31]) + 1u;
    REQUIRE(pages < 200);
    bytes[31] = static_cast<char>(pages);
    bytes.resize(bytes.size() + 4096);
    std::ofstream{file, std::ios::binary} << bytes;
    const auto verified = verify({file});
    CHECK_THAT(text(verified), Contains("never used"));
}

TEST_CASE("the check of a journal tells how far it is, and keeps little of it",
          "[journal][verify]") {
    const Folder folder;
    const auto events = write_large(folder / "j");
    REQUIRE(fs::file_size(folder / "j") > 3 << 20);
    std::vector<std::uint64_t> told;
    sqlite3_memory_highwater(1);
    const auto before = sqlite3_memory_used();
    const auto verified = verify({folder / "j"}, [&](std::uint64_t done, std::uint64_t total) {
        CHECK(total == events);
        told.push_back(done);
    });
    CHECK(verified.has_value());
    CHECK(told.size() > 5);
    CHECK(std::is_sorted(told.begin(), told.end()));
    CHECK(sqlite3_memory_highwater(0) - before < 3 << 20);
}

TEST_CASE("a journal in use is told as such, and what is no journal too", "[journal][verify]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    {
        const auto journal = opened(file);
        const auto verified = verify({file});
        REQUIRE(verified.has_error());
        CHECK(verified.error().code == journal_errc::locked);
    }
    CHECK(verify({file}).has_value());
    std::ofstream{folder / "empty"};
    CHECK(verify({folder / "empty"}).error().code == journal_errc::not_ours);
    CHECK(fs::file_size(folder / "empty") == 0);
    CHECK(verify({folder / "none"}).error().code == journal_errc::storage);
    CHECK_FALSE(fs::exists(folder / "none"));
}

TEST_CASE("the log that a crash left is checked with the journal, and both stay",
          "[journal][verify]") {
    const Folder folder;
    const auto file = folder / "j";
    write_with_log(file, 0);
    const fs::path log = file.string() + "-wal";
    const auto before = content(file);
    const auto log_before = content(log);
    const auto verified = verify({file});
    INFO(text(verified));
    REQUIRE(verified.has_value());
    CHECK(verified->events == samples().size());
    const bool unchanged = content(file) == before && content(log) == log_before;
    CHECK(unchanged);
    CHECK(open(file).folded.size() == samples().size());
}

TEST_CASE("the events of a slice are those of the file, of any day", "[journal][read]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto in_a_day = write_two_days(file);
    const auto journal = opened(file);
    std::vector<engine::Event> all = samples(0);
    for (const auto& event : samples(1))
        all.push_back(event);
    std::uint64_t next = 1;
    while (next <= 2 * in_a_day) {
        const auto slice = journal->read(next, 7);
        REQUIRE(slice.has_value());
        REQUIRE(slice->size() == std::min<std::size_t>(7, 2 * in_a_day + 1 - next));
        for (const auto& [seq, event] : *slice) {
            CHECK(seq == next);
            CHECK(same(event, all[next - 1]));
            ++next;
        }
    }
    CHECK(journal->read(next, 7)->empty());
    CHECK(journal->read(1, 0)->empty());
    // What was appended a moment ago, too.
    REQUIRE(journal->append({samples(2).data() + 9, 1}).has_value());
    CHECK(journal->read(next, 7)->size() == 1);
}

TEST_CASE("a slice of a damaged day is refused", "[journal][read]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    spoil(file, "UPDATE events SET label='A-1' WHERE seq=10");
    const auto journal = opened(file);
    CHECK(journal->read(1, 9).has_value());
    const auto slice = journal->read(1, 10);
    REQUIRE(slice.has_error());
    CHECK_THAT(slice.error().text, Contains("at event 10, "));
}

}  // namespace
