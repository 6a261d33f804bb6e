// What happens at the counters, and what stands there.
#include "tests/sim/journal_model.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace antrean::sim {

using State = JournalModel::State;

bool JournalModel::read_of_counter(const JournalRow& row) {
    if (row.kind == "called") {
        called(row);
    } else if (row.kind == "recalled") {
        auto& ticket = standing(row);
        require(ticket.state == State::called, "R7", row, "recalled, and does not stand called");
        ++ticket.calls;
    } else if (row.kind == "served") {
        auto& ticket = standing(row);
        const auto before = ticket;
        require(ticket.state == State::called, "R7", row, "served without a call");
        ticket.state = State::serving;
        stepped("serve", row, before, ticket);
    } else if (row.kind == "finished") {
        finished(row);
    } else if (row.kind == "no_show") {
        no_show(row);
    } else if (row.kind == "held") {
        auto& ticket = standing(row);
        const auto before = ticket;
        leave(ticket, State::held);
        stepped("hold", row, before, ticket);
    } else if (row.kind == "transferred") {
        transferred(row);
    } else if (row.kind == "undone") {
        undone(row);
    } else if (row.kind == "signed_in") {
        const auto& there = day_.staff[row.counter];
        require(there.empty() || there == row.staff, "R7", row, "two people are at a counter");
        for (const auto& [counter, staff] : day_.staff) {
            require(counter == row.counter || staff != row.staff, "R7", row,
                    "a person is at two counters");
        }
        day_.staff[row.counter] = row.staff;
    } else if (row.kind == "signed_out") {
        require(staff(row.counter) == row.staff, "R7", row, "who signs out was not signed in");
        day_.staff.erase(row.counter);
        if (row.request == 0 && !day_ends_ && !site_changes_) {
            world_.mark(Mark::signed_out_by_another);
        }
    } else if (row.kind == "counter_paused") {
        day_.paused.insert(row.counter);
    } else if (row.kind == "counter_opened") {
        day_.paused.erase(row.counter);
    } else {
        return false;
    }
    return true;
}

void JournalModel::called(const JournalRow& row) {
    auto& ticket = ticket_of(row);
    require(ticket.callable, "R3", row, "it is called before its paper is known of");
    require(ticket.day == row.day, "R10", row, "it is called on another day than its own");
    require(row.outcome == (ticket.unconfirmed ? "unconfirmed" : "printed"), "R6", row,
            "the clerk is told wrongly of its paper");
    require(row.staff == staff(row.counter), "R8", row, "called by another than who is there");
    const auto* at = counter(row.counter);
    require(at != nullptr, "R7", row, "called to no counter");
    const auto stands = day_.counters.find(row.counter);
    require(stands == day_.counters.end() || tickets_.at(stands->second).state == State::voided,
            "R7", row, "its counter has called somebody else");
    const auto choice = expected_choice(*at, row);
    require(choice && choice->ticket == row.ticket, "R8", row, "another should have been called");
    require(choice->why == row.why, "R8", row, "called for another reason than it says");
    require(choice->passed == row.passed, "R8", row, "it says wrongly who was passed over");
    require(choice->turn == row.turn, "R8", row, "the counter's cycle goes on wrongly");
    const auto before = ticket;
    leave(ticket, State::called);
    ticket.counter = row.counter;
    ticket.calls = 1;
    day_.counters[row.counter] = row.ticket;
    if (row.passed != 0) ++tickets_.at(row.passed).passes;
    stepped("call", row, before, ticket);
    auto& step = day_.steps[row.counter];
    step.turn = std::exchange(day_.turns[row.counter], row.turn);
    step.passed = row.passed;
    mark_call(row, before);
}

void JournalModel::mark_call(const JournalRow& row, const Ticket& before) {
    static const std::map<std::string, Mark> marks{{"priority", Mark::priority_called_ahead},
                                                   {"appointment", Mark::appointment_called_ahead},
                                                   {"turn", Mark::regular_took_its_turn},
                                                   {"guard", Mark::guard_called},
                                                   {"only", Mark::only_one_class_called},
                                                   {"named", Mark::called_by_name},
                                                   {"resumed", Mark::hold_resumed}};
    if (const auto it = marks.find(row.why); it != marks.end()) world_.mark(it->second);
    if (before.unconfirmed) world_.mark(Mark::called_unconfirmed);
    if (before.state == State::no_show) world_.mark(Mark::no_show_called_again);
    if (before.queue != before.series) world_.mark(Mark::called_from_another_queue);
    if (row.asked == "call_named") last_named_ = row;
}

