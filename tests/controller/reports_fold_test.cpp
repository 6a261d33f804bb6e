// How reports.db follows the journal: exactly, wherever it was interrupted, and open to readers.
#include "tests/controller/reports_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::reports;
using namespace antrean::reports::bench;
using namespace std::chrono_literals;

Reports opened(const fs::path& file) {
    auto reports = Reports::open(file, names());
    REQUIRE(reports.has_value());
    return std::move(*reports);
}

void write(const fs::path& file, const std::vector<Numbered>& events) {
    auto reports = opened(file);
    REQUIRE(reports.append(events));
    REQUIRE(reports.count());
}

const char* const all_tables[]{"progress", "agencies", "services",     "counters",
                               "staff",    "periods",  "tickets",      "stands",
                               "changes",  "refusals", "daily_stands", "daily_tickets"};

std::vector<std::string> content(const fs::path& file) {
    std::vector<std::string> all;
    for (const std::string table : all_tables) {
        all.push_back(table + ":");
        const auto found = rows(file, "SELECT * FROM " + table);
        all.insert(all.end(), found.begin(), found.end());
    }
    return all;
}

std::vector<Numbered> three_days(unsigned seed, int steps) {
    Hall hall{seed};
    hall.go_on(steps);
    hall.day();
    hall.go_on(steps);
    hall.day();
    hall.go_on(steps);
    return hall.events;
}

TEST_CASE("wherever it was closed, it goes on as if it had not been", "[reports][R17]") {
    const Folder folder;
    const auto events = three_days(1, 30);
    write(folder / "whole", events);
    const auto whole = content(folder / "whole");
    REQUIRE(whole.size() > 100);
    std::error_code none;
    for (std::size_t at = 0; at <= events.size(); ++at) {
        for (const auto* end : {"", "-wal", "-shm"})
            fs::remove(folder / (std::string{"split"} + end), none);
        write(folder / "split", {events.begin(), events.begin() + static_cast<long>(at)});
        auto reports = opened(folder / "split");
        CHECK(reports.last_seq() == at);
        REQUIRE(reports.append(events));  // what is in it already is passed over
        REQUIRE(reports.count());
        CHECK(reports.last_seq() == events.size());
        INFO("closed behind event " << at);
        REQUIRE(content(folder / "split") == whole);
    }
}

TEST_CASE("batches of any size come to the same", "[reports]") {
    const Folder folder;
    const auto events = three_days(3, 100);
    write(folder / "whole", events);
    auto reports = opened(folder / "parts");
    const std::span<const Numbered> all{events};
    std::size_t size = 1;
    for (std::size_t at = 0; at < all.size(); at += size, size = size % 7 + 1) {
        REQUIRE(reports.append(all.subspan(at, std::min(size, all.size() - at))));
    }
    REQUIRE(reports.count());
    CHECK(content(folder / "parts") == content(folder / "whole"));
}

TEST_CASE("a gap, and what cannot follow, is refused and leaves no trace", "[reports][R12]") {
    const Folder folder;
    const auto events = three_days(4, 20);
    const auto file = folder / "r";
    write(file, {events.begin(), events.begin() + 10});
    const auto before = content(file);
    std::vector<Numbered> wrong;
    const auto way = GENERATE(as<std::string>{}, "a gap", "an event of another day",
                              "a ticket that there is not");
    INFO(way);
    if (way == "a gap") {
        wrong = {events[10], events[12]};
    }
    if (way == "an event of another day") {
        wrong = {events[10], {12, {events.back().second.stamp, engine::DayClosed{}}}};
    }
    if (way == "a ticket that there is not") {
        wrong = {events[10], {12, {events[0].second.stamp, engine::PaperDoubted{}}}};
    }
    const auto done = opened(file).append(wrong);
    REQUIRE(done.has_error());
    CHECK(done.error().code == database::database_errc::corrupt);
    CHECK(content(file) == before);
}

