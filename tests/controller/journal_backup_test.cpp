// A copy of a journal in use: whole, whatever was appended while it was made, and never half there.
#include "controller/journal/verify.hpp"
#include "controller/journal/writer.hpp"
#include "tests/controller/faulty_disk.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/controller/small_disk.hpp"

#include <atomic>
#include <future>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Catch::Contains;

// Of so many days that it has some dozens of pages.
std::size_t write_many_days(const fs::path& file) {
    const auto journal = opened(file);
    std::size_t events = 0;
    for (int day = 0; day < 60; ++day) {
        REQUIRE(journal->append(samples(day)).has_value());
        events += samples().size();
    }
    return events;
}

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

TEST_CASE("a backup has what was appended between its steps, and its chain is whole",
          "[journal][backup][R17]") {
    const Folder folder;
    auto events = write_many_days(folder / "j");
    const auto to = folder / "backup";
    auto journal = opened(folder / "j");
    // Between the first steps, in the middle, and behind the last but one.
    auto backup = journal->backup(to, 0);
    REQUIRE(backup.has_value());
    int steps = 0;
    int day = 60;
    for (;; ++steps) {
        const auto progress = (*backup)->step(1);
        INFO((progress.has_error() ? progress.error().text : ""));
        REQUIRE(progress.has_value());
        if (progress->done) break;
        CHECK(progress->pages_done <= progress->pages);
        CHECK_FALSE(fs::exists(to));
        REQUIRE(steps < 10'000);
        if (steps % 10 != 0) continue;
        REQUIRE(journal->append(samples(day++)).has_value());
        events += samples().size();
    }
    CHECK(steps > 20);
    CHECK(day > 62);
    backup->reset();
    const auto verified = verify({to});
    INFO((verified.has_error() ? verified.error().text : ""));
    REQUIRE(verified.has_value());
    CHECK(verified->events == events);
    // The journal goes on, and the copy is a journal that goes on by itself, in the same way.
    {
        const auto copy = opened(to);
        CHECK(copy->next_seq() == events + 1);
        REQUIRE(copy->append(samples(day)).has_value());
    }
    REQUIRE(journal->append(samples(day)).has_value());
    journal.reset();
    CHECK(verify({to})->last_hash == verify({folder / "j"})->last_hash);
}

TEST_CASE("a backup is one file by itself, that can be read where nothing can be written",
          "[journal][backup]") {
    const Folder folder;
    fs::create_directory(folder / "to");
    {
        write_many_days(folder / "j");
        const auto journal = opened(folder / "j");
        auto backup = journal->backup(folder / "to/b", 0);
        REQUIRE(backup.has_value());
        REQUIRE((*backup)->step(1'000'000)->done);
    }
    CHECK(files_in(folder / "to") == 1);
    const auto bytes = content(folder / "to/b");
    CHECK(bytes.substr(18, 2) == std::string(2, '\1'));  // in the file's header: no log
    fs::permissions(folder / "to/b", fs::perms{0444});
    fs::permissions(folder / "to", fs::perms{0555});
    fs::permissions(folder.path(), fs::perms{0555});
    CHECK(as_nobody([&] { return verify({folder / "to/b"}).has_value(); }));
    fs::permissions(folder.path(), fs::perms{0755});
    fs::permissions(folder / "to", fs::perms{0755});
}

TEST_CASE("a backup that is given up, or follows one that a crash ended, leaves one file or none",
          "[journal][backup]") {
    const Folder folder;
    fs::create_directory(folder / "to");
    write_many_days(folder / "j");
    const auto journal = opened(folder / "j");
    {
        auto backup = journal->backup(folder / "to/b", 0);
        REQUIRE(backup.has_value());
        REQUIRE((*backup)->step(4).has_value());
        CHECK(files_in(folder / "to") > 0);
    }
    CHECK(files_in(folder / "to") == 0);
    std::ofstream{folder / "to/b.part"} << std::string(9'000, 'x');
    auto backup = journal->backup(folder / "to/b", 0);
    REQUIRE(backup.has_value());
    REQUIRE((*backup)->step(1'000'000)->done);
    backup->reset();
    CHECK(files_in(folder / "to") == 1);
    CHECK(verify({folder / "to/b"}).has_value());
}

TEST_CASE("where a backup cannot go, that is told and nothing is touched", "[journal][backup]") {
    const Folder folder;
    write_two_days(folder / "j");
    const auto journal = opened(folder / "j");
    SECTION("a file of that name is there") {
        std::ofstream{folder / "b"} << "precious";
        const auto backup = journal->backup(folder / "b", 0);
        REQUIRE(backup.has_error());
        CHECK_THAT(backup.error().text, Contains("is there already"));
        CHECK(content(folder / "b") == "precious");
    }
    SECTION("the journal's own name") {
        CHECK(journal->backup(folder / "j", 0).has_error());
    }
    SECTION("no such folder") {
        const auto backup = journal->backup(folder / "no/b", 0);
        REQUIRE(backup.has_error());
        CHECK(backup.error().code == journal_errc::storage);
        CHECK_THAT(backup.error().text, Contains("no/b") && Contains("Choose another place"));
    }
    SECTION("it would take the room that must stay free") {
        const auto backup = journal->backup(folder / "b", std::uint64_t{1} << 62);
        REQUIRE(backup.has_error());
        CHECK(backup.error().full);
        CHECK_THAT(backup.error().text, Contains("must stay free"));
        CHECK_FALSE(fs::exists(folder / "b.part"));
    }
    REQUIRE(journal->append(samples(2)).has_value());
}

TEST_CASE("a backup whose disk fills up fails alone: the journal goes on",
          "[journal][backup][F3]") {
    const Folder folder;
    const auto events = write_many_days(folder / "j");
    const auto done = on_small_disk(2 << 20, [&](const fs::path& small) {
        const auto journal = opened(folder / "j");
        auto backup = journal->backup(small / "b", 0);
        if (backup.has_error()) return "no beginning: " + backup.error().text;
        std::ofstream{small / "filler"} << std::string(4 << 20, 'x');
        int day = 60;
        for (;;) {
            const auto progress = (*backup)->step(2);
            if (!journal->append(samples(day++))) return std::string{"an append failed"};
            if (progress.has_value() && progress->done) return std::string{"it ended well"};
            if (progress.has_value()) continue;
            if (!progress.error().full) return progress.error().text;
            break;
        }
        backup->reset();
        if (fs::exists(small / "b") || fs::exists(small / "b.part")) return std::string{"a rest"};
        return journal->append(samples(day)) ? std::string{"good"} : std::string{"the end failed"};
    });
    if (!done) {
        WARN("no file system of its own may be made here");
        return;
    }
    CHECK(*done == "good");
    CHECK(verify({folder / "j"})->events > events);
}

TEST_CASE("a journal that cannot be read is told as such, not the backup's place",
          "[journal][backup]") {
    const Folder folder;
    write_large(folder / "j");
    FaultyDisk disk{"unreadable-source"};
    const auto journal = opened(folder / "j", disk.vfs());
    auto backup = journal->backup(folder / "b", 0);
    REQUIRE(backup.has_value());
    disk.fail(FaultyDisk::Operation::read, 1, EIO);
    const auto progress = (*backup)->step(1'000'000);
    REQUIRE(progress.has_error());
    CHECK_THAT(progress.error().text, Contains((folder / "j").string() + ": it cannot be read"));
    CHECK_FALSE(fs::exists(folder / "b"));
    CHECK_FALSE(fs::exists(folder / "b.part"));
}

TEST_CASE("the writer's thread makes a backup between the batches", "[journal][backup]") {
    const Folder folder;
    auto events = write_many_days(folder / "j");
    {
        const auto journal = opened(folder / "j");
        std::atomic<int> appended{0};
        Writer writer{*journal, [&](const result<void>& done, const Writer::Flush&) {
                          appended += done.has_value() ? 1 : 1000;
                          appended.notify_all();
                      }};
        std::promise<std::string> ended;
        auto backup = std::shared_ptr{*journal->backup(folder / "b", 0)};
        REQUIRE(writer.run_when_idle([&, backup](Journal&) {
            const auto progress = backup->step(1);
            if (progress.has_error()) ended.set_value(progress.error().text);
            if (progress.has_value() && progress->done) ended.set_value("good");
            return progress.has_value() && !progress->done;
        }));
        backup.reset();
        for (int i = 0; i < 20; ++i) {
            const auto batch = samples(60 + i);
            writer.submit(batch);
            appended.wait(i);
            REQUIRE(appended == i + 1);
        }
        CHECK(ended.get_future().get() == "good");
    }
    const auto verified = verify({folder / "b"});
    REQUIRE(verified.has_value());
    CHECK(verified->events >= events);
    CHECK(verify({folder / "j"})->events == events + 20 * samples().size());
}

}  // namespace
