#include "tests/sim/journal_model.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace antrean::sim {
namespace {

using State = JournalModel::State;

bool is_in_hall(State state) {
    return state != State::done && state != State::voided && state != State::no_show;
}

std::string to_iso(std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> found;
    for (std::string word; in >> word;)
        found.push_back(word);
    return found;
}

}  // namespace

const char* to_text(State state) {
    static constexpr const char* texts[]{"waiting", "called",  "serving", "held",
                                         "done",    "no_show", "voided"};
    return texts[static_cast<std::size_t>(state)];
}

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
    if (row.kind == "called") {
        const auto state = ticket_of(row).state;
        require(state != State::voided, "R2", row, "a void number is called");
        require(state == State::waiting || state == State::held || state == State::no_show, "R7",
                row, "it is called twice");
    } else if (row.kind == "voided") {
        const auto state = ticket_of(row).state;
        require(state != State::done && state != State::voided, "R2", row, "void, and was over");
    }
    const bool asked = row.request != 0 && row.kind != "carried";
    const bool cuts_short = row.kind == "finished" && !asked;
    if (asked) {
        const auto day = std::chrono::floor<std::chrono::days>(
            std::chrono::milliseconds{row.at_ms} + std::chrono::minutes{row.utc_offset_min} -
            site_->day_starts);
        require(to_iso(std::chrono::sys_days{day}) <= open_day_, "R10", row,
                "it was decided when the day was over");
        const auto refusal = expected_refusal(row);
        const auto& got = row.kind == "refused" ? row.reason : std::string{};
        if (refusal != got && refusal != "?") {
            require(false, "R8", row,
                    fmt::format("{}, and should have been {}",
                                got.empty() ? "done" : "refused as " + got,
                                refusal.empty() ? "done" : "refused as " + refusal)
                        .c_str());
        }
    }
    if (site_changes_ && !cuts_short && (asked || row.kind == "day_opened")) {
        check_site_is_settled(row);
        site_changes_ = false;
    }
    if (finished_by_nobody_at_ && !cuts_short) {
        if (row.kind == "called") {
            require(row.counter == *finished_by_nobody_at_, "R2", row,
                    "somebody was finished at another counter");
            require(!cut_short_, "R2", row, "a visit ended before its last service");
        } else {
            day_ends_ = true;
        }
        finished_by_nobody_at_.reset();
    }
    require(!day_ends_ || !asked, "R10", row, "the day was ended, and no other has begun");
    require(read_of_day(row) || read_of_lease(row) || read_of_counter(row), "R12", row,
            "a kind that is not known");
    just_issued_offline_ = row.kind == "issued_offline" ? row.ticket : 0;
    just_finished_ = cuts_short ? row.ticket : 0;
    if (cuts_short && !site_changes_) finished_by_nobody_at_ = row.counter;
    if (asked) settle(row);
}

bool JournalModel::read_of_day(const JournalRow& row) {
    if (row.kind == "carried") {
        carried(row);
    } else if (row.kind == "carried_paper") {
        const auto& ticket = ticket_of(row);
        require(ticket.outcome.empty() && ticket.day < open_day_, "R2", row,
                "a paper is carried over that was told of");
    } else if (row.kind == "issued") {
        issued(row);
    } else if (row.kind == "paper_reported") {
        paper_reported(row);
    } else if (row.kind == "paper_doubted") {
        auto& ticket = ticket_of(row);
        require(ticket.outcome.empty() && !ticket.doubted, "R2", row, "doubted without a cause");
        ticket.doubted = ticket.callable = ticket.unconfirmed = true;
    } else if (row.kind == "paper_abandoned") {
        auto& ticket = ticket_of(row);
        require(ticket.outcome.empty(), "R2", row, "given up, and its paper was told of");
        ticket.outcome = "abandoned";
        ticket.callable = ticket.unconfirmed = true;
    } else if (row.kind == "voided") {
        voided(row);
    } else if (row.kind == "service_paused") {
        day_.paused_services.insert(row.service);
    } else if (row.kind == "service_resumed") {
        day_.paused_services.erase(row.service);
    } else if (row.kind == "day_closed") {
        day_.closed = true;
        world_.mark(Mark::day_closed);
    } else if (row.kind == "day_reopened") {
        day_.closed = false;
        world_.mark(Mark::day_reopened);
    } else if (row.kind == "site_changed") {
        site_changed(row);
    } else if (row.kind == "restored") {
        require(row.epoch > epoch_, "R9", row, "the epochs do not go on");
        epoch_ = row.epoch;
    } else if (row.kind == "numbers_skipped") {
        auto& last = day_.last_number[row.series];
        require(last < row.number, "R9", row, "numbers are skipped backwards");
        last = row.number;
    } else if (row.kind == "refused") {
        refused(row);
    } else {
        return false;
    }
    return true;
}

