#include "tests/sim/journal_model.hpp"

#include <algorithm>

namespace antrean::sim {

void JournalModel::require(bool holds, const char* rule, const JournalRow& row,
                           const char* what) const {
    if (holds) return;
    throw Broken{rule, fmt::format("event {} ({} {}): {}", row.seq, row.kind,
                                   row.label.empty() ? row.device : row.label, what)};
}

void JournalModel::read(const std::vector<JournalRow>& rows) {
    for (const auto& row : rows)
        read(row);
}

void JournalModel::read(const JournalRow& row) {
    require(row.seq == ++seq_, "R12", row, "the events are not dense");
    if (row.kind == "day_opened") {
        day_opened(row);
        return;
    }
    require(row.day == open_day_, "R10", row, "it belongs to another day than the open one");
    if (row.kind == "carried") {
        carried(row);
    } else if (row.kind == "issued") {
        issued(row);
    } else if (row.kind == "called") {
        called(row);
    } else if (row.kind == "paper_reported") {
        paper_reported(row);
    } else if (row.kind == "paper_doubted") {
        auto& ticket = ticket_of(row);
        require(ticket.outcome.empty() && !ticket.doubted, "R2", row, "doubted without a cause");
        ticket.doubted = ticket.callable = ticket.unconfirmed = true;
    } else if (row.kind == "recalled") {
        const auto it = day_.counters.find(row.counter);
        require(it != day_.counters.end() && it->second.ticket == row.ticket, "R7", row,
                "recalled where it does not stand");
        ++it->second.times_called;
    } else if (row.kind == "finished") {
        leave_counter(ticket_of(row), State::served, row);
    } else if (row.kind == "no_show") {
        leave_counter(ticket_of(row), State::missing, row);
    } else if (row.kind == "expired") {
        leave_queue(ticket_of(row), State::expired, row);
        world_.mark(Mark::day_rolled_over_with_tickets_waiting);
    } else {
        require(row.kind == "refused" || row.kind == "carried_paper", "R12", row,
                "a kind that is not known");
    }
    if (row.request != 0 && row.kind != "carried") settle(row);
}

void JournalModel::day_opened(const JournalRow& row) {
    require(open_day_ < row.day, "R10", row, "the days do not go on");
    for (const auto& [series, tickets] : day_.waiting) {
        require(tickets.empty(), "R2", row, "the day before was left with people waiting");
    }
    for (const auto& [counter, standing] : day_.counters) {
        const bool over = tickets_.at(standing.ticket).state != State::called;
        require(over, "R2", row, "the day before was left with somebody called");
    }
    open_day_ = row.day;
    day_ = {};
}

void JournalModel::issued(const JournalRow& row) {
    require(row.ticket == row.seq, "R1", row, "a ticket's id is not its event's");
    auto& last = day_.last_number[row.series];
    require(row.number == last + 1, "R9", row, "the number does not follow the one before");
    last = row.number;
    require(day_.labels.insert(row.label).second, "R1", row, "the number is given twice");
    const auto digits = row.label.substr(row.label.find('-') + 1);
    require(std::stoll(digits) == row.number, "R1", row, "the label has another number");
    Ticket ticket;
    ticket.id = row.ticket;
    ticket.day = row.day;
    ticket.series = row.series;
    ticket.label = row.label;
    ticket.kiosk = row.device;
    ticket.service = row.service;
    tickets_[row.ticket] = ticket;
    day_.waiting[row.series][row.ticket];
}

void JournalModel::called(const JournalRow& row) {
    auto& ticket = ticket_of(row);
    require(ticket.state != State::voided, "R2", row, "a void number is called");
    require(ticket.state == State::waiting, "R7", row, "it is called twice");
    require(ticket.callable, "R3", row, "it is called before its paper is known of");
    require(row.outcome == (ticket.unconfirmed ? "unconfirmed" : "printed"), "R6", row,
            "the clerk is told wrongly of its paper");
    const auto counter = std::find_if(site_.counters.begin(), site_.counters.end(),
                                      [&](const auto& c) { return c.id.view() == row.counter; });
    require(counter != site_.counters.end(), "R7", row, "called to no counter");
    bool served = false;
    for (const auto& series : counter->series) {
        served = served || series.view() == row.series;
        for (const auto& [id, unused] : day_.waiting[std::string{series.view()}]) {
            require(id >= row.ticket || !tickets_.at(id).callable, "R8", row,
                    "somebody who came before is passed over");
        }
    }
    require(served, "R7", row, "called to a counter that does not serve it");
    const auto standing = day_.counters.find(row.counter);
    require(standing == day_.counters.end() || standing->second.paper == "voided", "R7", row,
            "its counter has called somebody else");
    leave_queue(ticket, State::called, row);
    day_.counters[row.counter] = {row.ticket, row.outcome, 1};
    if (ticket.unconfirmed) world_.mark(Mark::called_unconfirmed);
}

void JournalModel::paper_reported(const JournalRow& row) {
    auto& ticket = ticket_of(row);
    require(ticket.kiosk == row.device, "R6", row, "reported by another kiosk");
    require(ticket.outcome.empty(), "R5", row, "reported twice");
    ticket.outcome = row.outcome;
    ticket.reason = row.reason;
    if (ticket.doubted) world_.mark(Mark::doubted_then_reported);
    if (ticket.day != row.day) world_.mark(Mark::paper_reported_on_a_later_day);
    const bool open = ticket.state == State::waiting || ticket.state == State::called;
    const bool voids = row.outcome == "not_printed" && open;
    require((row.voids != 0) == voids, "R2", row, "void although it is not, or the reverse");
    ticket.callable = true;
    ticket.unconfirmed = row.outcome != "printed";
    if (ticket.state == State::called) {
        for (auto& [counter, standing] : day_.counters) {
            if (standing.ticket == ticket.id) standing.paper = voids ? "voided" : row.outcome;
        }
    }
    if (!voids) return;
    if (row.reason == "late") world_.mark(Mark::late_paper_voided);
    if (ticket.state == State::called) {
        world_.mark(Mark::voided_while_called);
        ticket.state = State::voided;
    } else {
        leave_queue(ticket, State::voided, row);
    }
}

void JournalModel::settle(const JournalRow& row) {
    auto& of_device = settled_[row.device];
    require(of_device.empty() || of_device.rbegin()->first < row.request, "R5", row,
            "a request has two effects, or comes after a later one");
    of_device[row.request] = row;
}

void JournalModel::carried(const JournalRow& row) {
    const auto* before = settled(row.device, row.request);
    require(before != nullptr, "R5", row, "an answer is carried over that was never given");
    require(settled_[row.device].rbegin()->first == row.request, "R5", row,
            "an older answer is carried over than the last");
    const bool names_ticket = row.answer == "ticket" || row.answer == "called";
    require(!names_ticket || (before->ticket == row.ticket && before->label == row.label), "R5",
            row, "an answer is carried over with another ticket");
    require(row.answer != "ticket" || before->at_ms == row.at_ms, "R5", row,
            "an answer is carried over with another time");
}

JournalModel::Ticket& JournalModel::ticket_of(const JournalRow& row) {
    const auto it = tickets_.find(row.ticket);
    require(it != tickets_.end(), "R2", row, "a ticket that was never issued");
    require(it->second.label == row.label && it->second.series == row.series, "R1", row,
            "a ticket has two labels");
    return it->second;
}

void JournalModel::leave_queue(Ticket& ticket, State to, const JournalRow& row) {
    require(ticket.state == State::waiting && day_.waiting[ticket.series].erase(ticket.id) == 1,
            "R2", row, "it leaves the queue in which it does not stand");
    ticket.state = to;
}

void JournalModel::leave_counter(Ticket& ticket, State to, const JournalRow& row) {
    const auto it = day_.counters.find(row.counter);
    require(ticket.state == State::called && it != day_.counters.end() &&
                it->second.ticket == ticket.id,
            "R2", row, "it leaves a counter at which it does not stand");
    ticket.state = to;
    day_.counters.erase(it);
}

const JournalRow* JournalModel::settled(const std::string& device, std::int64_t request) const {
    const auto it = settled_.find(device);
    if (it == settled_.end()) return nullptr;
    const auto row = it->second.find(request);
    return row == it->second.end() ? nullptr : &row->second;
}

std::optional<JournalModel::Standing> JournalModel::at(const std::string& counter) const {
    const auto it = day_.counters.find(counter);
    return it == day_.counters.end() ? std::nullopt : std::optional{it->second};
}

std::uint32_t JournalModel::waiting(const site::Counter& counter) const {
    std::uint32_t count = 0;
    for (const auto& series : counter.series) {
        if (const auto it = day_.waiting.find(std::string{series.view()});
            it != day_.waiting.end()) {
            count += static_cast<std::uint32_t>(it->second.size());
        }
    }
    return count;
}

}  // namespace antrean::sim
