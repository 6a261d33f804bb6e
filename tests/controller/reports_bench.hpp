// A hall whose days go as chance has it, and reports.db in a folder of its own.
#pragma once

#include "controller/engine/engine.hpp"
#include "controller/reports/reports.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace antrean::database {

// For what a failed check prints.
inline std::ostream& operator<<(std::ostream& out, const DatabaseError& error) {
    return out << error.text;
}

}  // namespace antrean::database

namespace antrean::reports::bench {

namespace fs = std::filesystem;
using engine::Engine;
using engine::Event;
using tests::Folder;

// A reader from outside: each row is its columns with '|' between, as the sqlite3 shell shows them.
inline std::vector<std::string> rows(const fs::path& file, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);  // while the file is opened or made smaller
    std::vector<std::string> rows;
    char* message = nullptr;
    const auto add = [](void* to, int columns, char** values, char**) {
        std::string row;
        for (int i = 0; i < columns; ++i) {
            if (i > 0) row += '|';
            row += values[i] ? values[i] : "";
        }
        static_cast<std::vector<std::string>*>(to)->push_back(row);
        return 0;
    };
    const int code = sqlite3_exec(db, sql.c_str(), add, &rows, &message);
    INFO(sql << ": " << (message ? message : ""));
    CHECK(code == SQLITE_OK);
    sqlite3_free(message);
    sqlite3_close(db);
    return rows;
}

inline std::string one(const fs::path& file, const std::string& sql) {
    const auto found = rows(file, sql);
    REQUIRE(found.size() == 1);
    return found.front();
}

template <class Id>
Id id(std::string_view text) {
    return Id::parse(text).value();
}

inline Names names() {
    return {{{id<AgencyId>("dukcapil"), "Dinas Kependudukan"}, {id<AgencyId>("pajak"), "Pajak"}},
            {{id<ServiceId>("ktp"), id<AgencyId>("dukcapil"), "KTP-el"},
             {id<ServiceId>("kk"), id<AgencyId>("dukcapil"), "Kartu Keluarga"},
             {id<ServiceId>("spt"), id<AgencyId>("pajak"), "SPT Tahunan"}},
            {{id<CounterId>("loket-1"), "Loket 1"},
             {id<CounterId>("loket-2"), "Loket 2"},
             {id<CounterId>("loket-3"), "Loket 3"}},
            {{id<StaffId>("ani"), "Ani"}, {id<StaffId>("budi"), "Budi"}}};
}

inline engine::Catalog catalog() {
    using namespace antrean::engine;
    const auto dukcapil = id<AgencyId>("dukcapil"), pajak = id<AgencyId>("pajak");
    const auto a = id<SeriesId>("a"), b = id<SeriesId>("b"), c = id<SeriesId>("c");
    const auto ktp = id<ServiceId>("ktp"), kk = id<ServiceId>("kk"), spt = id<ServiceId>("spt");
    Catalog catalog;
    catalog.agencies = {{dukcapil, {}}, {pajak, {}}};
    catalog.series = {{a, {dukcapil, "A"}}, {b, {dukcapil, "B"}}, {c, {pajak, "C"}}};
    catalog.services[ktp] = {.series = a, .agency = dukcapil};
    catalog.services[kk] = {.series = b, .agency = dukcapil, .then = {spt}};
    catalog.services[spt] = {.series = c, .agency = pajak};
    Policy policy;
    policy.kind = Policy::Kind::interleave;
    policy.most_passes = 3;
    catalog.counters[id<CounterId>("loket-1")] = {.series = {a, b}, .policy = policy};
    catalog.counters[id<CounterId>("loket-2")] = {.series = {b}, .policy = policy};
    catalog.counters[id<CounterId>("loket-3")] = {.series = {c}};
    catalog.kiosks = {{id<DeviceId>("kiosk-1"), {ktp, kk, spt}}};
    for (const char n : {'1', '2', '3'}) {
        catalog.callpads[id<DeviceId>(std::string{"pad-"} + n)] =
            id<CounterId>(std::string{"loket-"} + n);
    }
    catalog.staff[id<StaffId>("ani")] = {.code = "11"};
    catalog.staff[id<StaffId>("budi")] = {.code = "22"};
    catalog.rules.no_show_returns = 1;
    catalog.version = "v1";
    return catalog;
}

// Days in which everybody does something, again and again.
class Hall {
public:
    explicit Hall(unsigned seed) : chance_{seed} { day(); }

    std::vector<Numbered> events;
    engine::Now now;
    Engine engine{catalog()};

