// A backup takes a journal's place: nothing is deleted, and the next start can know of it.
#include "controller/journal/restore.hpp"
#include "tests/controller/journal_bench.hpp"

#include <set>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Catch::Contains;

const std::chrono::sys_seconds now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} +
                                     std::chrono::hours{10} + std::chrono::minutes{30};
constexpr const char* aside = "j.aside-20261122T103000Z";

std::string text(const result<Restored>& restored) {
    return restored.has_error() ? restored.error().text : "(restored)";
}

// A backup of the first day in `backup`, a journal of two days in `j`.
std::size_t write_both(const Folder& folder) {
    {
        const auto journal = opened(folder / "backup");
        REQUIRE(journal->append(samples(0)).has_value());
    }
    write_two_days(folder / "j");
    return samples().size();
}

TEST_CASE("a backup takes the journal's place, and the journal is kept", "[journal][restore][F7]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    const auto backup_before = content(folder / "backup");
    const auto journal_before = content(folder / "j");
    CHECK_FALSE(restored_sign(folder / "j"));

    const auto restored = restore(folder / "backup", folder / "j", now);
    INFO(text(restored));
    REQUIRE(restored.has_value());
    CHECK(restored->backup.events == in_a_day);
    REQUIRE(restored->moved_aside);
    CHECK(*restored->moved_aside == fs::canonical(folder.path()) / aside);
    const bool kept = content(folder / aside) == journal_before;
    CHECK(kept);
    const bool untouched = content(folder / "backup") == backup_before;
    CHECK(untouched);
    CHECK(opened(folder / "j")->next_seq() == in_a_day + 1);

    const auto sign = restored_sign(folder / "j");
    REQUIRE(sign);
    CHECK_THAT(*sign, Contains("2026-11-22 10:30:00 UTC") && Contains("backup") && Contains(aside));
    CHECK(restored_epoch(folder / "j") == 3);  // that of write_both()
    REQUIRE(remove_restored_sign(folder / "j").has_value());
    CHECK(restored_epoch(folder / "j") == 0);
    CHECK_FALSE(restored_sign(folder / "j"));
    CHECK(remove_restored_sign(folder / "j").has_value());
    // Nothing else is left lying about.
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder.path()})
        names.insert(entry.path().filename());
    CHECK(names == std::set<std::string>{"backup", "j", aside});

    // What was moved aside can be restored in its turn, in the same second too.
    REQUIRE(restore(folder / aside, folder / "j", now).has_value());
    CHECK(opened(folder / "j")->next_seq() == 2 * in_a_day + 1);
    CHECK(fs::exists(folder / (std::string{aside} + "-2")));
}

TEST_CASE("a restore is refused while the controller runs", "[journal][restore][F7]") {
    const Folder folder;
    write_both(folder);
    const auto check_refused = [&] {
        const auto restored = restore(folder / "backup", folder / "j", now);
        REQUIRE(restored.has_error());
        CHECK(restored.error().code == journal_errc::locked);
        CHECK_THAT(text(restored), Contains("Stop the controller"));
        CHECK_FALSE(fs::exists(folder / aside));
        CHECK_FALSE(restored_sign(folder / "j"));
    };
    SECTION("in this process, whose lock it does not lose by that") {
        const auto journal = opened(folder / "j");
        check_refused();
        CHECK(in_child([&] { return open(folder / "j").code() == journal_errc::locked; }));
    }
    SECTION("in another process") {
        while_open_in_child(folder / "j", check_refused);
        CHECK(restore(folder / "backup", folder / "j", now).has_value());
    }
}

TEST_CASE("a backup that is not good moves nothing", "[journal][restore]") {
    const Folder folder;
    write_both(folder);
    const auto before = content(folder / "j");
    std::string why;
    fs::path backup = folder / "backup";
    const auto way = GENERATE(as<std::string>{}, "damaged in an old day", "not there",
                              "another kind of file", "the journal itself");
    INFO(way);
    if (way == "damaged in an old day") {
        REQUIRE(run_sql(backup, without_triggers + "UPDATE events SET label='A' WHERE seq=10") ==
                SQLITE_OK);
        why = "at event 10";
    }
    if (way == "not there") {
        backup = folder / "none";
        why = "none";
    }
    if (way == "another kind of file") {
        std::ofstream{backup} << "A letter that must not be lost.\n";
        why = "not a journal";
    }
    if (way == "the journal itself") {
        backup = folder / "j";
        why = "one file";
    }
    const auto restored = restore(backup, folder / "j", now);
    CHECK_THAT(text(restored), Contains(why));
    const bool unchanged = content(folder / "j") == before;
    CHECK(unchanged);
    CHECK(open(folder / "j").ok());
    CHECK_FALSE(restored_sign(folder / "j"));
}