void JournalModel::finished(const JournalRow& row) {
    auto& ticket = standing(row);
    const auto before = ticket;
    const auto next = next_of_visit(ticket);
    if (row.request != 0 || !row.to_service.empty()) {
        require(row.to_service == next.value_or(""), "R2", row, "its visit goes on elsewhere");
    }
    cut_short_ = next && row.to_service.empty();
    if (row.to_service.empty()) {
        leave(ticket, State::done);
    } else {
        world_.mark(Mark::visit_went_on);
        const auto at = std::find(ticket.plan.begin(), ticket.plan.end(), row.to_service);
        ticket.plan.erase(ticket.plan.begin(), at + 1);
        enter(ticket, row);
        check_place(row, site_->rules.transfer_place);
    }
    stepped("finish", row, before, ticket);
}

void JournalModel::no_show(const JournalRow& row) {
    auto& ticket = standing(row);
    const auto before = ticket;
    require(ticket.state == State::called, "R2", row, "did not come, and was not called");
    const bool again = ticket.no_shows < site_->rules.no_show_returns && is_served(ticket.queue);
    require(again != row.to_service.empty(), "R2", row, "waits once more, or does not, wrongly");
    ++ticket.no_shows;
    if (again) {
        world_.mark(Mark::no_show_returned);
        require(row.to_service == ticket.service && row.queue == ticket.queue, "R8", row,
                "waits once more elsewhere");
        enter(ticket, row);
        check_place(row, engine::Place::back);
    } else {
        leave(ticket, State::no_show);
    }
    stepped("no_show", row, before, ticket);
}

void JournalModel::transferred(const JournalRow& row) {
    auto& ticket = standing(row);
    const auto before = ticket;
    world_.mark(Mark::transferred);
    enter(ticket, row);
    check_place(row, site_->rules.transfer_place);
    stepped("transfer", row, before, ticket);
}

void JournalModel::undone(const JournalRow& row) {
    const auto it = day_.steps.find(row.counter);
    require(it != day_.steps.end() && !it->second.before.empty(), "R2", row, "there was no step");
    auto& step = it->second;
    auto before = step.before.back();
    require(before.id == row.ticket && to_text(before.state) == row.state, "R2", row,
            "it is not again what it was");
    const bool is_last = row.request != 0;
    require(row.step == (is_last ? step.kind : "finish"), "R2", row, "another step is taken back");
    auto& ticket = ticket_of(row);
    before.callable = ticket.callable;
    before.unconfirmed = ticket.unconfirmed;
    before.doubted = ticket.doubted;
    before.outcome = ticket.outcome;
    before.reason = ticket.reason;
    leave(ticket, before.state);
    ticket = before;
    if (ticket.state == State::waiting) {
        day_.waiting[ticket.queue].insert({ticket.place, ticket.id});
    } else if (ticket.state == State::called || ticket.state == State::serving) {
        require(!day_.counters.contains(row.counter), "R7", row, "its counter is not free");
        day_.counters[row.counter] = ticket.id;
    }
    if (row.step == "call") {
        day_.turns[row.counter] = step.turn;
        if (step.passed != 0) {
            auto& passes = tickets_.at(step.passed).passes;
            passes = std::max<std::int64_t>(passes - 1, 0);
        }
    }
    static const std::map<std::string, Mark> marks{
        {"call", Mark::call_undone},     {"serve", Mark::serve_undone},
        {"finish", Mark::finish_undone}, {"no_show", Mark::no_show_undone},
        {"hold", Mark::hold_undone},     {"transfer", Mark::transfer_undone}};
    if (is_last) world_.mark(marks.at(row.step));
    step.before.pop_back();
    if (!is_last) world_.mark(Mark::call_undone_with_its_finish);
    if (step.before.empty()) day_.steps.erase(it);
}