TEST_CASE("it is read while it is written", "[reports]") {
    const Folder folder;
    const auto events = three_days(5, 20);
    const auto file = folder / "r";
    auto reports = opened(file);
    sqlite3* reader = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &reader, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_exec(reader, "BEGIN; SELECT * FROM progress", nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    CHECK(reports.append(events));  // a reader in the middle of its work holds nobody up
    CHECK(one(file, "SELECT seq FROM progress") == std::to_string(events.size()));
    sqlite3_close(reader);
}

TEST_CASE("names are those of the site, and of what has left it the last ones", "[reports]") {
    const Folder folder;
    const auto file = folder / "r";
    auto reports = opened(file);
    auto changed = names();
    changed.counters = {{id<CounterId>("loket-1"), "Loket Satu"}};
    REQUIRE(reports.rename(changed));
    CHECK(rows(file, "SELECT name FROM counters ORDER BY id") ==
          std::vector<std::string>{"Loket Satu", "Loket 2", "Loket 3"});
}

// A ticket's stands, as a reader sees them.
std::vector<std::string> stands(const Hall& hall) {
    const Folder folder;
    write(folder / "r", hall.events);
    return rows(folder / "r",
                "SELECT label, n, stands.counter, ended_by, stands.wait_s, stands.service_s "
                "FROM stands JOIN tickets ON id = ticket ORDER BY stands.called_ms, label");
}
using Rows = std::vector<std::string>;

TEST_CASE("who is called next finishes who stood there; the end of the day does too", "[reports]") {
    Hall hall{0};
    hall.press("spt"), hall.press("spt");
    hall.wait(60s), hall.ask("pad-3", engine::CallNext{});
    hall.wait(300s), hall.ask("pad-3", engine::CallNext{});
    CHECK(stands(hall) == Rows{"C-001|1|loket-3|next_call|60|300", "C-002|1|loket-3||360|"});
    SECTION("the call is taken back") {
        hall.wait(5s), hall.ask("pad-3", engine::Undo{});
        CHECK(stands(hall) == Rows{"C-001|1|loket-3||60|"});
        hall.wait(95s), hall.ask("pad-3", engine::CallNext{});
        CHECK(stands(hall) == Rows{"C-001|1|loket-3|next_call|60|400", "C-002|1|loket-3||460|"});
    }
    SECTION("nobody knows how long the last one took") {
        hall.wait(5h), hall.day();
        CHECK(stands(hall) ==
              Rows{"C-001|1|loket-3|next_call|60|300", "C-002|1|loket-3|day_end|360|"});
    }
}

TEST_CASE("who is held does not wait, and serving is counted from when the holder came",
          "[reports]") {
    Hall hall{0};
    const auto ticket = hall.press("spt");
    hall.wait(60s), hall.ask("pad-3", engine::CallNext{});
    hall.wait(20s), hall.ask("pad-3", engine::Serve{ticket});
    hall.wait(100s), hall.ask("pad-3", engine::Hold{ticket});
    hall.wait(600s), hall.ask("pad-3", engine::CallNamed{ticket, {}});
    hall.wait(30s), hall.ask("pad-3", engine::Finish{ticket});
    CHECK(stands(hall) == Rows{"C-001|1|loket-3|hold|60|100", "C-001|2|loket-3|finish||30"});
}

TEST_CASE("a step that was taken back is as if it had never been, but for the note of it",
          "[reports]") {
    Hall hall{0};
    const auto ticket = hall.press("spt");
    hall.wait(60s), hall.ask("pad-3", engine::CallNext{});
    hall.wait(9s), hall.ask("pad-3", engine::NoShow{ticket});
    hall.wait(2s), hall.ask("pad-3", engine::Undo{});
    hall.wait(9s), hall.ask("pad-3", engine::Finish{ticket});
    CHECK(stands(hall) == Rows{"C-001|1|loket-3|finish|60|20"});
    const Folder folder;
    write(folder / "r", hall.events);
    CHECK(one(folder / "r", "SELECT no_shows, undone, state, service_s FROM tickets") ==
          "0|1|done|20");
    CHECK(one(folder / "r", "SELECT counter, label, detail FROM changes WHERE kind = 'undone'") ==
          "loket-3|C-001|no_show");
}

TEST_CASE("a ticket that goes on is counted where it was served", "[reports]") {
    Hall hall{0};
    const auto ticket = hall.press("kk");
    hall.wait(10s), hall.ask("pad-2", engine::CallNext{});
    hall.wait(20s), hall.ask("pad-2", engine::Finish{ticket});
    hall.wait(40s), hall.ask("pad-3", engine::CallNext{});
    hall.wait(80s), hall.ask("pad-3", engine::Finish{ticket});
    const Folder folder;
    write(folder / "r", hall.events);
    CHECK(rows(folder / "r", "SELECT service, to_service, wait_s, service_s FROM stands") ==
          Rows{"kk|spt|10|20", "spt||40|80"});
    CHECK(one(folder / "r", "SELECT service, now_for, plan, wait_s, service_s FROM tickets") ==
          "kk|spt|spt|10|100");
}

TEST_CASE("a paper that is told of on a later day is put right", "[reports]") {
    Hall hall{0};
    const auto ticket = hall.press("spt", TicketClass::regular, false);
    const Folder folder;
    hall.day();
    write(folder / "r", hall.events);
    CHECK(one(folder / "r", "SELECT paper, state, void_reason FROM tickets") ==
          "pending|voided|day_ended");
    hall.print(ticket, engine::Outcome::printed);
    write(folder / "r", hall.events);
    CHECK(one(folder / "r", "SELECT paper, paper_reason FROM tickets") == "printed|none");
}

}  // namespace