TEST_CASE("a damaged journal, or none, is no obstacle to a restore", "[journal][restore]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    const bool there = GENERATE(true, false);
    const std::string rubbish(50'000, '\x5a');
    fs::remove(folder / "j");
    if (there) std::ofstream{folder / "j"} << rubbish;
    const auto restored = restore(folder / "backup", folder / "j", now);
    INFO(text(restored));
    REQUIRE(restored.has_value());
    CHECK(restored->moved_aside.has_value() == there);
    if (there) {
        const bool kept = content(folder / aside) == rubbish;
        CHECK(kept);
    }
    CHECK(opened(folder / "j")->next_seq() == in_a_day + 1);
}

TEST_CASE("the log goes aside with its journal, and is not read into the backup",
          "[journal][restore]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    write_with_log(folder / "j", 2);
    const auto restored = restore(folder / "backup", folder / "j", now);
    INFO(text(restored));
    REQUIRE(restored.has_value());
    CHECK(opened(folder / "j")->next_seq() == in_a_day + 1);
    CHECK(opened(folder / aside)->next_seq() == 3 * in_a_day + 1);
}

TEST_CASE("a backup with a log of its own comes with all that is in it", "[journal][restore]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    write_with_log(folder / "backup", 1);
    REQUIRE(restore(folder / "backup", folder / "j", now).has_value());
    CHECK(opened(folder / "j")->next_seq() == 2 * in_a_day + 1);
}

TEST_CASE("a restore that a crash ended lets no journal open until it is run again",
          "[journal][restore][R12][F7]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    write_with_log(folder / "j", 2);
    std::ofstream{folder / "j.restoring"} << aside << "\n";
    std::ofstream{folder / "j.copy"} << "half of it";
    const int moved = GENERATE(0, 1, 2, 3);
    INFO("a crash behind " << moved << " steps");
    if (moved > 0) fs::rename(folder / "j", folder / aside);
    if (moved > 1) fs::rename(folder / "j-wal", folder / (std::string{aside} + "-wal"));
    if (moved > 2) fs::copy_file(folder / "backup", folder / "j");

    CHECK(restore_unfinished(folder / "j"));
    const auto read = open(folder / "j");
    REQUIRE_FALSE(read.ok());
    CHECK_THAT(read.text(), Contains("Run the restore again"));
    if (moved == 1 || moved == 2) CHECK_FALSE(fs::exists(folder / "j"));

    const auto later = now + std::chrono::hours{1};
    const auto restored = restore(folder / "backup", folder / "j", later);
    INFO(text(restored));
    REQUIRE(restored.has_value());
    REQUIRE(restored->moved_aside);
    CHECK_FALSE(restore_unfinished(folder / "j"));
    CHECK(restored_sign(folder / "j"));
    CHECK(opened(folder / "j")->next_seq() == in_a_day + 1);
    CHECK(opened(folder / aside)->next_seq() == 3 * in_a_day + 1);
}

TEST_CASE("a mark that says nothing costs no journal", "[journal][restore]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    std::ofstream{folder / "j.restoring"} << GENERATE("", "backup", "..");
    REQUIRE(restore(folder / "backup", folder / "j", now).has_value());
    CHECK(opened(folder / aside)->next_seq() == 2 * in_a_day + 1);
}

TEST_CASE("a journal that is reached by a link is replaced where it lies", "[journal][restore]") {
    const Folder folder;
    const auto in_a_day = write_both(folder);
    fs::create_symlink(folder / "j", folder / "link");
    REQUIRE(restore(folder / "backup", folder / "link", now).has_value());
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(restored_sign(folder / "link"));
    CHECK(restored_sign(folder / "j"));
    CHECK(opened(folder / "j")->next_seq() == in_a_day + 1);
}

}  // namespace
