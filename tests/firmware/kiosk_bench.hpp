// A kiosk's core on the bench: its clock, a store that lives as long as the bench, and its actions
// as words. Every action is carried out at once, and the order of safety is checked as it is done:
// a request is stored when it is sent, and a paper is stored as being printed when it is printed.
#pragma once

#include "firmware/kiosk/core.hpp"
#include "proto/lease.hpp"
#include "proto/peer.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace antrean::kiosk {

using namespace std::chrono_literals;

using Words = std::vector<std::string>;

inline ServiceId service(const std::string& text) {
    return ServiceId::parse(text).value();
}

inline proto::Menu menu_of(int buttons) {
    proto::Menu menu{"Mal Contoh", "Contoh", "WIB", {}};
    for (int n = 1; n <= buttons; ++n) {
        menu.buttons.push_back({ButtonNumber{static_cast<std::uint16_t>(n)},
                                service("service-" + std::to_string(n)),
                                "Layanan " + std::to_string(n), "Dinas", TicketClass::regular, "",
                                *SeriesId::parse("a")});
    }
    return menu;
}

// A ticket's id, that of a lease's number as "7/1".
inline std::string name(TicketId ticket) {
    if (!is_offline(ticket)) return std::to_string(ticket.value());
    const auto value = ticket.value() ^ (std::uint64_t{1} << offline_bit);
    return std::to_string(value >> lease_number_bits) + "/" +
           std::to_string(value & ((1U << lease_number_bits) - 1));
}

inline std::string words(const proto::Request& request) {
    const auto id = std::to_string(proto::request_id(request).value());
    if (const auto* issue = std::get_if<proto::Issue>(&request)) {
        static const char* const classes[]{"", " priority", " appointment"};
        return id + " issue " + std::string{issue->service.view()} +
               classes[static_cast<int>(issue->ticket_class)];
    }
    if (const auto* told = std::get_if<proto::IssueOffline>(&request)) {
        return id + " offline " + std::to_string(told->lease.value()) + "/" +
               std::to_string(told->number) + " age " + std::to_string(told->age.count()) +
               (told->abandoned ? " for " + std::to_string(told->abandoned.value()) : "");
    }
    if (const auto* retired = std::get_if<proto::RetireLease>(&request)) {
        return id + " retire " + std::to_string(retired->lease.value()) + " of " +
               std::to_string(retired->given);
    }
    if (const auto* check_in = std::get_if<proto::CheckIn>(&request)) {
        return id + " check in " + check_in->code;
    }
    const auto& report = std::get<proto::PrintReport>(request);
    return id + " report " + name(report.ticket) + " " + proto::to_text(report.outcome) + " " +
           proto::to_text(report.reason) + (report.copy ? " copy" : "");
}

inline std::string words(Screen::Kind kind) {
    static const char* const names[]{
        "ready",    "ready offline", "starting",      "disconnected", "unknown button", "wait",
        "printing", "take paper",    "maybe printed", "not printed",  "refused",        "no paper",
        "busy",     "too many",      "one button",    "no check in"};
    return names[static_cast<int>(kind)];
}

inline std::string words(const Change& change) {
    if (const auto* put = std::get_if<PutRequest>(&change)) {
        return "request " + words(put->in_flight.request);
    }
    if (std::holds_alternative<DropRequest>(change)) return "no request";
    if (const auto* put = std::get_if<PutJob>(&change)) {
        const auto& job = put->job;
        auto text = "job " + name(job.paper.ticket) + " " + to_text(job.state);
        if (job.state == Job::State::settled) {
            text +=
                std::string{" "} + proto::to_text(job.outcome) + " " + proto::to_text(job.reason);
        }
        return text + (job.copy ? " copy" : "");
    }
    if (const auto* drop = std::get_if<DropJob>(&change)) {
        return "no job " + name(drop->ticket);
    }
    if (const auto* put = std::get_if<PutLease>(&change)) {
        return "lease " + std::to_string(put->lease.terms.lease.value()) + " given " +
               std::to_string(put->lease.given) + (put->lease.retired ? " retired" : "");
    }
    if (const auto* drop = std::get_if<DropLease>(&change)) {
        return "no lease " + std::to_string(drop->lease.value());
    }
    if (const auto* put = std::get_if<PutOffline>(&change)) {
        return "offline " + std::to_string(put->offline.lease.value()) + "/" +
               std::to_string(put->offline.number);
    }
    if (const auto* drop = std::get_if<DropOffline>(&change)) {
        return "told " + std::to_string(drop->lease.value()) + "/" + std::to_string(drop->number);
    }
    return std::holds_alternative<PutMenu>(change) ? "menu" : "";
}

