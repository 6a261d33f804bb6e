// What should have been decided, by the journal's own rows and the site file alone.
#include "tests/sim/journal_model.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

namespace antrean::sim {
namespace {

using State = JournalModel::State;
using Ticket = JournalModel::Ticket;

constexpr std::int64_t undo_ms = 10'000;

std::chrono::sys_days date_of(const std::string& iso) {
    int year = 0;
    unsigned month = 0, day = 0;
    std::sscanf(iso.c_str(), "%d-%u-%u", &year, &month, &day);
    return std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day);
}

// Minutes behind the midnight of the row's service day.
std::int64_t minute_of(const JournalRow& row) {
    const auto midnight = date_of(row.day).time_since_epoch();
    const auto local =
        std::chrono::milliseconds{row.at_ms} + std::chrono::minutes{row.utc_offset_min} - midnight;
    return std::chrono::floor<std::chrono::minutes>(local).count();
}

bool holds(const engine::Interval& interval, std::int64_t minute) {
    return interval.from.count() <= minute && minute < interval.until.count();
}

std::string asked_of(const JournalRow& row) {
    static const std::map<std::string, std::string> of_kind{{"issued", "issue"},
                                                            {"paper_reported", "print_report"},
                                                            {"recalled", "recall"},
                                                            {"served", "serve"},
                                                            {"finished", "finish"},
                                                            {"no_show", "no_show"},
                                                            {"held", "hold"},
                                                            {"transferred", "transfer"},
                                                            {"undone", "undo"},
                                                            {"voided", "void_ticket"},
                                                            {"signed_in", "sign_in"},
                                                            {"signed_out", "sign_out"},
                                                            {"counter_paused", "pause_counter"},
                                                            {"counter_opened", "open_counter"},
                                                            {"service_paused", "pause_service"},
                                                            {"service_resumed", "resume_service"},
                                                            {"day_closed", "close_day"},
                                                            {"day_reopened", "reopen_day"},
                                                            {"issued_offline", "issue_offline"},
                                                            {"lease_ended", "retire_lease"}};
    if (row.kind == "issued" && !row.appointment.empty()) return "check_in";
    const auto it = of_kind.find(row.kind);
    return it == of_kind.end() ? row.asked : it->second;
}

bool ever_serves(const site::Counter& counter, const std::string& queue) {
    const auto serves = [&](const std::vector<SeriesId>& series) {
        return std::any_of(series.begin(), series.end(),
                           [&](const SeriesId& id) { return id.view() == queue; });
    };
    return serves(counter.series) ||
           std::any_of(counter.shifts.begin(), counter.shifts.end(),
                       [&](const auto& shift) { return serves(shift.series); });
}

// Two may share a place.
bool came_before(const Ticket& a, const Ticket& b) {
    return std::pair{a.place, a.id} < std::pair{b.place, b.id};
}

std::string why_of(const Ticket& ticket) {
    return ticket.ticket_class == "regular" ? "turn" : ticket.ticket_class;
}

}  // namespace

std::string JournalModel::series_of(const std::string& service) const {
    for (const auto& one : site_->services) {
        if (one.id.view() == service) return std::string{one.series.view()};
    }
    return {};
}

const site::Counter* JournalModel::counter(const std::string& id) const {
    for (const auto& one : site_->counters) {
        if (one.id.view() == id) return &one;
    }
    return nullptr;
}

// Where the row took place, by its device where it does not say; empty: at none.
std::string JournalModel::counter_of(const JournalRow& row) const {
    for (const auto& one : site_->counters) {
        if (one.callpad && one.callpad.view() == row.device) return std::string{one.id.view()};
    }
    return row.device == "operator" ? row.counter : std::string{};
}

bool JournalModel::is_served(const std::string& queue) const {
    const auto has = [&](const std::vector<SeriesId>& series) {
        return std::any_of(series.begin(), series.end(),
                           [&](const SeriesId& id) { return id.view() == queue; });
    };
    return std::any_of(site_->counters.begin(), site_->counters.end(), [&](const auto& one) {
        return has(one.series) || std::any_of(one.shifts.begin(), one.shifts.end(),
                                              [&](const auto& s) { return has(s.series); });
    });
}

