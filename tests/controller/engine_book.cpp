#include "tests/controller/engine_book.hpp"

#include <algorithm>
#include <utility>

namespace antrean::engine::bench {
namespace {

bool is_over(State state) {
    return state == State::done || state == State::voided;
}

}  // namespace

// Writes events down.
struct Book::Seer {
    Book& book;

    void operator()(const DayOpened& fact) {
        for (const auto& [id, line] : book.lines_) {
            book.claim(is_over(line.state) || line.state == State::no_show,
                       "a day ends while somebody is still in its hall");
        }
        book.claim(book.staff_.empty(), "a day ends while somebody is signed in");
        std::map<TicketId, DeviceId> untold;
        for (const auto& [id, line] : book.lines_)
            if (!line.told) untold[id] = line.kiosk;
        untold.merge(book.carried_);
        book.claim(fact.epoch == book.epoch_, "a day opens in another epoch");
        book.lines_.clear();
        book.leases_before_ = std::exchange(book.leases_, {});
        book.carried_ = untold;
        book.last_.clear();
        book.steps_.clear();
        book.turns_.clear();
        book.paused_counters_.clear();
        book.paused_services_.clear();
        book.closed_ = false;
    }
    void operator()(const Carried& fact) {
        book.claim(book.requests_[fact.origin.device] == fact.origin.request,
                   "an answer is carried that is not the last one");
    }
    void operator()(const CarriedPaper& fact) {
        book.claim(
            book.carried_.contains(fact.ticket.id) && book.carried_[fact.ticket.id] == fact.kiosk,
            "a paper is carried of which all is known");
    }
    void operator()(const CarriedLease& fact) {
        const auto before = book.leases_before_.find(fact.lease.terms.id);
        const bool stood = before != book.leases_before_.end();
        book.claim(stood && before->second.terms == fact.lease.terms &&
                       before->second.given == fact.lease.given,
                   "a lease is carried that did not stand like this");
        if (stood && before->second.end) {
            book.claim(fact.lease.end == before->second.end &&
                           fact.lease.days == before->second.days + 1 &&
                           fact.lease.told == before->second.told,
                       "days pass otherwise for a lease that ended");
        }
        book.claim(fact.lease.worn == fact.lease.given.any(), "a lease is worn that is not");
        book.leases_[fact.lease.terms.id] = fact.lease;
    }
    void operator()(const LeaseGranted& fact) {
        for (const auto& [id, lease] : book.leases_) {
            book.claim(lease.terms.label != fact.lease.label, "a tag is given again");
            book.claim(id != fact.lease.id, "a lease is granted again");
        }
        book.leases_[fact.lease.id] = Lease{fact.lease};
    }
    void operator()(const LeaseEnded& fact) {
        if (fact.origin) book.hear(*fact.origin);
        auto& lease = book.leases_.at(fact.lease.id);
        book.claim(lease.end != LeaseEnd::retired, "a lease ends twice");
        lease.end = fact.how;
        lease.days = 0;
        lease.told = fact.given;
    }
    void operator()(const IssuedOffline& fact) {
        const auto& ref = fact.ticket;
        if (fact.origin) book.hear(*fact.origin);
        auto& lease = book.leases_.at(fact.lease);
        const auto number = ref.number.value();
        book.claim(!lease.given[number], "a number of a lease is given again");
        lease.given.set(number);
        book.claim(book.ids_.insert(ref.id).second, "a ticket's id is given again");
        book.claim(ref.series == lease.terms.series && fact.kiosk == lease.terms.kiosk &&
                       ref.label.starts_with(lease.terms.label),
                   "a number is of another lease");
        book.claim(fact.arrived <= book.wall_, "somebody came later than now");
        for (const auto& [id, line] : book.lines_) {
            if (line.state != State::waiting || line.order != line.came) continue;
            const bool is_before =
                line.order < fact.order || (line.order == fact.order && id < ref.id);
            book.claim(line.arrived >= fact.arrived || is_before,
                       "a number of a lease is before who came no later");
        }
        Line line;
        line.ref = ref;
        line.kiosk = fact.kiosk;
        line.first_service = ref.service;
        line.ticket_class = fact.ticket_class;
        line.queue = ref.series;
        line.order = line.came = fact.order;
        line.arrived = fact.arrived;
        line.then = fact.then;
        if (!fact.origin) line.paper = Paper::unconfirmed;
        line.move = ++book.moves_;
        book.lines_[ref.id] = std::move(line);
    }
    void operator()(const Noted& fact) { book.hear(fact.origin); }
    void operator()(const Issued& fact) {
        const auto& ref = fact.ticket;
        book.hear(fact.origin);
        book.claim(ref.id == ticket_id(book.epoch_, book.seq_), "a ticket's id is another's");
        book.claim(book.ids_.insert(ref.id).second, "a ticket's id is given again");
        book.claim(ref.number == book.last_[ref.series].next(), "a number leaves a gap");
        book.last_[ref.series] = ref.number;
        book.claim(fact.ahead == book.waiting(ref.series), "a ticket tells a wrong number ahead");
        Line line;
        line.ref = ref;
        line.kiosk = fact.origin.device;
        line.first_service = ref.service;
        line.ticket_class = fact.ticket_class;
        line.queue = ref.series;
        line.order = line.came = place_of(ref.id);
        line.then = fact.then;
        line.arrived = book.wall_;
        if (!fact.appointment.empty()) {
            book.claim(!book.is_used(fact.appointment), "an appointment is used twice");
            book.claim(fact.ticket_class == TicketClass::appointment,
                       "who has an appointment is not of that class");
            line.appointment = fact.appointment;
            ++book.check_ins_;
        }
        line.move = ++book.moves_;
        book.lines_[ref.id] = std::move(line);
    }
    void operator()(const PaperReported& fact) {
        book.hear(fact.origin);
        if (book.carried_.erase(fact.ticket.id) > 0) {
            book.claim(!fact.voids, "a ticket of an earlier day becomes void");
            return;
        }
        auto& line = book.known(fact.ticket);
        book.claim(!line.told && line.kiosk == fact.origin.device, "a paper is told twice");
        line.told = true;
        line.printed_not = fact.voids;
        line.paper = fact.outcome == Outcome::printed ? Paper::printed : Paper::unconfirmed;
        const bool voids = fact.outcome == Outcome::not_printed &&
                           (line.state == State::waiting || line.state == State::called ||
                            line.state == State::no_show);
        book.claim(fact.voids == voids, "a report makes void, or does not, what it should");
        if (!fact.voids) return;
        if (line.state == State::called) book.standing_.erase(line.counter);
        line.state = State::voided;
        line.move = ++book.moves_;
    }
    void operator()(const PaperDoubted& fact) {
        auto& line = book.known(fact.ticket);
        book.claim(!line.told && line.paper == Paper::pending, "a paper is doubted again");
        line.paper = Paper::unconfirmed;
    }
    void operator()(const PaperAbandoned& fact) {
        if (book.carried_.erase(fact.ticket.id) > 0) return;
        auto& line = book.known(fact.ticket);
        book.claim(!line.told, "a paper is given up that was told of");
        line.told = true;
        line.paper = Paper::unconfirmed;
    }
    void operator()(const Called& fact) {
        book.hear(fact.origin);
        ++book.calls_;
        auto& line = book.known(fact.ticket);
        const auto before = line;
        book.claim(line.state == State::waiting || line.state == State::held ||
                       line.state == State::no_show,
                   "somebody is called who cannot be");
        book.claim(line.paper != Paper::pending, "somebody is called without a paper");
        book.claim(fact.unconfirmed == (line.paper == Paper::unconfirmed),
                   "a call tells wrongly about the paper");
        book.claim(book.standing_.emplace(fact.counter, line.ref.id).second,
                   "two tickets stand at one counter");
        line.state = State::called;
        line.counter = fact.counter;
        line.calls = 1;
        line.move = ++book.moves_;
        if (fact.passed) ++book.lines_.at(fact.passed).passes;
        book.stepped(StepKind::call, fact.counter, before, line, false);
        book.steps_[fact.counter].turn = std::exchange(book.turns_[fact.counter], fact.turn);
        book.steps_[fact.counter].passed = fact.passed;
    }
    void operator()(const Recalled& fact) {
        book.hear(fact.origin);
        book.claim(book.standing(fact.counter, fact.ticket.id) != nullptr,
                   "somebody is called again who was not");
        ++book.known(fact.ticket).calls;
    }
    void operator()(const Served& fact) {
        book.hear(fact.origin);
        auto& line = book.known(fact.ticket);
        const auto before = line;
        book.claim(
            book.standing(fact.counter, fact.ticket.id) != nullptr && line.state == State::called,
            "somebody is served who was not called");
        line.state = State::serving;
        line.move = ++book.moves_;
        book.stepped(StepKind::serve, fact.counter, before, line, false);
    }
    void operator()(const Finished& fact) {
        if (fact.origin) book.hear(*fact.origin);
        const auto before = book.known(fact.ticket);
        auto& line = book.leaves(fact.ticket, fact.counter);
        if (fact.next) {
            const auto at = std::find(line.then.begin(), line.then.end(), fact.next->service);
            book.claim(at != line.then.end(), "a visit goes where it does not lead");
            if (at != line.then.end()) line.then.erase(line.then.begin(), at + 1);
            book.wait(line, *fact.next);
        } else {
            line.state = State::done;
        }
        book.stepped(StepKind::finish, fact.counter, before, line, !fact.origin);
    }
    void operator()(const NotShown& fact) {
        book.hear(fact.origin);
        const auto before = book.known(fact.ticket);
        book.claim(before.state == State::called, "somebody does not show up who came");
        auto& line = book.leaves(fact.ticket, fact.counter);
        ++line.no_shows;
        line.state = State::no_show;
        if (fact.again) book.wait(line, *fact.again);
        book.stepped(StepKind::no_show, fact.counter, before, line, false);
    }
    void operator()(const Held& fact) {
        book.hear(fact.origin);
        const auto before = book.known(fact.ticket);
        auto& line = book.leaves(fact.ticket, fact.counter);
        line.state = State::held;
        book.stepped(StepKind::hold, fact.counter, before, line, false);
    }
    void operator()(const Transferred& fact) {
        book.hear(fact.origin);
        const auto before = book.known(fact.ticket);
        auto& line = book.leaves(fact.ticket, fact.counter);
        book.wait(line, fact.to);
        book.stepped(StepKind::transfer, fact.counter, before, line, false);
    }
    void operator()(const Undone& fact) {
        if (fact.origin) book.hear(*fact.origin), ++book.undos_;
        auto& step = book.steps_[fact.counter];
        book.claim(!step.before.empty() && step.before.back().ref.id == fact.ticket.id,
                   "something is undone that was not the last step");
        if (step.before.empty()) return;
        auto line = std::move(step.before.back());
        step.before.pop_back();
        book.claim(fact.ticket == line.ref && fact.state == line.state,
                   "an undo tells of another ticket than it was");
        auto& now = book.lines_.at(fact.ticket.id);
        line.paper = now.paper;  // what is known of the paper stays known
        line.told = now.told;
        if (now.state == State::called || now.state == State::serving)
            book.standing_.erase(fact.counter);
        now = std::move(line);
        if (now.state == State::called || now.state == State::serving) {
            book.claim(book.standing_.emplace(fact.counter, now.ref.id).second,
                       "an undo puts a second ticket to a counter");
        }
        if (fact.step == StepKind::call) {
            book.turns_[fact.counter] = step.turn;
            if (step.passed) --book.lines_.at(step.passed).passes;
        }
        if (step.before.empty()) book.steps_.erase(fact.counter);
    }
    void operator()(const Voided& fact) {
        if (fact.origin) book.hear(*fact.origin);
        auto& line = book.known(fact.ticket);
        book.claim(!is_over(line.state), "something becomes void that is over");
        if (line.state == State::called || line.state == State::serving)
            book.standing_.erase(line.counter);
        line.state = State::voided;
        line.move = ++book.moves_;
        if (fact.reason == VoidReason::abandoned) line.printed_not = true;
    }
    void operator()(const SignedIn& fact) {
        book.hear(fact.origin);
        book.staff_[fact.counter] = fact.staff;
        const auto same = std::count_if(book.staff_.begin(), book.staff_.end(),
                                        [&](const auto& at) { return at.second == fact.staff; });
        book.claim(same == 1, "somebody is signed in at two counters");
    }
    void operator()(const SignedOut& fact) {
        if (fact.origin) book.hear(*fact.origin);
        book.claim(book.staff_[fact.counter] == fact.staff, "somebody leaves who was not there");
        book.staff_.erase(fact.counter);
    }
    void operator()(const CounterPaused& fact) {
        book.hear(fact.origin);
        book.paused_counters_.insert(fact.counter);
    }
    void operator()(const CounterOpened& fact) {
        book.hear(fact.origin);
        book.claim(book.paused_counters_.erase(fact.counter) == 1, "what opens was open");
    }
    void operator()(const ServicePaused& fact) {
        book.hear(fact.origin);
        book.paused_services_.insert(fact.service);
    }
    void operator()(const ServiceResumed& fact) {
        book.hear(fact.origin);
        book.claim(book.paused_services_.erase(fact.service) == 1, "what resumes was not paused");
    }
    void operator()(const DayClosed& fact) {
        book.hear(fact.origin);
        book.claim(!std::exchange(book.closed_, true), "a closed day closes");
    }
    void operator()(const DayReopened& fact) {
        book.hear(fact.origin);
        book.claim(std::exchange(book.closed_, false), "an open day opens again");
    }
    void operator()(const SiteChanged&) { book.steps_.clear(); }
    void operator()(const Restored& fact) {
        book.epoch_ = fact.epoch;
        for (auto& [id, lease] : book.leases_) {
            if (lease.end) continue;
            lease.end = LeaseEnd::lost;
            lease.days = 0;
        }
    }
    void operator()(const NumbersSkipped& fact) {
        book.claim(book.last_[fact.series] < fact.last, "skipped numbers were given");
        book.last_[fact.series] = fact.last;
    }
    void operator()(const Refused& fact) { book.hear(fact.origin); }
};

void Book::see(const Event& event, std::uint64_t seq) {
    const bool opens = std::holds_alternative<DayOpened>(event.fact);
    claim(opens ? !day_ || *day_ < event.stamp.day : day_ == event.stamp.day,
          "an event is of another day");
    seq_ = seq;
    day_ = event.stamp.day;
    wall_ = event.stamp.wall;
    std::visit(Seer{*this}, event.fact);
    std::size_t total = 0;
    for (const auto state : {State::called, State::serving})
        total += count(state);
    claim(total == standing_.size(), "who stands at a counter is called or serving");
}

void Book::claim(bool holds, const char* what) {
    if (!holds) wrong_.push_back("event " + std::to_string(seq_) + ": " + what);
}

Book::Line& Book::known(const TicketRef& ref) {
    const auto it = lines_.find(ref.id);
    if (it != lines_.end()) {
        claim(it->second.ref == ref, "an event names a ticket as it was not");
        return it->second;
    }
    claim(false, "an event names a ticket that there is not");
    return lines_[ref.id];
}

Book::Line& Book::leaves(const TicketRef& ref, CounterId counter) {
    claim(standing(counter, ref.id) != nullptr, "somebody leaves a counter from elsewhere");
    standing_.erase(counter);
    auto& line = known(ref);
    line.move = ++moves_;
    return line;
}

void Book::stepped(StepKind kind, CounterId counter, const Line& before, const Line& after,
                   bool by_call) {
    auto& step = steps_[counter];
    if (!(kind == StepKind::call && step.by_call && step.seq + 1 == seq_)) step = {};
    step.kind = kind;
    step.before.push_back(before);
    step.moves.push_back(after.move);
    step.at = wall_;
    step.seq = seq_;
    step.by_call = by_call;
}

void Book::wait(Line& line, const Onward& where) {
    line.state = State::waiting;
    line.ref.service = where.service;
    line.queue = where.queue;
    line.order = where.order;
}

void Book::hear(const Origin& origin) {
    auto& last = requests_[origin.device];
    claim(last < origin.request, "a request id is used again");
    last = origin.request;
}

const Book::Line* Book::line(TicketId id) const {
    const auto it = lines_.find(id);
    return it == lines_.end() ? nullptr : &it->second;
}

std::size_t Book::count(State state) const {
    return static_cast<std::size_t>(
        std::count_if(lines_.begin(), lines_.end(),
                      [&](const auto& line) { return line.second.state == state; }));
}

std::size_t Book::waiting(SeriesId queue) const {
    return static_cast<std::size_t>(
        std::count_if(lines_.begin(), lines_.end(), [&](const auto& line) {
            return line.second.state == State::waiting && line.second.queue == queue;
        }));
}

std::uint32_t Book::given(ServiceId service) const {
    return static_cast<std::uint32_t>(
        std::count_if(lines_.begin(), lines_.end(), [&](const auto& line) {
            return line.second.first_service == service && !line.second.printed_not &&
                   line.second.appointment.empty();
        }));
}

bool Book::is_used(const std::string& appointment) const {
    return std::any_of(lines_.begin(), lines_.end(), [&](const auto& line) {
        return line.second.appointment == appointment && line.second.state != State::voided;
    });
}

std::vector<TicketId> Book::tickets() const {
    std::vector<TicketId> ids;
    for (const auto& [id, line] : lines_)
        ids.push_back(id);
    return ids;
}

std::set<TicketId> Book::untold(DeviceId kiosk) const {
    std::set<TicketId> ids;
    for (const auto& [id, line] : lines_)
        if (!line.told && line.kiosk == kiosk) ids.insert(id);
    for (const auto& [id, of] : carried_)
        if (of == kiosk) ids.insert(id);
    return ids;
}

const Book::Line* Book::standing(CounterId counter, TicketId id) const {
    const auto it = standing_.find(counter);
    return it != standing_.end() && it->second == id ? &lines_.at(id) : nullptr;
}

const Book::Line* Book::labelled(const std::string& label) const {
    for (const auto& [id, line] : lines_)
        if (line.ref.label == label && !is_over(line.state)) return &line;
    return nullptr;
}

}  // namespace antrean::engine::bench