// Labels and the journal's number go along with nearly every save: tests that care look at the
// disk.
inline std::string words(const Action& action) {
    if (const auto* save = std::get_if<Save>(&action)) {
        std::string text = save->flushed ? "save" : "write";
        for (const auto& change : save->changes) {
            if (const auto word = words(change); !word.empty()) text += " (" + word + ")";
        }
        return text;
    }
    if (const auto* send = std::get_if<Send>(&action)) return "send " + words(send->request);
    if (const auto* print = std::get_if<Print>(&action)) {
        return "print " + print->paper.label + (print->copy ? " copy" : "") +
               (print->parted ? " parted" : "");
    }
    const auto& screen = std::get<Show>(action).screen;
    return "show " + words(screen.kind) + (screen.label.empty() ? "" : " " + screen.label);
}

// What the file of a store would hold after SAVE.
inline void save_to(Stored& disk, const Save& save) {
    for (const auto& change : save.changes) {
        if (const auto* put = std::get_if<PutRequest>(&change)) {
            disk.last_request = proto::request_id(put->in_flight.request);
            disk.in_flight = put->in_flight;
        } else if (std::holds_alternative<DropRequest>(change)) {
            disk.in_flight.reset();
        } else if (const auto* job = std::get_if<PutJob>(&change)) {
            const auto same = [&](const Job& j) { return j.paper.ticket == job->job.paper.ticket; };
            const auto at = std::find_if(disk.jobs.begin(), disk.jobs.end(), same);
            if (at == disk.jobs.end()) {
                disk.jobs.push_back(job->job);
            } else {
                *at = job->job;
            }
        } else if (const auto* drop = std::get_if<DropJob>(&change)) {
            std::erase_if(disk.jobs, [&](const Job& j) { return j.paper.ticket == drop->ticket; });
        } else if (const auto* noted = std::get_if<PutSeen>(&change)) {
            std::erase_if(disk.seen, [&](const Seen& seen) {
                return series_of(seen.label) == series_of(noted->seen.label);
            });
            disk.seen.push_back(noted->seen);
            std::sort(disk.seen.begin(), disk.seen.end(),
                      [](const Seen& a, const Seen& b) { return a.newest < b.newest; });
        } else if (const auto* old = std::get_if<DropSeen>(&change)) {
            std::erase_if(disk.seen,
                          [&](const Seen& seen) { return series_of(seen.label) == old->series; });
        } else if (const auto* told = std::get_if<PutJournalSeq>(&change)) {
            disk.journal_seq = told->journal_seq;
        } else if (const auto* lease = std::get_if<PutLease>(&change)) {
            std::erase_if(disk.leases, [&](const Lease& other) {
                return other.terms.lease == lease->lease.terms.lease;
            });
            disk.leases.push_back(lease->lease);
            std::sort(disk.leases.begin(), disk.leases.end(),
                      [](const Lease& a, const Lease& b) { return a.terms.lease < b.terms.lease; });
        } else if (const auto* gone = std::get_if<DropLease>(&change)) {
            std::erase_if(disk.leases,
                          [&](const Lease& other) { return other.terms.lease == gone->lease; });
        } else if (const auto* given = std::get_if<PutOffline>(&change)) {
            disk.offline.push_back(given->offline);
        } else if (const auto* done = std::get_if<DropOffline>(&change)) {
            std::erase_if(disk.offline, [&](const Offline& other) {
                return other.lease == done->lease && other.number == done->number;
            });
        } else {
            disk.menu = std::get<PutMenu>(change).menu;
        }
    }
}

// Steady times of another boot say nothing: the store gives none.
inline void forget_boot(Stored& disk) {
    if (disk.in_flight) disk.in_flight->pressed.reset();
    for (auto& job : disk.jobs)
        job.pressed.reset();
    for (auto& offline : disk.offline)
        offline.pressed.reset();
}

// Throws a failed assertion where ACTION breaks a promise, given what DISK holds.
inline void check_promise(const Stored& disk, const Action& action) {
    if (const auto* send = std::get_if<Send>(&action)) {
        REQUIRE(disk.in_flight);
        auto stored = disk.in_flight->request;
        // All but the age of a number, which goes on.
        if (auto* told = std::get_if<proto::IssueOffline>(&stored)) {
            const auto* sent = std::get_if<proto::IssueOffline>(&send->request);
            REQUIRE(sent);
            REQUIRE(sent->age >= told->age);
            told->age = sent->age;
        }
        REQUIRE(stored == send->request);
        REQUIRE(disk.last_request == proto::request_id(send->request));
    } else if (const auto* print = std::get_if<Print>(&action)) {
        const auto job = std::find_if(disk.jobs.begin(), disk.jobs.end(), [&](const Job& j) {
            return j.paper.ticket == print->paper.ticket;
        });
        REQUIRE(job != disk.jobs.end());
        REQUIRE(job->state == Job::State::printing);
        REQUIRE(job->copy == print->copy);
        REQUIRE(job->paper == print->paper);
        // A number of its own is spent before it is on paper.
        REQUIRE(std::any_of(disk.leases.begin(), disk.leases.end(), [&](const Lease& lease) {
                    return offline_ticket_id(lease.terms.lease, 0).value() <=
                               print->paper.ticket.value() &&
                           print->paper.ticket.value() <=
                               offline_ticket_id(lease.terms.lease, lease.given).value();
                }) == print->paper.offline);
    }
}

