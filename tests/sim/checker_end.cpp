// What the checker looks at once the day is over and everything has come to rest: answers, papers
// and screens beside the journal.
#include "tests/sim/checker.hpp"

#include <algorithm>

namespace antrean::sim {
namespace {

std::string text(auto id) {
    return std::string{id.view()};
}

}  // namespace

void Checker::tell_what_else_is_known(JournalModel& model) const {
    model.has_booked(bookings_);
    for (const auto& [device, last] : with_twin_)
        model.has_twin(text(device));
}

void Checker::judge(const std::vector<JournalRow>& rows, bool all_told) {
    JournalModel model{world_, sites_};
    tell_what_else_is_known(model);
    model.read(rows);
    if (all_told) check_records(model);
}

void Checker::finish(const std::vector<JournalRow>& rows) {
    JournalModel model{world_, sites_};
    tell_what_else_is_known(model);
    model.read(rows);
    auto answers = old_answers_;
    answers.insert(answers.end(), answers_.begin(), answers_.end());
    for (const auto& [key, answer] : answers) {
        const auto request = static_cast<std::int64_t>(key.second.value());
        const auto* wrong = check_answer(model.settled(text(key.first.device), request), answer);
        if (!wrong) continue;
        throw Broken{
            "R4", fmt::format("{}'s answer to request {}: {}", key.first.view(), request, wrong)};
    }
    check_papers(model);
    check_screens(model);
}

// What is wrong with ANSWER, by the row that settled its request; null: nothing.
const char* Checker::check_answer(const JournalRow* row, const proto::Answer& answer) const {
    if (!row) return "the journal has no such request";
    const auto is = [&](const char* kind) { return row->kind == kind; };
    if (const auto* ticket = std::get_if<proto::Ticket>(&answer)) {
        const bool same = is("issued") && row->label == ticket->label &&
                          row->ticket == static_cast<std::int64_t>(ticket->ticket.value()) &&
                          row->at_ms == ticket->issued.time_since_epoch().count();
        return same ? nullptr : "the journal has another ticket";
    }
    if (const auto* called = std::get_if<proto::Called>(&answer)) {
        const bool same = is("called") && row->label == called->label;
        return same ? nullptr : "the journal has another call";
    }
    if (std::holds_alternative<proto::Done>(answer)) {
        static const std::set<std::string> done{
            "paper_reported", "recalled",       "served",          "finished",
            "no_show",        "held",           "transferred",     "undone",
            "signed_in",      "signed_out",     "counter_paused",  "counter_opened",
            "voided",         "service_paused", "service_resumed", "day_closed",
            "day_reopened",   "issued_offline", "noted",           "lease_ended"};
        return done.contains(row->kind) ? nullptr : "the journal has nothing that was done";
    }
    return is("refused") ? nullptr : "it was refused, and the journal has it done";
}

void Checker::check_papers(const JournalModel& model) {
    for (const auto& [id, ticket] : model.tickets()) {
        const auto ticket_id = static_cast<std::uint64_t>(id);
        const auto number = of_ticket_.at(ticket_id);
        const auto& issue = issues_.at(number);
        if (ticket.outcome.empty()) {
            // A report that the restore has lost is not told again: then its holder is called all
            // the same.
            const bool open = ticket.day == model.open_day() && !ticket.callable &&
                              ticket.state == JournalModel::State::waiting;
            if (issue.report_lost && (!open || !noticed_)) continue;
            if (with_twin_.contains(issue.kiosk) && ticket.day != model.open_day()) continue;
            throw Broken{"R14",
                         fmt::format("nobody has told what became of {}'s paper", ticket.label)};
        }
        if (given_twice_.contains(ticket_id)) continue;
        if (ticket.outcome == "abandoned") {
            if (papers_.contains(number)) {
                throw Broken{"R6",
                             fmt::format("{} was given up, but its paper is out", ticket.label)};
            }
        } else if (ticket.outcome == "not_printed") {
            world_.mark(Mark::not_printed_reported);
            if (papers_.contains(number)) {
                throw Broken{"R6",
                             fmt::format("{} was reported as not printed, but its paper is out",
                                         ticket.label)};
            }
        } else if (ticket.outcome == "printed") {
            world_.mark(Mark::printed_reported);
            if (!came_out_whole(number)) {
                throw Broken{"R6",
                             fmt::format("{} was reported as printed, but no whole paper is out",
                                         ticket.label)};
            }
        } else {
            world_.mark(Mark::unconfirmed_reported);
        }
    }
    check_records(model);
}

void Checker::check_records(const JournalModel& model) const {
    for (const auto& [number, issue] : issues_) {
        // What a kiosk gave by itself it tells, whatever became of the paper.
        if (!issue.offline && !papers_.contains(number)) continue;
        // Of a lost store: it is called by typing it.
        const bool is_lost = issue.forgotten || (issue.offline && issue.report_lost);
        if (!is_lost && !model.tickets().contains(static_cast<std::int64_t>(issue.ticket))) {
            throw Broken{"R3", fmt::format("{} of {} was given to the printer, and the journal "
                                           "lacks it",
                                           issue.label, issue.kiosk.view())};
        }
    }
}

void Checker::check_screens(const JournalModel& model) {
    for (const auto& counter : model.site().counters) {
        if (counter.callpad) check_screen(model, counter);
    }
}

void Checker::check_screen(const JournalModel& model, const site::Counter& counter) {
    const auto& screen = screens_[counter.callpad];
    const auto at = text(counter.id);
    const auto require = [&](bool holds, const char* what) {
        if (!holds) throw Broken{"R7", fmt::format("{} shows {}", at, what)};
    };
    require(screen.view.has_value(), "nothing");
    const auto& view = *screen.view;
    require(view.counter == counter.id, "another counter than its own");
    const auto standing = model.at(at);
    require(view.ticket.value() == static_cast<std::uint64_t>(standing ? standing->ticket : 0),
            "another number than is called");
    require(view.waiting_by_class == model.waiting(counter), "that others wait than do");
    const auto& waiting = view.waiting_by_class;
    require(view.waiting == waiting[0] + waiting[1] + waiting[2], "a sum that is wrong");
    std::vector<std::int64_t> held;
    for (const auto& one : view.held)
        held.push_back(static_cast<std::int64_t>(one.ticket.value()));
    std::sort(held.begin(), held.end());
    require(held == model.held(at), "that others are held than are");
    const auto staff = StaffId::parse(model.staff(at));
    const auto* person = staff ? model.site().person(*staff) : nullptr;
    require(view.staff == (person ? person->name : std::string{}), "another person than is there");
    require(view.paused == model.is_paused(at), "a pause that is not, or the reverse");
    if (!standing) return;
    using proto::Paper;
    const auto paper = standing->paper == "printed"  ? Paper::printed
                       : standing->paper == "voided" ? Paper::voided
                                                     : Paper::unconfirmed;
    require(view.paper == paper, "the paper otherwise than it is");
    require(view.times_called == static_cast<std::uint64_t>(standing->times_called),
            "another count of calls");
    require((view.state == proto::State::serving) == standing->serving || paper == Paper::voided,
            "who is served as called, or the reverse");
}

}  // namespace antrean::sim