std::optional<std::string> JournalModel::next_of_visit(const Ticket& ticket) const {
    for (const auto& service : ticket.plan) {
        if (!series_of(service).empty()) return service;
    }
    return std::nullopt;
}

std::string JournalModel::expected_refusal(const JournalRow& row) const {
    const auto asked = asked_of(row);
    if (asked == "issue") {
        return expected_of_issue(row.kind == "refused" ? row.asked_service : row.service, row);
    }
    if (asked == "check_in") return expected_of_check_in(row);
    if (asked == "issue_offline" || asked == "retire_lease") return expected_of_lease(asked, row);
    if (asked == "print_report") {
        const auto it = tickets_.find(row.kind == "refused" ? row.asked_ticket : row.ticket);
        const bool open =
            it != tickets_.end() && it->second.kiosk == row.device && it->second.outcome.empty();
        return open ? "" : "unknown_ticket";
    }
    if (asked == "void_ticket") {
        const auto label = row.kind == "refused" ? row.detail : row.label;
        const bool open = std::any_of(tickets_.begin(), tickets_.end(), [&](const auto& entry) {
            const auto& ticket = entry.second;
            return ticket.day == open_day_ && ticket.label == label &&
                   ticket.state != State::done && ticket.state != State::voided;
        });
        return open ? "" : "unknown_ticket";
    }
    const auto service = row.kind == "refused" ? row.asked_service : row.service;
    if (asked == "pause_service") return series_of(service).empty() ? "unknown_service" : "";
    if (asked == "resume_service") {
        return day_.paused_services.contains(service) ? "" : "unknown_service";
    }
    if (asked == "close_day") return day_.closed ? "day_closed" : "";
    if (asked == "reopen_day") return day_.closed ? "" : "wrong_state";

    const auto at = counter_of(row);
    // The journal does not say at which counter the operator was refused.
    if (at.empty() && row.device == "operator") return "?";
    if (at.empty() || !counter(at)) return "no_counter";
    if (asked == "call_next" || asked == "call_named") {
        if (day_.paused.contains(at)) return "counter_paused";
        if (site_->rules.sign_in_required && staff(at).empty()) return "not_signed_in";
        if (asked == "call_named") return expected_of_named(at, row);
        return expected_choice(*counter(at), row) ? "" : "nobody_waits";
    }
    // A code is nowhere, so who it was of is not known.
    if (asked == "sign_in" || asked == "pause_counter")
        return row.reason == "unknown_staff" ? "?" : "";
    if (asked == "sign_out") return staff(at).empty() ? "not_signed_in" : "";
    if (asked == "open_counter") return day_.paused.contains(at) ? "" : "wrong_state";
    if (asked == "undo") return expected_of_undo(at, row);

    const auto stands = day_.counters.find(at);
    const auto id = row.kind == "refused" ? row.asked_ticket : row.ticket;
    if (stands == day_.counters.end() || stands->second != id) return "not_called";
    const auto& ticket = tickets_.at(id);
    if (ticket.state == State::voided) return "not_called";
    const bool of_called = asked == "recall" || asked == "serve" || asked == "no_show";
    if (of_called && ticket.state != State::called) return "wrong_state";
    if (asked == "recall" && ticket.calls > site_->rules.recall_limit) return "recall_limit";
    if (asked == "transfer") {
        const auto to = row.kind == "refused" ? row.asked_service : row.to_service;
        if (series_of(to).empty()) return "unknown_service";
    }
    return {};
}

