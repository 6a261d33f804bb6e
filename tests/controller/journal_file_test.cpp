// Journals on a real disk: what goes in comes out; what is not a journal is refused and left alone.
#include "controller/engine/engine.hpp"
#include "tests/controller/journal_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;
using Catch::Contains;

TEST_CASE("a new journal is empty and begins with event 1", "[journal]") {
    const Folder folder;
    for (int i = 0; i < 2; ++i) {
        const auto read = open(folder / "new.journal");
        REQUIRE(read.ok());
        CHECK(read.folded.empty());
        CHECK((*read.journal)->next_seq() == 1);
    }
}

TEST_CASE("every kind of event comes back from the file", "[journal][R17]") {
    const Folder folder;
    const auto events = samples();
    {
        const auto journal = opened(folder / "j");
        for (const auto& event : events)
            REQUIRE(journal->append({&event, 1}).has_value());
        CHECK(journal->next_seq() == events.size() + 1);
    }
    const auto read = open(folder / "j");
    REQUIRE(read.ok());
    REQUIRE(read.folded.size() == events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        CHECK(read.folded[i].first == i + 1);
        CHECK(same(read.folded[i].second, events[i]));
    }
    CHECK((*read.journal)->next_seq() == events.size() + 1);
}

TEST_CASE("opening folds the open day alone, and goes on behind it", "[journal]") {
    const Folder folder;
    const auto in_a_day = write_two_days(folder / "j");
    for (int days = 2; days < 4; ++days) {
        const auto read = open(folder / "j");
        REQUIRE(read.ok());
        REQUIRE(read.folded.size() == in_a_day);
        const auto first = in_a_day * static_cast<std::size_t>(days - 1) + 1;
        CHECK(read.folded.front().first == first);
        CHECK(same(read.folded.front().second, samples(days - 1).front()));
        REQUIRE((*read.journal)->append(samples(days)).has_value());
    }
}

TEST_CASE("the same day opened twice is refused by the file", "[journal][R10]") {
    const Folder folder;
    const auto journal = opened(folder / "j");
    REQUIRE(journal->append(samples()).has_value());
    CHECK_FALSE(journal->append(samples()).has_value());
}

TEST_CASE("the log is carried into the file between commits, and starts anew then", "[journal]") {
    const Folder folder;
    const auto journal = opened(folder / "j");
    const auto log = folder / "j-wal";
    auto commit = [&, day = 0]() mutable { REQUIRE(journal->append(samples(day++)).has_value()); };
    std::uintmax_t file = 0;
    while (journal->log_pages() < 200) {
        const auto before = journal->log_pages();
        file = std::filesystem::file_size(folder / "j");
        commit();
        REQUIRE(journal->log_pages() > before);
        REQUIRE(std::filesystem::file_size(folder / "j") == file);
    }
    const auto logged = std::filesystem::file_size(log);
    journal->carry();
    CHECK(journal->log_pages() == 0);
    CHECK(std::filesystem::file_size(folder / "j") > file);
    commit();
    CHECK(journal->log_pages() > 0);
    CHECK(journal->log_pages() < 200);
    CHECK(std::filesystem::file_size(log) == logged);
}

TEST_CASE("a log that nobody carries is bounded: a commit does it", "[journal][R13]") {
    const Folder folder;
    const auto journal = opened(folder / "j");
    int most = 0;
    for (int day = 0; most <= journal->log_pages(); ++day) {
        most = journal->log_pages();
        REQUIRE(journal->append(samples(day)).has_value());
        REQUIRE(journal->log_pages() < 5000);
    }
    CHECK(most > 2000);
}

TEST_CASE("a journal is open once at a time, in this process and in others", "[journal][F6]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    const auto check_locked = [&] {
        const auto second = open(file);
        CHECK(second.code() == journal_errc::locked);
        CHECK_THAT(second.text(), Contains("another process has this journal open"));
    };
    SECTION("in this process") {
        const auto journal = opened(file);
        check_locked();
        // A reader from outside is refused as well.
        CHECK(run_sql(file, "SELECT count(*) FROM events") == SQLITE_BUSY);
    }
    SECTION("in another process") {
        while_open_in_child(file, check_locked);
        CHECK(open(file).ok());
    }
}

TEST_CASE("a journal of a newer version is refused and left alone", "[journal][R18]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    REQUIRE(run_sql(file, "PRAGMA user_version=2") == SQLITE_OK);
    const auto before = content(file);
    const auto read = open(file);
    CHECK(read.code() == journal_errc::newer);
    CHECK_THAT(read.text(), Contains("newer version (schema 2, this program knows 1)"));
    CHECK((content(file) == before));
}

