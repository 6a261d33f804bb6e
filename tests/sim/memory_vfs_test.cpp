#include "tests/sim/memory_vfs.hpp"

#include "controller/journal/journal.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace {

using namespace antrean;
using sim::MemoryDisk;

const char* const file = "/var/queue.journal";

struct SplitMix {
    std::uint64_t state;
    std::uint64_t operator()() {
        std::uint64_t z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return (*this)() % bound; }
};

// The event with the sequence number SEQ of a made-up history; each 40th opens a day.
engine::Event event_at(std::uint64_t seq) {
    const ServiceDay day{std::chrono::days{20'000 + (seq - 1) / 40}};
    engine::Event event{{WallTime{std::chrono::milliseconds{seq * 1000}}, {}, day}, {}};
    if (seq % 40 == 1) {
        event.fact = engine::DayOpened{};
    } else {
        event.fact = engine::Refused{{*DeviceId::parse("kiosk-1"), RequestId{seq}},
                                     {engine::Asked::Kind::recall, {}, TicketId{seq * 7}, {}},
                                     engine::Refusal::not_called};
    }
    return event;
}

struct Opened {
    journal::result<std::unique_ptr<journal::Journal>> journal;
    bool right = true;  // what was folded is what was written
};

Opened open(const MemoryDisk& disk) {
    bool right = true;
    auto journal =
        journal::Journal::open({file, disk.vfs()}, [&](std::uint64_t seq, const engine::Event& e) {
            right = right && e.fact == event_at(seq).fact;
        });
    return {std::move(journal), right};
}

struct Verdict {
    int crashes = 0;
    int losses = 0;    // something was committed and is gone, or the journal cannot be read
    int in_doubt = 0;  // crashes after which events were there whose commit was not confirmed
};

// Writes to a journal until the power goes at a random moment, looks at what is left, and goes on.
void live(std::uint64_t seed, bool ignore_syncs, Verdict& verdict) {
    SplitMix random{seed};
    MemoryDisk disk{"crashes", seed};
    disk.ignore_syncs(ignore_syncs);
    std::uint64_t committed = 0;
    std::uint64_t tried = 0;
    for (int crash = 0; crash < 4; ++crash) {
        disk.cut_power(1 + random.below(crash == 0 ? 120 : 400));
        if (auto opened = open(disk); opened.journal) {
            auto& journal = **opened.journal;
            // What a commit in doubt has left counts as committed once it was read.
            committed = journal.next_seq() - 1;
            for (;;) {
                std::vector<engine::Event> batch;
                for (auto n = 1 + random.below(6); n > 0; --n) {
                    batch.push_back(event_at(committed + batch.size() + 1));
                }
                tried = committed + batch.size();
                if (!journal.append(batch)) break;
                committed = tried;
            }
            disk.crash(random);
        } else {
            disk.crash(random);
        }
        ++verdict.crashes;
        const auto after = open(disk);
        if (!after.journal || !after.right || (*after.journal)->next_seq() <= committed) {
            ++verdict.losses;
            return;
        }
        const auto kept = (*after.journal)->next_seq() - 1;
        CHECK(kept <= std::max(tried, committed));
        if (kept > committed) ++verdict.in_doubt;
        committed = kept;
    }
}

TEST_CASE("a journal loses nothing that was committed, wherever the power is cut", "[sim][disk]") {
    Verdict verdict;
    for (std::uint64_t seed = 1; seed <= 300; ++seed)
        live(seed, false, verdict);
    CHECK(verdict.losses == 0);
    CHECK(verdict.crashes == 1200);
    // Some crashes fall between the write and the answer: else the moments were not random.
    CHECK(verdict.in_doubt > 0);
}

TEST_CASE("a disk that only pretends to sync is found out", "[sim][disk]") {
    Verdict verdict;
    for (std::uint64_t seed = 1; seed <= 300; ++seed)
        live(seed, true, verdict);
    CHECK(verdict.losses > 100);
}

TEST_CASE("the same seed gives the same disk, byte by byte", "[sim][disk]") {
    const auto run = [](std::uint64_t seed) {
        SplitMix random{seed};
        MemoryDisk disk{"same", seed};
        {
            auto opened = open(disk);
            REQUIRE(opened.journal.has_value());
            disk.cut_power(90);
            for (std::uint64_t seq = 1;; ++seq) {
                const auto event = event_at(seq);
                if (!(*opened.journal)->append({&event, 1})) break;
            }
            disk.crash(random);
        }
        return disk.read(file) + disk.read(std::string{file} + "-wal");
    };
    // Not compared inside of the macro, which would print whole disks.
    const bool same = run(7) == run(7);
    const bool other = run(7) != run(8);
    CHECK(same);
    CHECK(other);
}

TEST_CASE("a killed process leaves its files as it saw them", "[sim][disk]") {
    MemoryDisk disk{"kill", 1};
    disk.ignore_syncs(true);
    {
        auto opened = open(disk);
        REQUIRE(opened.journal.has_value());
        const std::vector batch{event_at(1), event_at(2)};
        REQUIRE((*opened.journal)->append(batch).has_value());
        disk.kill();
        const auto late = event_at(3);
        CHECK_FALSE((*opened.journal)->append({&late, 1}).has_value());
    }
    const auto again = open(disk);
    REQUIRE(again.journal.has_value());
    CHECK((*again.journal)->next_seq() == 3);
    CHECK(again.right);
}

TEST_CASE("a second opener is refused while the first lives", "[sim][disk]") {
    MemoryDisk disk{"locks", 1};
    auto first = open(disk);
    REQUIRE(first.journal.has_value());
    const auto second = open(disk);
    REQUIRE_FALSE(second.journal.has_value());
    CHECK(second.journal.error().code == journal::journal_errc::locked);
    disk.kill();
    CHECK(open(disk).journal.has_value());
}

TEST_CASE("each failing write and sync is told to the journal's owner", "[sim][disk]") {
    const auto fault = GENERATE(MemoryDisk::Fault::io, MemoryDisk::Fault::full);
    const bool of_sync = GENERATE(false, true);
    SplitMix random{3};
    for (std::uint64_t nth = 1; nth <= 6; ++nth) {
        MemoryDisk disk{"faults", nth};
        std::uint64_t confirmed = 0;
        {
            auto opened = open(disk);
            REQUIRE(opened.journal.has_value());
            of_sync ? disk.fail_sync(nth, fault) : disk.fail_write(nth, fault);
            for (std::uint64_t seq = 1; seq <= 20; ++seq) {
                const auto event = event_at(seq);
                const auto done = (*opened.journal)->append({&event, 1});
                if (!done) {
                    CHECK(done.error().code == journal::journal_errc::storage);
                    break;
                }
                confirmed = seq;
            }
            CHECK(confirmed < 20);
            disk.crash(random);
        }
        const auto after = open(disk);
        REQUIRE(after.journal.has_value());
        CHECK(after.right);
        CHECK((*after.journal)->next_seq() > confirmed);
    }
}

// A plain connection, for what the journal does not do.
class Connection {
public:
    explicit Connection(const MemoryDisk& disk) {
        REQUIRE(sqlite3_open_v2("/plain.db", &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                disk.vfs()) == SQLITE_OK);
    }
    ~Connection() { sqlite3_close(db_); }
    int run(const char* sql) { return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); }
    std::string text(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
        std::string value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        sqlite3_finalize(statement);
        return value;
    }

private:
    sqlite3* db_ = nullptr;
};

TEST_CASE("connections in rollback mode lock each other out as on a real disk", "[sim][disk]") {
    MemoryDisk disk{"rollback", 1};
    Connection a{disk};
    Connection b{disk};
    REQUIRE(a.run("CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)") == SQLITE_OK);
    CHECK(b.run("BEGIN IMMEDIATE") == SQLITE_BUSY);
    CHECK(b.text("SELECT count(*) FROM t") == "0");  // a reader may still look
    CHECK(a.run("COMMIT") == SQLITE_OK);
    CHECK(b.text("SELECT count(*) FROM t") == "1");
    REQUIRE(b.run("BEGIN; SELECT * FROM t") == SQLITE_OK);
    CHECK(a.run("INSERT INTO t VALUES (2)") == SQLITE_BUSY);
    REQUIRE(b.run("COMMIT") == SQLITE_OK);
    CHECK(a.run("COMMIT; INSERT INTO t VALUES (2)") != SQLITE_BUSY);
}

TEST_CASE("SQLite's clock and random numbers come from the disk", "[sim][disk]") {
    const auto draw = [](std::uint64_t seed) {
        MemoryDisk disk{"clock", seed};
        disk.set_time(WallTime{std::chrono::milliseconds{1'795'321'936'000}});
        Connection connection{disk};
        return connection.text("SELECT datetime('now')");
    };
    CHECK(draw(1) == "2026-11-22 04:32:16");
}

}  // namespace
