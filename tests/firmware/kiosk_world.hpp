// A kiosk's core between a controller, a printer and a power plug. The plug is pulled after any of
// the core's actions; what was stored by then is all that the next core knows. The world keeps the
// ledger: which tickets were given, which papers exist, what was reported.
#pragma once

#include "tests/firmware/kiosk_bench.hpp"

#include <functional>
#include <map>
#include <set>
#include <vector>

namespace antrean::kiosk {

// What becomes of what was under way when the power went.
struct Fate {
    bool request_arrives = false;  // the controller decided it, and the answer was lost
    bool paper_comes_out = false;  // what the printer had is printed to its end
    // The last: the machine had no power either, and what was not flushed is lost.
    enum class Away { a_moment, too_long, rebooted, bare } away = Away::a_moment;
    bool paper_is_out = false;  // the first paper afterwards is surely not printed
};

struct Ledger {
    int reports = 0;  // accepted by the controller
    proto::PrintOutcome outcome{};
    int papers = 0;           // that exist
    int unmarked_prints = 0;  // given to the printer without the mark of a copy
    bool is_void = false;     // the kiosk has lost its request
};

class World {
public:
    // The power goes after these numbers of actions, counted over all runs; each as FATE says.
    World(std::set<int> kills, const Fate& fate) : kills_{std::move(kills)}, fate_{fate} {
        start();
    }

    void press(int button) {
        event([&](Actions& out) {
            core_.pressed(ButtonNumber{static_cast<std::uint16_t>(button)}, now_, out);
        });
    }
    // The controller's answer to what was asked, if anything was.
    void answer() {
        if (!asked_) return;
        const auto request = *std::exchange(asked_, std::nullopt);
        const auto answer = decide(request);
        event([&](Actions& out) { core_.answered(answer, now_, out); });
    }
    // The printer's paper ends, if there is one.
    void end_paper() {
        if (!at_printer_) return;
        const auto ticket = *std::exchange(at_printer_, std::nullopt);
        const bool none = std::exchange(paper_is_out_, false);
        if (!none) ++ledger_[ticket].papers;
        event([&](Actions& out) {
            core_.printed(
                ticket, none ? proto::PrintOutcome::not_printed : proto::PrintOutcome::printed,
                none ? proto::PrintReason::paper_out : proto::PrintReason::none, now_, out);
        });
    }
    // The connection is lost together with what was asked over it, and comes back.
    void reconnect() {
        if (asked_ && fate_.request_arrives) decide(*asked_);
        asked_.reset();
        event([&](Actions& out) { core_.unlinked(now_, out); }) &&
            event([&](Actions& out) { core_.linked(welcome(), now_, out); });
    }
    void pass(std::chrono::milliseconds time) {
        now_ += time;
        event([&](Actions& out) { core_.tick(now_, out); });
    }
    // Until nothing is left to do.
    void settle() {
        for (int steps = 0; steps < 1000; ++steps) {
            if (asked_) {
                answer();
            } else if (at_printer_) {
                end_paper();
            } else if (const auto deadline = core_.deadline()) {
                pass(std::max(std::chrono::ceil<std::chrono::milliseconds>(*deadline - now_), 0ms));
            } else {
                return;
            }
        }
        FAIL("the kiosk never comes to rest");
    }

    // How many actions there were so far.
    int actions() const { return count_; }
    const std::map<TicketId, Ledger>& ledger() const { return ledger_; }
    const Stored& disk() const { return disk_; }

private:
    // The journal goes on with each event, and by others between two greetings.
    proto::Welcome welcome() {
        proto::Welcome welcome;
        welcome.last_request = last_;
        welcome.journal_seq = told_ = journal_seq_ += 3;
        return welcome;
    }

    void start() {
        core_ = Core{disk_};
        forget_lost_request();
        event([&](Actions& out) { core_.started(now_, out); }) &&
            event([&](Actions& out) { core_.linked(welcome(), now_, out); }) &&
            event([&](Actions& out) { core_.menu(menu_of(3), now_, out); }) &&
            event([&](Actions& out) { core_.printer(PrinterReady::yes, now_, out); });
    }