// By the appointments that were booked: the journal does not have their seals.
std::string JournalModel::expected_of_check_in(const JournalRow& row) const {
    const auto name = row.kind == "refused" ? row.detail : row.appointment;
    const auto booking = bookings_.find(name);
    if (booking == bookings_.end()) return "unknown_appointment";
    const auto& [code, service, day, minute] = booking->second;
    const auto id = std::string{service.view()};
    const bool is_kiosk = std::any_of(site_->kiosks.begin(), site_->kiosks.end(),
                                      [&](const auto& one) { return one.id.view() == row.device; });
    if (!is_kiosk || series_of(id).empty()) return "unknown_service";
    if (row.kind == "issued" && row.service != id) return "unknown_service";
    if (day != row.day) return "wrong_day";
    const auto has_it = [&](const auto& entry) {
        const auto& ticket = entry.second;
        return ticket.day == row.day && ticket.appointment == name && ticket.state != State::voided;
    };
    if (std::any_of(tickets_.begin(), tickets_.end(), has_it)) return "appointment_used";
    if (minute_of(row) < minute - site_->rules.check_in_early.count()) return "too_early";
    if (minute_of(row) > minute + site_->rules.check_in_late.count()) {
        return "too_late_for_appointment";
    }
    return expected_of_issue(id, row, true);
}

std::string JournalModel::expected_of_issue(const std::string& id, const JournalRow& row,
                                            bool by_appointment) const {
    const auto kiosk = std::find_if(site_->kiosks.begin(), site_->kiosks.end(),
                                    [&](const auto& one) { return one.id.view() == row.device; });
    const auto has_button = [&] {
        return std::any_of(kiosk->buttons.begin(), kiosk->buttons.end(),
                           [&](const auto& button) { return button.service.view() == id; });
    };
    if (kiosk == site_->kiosks.end() || (!by_appointment && !has_button())) {
        return "unknown_service";
    }
    const auto service = std::find_if(site_->services.begin(), site_->services.end(),
                                      [&](const auto& one) { return one.id.view() == id; });
    const auto day = date_of(row.day).time_since_epoch();
    if (day_.closed) return "day_closed";
    for (const auto& agency : site_->agencies) {
        if (agency.id != service->agency) continue;
        if (agency.from && day < agency.from->time_since_epoch()) return "not_in_force";
        if (agency.until && day > agency.until->time_since_epoch()) return "not_in_force";
    }
    if (service->hours) {
        if (site_->holidays.contains(ServiceDay{day})) return "closed";
        const std::chrono::weekday weekday{std::chrono::sys_days{day}};
        const auto& open = service->hours->week.at((weekday.c_encoding() + 6) % 7);
        const auto minute = minute_of(row);
        if (open.empty()) return "closed";
        if (minute < open.front().from.count()) return "not_open_yet";
        if (minute >= open.back().until.count() - service->last_ticket_before.count()) {
            return "too_late";
        }
        if (std::none_of(open.begin(), open.end(),
                         [&](const auto& i) { return holds(i, minute); })) {
            return "in_break";
        }
    }
    if (day_.paused_services.contains(id)) return "paused";
    const auto given = day_.given.find(id);
    const auto used = given == day_.given.end() ? 0 : given->second;
    if (!by_appointment && service->quota && used >= *service->quota) return "quota_used";
    const auto& limit = site_->rules.hall_limit;
    if (limit && day_.in_hall >= static_cast<std::int64_t>(*limit)) return "hall_full";
    return {};
}

const Ticket* JournalModel::named(const JournalRow& row) const {
    for (const auto& [id, ticket] : tickets_) {
        const bool is_it =
            row.asked_ticket != 0 ? id == row.asked_ticket : ticket.label == row.detail;
        const bool over = ticket.state == State::done || ticket.state == State::voided;
        if (is_it && ticket.day == open_day_ && !over) return &ticket;
    }
    return nullptr;
}

std::string JournalModel::expected_of_named(const std::string& at, const JournalRow& row) const {
    const auto* ticket = named(row);
    if (!ticket) {
        const bool shut = day_.closed && site_->rules.fate == engine::Fate::void_all;
        const auto* lease = shut ? nullptr : claimable(row.detail);
        const auto id = lease ? SeriesId::parse(lease->series) : std::nullopt;
        const bool serves = id && ever_serves(*counter(at), lease->series) &&
                            std::any_of(site_->services.begin(), site_->services.end(),
                                        [&](const auto& one) { return one.series == *id; });
        return serves ? "" : "unknown_ticket";
    }
    const bool called = ticket->state == State::called || ticket->state == State::serving;
    if (called || !ticket->callable) return "not_callable";
    if (ticket->state != State::waiting && ticket->counter == at) return {};
    return ever_serves(*counter(at), ticket->queue) ? "" : "not_callable";
}

