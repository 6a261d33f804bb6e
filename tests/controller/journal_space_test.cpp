// Room on the journal's disk: levels ahead of need, a reserve for when there is none, and a journal
// that a full disk costs nothing that was acknowledged.
#include "controller/journal/storage.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/controller/small_disk.hpp"

#include <sys/stat.h>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Catch::Contains;

constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t gib = 1 << 30;

TEST_CASE("the level follows what is used and what is free, and does not flutter",
          "[journal][space][F3]") {
    SpaceWatch watch;
    const auto level = [&](std::uint64_t free, std::uint64_t total) {
        return watch.update(free, total);
    };
    CHECK(level(50 * gib, 100 * gib) == SpaceLevel::ample);
    CHECK(level(20 * gib + 1, 100 * gib) == SpaceLevel::ample);
    CHECK(level(20 * gib, 100 * gib) == SpaceLevel::alarm);
    CHECK(level(21 * gib, 100 * gib) == SpaceLevel::alarm);
    CHECK(level(22 * gib + gib / 2, 100 * gib) == SpaceLevel::ample);
    CHECK(level(21 * gib, 100 * gib) == SpaceLevel::ample);

    CHECK(level(64 * mib, 100 * gib) == SpaceLevel::alarm);
    CHECK(level(64 * mib - 1, 100 * gib) == SpaceLevel::low);
    CHECK(level(64 * mib + 16 * mib, 100 * gib) == SpaceLevel::low);  // the reserve, given up
    CHECK(level(96 * mib - 1, 100 * gib) == SpaceLevel::low);
    CHECK(level(96 * mib, 100 * gib) == SpaceLevel::alarm);
    CHECK(level(50 * gib, 100 * gib) == SpaceLevel::ample);
    CHECK(watch.level() == SpaceLevel::ample);
}

TEST_CASE("a small disk is judged by both measures, one that is nothing is low",
          "[journal][space]") {
    SpaceWatch watch{
        {.alarm_percent = 50, .alarm_over_percent = 40, .low_bytes = 10, .low_over_bytes = 20}};
    CHECK(watch.update(60, 100) == SpaceLevel::ample);
    CHECK(watch.update(50, 100) == SpaceLevel::alarm);
    CHECK(watch.update(9, 100) == SpaceLevel::low);
    CHECK(watch.update(60, 100) == SpaceLevel::alarm);
    CHECK(watch.update(61, 100) == SpaceLevel::ample);
    CHECK(watch.update(0, 0) == SpaceLevel::low);
}

TEST_CASE("thresholds between which the reserve does not fit are refused", "[journal][space]") {
    CHECK_THROWS_AS(Storage({"j", {.low_bytes = 64 * mib, .low_over_bytes = 70 * mib}}),
                    std::invalid_argument);
}

TEST_CASE("the reserve is made where there is room, and holds it", "[journal][space]") {
    const Folder folder;
    Storage storage{{folder / "j", {.low_bytes = 1, .low_over_bytes = 2 * mib}, mib}};
    CHECK_FALSE(fs::exists(storage.reserve_file()));
    write_two_days(folder / "j");
    const auto& space = storage.look();
    INFO(space.problem);
    REQUIRE(space.problem.empty());
    CHECK(space.level != SpaceLevel::low);
    CHECK(space.journal_bytes == fs::file_size(folder / "j"));
    CHECK(space.reserve_bytes == mib);
    CHECK(space.free_bytes > 0);
    CHECK(space.total_bytes > space.free_bytes);
    struct stat status {};
    REQUIRE(stat(storage.reserve_file().c_str(), &status) == 0);
    CHECK(static_cast<std::uint64_t>(status.st_blocks) * 512 >= mib);  // no hole
    storage.release_reserve();
    CHECK_FALSE(fs::exists(storage.reserve_file()));
    CHECK(storage.space().reserve_bytes == 0);
    storage.release_reserve();
    CHECK(storage.space().problem.empty());
    CHECK(storage.look().reserve_bytes == mib);
}

TEST_CASE("what the system does not tell is a reason for alarm", "[journal][space]") {
    const Folder folder;
    Storage storage{{folder / "nowhere/j"}};
    CHECK(storage.look().level == SpaceLevel::alarm);
    CHECK_THAT(storage.space().problem, Contains("nowhere") && Contains("No such file"));
}

TEST_CASE("on a disk that gets full nothing acknowledged is lost, and the reserve lets calls go on",
          "[journal][space][R4][F3]") {
    const auto said = on_small_disk(4 * mib, [](const fs::path& disk) -> std::string {
        const auto file = disk / "j";
        const auto filler = disk / "filler";
        const Storage::Options options{
            file, {.low_bytes = mib, .low_over_bytes = 3 * mib / 2}, mib / 2};
        std::size_t acknowledged = 0;
        {
            Storage storage{options};
            if (storage.look().reserve_bytes != mib / 2) return "no reserve is made";
            const auto read = open(file);
            if (!read.ok()) return read.text();
            // Some other program fills the disk between two looks, faster than tickets are refused.
            { std::ofstream{filler} << std::string(8 * mib, 'x') << std::flush; }
            for (int day = 0;; ++day) {
                const auto done = (*read.journal)->append(samples(day));
                if (done) {
                    acknowledged += samples().size();
                    continue;
                }
                if (!done.error().full) return "not told as full: " + done.error().text;
                break;
            }
            if (storage.space().level == SpaceLevel::low) return "nobody has looked yet";
        }
        if (acknowledged > 0 && !fs::exists(file.string() + "-wal")) return "the log is gone";

        // The next process. Without the reserve's room it could not even begin.
        Storage storage{options};
        const auto& space = storage.look();
        if (space.level != SpaceLevel::low) return "the level is not low";
        if (fs::exists(storage.reserve_file())) return "the reserve is kept";
        if (space.free_bytes < mib / 2) return "the reserve's room is not there";
        auto read = open(file);
        if (!read.ok()) return "no start: " + read.text();
        auto& journal = **read.journal;
        if (journal.next_seq() < acknowledged + 1) return "something acknowledged is lost";
        const int day = static_cast<int>((journal.next_seq() - 1) / samples().size());
        for (int i = 0; i < 6; ++i) {
            if (!journal.append(samples(day + i))) return "calls do not go on";
        }
        if (storage.look().level != SpaceLevel::low) return "the level is over too early";
        fs::remove(filler);
        if (storage.look().level == SpaceLevel::low) return "the level is not over";
        if (storage.space().reserve_bytes != mib / 2) return "the reserve is not made again";
        return "good";
    });
    if (!said) {
        WARN("no file system of its own may be made here");
        return;
    }
    CHECK(*said == "good");
}

TEST_CASE("a reserve for which there is no room is not made by halves", "[journal][space]") {
    const auto said = on_small_disk(mib, [](const fs::path& disk) -> std::string {
        // As if another program took the room between looking and making: the thresholds lie.
        Storage storage{{disk / "j",
                         {.alarm_percent = 100, .low_bytes = 0, .low_over_bytes = mib / 2},
                         mib / 2}};
        { std::ofstream{disk / "filler"} << std::string(mib / 2 + 4096, 'x'); }
        if (storage.look().reserve_bytes != 0) return "made without room";
        if (fs::exists(storage.reserve_file())) return "a rest of it is there";
        return "good";
    });
    if (!said) {
        WARN("no file system of its own may be made here");
        return;
    }
    CHECK(*said == "good");
}

}  // namespace
