#include "firmware/kiosk/core.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

namespace antrean::kiosk {
namespace {

using Kind = Screen::Kind;
using proto::PrintOutcome;
using proto::PrintReason;

constexpr std::chrono::seconds message_time{5};

// Of two labels of a series, by the numbers behind the last '-', however many digits they have.
bool is_higher(std::string_view label, std::string_view than) {
    const auto digits = [](std::string_view of) {
        of.remove_prefix(of.rfind('-') + 1);
        of.remove_prefix(std::min(of.find_first_not_of('0'), of.size()));
        return of;
    };
    const auto a = digits(label);
    const auto b = digits(than);
    return a.size() != b.size() ? a.size() > b.size() : a > b;
}

}  // namespace

std::string series_of(const std::string& label) {
    const auto dash = label.rfind('-');
    if (dash == std::string::npos || dash + 1 == label.size()) return {};
    if (label.find_first_not_of("0123456789", dash + 1) != std::string::npos) return {};
    return label.substr(0, dash);
}

const char* to_text(Job::State state) {
    switch (state) {
        case Job::State::queued:
            return "queued";
        case Job::State::printing:
            return "printing";
        case Job::State::settled:
            return "settled";
    }
    return "";
}

Core::Core(Stored stored, PressLimit limit)
    : requester_{stored.last_request,
                 stored.in_flight ? std::optional{stored.in_flight->request} : std::nullopt},
      in_flight_pressed_{stored.in_flight ? stored.in_flight->pressed : std::nullopt},
      incarnation_{stored.incarnation},
      leases_{std::move(stored.leases)},
      offline_{std::move(stored.offline)},
      jobs_{std::move(stored.jobs)},
      menu_{std::move(stored.menu)},
      seen_{std::move(stored.seen)},
      journal_seq_{stored.journal_seq},
      stored_seq_{stored.journal_seq},
      bucket_{limit} {}

proto::Hello Core::hello(DeviceId device, std::string software) const {
    proto::Hello hello{proto::protocol_version, proto::Role::kiosk,  device,
                       requester_.last(),       std::move(software), journal_seq_};
    for (const auto& seen : seen_)
        hello.seen.push_back({seen.service_day, seen.label});
    hello.incarnation = incarnation_;
    for (const auto& lease : leases_) {
        if (hello.leases.size() == proto::max_leases) break;
        hello.leases.push_back({lease.terms.lease, lease.terms.series, lease.terms.label});
    }
    return hello;
}

void Core::started(SteadyTime now, Actions& out) {
    greeting_since_ = now;
    std::vector<Change> changes;
    for (auto& job : jobs_) {
        if (job.state == Job::State::settled) continue;
        const bool late = is_late(job.pressed, now);
        if (job.state == Job::State::printing) {
            parted_ = true;
            if (late) {
                settle(job, PrintOutcome::unconfirmed, PrintReason::restarted);
            } else {
                job.state = Job::State::queued;
                job.copy = true;
            }
        } else if (late) {
            settle_late(job);
        }
        changes.push_back(PutJob{job});
    }
    if (!changes.empty()) save(std::move(changes), out);
    show(resting_screen(), std::nullopt, out);
    go_on(now, out);
}

void Core::pressed(ButtonNumber button, SteadyTime now, Actions& out) {
    const auto same = [&](const Press& press) { return press.button == button; };
    std::erase_if(last_presses_, [&](const Press& press) { return now - press.at >= mash_guard; });
    const bool mashed = std::erase_if(last_presses_, same) > 0;
    last_presses_.push_back({button, now});
    if (mashed || std::any_of(presses_.begin(), presses_.end(), same)) return;

    Screen screen{Kind::wait, {}, printer_};
    const auto* chosen = find(button);
    if (!menu_) {
        screen.kind = Kind::starting;
    } else if (!chosen) {
        screen.kind = Kind::unknown_button;
    } else if (printer_ != PrinterReady::yes && !is_greeting(now)) {
        screen.kind = Kind::no_paper;
    } else if (!requester_.is_linked() && !lease_for(*chosen)) {
        screen.kind = Kind::disconnected;
    } else if (presses_.size() == max_waiting_presses) {
        screen.kind = Kind::busy;
    } else if (!bucket_.take(now)) {
        screen.kind = Kind::too_many;
    } else {
        presses_.push_back({button, now});
    }
    show(std::move(screen), now + message_time, out);
    go_on(now, out);
}

void Core::pressed_together(SteadyTime now, Actions& out) {
    const auto kind = screen_ ? screen_->kind : Kind::starting;
    if (kind == Kind::ready || kind == Kind::ready_offline || kind == Kind::one_button)
        show({Kind::one_button, {}, printer_}, now + message_time, out);
}

void Core::linked(const proto::Welcome& welcome, SteadyTime now, Actions& out) {
    requester_.linked(welcome.last_request);
    journal_seq_ = std::max(journal_seq_, welcome.journal_seq);
    clock_ = {welcome.now, now};
    utc_offset_ = welcome.utc_offset;
    if (!screen_until_) show(resting_screen(), std::nullopt, out);
    send_due(now, out);
    go_on(now, out);
}

void Core::unlinked(SteadyTime now, Actions& out) {
    requester_.unlinked();
    abandoned_ = {};
    link_failed_ = true;
    // Who pressed is told now that no number can be given, not when it has become late.
    std::erase_if(presses_, [&](const Press& press) {
        const auto* button = find(press.button);
        return !button || !lease_for(*button);
    });
    offers_.clear();
    show(resting_screen(), std::nullopt, out);
    go_on(now, out);
}

void Core::menu(const proto::Menu& menu, SteadyTime, Actions& out) {
    if (menu_ != menu) save({PutMenu{menu}}, out);
    menu_ = menu;
    if (!screen_until_) show(resting_screen(), std::nullopt, out);
}

void Core::offers(const proto::Offers& offers) {
    journal_seq_ = std::max(journal_seq_, offers.journal_seq);
    offers_ = offers.offers;
}

void Core::answered(const proto::Answer& answer, SteadyTime now, Actions& out) {
    if (abandoned_ && proto::request_id(answer) == abandoned_) {
        abandoned_ = {};
        go_on(now, out);
        return;
    }
    const auto asked = requester_.in_flight();
    if (!requester_.settle(answer)) return;
    if (const auto* ticket = std::get_if<proto::Ticket>(&answer)) {
        take(*ticket, now, out);
    } else if (const auto* report = std::get_if<proto::PrintReport>(&*asked)) {
        // Under a stale id (the store is an old one) nothing was decided: it is told again under a
        // new one. Otherwise the controller knows as much as it ever will of this paper. The
        // answered request may stay in the store; asked again, it gets the same answer.
        const auto* refused = std::get_if<proto::Refused>(&answer);
        const bool undecided = refused && (refused->reason == proto::RefusalReason::stale_request ||
                                           refused->reason == proto::RefusalReason::request_reused);
        std::erase_if(jobs_, [&](const Job& job) { return job.paper.ticket == report->ticket; });
        if (undecided) {
            // After a restart nothing but the report itself is left of its job.
            Job job;
            job.paper.ticket = report->ticket;
            job.copy = report->copy;
            settle(job, report->outcome, report->reason);
            jobs_.push_back(std::move(job));
        }
    } else if (!std::holds_alternative<proto::Issue>(*asked)) {
        answered_offline(*asked, answer, out);
    } else {
        save({DropRequest{}}, out);
        show(refusal_screen(*asked, answer), now + message_time, out);
    }
    go_on(now, out);
}

// The answer has the reason; what the operator said of a pause is in the offer.
Screen Core::refusal_screen(const proto::Request& asked, const proto::Answer& answer) const {
    Screen screen{Kind::refused, {}, printer_};
    const auto* refused = std::get_if<proto::Refused>(&answer);
    const auto* issue = std::get_if<proto::Issue>(&asked);
    if (!refused || !issue) return screen;
    screen.refusal = refused->reason;
    if (screen.refusal != proto::RefusalReason::paused) return screen;
    const auto offer = std::find_if(offers_.begin(), offers_.end(), [&](const proto::Offer& o) {
        return o.service == issue->service && o.refusal == screen.refusal;
    });
    if (offer != offers_.end()) screen.text = offer->text;
    return screen;
}

void Core::take(const proto::Ticket& ticket, SteadyTime now, Actions& out) {
    Job job;
    job.pressed = in_flight_pressed_;
    job.paper.ticket = ticket.ticket;
    job.paper.label = ticket.label;
    job.paper.service_day = ticket.service_day;
    job.paper.issued = ticket.issued;
    job.paper.utc_offset = ticket.utc_offset;
    job.paper.ahead = ticket.ahead;
    job.paper.ticket_class = ticket.ticket_class;
    job.paper.estimate = ticket.estimate;
    const auto* button = find(ticket.service, ticket.ticket_class);
    if (button) job.button = button->number;
    fill(job.paper, button);
    std::vector<Change> changes{DropRequest{}};
    note_label(ticket, changes);
    if (is_late(job.pressed, now)) {
        settle(job, PrintOutcome::not_printed, PrintReason::late);
        jobs_.push_back(job);
        changes.push_back(PutJob{std::move(job)});
        save(std::move(changes), out);
        show({Kind::not_printed, ticket.label, printer_}, now + message_time, out);
        return;
    }
    print_or_queue(std::move(job), std::move(changes), out);
}

void Core::print_or_queue(Job job, std::vector<Change> changes, Actions& out) {
    jobs_.push_back(std::move(job));
    // Right after a restart the connection is there before the printer: the paper waits for it. A
    // printer that needs a person is given the paper all the same, and says so at once.
    if (at_printer_ || printer_ == PrinterReady::trouble) {
        changes.push_back(PutJob{jobs_.back()});
        save(std::move(changes), out);
    } else {
        start_printing(jobs_.back(), std::move(changes), out);
    }
}

// What the menu says for all papers, and for those of BUTTON.
void Core::fill(Paper& paper, const proto::MenuButton* button) const {
    if (menu_) {
        paper.site_name = menu_->site_name;
        paper.place = menu_->place;
        paper.zone = menu_->zone;
        paper.wifi_name = menu_->wifi_name;
        paper.wifi_password = menu_->wifi_password;
        paper.link = menu_->paper_link;
    }
    if (button) {
        paper.agency_name = button->agency_name;
        paper.service_name = button->service_name;
        paper.bring = button->bring;
    }
}

// Of the newest day alone; the answer to a request of yesterday may come today.
void Core::note_label(const proto::Ticket& ticket, std::vector<Change>& changes) {
    const auto series = series_of(ticket.label);
    if (series.empty()) return;
    if (!seen_.empty() && seen_.back().service_day > ticket.service_day) return;
    Seen noted{ticket.service_day, ticket.label, ticket.ticket};
    std::erase_if(seen_, [&](const Seen& seen) {
        const auto its = series_of(seen.label);
        if (seen.service_day < ticket.service_day) {
            if (its != series) changes.push_back(DropSeen{its});
            return true;
        }
        if (its != series) return false;
        if (is_higher(seen.label, noted.label)) noted.label = seen.label;
        noted.newest = std::max(noted.newest, seen.newest);
        return true;
    });
    if (seen_.size() == proto::max_seen) {
        changes.push_back(DropSeen{series_of(seen_.front().label)});
        seen_.erase(seen_.begin());
    }
    changes.push_back(PutSeen{noted});
    seen_.push_back(std::move(noted));
}

void Core::start_printing(Job& job, std::vector<Change> with, Actions& out) {
    job.state = Job::State::printing;
    at_printer_ = job.paper.ticket;
    with.push_back(PutJob{job});
    save(std::move(with), out);
    out.emplace_back(std::in_place_type<Print>,
                     Print{job.paper, job.copy, std::exchange(parted_, false)});
    show({Kind::printing, job.paper.label, printer_}, std::nullopt, out);
}

void Core::printer(PrinterReady ready, SteadyTime now, Actions& out) {
    printer_ = ready;
    end_greeting(now, out);
    if (!screen_until_ && !at_printer_) show(resting_screen(), std::nullopt, out);
    go_on(now, out);
}

void Core::end_greeting(SteadyTime now, Actions& out) {
    if (!std::exchange(greeting_since_, std::nullopt)) return;
    if (printer_ == PrinterReady::yes || presses_.empty()) return;
    presses_.clear();
    show({Kind::no_paper, {}, printer_}, now + message_time, out);
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
    const auto kind = outcome == PrintOutcome::printed       ? Kind::take_paper
                      : outcome == PrintOutcome::unconfirmed ? Kind::maybe_printed
                                                             : Kind::not_printed;
    // Where the report can go at once, it is what keeps the outcome; else the job does. The person
    // is told after that: what was told must not be printed once more by the next start.
    if (requester_.busy() || !may_report()) {
        save({PutJob{*job}}, out);
    } else {
        report_settled(out);
    }
    show({kind, job->paper.label, printer_}, now + message_time, out);
    go_on(now, out);
}

void Core::tick(SteadyTime now, Actions& out) {
    if (!is_greeting(now)) end_greeting(now, out);
    if (screen_until_ && *screen_until_ <= now) {
        screen_until_.reset();
        show(resting_screen(), std::nullopt, out);
    }
    go_on(now, out);
}

std::optional<SteadyTime> Core::deadline() const {
    auto deadline = screen_until_;
    for (const auto& job : jobs_) {
        if (job.state != Job::State::queued || !job.pressed) continue;
        const auto late = *job.pressed + late_after;
        deadline = deadline ? std::min(*deadline, late) : late;
    }
    if (greeting_since_ && !presses_.empty()) {
        const auto end = *greeting_since_ + greeting_time;
        deadline = deadline ? std::min(*deadline, end) : end;
    }
    if (const auto patient = patience_ends()) {
        deadline = deadline ? std::min(*deadline, *patient) : *patient;
    }
    return deadline;
}

// Begins whatever can begin now: a report or an issue for an idle requester, a paper for an idle
// printer. Reports go first: the queue waits for them, and they keep a paper's outcome.
void Core::go_on(SteadyTime now, Actions& out) {
    serve_the_patient(now, out);
    tell_offline(now, out);
    report_settled(out);
    print_queued(now, out);
    report_settled(out);
    ask_for_presses(now, out);
    tell_retired(out);
}

void Core::report_settled(Actions& out) {
    if (requester_.busy() || !may_report()) return;
    auto* job = first(Job::State::settled);
    if (!job) return;
    const proto::PrintReport report{requester_.next(), job->paper.ticket, job->outcome, job->reason,
                                    job->copy};
    ask(report, std::nullopt, {DropJob{job->paper.ticket}}, out);
}

void Core::print_queued(SteadyTime now, Actions& out) {
    // A paper waits for the printer, and for other papers, until it is late.
    for (auto& job : jobs_) {
        if (job.state != Job::State::queued || !is_late(job.pressed, now)) continue;
        settle_late(job);
        save({PutJob{job}}, out);
    }
    if (at_printer_ || printer_ != PrinterReady::yes) return;
    if (auto* job = first(Job::State::queued)) start_printing(*job, {}, out);
}

void Core::ask_for_presses(SteadyTime now, Actions& out) {
    if (is_greeting(now)) return;
    while (!requester_.busy() && !presses_.empty() && is_online()) {
        const auto press = presses_.front();
        presses_.pop_front();
        const auto* button = find(press.button);
        if (!button || is_late(press.at, now)) continue;
        ask(proto::Issue{requester_.next(), button->service, button->ticket_class}, press.at, {},
            out);
    }
}

void Core::ask(proto::Request request, std::optional<SteadyTime> pressed, std::vector<Change> with,
               Actions& out) {
    requester_.start(request);
    in_flight_pressed_ = pressed;
    with.push_back(PutRequest{{std::move(request), pressed}});
    save(std::move(with), out);
    if (auto due = requester_.due()) out.push_back(Send{std::move(*due)});
}

// What is told again is told as old as it is by now: its holder waits where he came, however often
// the network breaks meanwhile.
void Core::send_due(SteadyTime now, Actions& out) {
    auto due = requester_.due();
    if (!due) return;
    if (auto* told = std::get_if<proto::IssueOffline>(&*due)) {
        const auto offline = std::find_if(offline_.begin(), offline_.end(), [&](const Offline& o) {
            return o.lease == told->lease && o.number == told->number;
        });
        if (offline != offline_.end()) told->age = age_of(*offline, now);
    }
    out.push_back(Send{std::move(*due)});
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

bool Core::is_late(const std::optional<SteadyTime>& pressed, SteadyTime now) const {
    return !pressed || now - *pressed >= late_after;
}

Job* Core::first(Job::State state) {
    const auto it = std::find_if(jobs_.begin(), jobs_.end(),
                                 [&](const Job& job) { return job.state == state; });
    return it == jobs_.end() ? nullptr : &*it;
}

const proto::MenuButton* Core::find(ButtonNumber button) const {
    if (!menu_) return nullptr;
    const auto it = std::find_if(menu_->buttons.begin(), menu_->buttons.end(),
                                 [&](const auto& b) { return b.number == button; });
    return it == menu_->buttons.end() ? nullptr : &*it;
}

// The button that gives such a ticket; where it is gone, another one of the service.
const proto::MenuButton* Core::find(ServiceId service, TicketClass ticket_class) const {
    if (!menu_) return nullptr;
    const proto::MenuButton* found = nullptr;
    for (const auto& button : menu_->buttons) {
        if (button.service != service) continue;
        if (button.ticket_class == ticket_class) return &button;
        if (!found) found = &button;
    }
    return found;
}

// What the journal is known to have come to goes along: it is worth no flush of its own.
void Core::save(std::vector<Change> changes, Actions& out) {
    if (journal_seq_ > stored_seq_) {
        changes.push_back(PutJournalSeq{journal_seq_});
        stored_seq_ = journal_seq_;
    }
    out.push_back(Save{std::move(changes)});
}

Screen Core::resting_screen() const {
    if (!menu_) return {Kind::starting, {}, printer_};
    if (!requester_.is_linked() && !has_leases()) return {Kind::disconnected, {}, printer_};
    if (printer_ != PrinterReady::yes) return {Kind::no_paper, {}, printer_};
    if (!requester_.is_linked()) return {Kind::ready_offline, {}, printer_};
    return {Kind::ready, {}, printer_};
}

void Core::show(Screen screen, std::optional<SteadyTime> until, Actions& out) {
    screen_until_ = until;
    if (screen.kind != Kind::no_paper) screen.printer = PrinterReady::yes;
    if (screen == screen_) return;
    screen_ = screen;
    out.push_back(Show{std::move(screen)});
}

}  // namespace antrean::kiosk
