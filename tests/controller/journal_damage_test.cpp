// Damage of every sort is noticed when the journal is opened, and told with the event's number.
#include "controller/journal/schema.hpp"
#include "drivers/tty/escape.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/sim/memory_vfs.hpp"

#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Catch::Contains;

// The file opens as damaged at event SEQ.
void check_damaged_at(const fs::path& file, std::uint64_t seq, const std::string& why) {
    const auto read = open(file);
    CHECK(read.code() == journal_errc::corrupt);
    CHECK_THAT(read.text(), Contains(fmt::format("damaged: at event {}, {}", seq, why)));
    CHECK_THAT(read.text(), Contains("restore the last backup"));
}

TEST_CASE("a changed column is told with its event's number", "[journal][R12][R17][F5]") {
    const Folder folder;
    const auto good = folder / "good";
    const auto in_a_day = write_two_days(good);
    const auto seq = in_a_day + GENERATE(1, 2, 10, 11, 16, 23);
    for (const std::string name : column_names) {
        INFO(name << " of event " << seq);
        fs::copy_file(good, folder / "bad", fs::copy_options::overwrite_existing);
        // A text gets another last character, a number the next one, what is missing appears.
        const auto change = fmt::format(
            "UPDATE events SET {0} = CASE typeof({0})"
            " WHEN 'text' THEN substr({0}, 1, length({0}) - 1) || '~'"
            " WHEN 'integer' THEN {0} + 1"
            " ELSE (SELECT CASE type WHEN 'INTEGER' THEN 1 ELSE 'x' END"
            "       FROM pragma_table_info('events') WHERE name = '{0}') END WHERE seq = {1}",
            name, seq);
        REQUIRE(run_sql(folder / "bad", without_triggers + change) == SQLITE_OK);
        check_damaged_at(folder / "bad", seq, "the row does not match its hash");
    }
}

TEST_CASE("a changed or lost hash is told", "[journal][R12][R17]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto seq = write_two_days(file) + 10;
    SECTION("changed") {
        REQUIRE(run_sql(file, without_triggers +
                                  "UPDATE events SET hash = randomblob(32) WHERE seq=" +
                                  std::to_string(seq)) == SQLITE_OK);
        check_damaged_at(file, seq, "the row does not match its hash");
    }
    SECTION("cut short") {
        REQUIRE(run_sql(file, without_triggers + "UPDATE events SET hash = x'00' WHERE seq=" +
                                  std::to_string(seq)) == SQLITE_OK);
        check_damaged_at(file, seq, "no hash");
    }
    SECTION("of the last event of the day before") {
        const auto first = seq - 9;
        REQUIRE(run_sql(file, without_triggers +
                                  "UPDATE events SET hash = randomblob(32) WHERE seq=" +
                                  std::to_string(first - 1)) == SQLITE_OK);
        check_damaged_at(file, first, "the row does not match its hash");
    }
}

TEST_CASE("a removed, swapped or invented row is told with its number", "[journal][R12][R17]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto in_a_day = write_two_days(file);
    const auto run = [&](const std::string& sql, auto... args) {
        REQUIRE(run_sql(file, without_triggers + fmt::format(fmt::runtime(sql), args...)) ==
                SQLITE_OK);
    };
    const auto first = in_a_day + 1;
    const auto last = 2 * in_a_day;
    SECTION("removed") {
        run("DELETE FROM events WHERE seq = {}", first + 5);
        check_damaged_at(file, first + 5, "which is missing");
    }
    SECTION("the opening of the day removed") {
        run("DELETE FROM events WHERE seq = {}", first);
        check_damaged_at(file, first, "which is missing");
    }
    SECTION("the whole open day removed") {
        run("DELETE FROM events WHERE seq >= {}", first);
        check_damaged_at(file, first, "which is missing");
    }
    SECTION("the last event of the day before removed") {
        run("DELETE FROM events WHERE seq = {}", first - 1);
        check_damaged_at(file, first, "the row does not match its hash");
    }
    SECTION("swapped") {
        run("UPDATE events SET seq = -1 WHERE seq = {0}; UPDATE events SET seq = {0} WHERE seq = "
            "{1};"
            "UPDATE events SET seq = {1} WHERE seq = -1",
            first + 2, first + 3);
        check_damaged_at(file, first + 2, "the row does not match its hash");
    }
    SECTION("invented") {
        run("CREATE TEMP TABLE invented AS SELECT * FROM events WHERE seq = {1};"
            "UPDATE invented SET seq = {0}; INSERT INTO events SELECT * FROM invented",
            last + 1, last);
        check_damaged_at(file, last + 1, "the row does not match its hash");
    }
}