JournalModel::Ticket& JournalModel::standing(const JournalRow& row) {
    auto& ticket = ticket_of(row);
    const auto it = day_.counters.find(row.counter);
    require((ticket.state == State::called || ticket.state == State::serving) &&
                it != day_.counters.end() && it->second == ticket.id,
            "R7", row, "it does not stand at that counter");
    require(row.service == ticket.service, "R2", row, "it is for another service");
    return ticket;
}

void JournalModel::enter(Ticket& ticket, const JournalRow& row) {
    require(series_of(row.to_service) == row.queue || row.to_service == ticket.service, "R8", row,
            "it waits in the queue of another service");
    leave(ticket, State::waiting);
    ticket.service = row.to_service;
    ticket.queue = row.queue;
    ticket.place = row.place;
    day_.waiting[ticket.queue].insert({ticket.place, ticket.id});
}

void JournalModel::check_place(const JournalRow& row, engine::Place where) {
    const auto& queue = day_.waiting[row.queue];
    const Place place{row.place, row.ticket};
    bool right = false;
    switch (where) {
        case engine::Place::arrival:
            right = row.place == tickets_.at(row.ticket).came;
            break;
        case engine::Place::back:
            right = *queue.rbegin() == place;
            world_.mark(Mark::put_at_the_back);
            break;
        case engine::Place::front: {
            // Before all but those who were put there before. Who came before all, and is told of
            // late, may have a place below zero as well, but not so far.
            constexpr auto front_ends = std::numeric_limits<std::int64_t>::min() / 2;
            const auto behind = queue.upper_bound(place);
            right = row.place < front_ends && (behind == queue.end() || behind->first > front_ends);
            world_.mark(Mark::put_at_the_front);
            break;
        }
    }
    require(right, "R8", row, "it waits at another place than the site says");
}

void JournalModel::stepped(const char* kind, const JournalRow& row, const Ticket& before,
                           const Ticket& after) {
    auto& step = day_.steps[row.counter];
    const bool goes_on = row.kind == "called" && !step.asked && step.seq + 1 == row.seq;
    if (!goes_on) step = {};
    step.kind = kind;
    step.at_ms = row.at_ms;
    step.seq = row.seq;
    step.asked = row.request != 0;
    step.before.push_back(before);
    step.after.push_back(after);
}

std::optional<JournalModel::Standing> JournalModel::at(const std::string& counter) const {
    const auto it = day_.counters.find(counter);
    if (it == day_.counters.end()) return std::nullopt;
    const auto& ticket = tickets_.at(it->second);
    const char* paper = ticket.state == State::voided ? "voided"
                        : ticket.unconfirmed          ? "unconfirmed"
                                                      : "printed";
    return Standing{ticket.id, paper, ticket.calls, ticket.state == State::serving};
}

std::array<std::uint32_t, 3> JournalModel::waiting(const site::Counter& at) const {
    std::set<std::string> queues;
    for (const auto& series : at.series)
        queues.insert(std::string{series.view()});
    for (const auto& shift : at.shifts) {
        for (const auto& series : shift.series)
            queues.insert(std::string{series.view()});
    }
    std::array<std::uint32_t, 3> count{};
    for (const auto& queue : queues) {
        const auto it = day_.waiting.find(queue);
        if (it == day_.waiting.end()) continue;
        for (const auto& [place, id] : it->second) {
            const auto& word = tickets_.at(id).ticket_class;
            ++count[word == "priority" ? 1 : word == "appointment" ? 2 : 0];
        }
    }
    return count;
}

std::vector<std::int64_t> JournalModel::held(const std::string& at) const {
    std::vector<std::int64_t> ids;
    for (const auto& [id, ticket] : tickets_) {
        if (ticket.state == State::held && ticket.counter == at) ids.push_back(id);
    }
    return ids;
}

std::string JournalModel::staff(const std::string& at) const {
    const auto it = day_.staff.find(at);
    return it == day_.staff.end() ? std::string{} : it->second;
}

}  // namespace antrean::sim