void JournalModel::day_opened(const JournalRow& row) {
    require(open_day_ < row.day, "R10", row, "the days do not go on");
    require(epoch_ <= row.epoch, "R9", row, "the epochs do not go on");
    // Every number of the day is done, did not show up, or is void for a reason.
    std::size_t over = 0;
    for (const auto& [id, ticket] : tickets_) {
        if (ticket.day != open_day_) continue;
        require(!is_in_hall(ticket.state), "R2", row, "the day before was left with somebody");
        ++over;
    }
    require(over == day_.labels.size(), "R2", row, "the day before does not balance");
    require(day_.staff.empty(), "R2", row, "the day before was left with staff");
    open_day_ = row.day;
    epoch_ = row.epoch;
    leases_before_ = std::exchange(leases_, {});
    day_ = {};
    day_ends_ = site_changes_ = false;
    finished_by_nobody_at_.reset();
    just_finished_ = 0;
}

void JournalModel::issued(const JournalRow& row) {
    require(row.ticket == ((epoch_ << 40) | row.seq), "R1", row,
            "a ticket's id is not its event's");
    require(series_of(row.service) == row.series, "R1", row,
            "of a series that is not its service's");
    auto& last = day_.last_number[row.series];
    require(row.number == last + 1, "R9", row, "the number does not follow the one before");
    last = row.number;
    require(day_.labels.insert(row.label).second, "R1", row, "the number is given twice");
    const auto digits = row.label.substr(row.label.find('-') + 1);
    require(std::stoll(digits) == row.number, "R1", row, "the label has another number");
    require(row.ahead == static_cast<std::int64_t>(day_.waiting[row.series].size()), "R8", row,
            "its paper says that another number of people wait");
    Ticket ticket;
    ticket.id = row.ticket;
    constexpr std::int64_t seq_mask = (std::int64_t{1} << 40) - 1;
    ticket.place = ticket.came = ((row.ticket >> 40 << 30) + (row.ticket & seq_mask)) << 22;
    ticket.arrived_ms = row.at_ms;
    ticket.day = row.day;
    ticket.series = ticket.queue = row.series;
    ticket.label = row.label;
    ticket.kiosk = row.device;
    ticket.first_service = ticket.service = row.service;
    ticket.ticket_class = row.ticket_class;
    ticket.plan = words(row.plan);
    ticket.appointment = row.appointment;
    if (!row.appointment.empty()) {
        const auto has_it = [&](const auto& entry) {
            const auto& other = entry.second;
            return other.day == row.day && other.appointment == row.appointment;
        };
        if (std::any_of(tickets_.begin(), tickets_.end(), has_it)) {
            world_.mark(Mark::checked_in_again_after_void);
        }
        world_.mark(Mark::checked_in);
    }
    enter(ticket);
}

void JournalModel::enter(const Ticket& ticket) {
    tickets_[ticket.id] = ticket;
    day_.waiting[ticket.queue].insert({ticket.place, ticket.id});
    if (ticket.appointment.empty()) ++day_.given[ticket.service];
    ++day_.in_hall;
}

void JournalModel::paper_reported(const JournalRow& row) {
    auto& ticket = ticket_of(row);
    require(ticket.kiosk == row.device, "R6", row, "reported by another kiosk");
    require(ticket.outcome.empty(), "R5", row, "reported twice");
    ticket.outcome = row.outcome;
    ticket.reason = row.reason;
    if (ticket.doubted) world_.mark(Mark::doubted_then_reported);
    if (ticket.day != row.day) world_.mark(Mark::paper_reported_on_a_later_day);
    const bool open =
        ticket.day == row.day && (ticket.state == State::waiting || ticket.state == State::called ||
                                  ticket.state == State::no_show);
    const bool voids = row.outcome == "not_printed" && open;
    require((row.voids != 0) == voids, "R2", row, "void although it is not, or the reverse");
    ticket.callable = true;
    ticket.unconfirmed = row.outcome != "printed";
    if (!voids) return;
    if (row.reason == "late") world_.mark(Mark::late_paper_voided);
    if (ticket.state == State::called) world_.mark(Mark::voided_while_called);
    if (ticket.appointment.empty()) --day_.given[ticket.first_service];
    make_void(ticket);
}

void JournalModel::voided(const JournalRow& row) {
    auto& ticket = ticket_of(row);
    const bool waits = ticket.state == State::waiting || ticket.state == State::held;
    const bool at_once = row.ticket == just_issued_offline_ && row.request == 0;
    const auto came_on = std::chrono::floor<std::chrono::days>(
        std::chrono::milliseconds{ticket.arrived_ms} + std::chrono::minutes{row.utc_offset_min} -
        site_->day_starts);
    // Else it is void with the day, which ends behind it.
    const bool came_on_earlier_day = to_iso(std::chrono::sys_days{came_on}) < row.day;
    if (row.reason == "abandoned") {
        require(ticket.outcome == "abandoned" && row.request == 0, "R2", row,
                "void as given up, and was not");
        if (ticket.appointment.empty()) --day_.given[ticket.first_service];
        world_.mark(Mark::abandoned_number_voided);
    } else if (at_once && (row.reason != "day_ended" || came_on_earlier_day)) {
        require(came_on_earlier_day || !is_served(ticket.queue) ||
                    series_of(ticket.service).empty() || day_.closed,
                "R2", row, "void as soon as it is told, without a cause");
        world_.mark(Mark::offline_number_void_at_once);
    } else if (row.reason == "day_ended") {
        require(waits, "R2", row, "void at the end of the day, and did not wait");
        world_.mark(Mark::day_rolled_over_with_tickets_waiting);
        day_ends_ = true;
    } else if (row.reason == "day_closed") {
        require(day_.closed && site_->rules.fate == engine::Fate::void_all &&
                    ticket.state == State::waiting,
                "R2", row, "void by the closing of the day without a cause");
        world_.mark(Mark::voided_by_closing);
    } else if (row.reason == "service_left") {
        require(site_changes_ && waits && !is_served(ticket.queue), "R2", row,
                "void as if its service had left");
        world_.mark(Mark::agency_left_with_people_waiting);
    } else {
        require(row.reason == "by_operator" && row.request != 0, "R2", row,
                "void without a reason");
        world_.mark(Mark::voided_by_operator);
    }
    make_void(ticket);
}