std::string JournalModel::expected_of_undo(const std::string& at, const JournalRow& row) const {
    const auto it = day_.steps.find(at);
    // The first of two rows has taken back the half that comes with the request.
    if (it == day_.steps.end()) return "nothing_to_undo";
    for (std::size_t i = 0; i < it->second.before.size(); ++i) {
        const auto& then = it->second.after[i];
        const auto& now = tickets_.at(then.id);
        if (now.state != then.state || now.queue != then.queue || now.place != then.place ||
            now.counter != then.counter) {
            return "nothing_to_undo";
        }
    }
    const auto age = row.at_ms - it->second.at_ms;
    return age > undo_ms || age < -undo_ms ? "too_late_to_undo" : "";
}

// Those who could be called at AT at that hour, first come first.
std::vector<const Ticket*> JournalModel::candidates(const site::Counter& at,
                                                    const JournalRow& row) const {
    const auto minute = minute_of(row);
    const auto shift = std::find_if(at.shifts.begin(), at.shifts.end(),
                                    [&](const auto& one) { return holds(one.hours, minute); });
    const auto& serves = shift == at.shifts.end() ? at.series : shift->series;
    std::vector<const Ticket*> found;
    for (const auto& series : serves) {
        const auto it = day_.waiting.find(std::string{series.view()});
        if (it == day_.waiting.end()) continue;
        for (const auto& [place, id] : it->second) {
            const auto& ticket = tickets_.at(id);
            if (ticket.callable && id != just_finished_) found.push_back(&ticket);
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Ticket* a, const Ticket* b) { return came_before(*a, *b); });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::optional<JournalModel::Choice> JournalModel::expected_choice(const site::Counter& at,
                                                                  const JournalRow& row) const {
    const auto who = candidates(at, row);
    const auto first = [&](auto... classes) -> const Ticket* {
        for (const auto* ticket : who) {
            if (((ticket->ticket_class == classes) || ...)) return ticket;
        }
        return nullptr;
    };
    const auto* regular = first("regular");
    const auto turns = day_.turns.find(std::string{at.id.view()});
    Choice choice;
    choice.turn = turns == day_.turns.end() ? 0 : turns->second;
    const Ticket* next = nullptr;
    if (row.asked == "call_named") {
        next = named(row);
        if (!next) return std::nullopt;
        choice.why = next->state == State::held ? "resumed" : "named";
        if (next->state == State::waiting && (who.empty() || !came_before(*who.front(), *next))) {
            choice.why = "in_order";
        }
    } else {
        if (who.empty()) return std::nullopt;
        const auto& policy = at.policy;
        const bool by_class = policy.kind != engine::Policy::Kind::arrival;
        if (!row.detail.empty()) {
            next = first(row.detail);
            choice.why = "only";
        } else if (by_class && regular &&
                   regular->passes >= static_cast<std::int64_t>(policy.most_passes)) {
            next = regular;
            choice.why = "guard";
        } else if (policy.kind == engine::Policy::Kind::strict) {
            for (const auto* word : {"priority", "appointment", "regular"}) {
                if (!next) next = first(word);
            }
            choice.why = why_of(*next);
        } else if (policy.kind == engine::Policy::Kind::interleave) {
            const auto* ahead = first("priority", "appointment");
            const bool of_regular = choice.turn >= static_cast<std::int64_t>(policy.ahead);
            next = of_regular ? regular : ahead;
            if (next) {
                choice.turn = (choice.turn + 1) % (policy.ahead + policy.regular);
            } else {
                next = of_regular ? ahead : regular;
            }
            choice.why = why_of(*next);
        } else {
            next = who.front();
        }
        if (!next) return std::nullopt;
        if (next == who.front()) choice.why = "in_order";
    }
    choice.ticket = next->id;
    if (regular && regular != next && came_before(*regular, *next)) choice.passed = regular->id;
    return choice;
}

}  // namespace antrean::sim
