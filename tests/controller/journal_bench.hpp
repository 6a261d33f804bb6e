// Journals in a folder of their own, events of every kind, and a hand that damages files.
#pragma once

#include "controller/journal/journal.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sqlite3.h>
#include <stdlib.h>

namespace antrean::journal {

// For what a failed check prints.
inline std::ostream& operator<<(std::ostream& out, journal_errc code) {
    return out << "journal error " << static_cast<int>(code);
}

namespace bench {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        std::string path = (fs::temp_directory_path() / "antrean-journal-XXXXXX").string();
        if (!mkdtemp(path.data())) throw std::runtime_error{"mkdtemp failed"};
        path_ = path;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path operator/(const char* name) const { return path_ / name; }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

inline std::string content(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// What a journal gives when it is opened.
struct Read {
    result<std::unique_ptr<Journal>> journal;
    std::vector<std::pair<std::uint64_t, engine::Event>> folded;

    bool ok() const { return journal.has_value(); }
    journal_errc code() const {
        return journal.has_error() ? journal.error().code : journal_errc{};
    }
    std::string text() const { return journal.has_error() ? journal.error().text : "(opened)"; }
};

inline Read open(const fs::path& file, const char* vfs = nullptr) {
    std::vector<std::pair<std::uint64_t, engine::Event>> folded;
    auto journal = Journal::open({file, vfs}, [&](std::uint64_t seq, const engine::Event& event) {
        folded.emplace_back(seq, event);
    });
    return {std::move(journal), std::move(folded)};
}

inline bool same(const engine::Event& a, const engine::Event& b) {
    return a.fact == b.fact && a.stamp.wall == b.stamp.wall && a.stamp.day == b.stamp.day &&
           a.stamp.utc_offset == b.stamp.utc_offset;
}

// Runs SQL on a journal that nobody has open; gives SQLite's code, and its message if asked.
inline int run_sql(const fs::path& file, const std::string& sql, std::string* message = nullptr) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    if (message) *message = sqlite3_errmsg(db);
    sqlite3_close(db);
    return code;
}

inline const std::string without_triggers =
    "DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_deleted;";

// One event of every kind and of every answer that is carried, the first of them opening a day that
// lies DAYS after 22 November 2026. The journal takes them as they are; no engine decided them.
inline std::vector<engine::Event> samples(int days = 0) {
    using namespace engine;
    using namespace std::chrono;
    const ServiceDay day = local_days{year{2026} / 11 / 22} + std::chrono::days{days};
    const auto kiosk = *DeviceId::parse("kiosk-1");
    const auto pad = *DeviceId::parse("callpad-1");
    const auto loket = *CounterId::parse("loket-1");
    const auto ktp = *ServiceId::parse("ktp-el");
    const TicketRef ticket{TicketId{7}, *SeriesId::parse("dukcapil"), TicketNumber{25}, "A-025",
                           ktp};
    const WallTime wall{milliseconds{1'795'321'936'123}};
    const WallTime carried_at = wall - hours{20};
    const auto asked_of = [](Asked::Kind kind) { return Asked{kind, {}, TicketId{7}}; };

    std::vector<Event> events;
    const auto add = [&](Fact fact, WallTime at) {
        events.push_back({{at, minutes{420}, day}, std::move(fact)});
    };
    add(DayOpened{}, wall);
    add(Carried{{kiosk, RequestId{3}},
                {Asked::Kind::issue, ktp, {}},
                TicketAnswer{ticket, {carried_at, minutes{420}, day - std::chrono::days{1}}, 4}},
        carried_at);
    add(Carried{{pad, RequestId{4}}, {Asked::Kind::call_next, {}, {}}, CalledAnswer{ticket}},
        carried_at);
    for (const auto kind : {Asked::Kind::print_report, Asked::Kind::recall, Asked::Kind::finish,
                            Asked::Kind::no_show}) {
        add(Carried{{pad, RequestId{5}}, asked_of(kind), DoneAnswer{}}, carried_at);
    }
    add(Carried{{kiosk, RequestId{6}}, {Asked::Kind::issue, ktp, {}}, Refusal::series_full},
        carried_at);
    add(CarriedPaper{kiosk, ticket}, wall);
    add(Issued{{kiosk, RequestId{8}}, ticket, 3}, wall);
    for (const auto outcome : {Outcome::printed, Outcome::unconfirmed, Outcome::not_printed}) {
        add(PaperReported{{kiosk, RequestId{9}}, ticket, outcome, "paper_out", true, false}, wall);
    }
    add(PaperReported{{kiosk, RequestId{9}}, ticket, Outcome::not_printed, "late", false, true},
        wall);
    add(PaperDoubted{ticket}, wall);
    add(Called{{pad, RequestId{10}}, ticket, loket, false}, wall);
    add(Called{{pad, RequestId{10}}, ticket, loket, true}, wall);
    add(Recalled{{pad, RequestId{11}}, ticket, loket}, wall);
    add(Finished{Origin{pad, RequestId{12}}, ticket, loket}, wall);
    add(Finished{std::nullopt, ticket, loket}, wall);
    add(NotShown{{pad, RequestId{13}}, ticket, loket}, wall);
    add(Expired{ticket}, wall);
    for (const auto reason : {Refusal::unknown_service, Refusal::nobody_waits, Refusal::not_called,
                              Refusal::unknown_ticket, Refusal::series_full}) {
        add(Refused{{pad, RequestId{14}}, asked_of(Asked::Kind::recall), reason}, wall);
    }
    add(Refused{{pad, RequestId{15}}, {Asked::Kind::call_next, {}, {}}, Refusal::nobody_waits},
        wall);
    return events;
}

// A closed journal with the samples of two days; how many events a day has.
inline std::size_t write_two_days(const fs::path& file, const char* vfs = nullptr) {
    auto read = open(file, vfs);
    REQUIRE(read.ok());
    REQUIRE((*read.journal)->append(samples(0)).has_value());
    REQUIRE((*read.journal)->append(samples(1)).has_value());
    return samples().size();
}

}  // namespace bench
}  // namespace antrean::journal