// One that stands at a counter is shown there as void until the next call.
void JournalModel::make_void(Ticket& ticket) {
    const bool stands = ticket.state == State::called || ticket.state == State::serving;
    leave(ticket, State::voided);
    if (stands) day_.counters[ticket.counter] = ticket.id;
}

void JournalModel::site_changed(const JournalRow& row) {
    const auto it = sites_.find(row.site);
    require(it != sites_.end(), "R12", row, "a site that nobody wrote");
    const auto waits = [](const auto& queue) { return !queue.second.empty(); };
    if (std::any_of(day_.waiting.begin(), day_.waiting.end(), waits)) {
        world_.mark(Mark::site_changed_with_people_waiting);
    }
    site_ = it->second.get();
    site_changes_ = true;
    day_.steps.clear();
}

// What the new site has no place for is gone with the change itself.
void JournalModel::check_site_is_settled(const JournalRow& row) {
    for (const auto& [queue, tickets] : day_.waiting) {
        require(tickets.empty() || is_served(queue), "R2", row,
                "somebody waits where nobody calls any more");
    }
    for (const auto& [at, id] : day_.counters) {
        require(counter(at) != nullptr || tickets_.at(id).state == State::voided, "R7", row,
                "somebody stands at a counter that is gone");
    }
    for (const auto& [at, who] : day_.staff) {
        require(counter(at) != nullptr, "R7", row, "somebody is signed in at no counter");
    }
}

void JournalModel::refused(const JournalRow& row) {
    static const std::map<std::string, Mark> marks{
        {"not_open_yet", Mark::refused_by_hours},
        {"in_break", Mark::refused_by_break},
        {"too_late", Mark::refused_by_hours},
        {"closed", Mark::refused_by_hours},
        {"paused", Mark::refused_by_pause},
        {"not_in_force", Mark::refused_not_in_force},
        {"quota_used", Mark::refused_by_quota},
        {"hall_full", Mark::refused_by_hall_limit},
        {"day_closed", Mark::refused_by_closing},
        {"not_signed_in", Mark::refused_without_sign_in},
        {"unknown_staff", Mark::refused_wrong_code},
        {"counter_paused", Mark::refused_at_paused_counter},
        {"recall_limit", Mark::refused_by_recall_limit},
        {"too_late_to_undo", Mark::refused_late_undo},
        {"nothing_to_undo", Mark::refused_undo_of_nothing},
        {"not_callable", Mark::refused_not_callable},
        {"unknown_appointment", Mark::check_in_refused_as_forged},
        {"wrong_day", Mark::check_in_refused_by_time},
        {"too_early", Mark::check_in_refused_by_time},
        {"too_late_for_appointment", Mark::check_in_refused_by_time},
        {"appointment_used", Mark::check_in_refused_as_used}};
    if (const auto it = marks.find(row.reason); it != marks.end()) world_.mark(it->second);
    if (row.asked != "call_named" || row.reason != "not_callable" || !last_named_) return;
    const bool same = last_named_->detail == row.detail &&
                      last_named_->asked_ticket == row.asked_ticket &&
                      last_named_->device != row.device;
    if (same && std::abs(row.at_ms - last_named_->at_ms) < 3000) {
        world_.mark(Mark::two_clerks_named_the_same_ticket);
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

void JournalModel::leave(Ticket& ticket, State to) {
    if (ticket.state == State::waiting) day_.waiting[ticket.queue].erase({ticket.place, ticket.id});
    const auto it = day_.counters.find(ticket.counter);
    if (it != day_.counters.end() && it->second == ticket.id) day_.counters.erase(it);
    day_.in_hall += (is_in_hall(to) ? 1 : 0) - (is_in_hall(ticket.state) ? 1 : 0);
    ticket.state = to;
}

const JournalRow* JournalModel::settled(const std::string& device, std::int64_t request) const {
    const auto it = settled_.find(device);
    if (it == settled_.end()) return nullptr;
    const auto row = it->second.find(request);
    return row == it->second.end() ? nullptr : &row->second;
}

}  // namespace antrean::sim
