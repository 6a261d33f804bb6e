#include "firmware/kiosk/core.hpp"

#include "proto/plant.hpp"

#include <algorithm>
#include <utility>

namespace antrean::kiosk {

using Kind = Screen::Kind;
using proto::PrintOutcome;
using proto::PrintReason;

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
                 stored.in_flight ? std::optional{stored.in_flight->request} : std::nullopt,
                 stored.incarnation},
      in_flight_pressed_{stored.in_flight ? stored.in_flight->pressed : std::nullopt},
      incarnation_{stored.incarnation},
      leases_{std::move(stored.leases)},
      offline_{std::move(stored.offline)},
      jobs_{std::move(stored.jobs)},
      menu_{std::move(stored.menu)},
      seen_{std::move(stored.seen)},
      stored_request_{stored.last_request},
      flushed_request_{stored.last_request},
      journal_seq_{stored.journal_seq},
      stored_seq_{stored.journal_seq},
      bucket_{limit} {}

proto::Hello Core::hello(DeviceId device, std::string software) const {
    proto::Hello hello{proto::protocol_version, proto::Role::kiosk,  device,
                       stored_request_,         std::move(software), journal_seq_};
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
                job.copy = !planted(Plant::reprint_without_copy);
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
    was_linked_ = true;
    forget_answered_report(welcome.last_request, out);
    requester_.linked(welcome.last_request);
    journal_seq_ = std::max(journal_seq_, welcome.journal_seq);
    clock_ = {welcome.now, now};
    if (!planted(Plant::date_paper_by_utc)) utc_offset_ = welcome.utc_offset;
    if (!screen_until_) show(resting_screen(), std::nullopt, out);
    send_due(now, out);
    go_on(now, out);
}

void Core::unlinked(SteadyTime now, Actions& out) {
    requester_.unlinked();
    abandoned_ = {};
    link_failed_ = true;
    const bool is_checking_in = (requester_.in_flight() &&
                                 std::holds_alternative<proto::CheckIn>(*requester_.in_flight()) &&
                                 !is_late(in_flight_pressed_, now)) ||
                                std::any_of(presses_.begin(), presses_.end(),
                                            [](const Press& press) { return !press.code.empty(); });
    // Who pressed is told now that no number can be given, not when it has become late.
    std::erase_if(presses_, [&](const Press& press) {
        const auto* button = find(press.button);
        return !button || !lease_for(*button);
    });
    offers_.clear();
    if (is_checking_in) {
        Screen screen{Kind::no_check_in, {}, printer_};
        screen.by_code = true;
        show(std::move(screen), now + message_time, out);
    } else {
        show(resting_screen(), std::nullopt, out);
    }
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
        take(*ticket, std::holds_alternative<proto::CheckIn>(*asked), now, out);
    } else if (const auto* report = std::get_if<proto::PrintReport>(&*asked)) {
        // Under a stale id (the store is an old one) nothing was decided: it is told again under a
        // new one. Otherwise the controller knows as much as it ever will of this paper. The
        // answered request may stay in the store; asked again, it gets the same answer.
        const auto* refused = std::get_if<proto::Refused>(&answer);
        const bool undecided = refused && (refused->reason == proto::RefusalReason::stale_request ||
                                           refused->reason == proto::RefusalReason::request_reused);
        std::erase_if(jobs_, [&](const Job& job) { return job.paper.ticket == report->ticket; });
        if (undecided) {
            // After a restart nothing but the report itself is left of its job. It is told again
            // before all others: the next request takes its place in the store.
            Job job;
            job.paper.ticket = report->ticket;
            job.copy = report->copy;
            settle(job, report->outcome, report->reason);
            if (!may_report()) {
                std::vector<Change> changes{DropRequest{}};
                changes.emplace_back(PutJob{job});
                save(std::move(changes), out);
            }
            jobs_.insert(jobs_.begin(), std::move(job));
        }
    } else if (!std::holds_alternative<proto::Issue>(*asked) &&
               !std::holds_alternative<proto::CheckIn>(*asked)) {
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
    screen.by_code = !issue;
    if (!refused) return screen;
    screen.refusal = refused->reason;
    if (!issue || screen.refusal != proto::RefusalReason::paused) return screen;
    const auto offer = std::find_if(offers_.begin(), offers_.end(), [&](const proto::Offer& o) {
        return o.service == issue->service && o.refusal == screen.refusal;
    });
    if (offer != offers_.end()) screen.text = offer->text;
    return screen;
}