    // As the controller does when the kiosk says hello.
    void forget_lost_request() {
        const auto known = core_.hello(DeviceId::parse("kiosk-1").value(), "test").last_request;
        if (known >= last_) return;
        REQUIRE(known.next() == last_);
        REQUIRE(std::holds_alternative<proto::Issue>(decided_));
        if (const auto* ticket = std::get_if<proto::Ticket>(&*answer_)) {
            ledger_[ticket->ticket].is_void = true;
        }
    }

    // False if the power went, and a new core has started.
    template <class Event>
    bool event(Event&& happens) {
        Actions actions;
        happens(actions);
        for (const auto& action : actions) {
            perform(action);
            if (kills_.contains(++count_)) {
                pull_the_plug();
                return false;
            }
        }
        return true;
    }

    void perform(const Action& action) {
        check_promise(disk_, action);
        if (const auto* save = std::get_if<Save>(&action)) {
            save_to(disk_, *save);
            if (save->flushed) flushed_ = disk_;
            for (const auto& change : save->changes) {
                if (std::holds_alternative<PutRequest>(change)) REQUIRE(disk_.journal_seq == told_);
            }
        } else if (const auto* send = std::get_if<Send>(&action)) {
            REQUIRE_FALSE(asked_);  // one in flight
            asked_ = send->request;
        } else if (const auto* print = std::get_if<Print>(&action)) {
            REQUIRE_FALSE(at_printer_);
            at_printer_ = print->paper.ticket;
            if (!print->copy) ++ledger_[print->paper.ticket].unmarked_prints;
        }
    }

    void pull_the_plug() {
        if (asked_ && fate_.request_arrives) decide(*asked_);
        if (at_printer_ && fate_.paper_comes_out) ++ledger_[*at_printer_].papers;
        asked_.reset();
        at_printer_.reset();
        paper_is_out_ = fate_.paper_is_out;
        now_ += fate_.away == Fate::Away::too_long ? 40s : 1s;
        if (fate_.away == Fate::Away::bare) {
            disk_ = flushed_;
            told_ = disk_.journal_seq;
        }
        if (fate_.away >= Fate::Away::rebooted) forget_boot(disk_);
        start();
    }

    proto::Answer decide(const proto::Request& request) {
        const auto id = proto::request_id(request);
        if (id < last_) return proto::Refused{id, proto::RefusalReason::stale_request};
        if (id == last_) {
            if (request != decided_) {
                return proto::Refused{id, proto::RefusalReason::request_reused};
            }
            return *answer_;
        }
        last_ = id;
        decided_ = request;
        answer_ = decide_new(request);
        return *answer_;
    }

    proto::Answer decide_new(const proto::Request& request) {
        const auto id = proto::request_id(request);
        if (const auto* issue = std::get_if<proto::Issue>(&request)) {
            const TicketId ticket{ledger_.size() + 1};
            ledger_[ticket];
            return proto::Ticket{
                id, ticket, "A-00" + std::to_string(ticket.value()), issue->service, {}, 420min,
                0,  {}};
        }
        const auto& report = std::get<proto::PrintReport>(request);
        const auto known = ledger_.find(report.ticket);
        REQUIRE(known != ledger_.end());
        ++known->second.reports;
        known->second.outcome = report.outcome;
        return proto::Done{id};
    }

    std::set<int> kills_;
    Fate fate_;
    SteadyTime now_{1h};
    Stored disk_;
    Stored flushed_;  // of it, what a power cut leaves
    Core core_{{}};
    int count_ = 0;
    std::optional<proto::Request> asked_;
    std::optional<TicketId> at_printer_;
    bool paper_is_out_ = false;
    RequestId last_;
    std::uint64_t journal_seq_ = 0;
    std::uint64_t told_ = 0;
    proto::Request decided_;
    std::optional<proto::Answer> answer_;
    std::map<TicketId, Ledger> ledger_;
};

}  // namespace antrean::kiosk