TEST_CASE("what is no journal is refused and left alone, byte by byte", "[journal]") {
    const Folder folder;
    const auto file = folder / "other";
    const auto check_left_alone = [&] {
        const auto before = content(file);
        REQUIRE_FALSE(before.empty());
        const auto read = open(file);
        CHECK(read.code() == journal_errc::not_ours);
        CHECK_THAT(read.text(), Contains("not a journal of Antrean"));
        CHECK_THAT(read.text(), Contains("Give the path of its journal"));
        // Not compared inside of the macro, which would print whole files.
        const bool unchanged = content(file) == before;
        CHECK(unchanged);
        CHECK_FALSE(fs::exists(file.string() + "-wal"));
        CHECK_FALSE(fs::exists(file.string() + "-journal"));
    };
    const auto check_database = [&](const char* made_by) {
        REQUIRE(run_sql(file, made_by) == SQLITE_OK);
        check_left_alone();
    };
    const auto check_text = [&](const std::string& text) {
        std::ofstream{file} << text;
        check_left_alone();
    };
    SECTION("another program's database") {
        check_database("CREATE TABLE people (name); INSERT INTO people VALUES ('Siti')");
    }
    SECTION("another program's database with an id and a version of its own") {
        check_database("PRAGMA application_id=7; PRAGMA user_version=1");
    }
    SECTION("another program's database in WAL mode") {
        check_database("PRAGMA journal_mode=WAL; CREATE TABLE people (name)");
    }
    SECTION("a text") {
        check_text("A letter that must not be lost.\n");
    }
    SECTION("a long text") {
        check_text(std::string(100'000, 'x'));
    }
}

TEST_CASE("an empty file becomes a journal", "[journal]") {
    const Folder folder;
    std::ofstream{folder / "empty"};
    CHECK(open(folder / "empty").ok());
}

TEST_CASE("where no file can be, the reason and the remedy are told", "[journal]") {
    const Folder folder;
    SECTION("a folder") {
        const auto read = open(folder.path());
        CHECK(read.code() == journal_errc::storage);
        CHECK_THAT(read.text(), Contains(folder.path().string()) && Contains("unable to open"));
    }
    SECTION("a folder that there is not") {
        const auto read = open(folder / "nowhere/j");
        CHECK(read.code() == journal_errc::storage);
        CHECK_THAT(read.text(), Contains("nowhere") && Contains("Check that its folder exists"));
        CHECK_FALSE(fs::exists(folder / "nowhere"));
    }
}

TEST_CASE("a file that may only be read is refused and left alone", "[journal]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    const auto before = content(file);
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    const bool folder_writable = GENERATE(false, true);
    fs::permissions(folder.path(), folder_writable ? fs::perms::all : fs::perms{0555});
    CHECK(as_nobody([&] {
        const auto read = open(file);
        return read.code() == journal_errc::storage &&
               read.text().find("that this user may write there") != std::string::npos;
    }));
    fs::permissions(folder.path(), fs::perms::all);
    CHECK((content(file) == before));
}

TEST_CASE("rows are neither changed nor deleted, the file itself says so", "[journal][R17]") {
    const Folder folder;
    const auto file = folder / "j";
    write_two_days(file);
    for (const auto* sql :
         {"UPDATE events SET label='A-001' WHERE seq=10", "DELETE FROM events WHERE seq=10",
          "DELETE FROM events", "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq=1"}) {
        INFO(sql);
        std::string message;
        CHECK(run_sql(file, std::string{"PRAGMA recursive_triggers=ON;"} + sql, &message) ==
              SQLITE_CONSTRAINT);
        CHECK_THAT(message, Contains("append-only"));
    }
    CHECK(open(file).ok());
}

TEST_CASE("a batch that fails leaves nothing of itself", "[journal]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto in_a_day = write_two_days(file);
    {
        const auto journal = opened(file);
        // The last of the batch breaks the rule that a day is opened once.
        std::vector<engine::Event> batch{samples(2)[9], samples(2)[10], samples(1)[0]};
        CHECK(journal->append(batch).error().code == journal_errc::storage);
    }
    const auto journal = opened(file);
    CHECK(journal->next_seq() == 2 * in_a_day + 1);
}

TEST_CASE("events that the engine cannot follow are told as damage", "[journal][R12][R17]") {
    const Folder folder;
    write_two_days(folder / "j");
    const auto read = Journal::open({folder / "j"}, [](std::uint64_t seq, const engine::Event&) {
        if (seq % 5 == 0) throw engine::BrokenHistory{"the numbers of a series rise by one"};
    });
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == journal_errc::corrupt);
    CHECK_THAT(read.error().text, Contains("the numbers of a series rise by one"));
}

}  // namespace