TEST_CASE("a list of days that leads astray is not followed", "[journal][R12]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto in_a_day = write_two_days(file);
    const auto first = in_a_day + 1;
    const auto set_first = [&](std::int64_t to) {
        REQUIRE(run_sql(file, fmt::format("UPDATE days SET first_seq = {} WHERE first_seq = {}", to,
                                          first)) == SQLITE_OK);
    };
    SECTION("behind the last event") {
        set_first(static_cast<std::int64_t>(2 * in_a_day + 1));
        check_damaged_at(file, 2 * in_a_day + 1, "which is missing");
    }
    SECTION("far behind it") {
        set_first(1'000'000);
        check_damaged_at(file, 1'000'000, "which is missing");
    }
    SECTION("into the middle of the day") {
        set_first(static_cast<std::int64_t>(first + 1));
        check_damaged_at(file, first + 1, "where no service day begins");
    }
    SECTION("to a place before the first event") {
        REQUIRE(run_sql(file, "DELETE FROM days; INSERT INTO days VALUES (-3, '2026-11-23')") ==
                SQLITE_OK);
        CHECK(open(file).code() == journal_errc::corrupt);
    }
    SECTION("to the right place, under another date") {
        REQUIRE(run_sql(file, "UPDATE days SET day = '2026-12-31' WHERE day = '2026-11-23'") ==
                SQLITE_OK);
        check_damaged_at(file, first, "where no service day begins");
    }
    SECTION("lost: then all is folded, and comes to the same") {
        REQUIRE(run_sql(file, "DELETE FROM days") == SQLITE_OK);
        const auto read = open(file);
        REQUIRE(read.ok());
        CHECK(read.folded.size() == 2 * in_a_day);
    }
}

TEST_CASE("a damaged page is told before anything is folded", "[journal][R12][F5]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    auto bytes = content(file);
    REQUIRE(bytes.size() > 3 * 4096);
    bytes.replace(4096, 200, 200, '\xff');
    std::ofstream{file, std::ios::binary} << bytes;
    const auto read = open(file);
    CHECK(read.code() == journal_errc::corrupt);
    CHECK(read.folded.empty());
    CHECK_THAT(read.text(), Contains("damaged") && Contains("Keep the file as it is"));
}

// The events from the last opening of a day on: what the engine's state comes from.
std::vector<engine::Event> open_day(const Read& read) {
    std::vector<engine::Event> events;
    for (const auto& [seq, event] : read.folded) {
        if (std::holds_alternative<engine::DayOpened>(event.fact)) events.clear();
        events.push_back(event);
    }
    return events;
}

TEST_CASE("what a damaged file makes SQLite say is not obeyed by a terminal",
          "[journal][R16][F5][F30]") {
    const Folder folder;
    const auto file = folder / "queue.journal";
    write_two_days(file);
    REQUIRE(run_sql(file,
                    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE "
                    "events (' || char(27) || '[2J' WHERE name = 'events'") == SQLITE_OK);
    const auto read = open(file);
    CHECK(read.code() == journal_errc::corrupt);
    CHECK_THAT(read.text(), Contains("\\x1B"));
    CHECK(tty::is_plain(read.text()));
}

TEST_CASE("a flipped bit anywhere is refused, or changes nothing that is folded",
          "[journal][R12][F5]") {
    sim::MemoryDisk disk{"flips", 1};
    const std::string name = "/j";
    const auto in_a_day = write_two_days(name, disk.vfs());
    const auto good = disk.read(name);
    REQUIRE_FALSE(disk.exists(name + "-wal"));
    std::size_t refused = 0;
    std::size_t wrong = 0;
    // Every byte that says something, and now and then one of the free space between.
    for (std::size_t at = 0; at < good.size(); ++at) {
        if (good[at] == 0 && at % 7 != 0) continue;
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (at * 5 % 8)));
        disk.write(name, bad);
        {
            const auto read = open(name, disk.vfs());
            if (!read.ok()) {
                ++refused;
            } else {
                const auto day = open_day(read);
                const auto expected = samples(1);
                const bool equal =
                    (*read.journal)->next_seq() == 2 * in_a_day + 1 &&
                    std::equal(day.begin(), day.end(), expected.begin(), expected.end(), same);
                if (!equal) {
                    ++wrong;
                    WARN("a flip at byte " << at << " is not noticed");
                }
            }
        }
        disk.kill();
    }
    CHECK(wrong == 0);
    CHECK(refused > 1000);
}

TEST_CASE("a flipped bit in the WAL costs at most the end, never what lies between",
          "[journal][F5]") {
    sim::MemoryDisk disk{"flips", 1};
    const std::string name = "/j";
    const auto events = samples();
    {
        const auto journal = opened(name, disk.vfs());
        for (const auto& event : events)
            REQUIRE(journal->append({&event, 1}).has_value());
        disk.kill();
    }
    const auto file = disk.read(name);
    const auto wal = disk.read(name + "-wal");
    REQUIRE(wal.size() > 10'000);
    std::size_t shorter = 0;
    for (std::size_t at = 0; at < wal.size(); at += 97) {
        auto bad = wal;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        disk.write(name, file);
        disk.write(name + "-wal", bad);
        {
            const auto read = open(name, disk.vfs());
            if (read.ok()) {
                CHECK(read.folded.size() <= events.size());
                for (std::size_t i = 0; i < read.folded.size(); ++i) {
                    CHECK(same(read.folded[i].second, events[i]));
                }
                if (read.folded.size() < events.size()) ++shorter;
            }
            disk.kill();
        }
    }
    CHECK(shorter > 0);
}

}  // namespace
