// Journals in a folder of their own, events of every kind, and a hand that damages files.
#pragma once

#include "controller/journal/journal.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::journal {

// For what a failed check prints.
inline std::ostream& operator<<(std::ostream& out, journal_errc code) {
    return out << "journal error " << static_cast<int>(code);
}

namespace bench {

namespace fs = std::filesystem;
using tests::content;
using tests::Folder;

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

// One that must open, and whose events nobody asks for.
inline std::unique_ptr<Journal> opened(const fs::path& file, const char* vfs = nullptr) {
    auto read = open(file, vfs);
    INFO(read.text());
    REQUIRE(read.ok());
    return std::move(*read.journal);
}

// Whether WHAT is so in a process of its own, which then dies at once: it closes no journal.
inline bool in_child(const std::function<bool()>& what) {
    const auto child = fork();
    if (child == 0) _exit(what() ? 0 : 1);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return status == 0;
}

// Likewise, as a user who is not root.
inline bool as_nobody(const std::function<bool()>& what) {
    return in_child(
        [&] { return (geteuid() != 0 || (setegid(65534) == 0 && seteuid(65534) == 0)) && what(); });
}

// Runs WHAT while a process of its own has the journal FILE open; that dies without closing it.
inline void while_open_in_child(const fs::path& file, const std::function<void()>& what) {
    int told[2], release[2];
    REQUIRE(pipe(told) == 0);
    REQUIRE(pipe(release) == 0);
    const auto child = fork();
    if (child == 0) {
        close(release[1]);
        const auto held = open(file);
        char byte = held.ok() ? 'y' : 'n';
        if (write(told[1], &byte, 1) != 1 || read(release[0], &byte, 1) != 0) _exit(1);
        _exit(0);
    }
    close(release[0]);
    char byte = 0;
    REQUIRE(read(told[0], &byte, 1) == 1);
    CHECK(byte == 'y');
    what();
    close(release[1]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    close(told[0]), close(told[1]);
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
    const auto budi = *StaffId::parse("budi");
    const auto kk = *ServiceId::parse("kk");
    const Onward onward{kk, *SeriesId::parse("dukcapil-2"), -3};
    const auto asked_of = [](Asked::Kind kind) { return Asked{kind, {}, TicketId{7}, {}}; };

    std::vector<Event> events;
    const auto add = [&](Fact fact, WallTime at) {
        events.push_back({{at, minutes{420}, day}, std::move(fact)});
    };
    std::uint64_t request = 2;
    const auto by = [&](DeviceId who) { return Origin{who, RequestId{++request}}; };
    const Asked asked_issue{Asked::Kind::issue, ktp, {}, "priority"};
    add(DayOpened{2}, wall);
    add(Carried{by(kiosk), asked_issue,
                TicketAnswer{ticket,
                             {carried_at, minutes{420}, day - std::chrono::days{1}},
                             4,
                             TicketClass::priority,
                             seconds{600}}},
        carried_at);
    add(Carried{by(pad), {Asked::Kind::call_next, {}, {}, "regular"}, CalledAnswer{ticket}},
        carried_at);
    for (const auto kind : {Asked::Kind::print_report, Asked::Kind::recall, Asked::Kind::serve,
                            Asked::Kind::finish, Asked::Kind::no_show, Asked::Kind::hold}) {
        add(Carried{by(pad), asked_of(kind), DoneAnswer{}}, carried_at);
    }
    add(Carried{by(pad), {Asked::Kind::transfer, kk, TicketId{7}, {}}, DoneAnswer{}}, carried_at);
    add(Carried{by(kiosk), asked_issue, Refusal::series_full}, carried_at);
    add(CarriedPaper{kiosk, ticket}, wall);
    const engine::LeaseTerms terms{LeaseId{9}, kiosk, 0x8000'0000'0000'0001,
                                   *SeriesId::parse("dukcapil"), "A-QK"};
    engine::Lease lease{terms};
    add(CarriedLease{lease}, wall);
    for (const auto end : {LeaseEnd::retired, LeaseEnd::lost}) {
        lease.given.set(end == LeaseEnd::lost ? 5 : 1);
        lease.worn = true;
        lease.end = end;
        lease.days = 3;
        lease.told = end == LeaseEnd::lost ? 0 : 4;
        add(CarriedLease{lease}, wall);
    }
    add(LeaseGranted{terms}, wall);
    add(LeaseEnded{by(kiosk), terms, LeaseEnd::retired, 7}, wall);
    add(LeaseEnded{std::nullopt, terms, LeaseEnd::lost, 0}, wall);
    const TicketRef offline{offline_ticket_id(LeaseId{9}, 7), *SeriesId::parse("dukcapil"),
                            TicketNumber{7}, "A-QK07", ktp};
    add(
        IssuedOffline{
            by(kiosk), offline, kiosk, LeaseId{9}, -4, carried_at, TicketClass::priority, {kk}},
        wall);
    add(IssuedOffline{std::nullopt, offline, kiosk, LeaseId{9}, 12, wall, TicketClass::regular, {}},
        wall);
    add(Noted{by(kiosk), {Asked::Kind::issue_offline, ktp, offline.id, "regular"}}, wall);
    add(Issued{by(kiosk), ticket, 3, TicketClass::priority, seconds{540}, {kk, ktp}}, wall);
    add(Issued{by(kiosk), ticket, 0, TicketClass::appointment, {}, {}}, wall);
    add(Issued{by(kiosk), ticket, 0, TicketClass::appointment, {}, {}, "AJ1.KTP.20261122.0900.7Q"},
        wall);
    for (const auto outcome : {Outcome::printed, Outcome::unconfirmed, Outcome::not_printed}) {
        add(PaperReported{by(kiosk), ticket, outcome, "paper_out", true, false}, wall);
    }
    add(PaperReported{by(kiosk), ticket, Outcome::not_printed, "late", false, true}, wall);
    add(PaperDoubted{ticket}, wall);
    add(PaperAbandoned{ticket}, wall);
    for (const auto why : {Why::in_order, Why::priority, Why::appointment, Why::turn, Why::guard,
                           Why::only, Why::named, Why::resumed}) {
        const bool overtakes = why == Why::priority;
        add(Called{by(pad), ticket, loket, overtakes, overtakes ? budi : StaffId{},
                   TicketClass::regular, why, overtakes ? TicketId{6} : TicketId{}, 2,
                   why == Why::named ? Asked{Asked::Kind::call_named, {}, {}, "A-025"}
                                     : Asked{why == Why::resumed ? Asked::Kind::call_named
                                                                 : Asked::Kind::call_next,
                                             {},
                                             why == Why::resumed ? TicketId{7} : TicketId{},
                                             {}}},
            wall);
    }
    add(Recalled{by(pad), ticket, loket}, wall);
    add(Served{by(pad), ticket, loket, budi}, wall);
    add(Finished{by(pad), ticket, loket, budi, std::nullopt}, wall);
    add(Finished{std::nullopt, ticket, loket, {}, onward}, wall);
    add(NotShown{by(pad), ticket, loket, budi, std::nullopt}, wall);
    add(NotShown{by(pad), ticket, loket, {}, onward}, wall);
    add(Held{by(pad), ticket, loket, budi}, wall);
    add(Transferred{by(pad), ticket, loket, budi, onward}, wall);
    const std::pair<StepKind, State> undone[]{
        {StepKind::call, State::waiting},   {StepKind::serve, State::called},
        {StepKind::finish, State::serving}, {StepKind::no_show, State::called},
        {StepKind::hold, State::called},    {StepKind::transfer, State::serving},
        {StepKind::call, State::held},      {StepKind::call, State::no_show},
        {StepKind::finish, State::done},    {StepKind::finish, State::voided}};
    for (const auto& [step, state] : undone) {
        add(Undone{by(pad), ticket, loket, budi, step, state}, wall);
    }
    add(Undone{std::nullopt, ticket, loket, {}, StepKind::call, State::serving}, wall);
    for (const auto reason :
         {VoidReason::day_ended, VoidReason::day_closed, VoidReason::service_left}) {
        add(Voided{std::nullopt, ticket, reason}, wall);
    }
    add(Voided{std::nullopt, ticket, VoidReason::abandoned}, wall);
    add(Voided{by(operator_device), ticket, VoidReason::by_operator}, wall);
    add(SignedIn{by(pad), budi, loket}, wall);
    add(SignedOut{by(pad), budi, loket}, wall);
    add(SignedOut{std::nullopt, budi, loket}, wall);
    add(CounterPaused{by(pad), loket, "Istirahat, kembali 13.00"}, wall);
    add(CounterPaused{by(pad), loket, {}}, wall);
    add(CounterOpened{by(pad), loket}, wall);
    add(ServicePaused{by(operator_device), ktp, "Jaringan pusat terputus"}, wall);
    add(ServiceResumed{by(operator_device), ktp}, wall);
    add(DayClosed{by(operator_device)}, wall);
    add(DayReopened{by(operator_device)}, wall);
    add(SiteChanged{"5f2c"}, wall);
    add(engine::Restored{3}, wall);
    add(NumbersSkipped{ticket.series, TicketNumber{60}}, wall);
    // Every request, and every reason that is ever written.
    for (auto kind = Asked::Kind::issue; kind <= Asked::Kind::check_in;
         kind = static_cast<Asked::Kind>(static_cast<int>(kind) + 1)) {
        add(Refused{by(pad), {kind, {}, {}, {}}, Refusal::nobody_waits}, wall);
    }
    for (auto reason = Refusal::unknown_service; reason <= Refusal::appointment_used;
         reason = static_cast<Refusal>(static_cast<int>(reason) + 1)) {
        add(Refused{by(pad), asked_of(Asked::Kind::recall), reason}, wall);
    }
    add(Refused{by(kiosk), asked_issue, Refusal::series_full}, wall);
    return events;
}

// A closed journal with the samples of two days; how many events a day has.
inline std::size_t write_two_days(const fs::path& file, const char* vfs = nullptr) {
    const auto journal = opened(file, vfs);
    REQUIRE(journal->append(samples(0)).has_value());
    REQUIRE(journal->append(samples(1)).has_value());
    return samples().size();
}

// A closed journal that is larger than what SQLite keeps of it in memory; how many events it has.
inline std::size_t write_large(const fs::path& file) {
    const auto journal = opened(file);
    for (int month = 0; month < 10; ++month) {
        std::vector<engine::Event> events;
        for (int day = 0; day < 31; ++day) {
            const auto of_day = samples(31 * month + day);
            events.insert(events.end(), of_day.begin(), of_day.end());
        }
        REQUIRE(journal->append(events).has_value());
    }
    return journal->next_seq() - 1;
}

// A journal as a crash leaves it: the samples of that day are in the log beside it.
inline void write_with_log(const fs::path& file, int day) {
    REQUIRE(in_child([&] {
        auto read = open(file);
        return read.ok() && read.journal->release()->append(samples(day)).has_value();
    }));
    REQUIRE(fs::file_size(file.string() + "-wal") > 0);
}

}  // namespace bench
}  // namespace antrean::journal