void Core::take(const proto::Ticket& ticket, bool by_code, SteadyTime now, Actions& out) {
    Job job;
    job.pressed = in_flight_pressed_;
    job.by_code = by_code;
    job.paper.ticket = ticket.ticket;
    job.paper.label = ticket.label;
    job.paper.service_day = ticket.service_day;
    job.paper.issued = ticket.issued;
    job.paper.utc_offset = ticket.utc_offset;
    job.paper.ahead = ticket.ahead;
    job.paper.ticket_class = ticket.ticket_class;
    job.paper.estimate = ticket.estimate;
    const auto* button = find(ticket.service, ticket.ticket_class);
    if (button && !by_code) job.button = button->number;
    fill(job.paper, button);
    // Who has an appointment may have come to a kiosk without a button of the service.
    if (!ticket.service_name.empty()) job.paper.service_name = ticket.service_name;
    if (!ticket.agency_name.empty()) job.paper.agency_name = ticket.agency_name;
    std::vector<Change> changes{DropRequest{}};
    note_label(ticket, changes);
    if (is_late(job.pressed, now)) {
        settle(job, PrintOutcome::not_printed, PrintReason::late);
        jobs_.push_back(job);
        changes.push_back(PutJob{std::move(job)});
        save(std::move(changes), out);
        Screen screen{Kind::not_printed, ticket.label, printer_};
        screen.by_code = by_code;
        show(std::move(screen), now + message_time, out);
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

void Core::start_printing(Job& job, std::vector<Change> with, Actions& out) {
    job.state = Job::State::printing;
    at_printer_ = job.paper.ticket;
    with.push_back(PutJob{job});
    if (!planted(Plant::print_before_record)) save(std::move(with), out);
    out.emplace_back(std::in_place_type<Print>,
                     Print{job.paper, job.copy, std::exchange(parted_, false)});
    if (planted(Plant::print_before_record)) save(std::move(with), out);
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
        if (!press.code.empty()) {
            if (is_late(press.at, now)) continue;
            ask(proto::CheckIn{requester_.next(), press.code}, press.at, {}, out);
            continue;
        }
        const auto* button = find(press.button);
        if (!button || is_late(press.at, now)) continue;
        ask(proto::Issue{requester_.next(), button->service, button->ticket_class}, press.at, {},
            out);
    }
}

void Core::ask(proto::Request request, std::optional<SteadyTime> pressed, std::vector<Change> with,
               Actions& out) {
    // The disk need not be waited for twice on the way to a paper: should a power cut take a
    // request for a number, the controller hears so in the next greeting, and makes its number
    // void. Only one can be missing there, and not the first: else it would be taken for an older
    // copy of the store, or for a new one.
    const bool is_for_number = std::holds_alternative<proto::Issue>(request) ||
                               std::holds_alternative<proto::CheckIn>(request);
    const bool may_be_lost =
        is_for_number && flushed_request_ &&
        proto::next_id(flushed_request_, incarnation_) == proto::request_id(request);
    requester_.start(request);
    in_flight_pressed_ = pressed;
    with.push_back(PutRequest{{std::move(request), pressed}});
    save(std::move(with), out, !may_be_lost);
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
void Core::save(std::vector<Change> changes, Actions& out, bool flushed) {
    if (journal_seq_ > stored_seq_) {
        changes.push_back(PutJournalSeq{journal_seq_});
        stored_seq_ = journal_seq_;
    }
    for (const auto& change : changes) {
        if (const auto* put = std::get_if<PutRequest>(&change))
            stored_request_ = proto::request_id(put->in_flight.request);
    }
    if (flushed) flushed_request_ = stored_request_;
    out.emplace_back(std::in_place_type<Save>, Save{std::move(changes), flushed});
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