    // The next service day begins, at 7 in the morning.
    void day() {
        using namespace std::chrono;
        const auto day = local_days{year{2026} / 11 / 29} + days{days_++};
        now = {WallTime{day.time_since_epoch()}, minutes{420}, day};
        apply(engine.open_day(now));
    }
    void go_on(int steps) {
        while (steps-- > 0)
            step();
    }
    // Who asked, and what is on the papers and at the counters, is tried out: some is refused.
    engine::Answer ask(const std::string& device, engine::Action action) {
        const auto who = id<DeviceId>(device);
        const auto decision = engine.decide(
            {{who, engine.last_request(who).next()}, std::move(action), id<CounterId>("loket-1")},
            now);
        apply(decision.events);
        return decision.answer;
    }
    void wait(std::chrono::seconds time) { now.wall += time; }
    TicketId press(const std::string& service, TicketClass ticket_class = TicketClass::regular,
                   bool printed = true) {
        const auto answer = ask("kiosk-1", engine::Issue{id<ServiceId>(service), ticket_class});
        const auto* ticket = std::get_if<engine::TicketAnswer>(&answer);
        if (!ticket) return {};
        if (printed) print(ticket->ticket.id, engine::Outcome::printed);
        return ticket->ticket.id;
    }
    void print(TicketId ticket, engine::Outcome outcome) {
        ask("kiosk-1", engine::PrintReport{ticket, outcome, "none", false});
    }
    void apply(const std::vector<Event>& decided) {
        for (const auto& event : decided) {
            events.emplace_back(engine.next_seq(), event);
            engine.apply(event);
        }
    }

private:
    int below(int bound) { return std::uniform_int_distribution{0, bound - 1}(chance_); }
    std::string pad() { return "pad-" + std::to_string(1 + below(3)); }
    TicketId any() {
        return tickets_.empty() ? TicketId{}
                                : tickets_[tickets_.size() - 1 -
                                           static_cast<std::size_t>(below(std::min<int>(
                                               30, static_cast<int>(tickets_.size()))))];
    }
    // Of the ticket that PAD called last; sometimes of another.
    TicketId at(const std::string& pad) { return below(20) == 0 ? any() : called_[pad]; }
    void call(const std::string& device, engine::Action action) {
        const auto answer = ask(device, std::move(action));
        if (const auto* called = std::get_if<engine::CalledAnswer>(&answer)) {
            called_[device] = called->ticket.id;
        }
    }
    void step() {
        using namespace antrean::engine;
        wait(std::chrono::seconds{below(below(6) == 0 ? 900 : 30)});
        const auto device = pad();
        const char* const services[]{"ktp", "kk", "spt"};
        switch (below(24)) {
            default: {
                const auto ticket = press(services[below(3)], TicketClass(below(3)), false);
                if (ticket) tickets_.push_back(ticket);
                if (below(4) != 0) print(ticket, Outcome(below(12) == 0 ? 2 : below(2)));
                return;
            }
            case 8:
                return print(any(), Outcome(below(3)));
            case 9:
            case 10:
            case 11:
                return call(device, CallNext{});
            case 12:
                return call(device, CallNamed{any(), {}});
            case 13:
                ask(device, Recall{at(device)});
                return;
            case 14:
                ask(device, Serve{at(device)});
                return;
            case 15:
                ask(device, Finish{at(device)});
                return;
            case 16:
                ask(device, NoShow{at(device)});
                return;
            case 17:
                ask(device, Hold{at(device)});
                return;
            case 18:
                ask(device, Transfer{at(device), id<ServiceId>(services[below(3)])});
                return;
            case 19:
            case 20:
                wait(-std::chrono::seconds{below(40)});  // a clock that is set
                ask(device, Undo{});
                return;
            case 21:
                below(3) == 0 ? ask(device, SignOut{})
                              : ask(device, SignIn{below(2) == 0 ? "11" : "22"});
                return;
            case 22:
                below(2) == 0 ? ask(device, PauseCounter{"Istirahat"}) : ask(device, OpenCounter{});
                return;
            case 23:
                if (below(3) == 0) ask("operator", VoidTicket{"A-00" + std::to_string(below(9))});
                if (below(3) == 0) apply(engine.doubt_papers(id<DeviceId>("kiosk-1"), now));
                return;
        }
    }

    std::mt19937 chance_;
    int days_ = 0;
    std::vector<TicketId> tickets_;
    std::map<std::string, TicketId> called_;
};

}  // namespace antrean::reports::bench
