// What became of papers, and how it is told.
#include "firmware/kiosk/core.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace antrean::kiosk {

using Kind = Screen::Kind;
using proto::PrintOutcome;
using proto::PrintReason;

// A report stays in the store until the next request takes its place. If a power cut took that one
// (see ask()), the controller still knows that it came, so the report was answered.
void Core::forget_answered_report(RequestId controllers_last, Actions& out) {
    const auto& asked = requester_.in_flight();
    if (!asked || !std::holds_alternative<proto::PrintReport>(*asked) ||
        proto::next_id(proto::request_id(*asked), incarnation_) != controllers_last) {
        return;
    }
    requester_.abandon();
    save({DropRequest{}}, out);
}

void Core::printed(TicketId ticket, PrintOutcome outcome, PrintReason reason, SteadyTime now,
                   Actions& out) {
    assert(at_printer_ == ticket);
    at_printer_.reset();
    const auto job = std::find_if(jobs_.begin(), jobs_.end(),
                                  [&](const Job& j) { return j.paper.ticket == ticket; });
    assert(job != jobs_.end());
    // That the copy did not come out says nothing about the paper before it.
    if (job->copy && outcome == PrintOutcome::not_printed) outcome = PrintOutcome::unconfirmed;
    settle(*job, outcome, reason);
    Screen screen{outcome == PrintOutcome::printed       ? Kind::take_paper
                  : outcome == PrintOutcome::unconfirmed ? Kind::maybe_printed
                                                         : Kind::not_printed,
                  job->paper.label, printer_};
    screen.by_code = job->by_code;
    // Where the report can go at once, it is what keeps the outcome; else the job does. The person
    // is told after that: what was told must not be printed once more by the next start.
    if (requester_.busy() || !may_report()) {
        save({PutJob{*job}}, out);
    } else {
        report_settled(out);
    }
    show(std::move(screen), now + message_time, out);
    go_on(now, out);
}

void Core::report_settled(Actions& out) {
    if (requester_.busy() || !may_report()) return;
    auto* job = first(Job::State::settled);
    if (!job) return;
    const proto::PrintReport report{requester_.next(), job->paper.ticket, job->outcome, job->reason,
                                    job->copy};
    ask(report, std::nullopt, {DropJob{job->paper.ticket}}, out);
}

void Core::settle(Job& job, PrintOutcome outcome, PrintReason reason) {
    job.state = Job::State::settled;
    job.outcome = outcome;
    job.reason = reason;
}

// A paper that is not begun any more, or not begun again.
void Core::settle_late(Job& job) {
    settle(job, job.copy ? PrintOutcome::unconfirmed : PrintOutcome::not_printed,
           PrintReason::late);
}

}  // namespace antrean::kiosk
