// A disk that fails: told once, with the place and the remedy; nothing is written behind it; and
// what was acknowledged is there when the journal is opened again.
#include "tests/controller/faulty_disk.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/sim/memory_vfs.hpp"

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Operation = FaultyDisk::Operation;
using Catch::Contains;

// The events of OPENED are the first of SUBMITTED, and at least ACKNOWLEDGED of them.
void check_holds(const Read& opened, const std::vector<engine::Event>& submitted,
                 std::size_t acknowledged) {
    REQUIRE(opened.ok());
    REQUIRE(opened.folded.size() >= acknowledged);
    REQUIRE(opened.folded.size() <= submitted.size());
    for (std::size_t i = 0; i < opened.folded.size(); ++i)
        CHECK(same(opened.folded[i].second, submitted[i]));
}

struct Fault {
    Operation operation;
    int error;
    const char* word;  // that people are told
};

TEST_CASE("a disk that fails an append is told, with place and remedy, and not written to again",
          "[journal][fault][R12][F3][F4]") {
    const auto fault = GENERATE(Fault{Operation::write, EIO, "Input/output error"},
                                Fault{Operation::write, EROFS, "Read-only file system"},
                                Fault{Operation::write, EDQUOT, "Disk quota exceeded"},
                                Fault{Operation::write, ENOSPC, "no room is left on its disk"},
                                Fault{Operation::sync, EIO, "Input/output error"},
                                Fault{Operation::sync, ENOSPC, "no room is left on its disk"});
    // Once alone, which a second try would get over, and for good, as a file system turned
    // read-only.
    const bool for_good = GENERATE(false, true);
    const std::uint64_t nth = GENERATE(range(1, 8));
    INFO(fault.word << ", operation " << nth << (for_good ? ", for good" : ""));

    const Folder folder;
    const auto file = folder / "j";
    FaultyDisk disk{"faulty"};
    const auto events = samples();
    std::size_t acknowledged = 0;
    std::uint64_t changes = 0;
    {
        const auto journal = opened(file, disk.vfs());
        disk.fail(fault.operation, nth, fault.error, for_good);
        auto done = journal->append({&events[0], 1});
        while (done && ++acknowledged < events.size()) {
            done = journal->append({&events[acknowledged], 1});
        }
        REQUIRE(done.has_error());
        CHECK(done.error().code == journal_errc::storage);
        CHECK(done.error().full == (fault.error == ENOSPC));
        CHECK_THAT(done.error().text, Contains(file.string()) && Contains(fault.word));
        const auto* remedy =
            fault.error == ENOSPC ? "Make room there" : "Check that its folder exists";
        CHECK_THAT(done.error().text, Contains(remedy));
        changes = disk.changes();
        // Whoever tries again is told the same, and the disk is not asked.
        const auto again = journal->append({&events[acknowledged], 1});
        REQUIRE(again.has_error());
        CHECK(again.error().text == done.error().text);
    }
    CHECK(disk.changes() == changes);  // closing included
    disk.fail(Operation::none, 0, 0);
    check_holds(open(file, disk.vfs()), events, acknowledged);
}

TEST_CASE("after a failed sync what was acknowledged outlives a power cut",
          "[journal][fault][R4][F2][F4]") {
    const std::uint64_t nth = GENERATE(range(1, 8));
    const auto seed = GENERATE(range(1, 6));
    sim::MemoryDisk disk{"fsync", static_cast<std::uint64_t>(seed)};
    const auto events = samples();
    std::size_t acknowledged = 0;
    {
        const auto journal = opened("/j", disk.vfs());
        disk.fail_sync(nth, sim::MemoryDisk::Fault::io);
        while (journal->append({&events[acknowledged], 1})) {
            ++acknowledged;
            REQUIRE(acknowledged < events.size());
        }
        // What a later sync would seem to save, it does not.
        CHECK(journal->append({&events[acknowledged], 1}).has_error());
    }
    std::uint64_t state = static_cast<std::uint64_t>(seed);
    disk.crash([&] { return state = state * 6364136223846793005u + 1442695040888963407u; });
    check_holds(open("/j", disk.vfs()), events, acknowledged);
}

TEST_CASE("a journal whose disk cannot be read does not open, and says why",
          "[journal][fault][R12]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    const auto before = content(file);
    FaultyDisk disk{"unreadable"};
    std::uint64_t failed = 0;
    for (std::uint64_t nth = 1;; ++nth) {
        disk.fail(Operation::read, nth, EIO);
        const auto read = open(file, disk.vfs());
        if (read.ok()) break;  // it takes fewer reads than that
        ++failed;
        INFO("read " << nth << ": " << read.text());
        CHECK(read.code() == journal_errc::storage);
        CHECK_THAT(read.text(), Contains(file.string()) && Contains("disk is healthy"));
    }
    CHECK(failed > 3);
    CHECK((content(file) == before));
    CHECK(open(file).ok());
}

TEST_CASE("a page that rots while the journal is in use is told by who reads it",
          "[journal][fault][R12][F5]") {
    const Folder folder;
    const auto file = folder / "j";
    write_large(file);
    const auto good = content(file);
    const auto journal = opened(file);
    // By another process: closing the file here would drop the lock of the journal.
    REQUIRE(in_child([&] {
        std::fstream out{file, std::ios::binary | std::ios::in | std::ios::out};
        out.seekp(16 * 4096);
        out << std::string(good.size() - 32 * 4096, '\x5a') << std::flush;
        return out.good();
    }));
    const auto slice = journal->read(1, 100'000);
    REQUIRE(slice.has_error());
    CHECK(slice.error().code == journal_errc::corrupt);
    CHECK_THAT(slice.error().text, Contains("damaged: at event"));
}

TEST_CASE("one connection, no shared memory: a second one that could race with it is not let in",
          "[journal][fault][F6]") {
    // SQLite 3.7.0 to 3.51.2 can damage a file when one connection writes while another
    // checkpoints.
    const Folder folder;
    const auto file = folder / "j";
    const auto journal = opened(file);
    REQUIRE(journal->append(samples()).has_value());
    const auto backup = journal->backup(folder / "b", 0);
    REQUIRE(backup.has_value());
    REQUIRE((*backup)->step(1).has_value());
    CHECK_FALSE(fs::exists(file.string() + "-shm"));
    CHECK(run_sql(file, "PRAGMA wal_checkpoint") == SQLITE_BUSY);
    CHECK(run_sql(file, "BEGIN IMMEDIATE") == SQLITE_BUSY);
}

}  // namespace