class Bench {
public:
    explicit Bench(Stored stored = {}) : disk{std::move(stored)}, core{disk} {}

    Words start() {
        return step([&](Actions& out) { core.started(now, out); });
    }
    Words press(int button) {
        return step([&](Actions& out) {
            core.pressed(ButtonNumber{static_cast<std::uint16_t>(button)}, now, out);
        });
    }
    Words scan(const std::string& code) {
        return step([&](Actions& out) { core.scanned(code, now, out); });
    }
    Words link(std::uint64_t controllers_last = 0, std::uint64_t journal_seq = 0) {
        proto::Welcome welcome;
        welcome.last_request = RequestId{controllers_last};
        welcome.journal_seq = journal_seq;
        return step([&](Actions& out) { core.linked(welcome, now, out); });
    }
    Words unlink() {
        return step([&](Actions& out) { core.unlinked(now, out); });
    }
    // One lease for all buttons of menu_of(), or none.
    Words leases(std::vector<std::uint64_t> ids, std::uint32_t size = 200) {
        proto::Leases leases;
        for (const auto id : ids)
            leases.leases.push_back({LeaseId{id}, *SeriesId::parse("a"), "A-QK", size});
        return step([&](Actions& out) { core.leases(leases, now, out); });
    }
    Words menu(const proto::Menu& menu) {
        return step([&](Actions& out) { core.menu(menu, now, out); });
    }
    Words printer(PrinterReady ready) {
        return step([&](Actions& out) { core.printer(ready, now, out); });
    }
    Words answer(const proto::Answer& answer) {
        return step([&](Actions& out) { core.answered(answer, now, out); });
    }
    Words ticket(std::uint64_t request, std::uint64_t ticket, int of_service = 1) {
        return answer(proto::Ticket{
            RequestId{request}, TicketId{ticket}, "A-00" + std::to_string(ticket),
            service("service-" + std::to_string(of_service)), WallTime{1'700'000'000s}, 420min, 3,
            ServiceDay{std::chrono::days{19676}}});
    }
    Words label(std::uint64_t request, std::uint64_t ticket, const std::string& label,
                ServiceDay day = ServiceDay{std::chrono::days{19676}}) {
        return answer(proto::Ticket{RequestId{request}, TicketId{ticket}, label,
                                    service("service-1"), WallTime{1'700'000'000s}, 420min, 3,
                                    day});
    }
    proto::Hello hello() const { return core.hello(DeviceId::parse("kiosk-1").value(), "test"); }
    Words done(std::uint64_t request) { return answer(proto::Done{RequestId{request}}); }
    Words refuse(std::uint64_t request, proto::RefusalReason reason) {
        return answer(proto::Refused{RequestId{request}, reason});
    }
    Words printed(std::uint64_t ticket, proto::PrintOutcome outcome = proto::PrintOutcome::printed,
                  proto::PrintReason reason = proto::PrintReason::none) {
        return step(
            [&](Actions& out) { core.printed(TicketId{ticket}, outcome, reason, now, out); });
    }
    Words tick() {
        return step([&](Actions& out) { core.tick(now, out); });
    }
    // TIME goes by; the core is woken whenever it wants to be.
    Words wait(std::chrono::milliseconds time) {
        Words all;
        const auto end = now + time;
        for (int ticks = 0; core.deadline() && *core.deadline() <= end; ++ticks) {
            REQUIRE(ticks < 1000);  // else it wants to be woken for nothing, for ever
            now = std::max(now, *core.deadline());
            for (auto& word : tick())
                all.push_back(std::move(word));
        }
        now = end;
        return all;
    }
    // As after a power cut of the program alone, or of the whole machine; AWAY is how long.
    Words restart(std::chrono::milliseconds away = 0ms) {
        now += away;
        core = Core{disk};
        return start();
    }
    Words reboot(std::chrono::milliseconds away = 0ms) {
        forget_boot(disk);
        return restart(away);
    }

    // Connected, with a menu and paper.
    void make_ready(int buttons = 7) {
        start();
        printer(PrinterReady::yes);
        link();
        menu(menu_of(buttons));
    }

    SteadyTime now{1h};
    Stored disk;
    Core core;

private:
    template <class Event>
    Words step(Event&& event) {
        Actions actions;
        event(actions);
        Words all;
        for (const auto& action : actions) {
            check_promise(disk, action);
            if (const auto* save = std::get_if<Save>(&action)) save_to(disk, *save);
            all.push_back(words(action));
        }
        return all;
    }
};

}  // namespace antrean::kiosk
