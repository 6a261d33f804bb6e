#include "tests/sim/checker.hpp"

#include <algorithm>
#include <type_traits>

namespace antrean::sim {
namespace {

// As a ticket says it: "5 Januari 2026".
std::string date_text(ServiceDay day) {
    static constexpr const char* months[]{"Januari",   "Februari", "Maret",    "April",
                                          "Mei",       "Juni",     "Juli",     "Agustus",
                                          "September", "Oktober",  "November", "Desember"};
    const std::chrono::year_month_day date{day};
    return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()));
}

// As a ticket says it: "08.04".
std::string time_text(WallTime wall, std::chrono::minutes utc_offset) {
    const auto local = wall + utc_offset;
    const auto since_midnight = local - std::chrono::floor<std::chrono::days>(local);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(since_midnight).count();
    return fmt::format("{:02}.{:02}", minutes / 60, minutes % 60);
}

// "A-QK07", which a kiosk gave by itself.
bool is_offline_label(const std::string& label) {
    const auto dash = label.find('-');
    return dash != std::string::npos && dash + 1 < label.size() && label[dash + 1] >= 'A';
}

}  // namespace

void Checker::journal_holds(std::uint64_t seq, const engine::Event& event) {
    const auto asked = [&](const engine::Origin& origin) {
        requests_[seq] = {origin.device, origin.request};
        settled_by_[{origin.device, origin.request}] = {seq, event.stamp.day};
    };
    day_ = event.stamp.day;
    bool goes_on_skipping = false;
    std::visit(
        [&](const auto& fact) {
            using T = std::decay_t<decltype(fact)>;
            if constexpr (std::is_same_v<T, engine::Issued>) {
                issue(seq, event, fact);
            } else if constexpr (std::is_same_v<T, engine::IssuedOffline>) {
                issue(seq, event, fact);
            } else if constexpr (std::is_same_v<T, engine::LeaseGranted>) {
                leases_.try_emplace(fact.lease.label, fact.lease.kiosk, seq);
            } else if constexpr (std::is_same_v<T, engine::CarriedLease>) {
                leases_.try_emplace(fact.lease.terms.label, fact.lease.terms.kiosk, seq);
            } else if constexpr (std::is_same_v<T, engine::Noted>) {
                world_.mark(Mark::offline_number_told_again);
            } else if constexpr (std::is_same_v<T, engine::Called> ||
                                 std::is_same_v<T, engine::Recalled>) {
                calls_[seq] = {fact.ticket.id.value(), fact.counter};
            } else if constexpr (std::is_same_v<T, engine::PaperReported>) {
                if (auto* reported = find(fact.ticket.id)) {
                    reported->told = true;
                    reported->told_by = seq;
                }
            } else if constexpr (std::is_same_v<T, engine::PaperAbandoned>) {
                if (auto* given_up = find(fact.ticket.id)) {
                    given_up->told = true;
                    given_up->told_by = seq;
                }
            } else if constexpr (std::is_same_v<T, engine::Restored>) {
                if (!noticed_) world_.mark(Mark::restore_noticed_by_device);
                noticed_ = goes_on_skipping = true;
                noticed_day_ = event.stamp.day;
                skipped_.clear();
            } else if constexpr (std::is_same_v<T, engine::NumbersSkipped>) {
                goes_on_skipping = skipped_.insert(fact.series).second && in_epoch_start_;
                if (!goes_on_skipping) world_.mark(Mark::seen_label_skipped);
            }
            if constexpr (std::is_same_v<T, engine::Carried>) {
                return;
            } else if constexpr (requires { engine::Origin{fact.origin}; }) {
                asked(fact.origin);
            } else if constexpr (requires { fact.origin.has_value(); }) {
                if (fact.origin) asked(*fact.origin);
            }
        },
        event.fact);
    in_epoch_start_ = goes_on_skipping;
}

void Checker::issue(std::uint64_t seq, const engine::Event& event, const engine::Issued& fact) {
    Issue given;
    given.seq = seq;
    given.ticket = fact.ticket.id.value();
    given.kiosk = fact.origin.device;
    given.day = event.stamp.day;
    given.label = fact.ticket.label;
    given.date = date_text(event.stamp.day);
    given.time = time_text(event.stamp.wall, event.stamp.utc_offset);
    given.report_lost = lost_requests_.contains({given.kiosk, fact.origin.request});
    // A start tells the open day once more.
    if (const auto* known = find(fact.ticket.id); known && known->seq == seq) return;
    for (const auto& [number, old] : issues_) {
        if (old.forgotten && old.ticket == given.ticket) {
            if (noticed_) throw Broken{"R1", fmt::format("ticket {} is given twice", old.ticket)};
            given_twice_.insert(old.ticket);
        }
        if (!old.forgotten || old.offline || old.label != given.label || old.day != given.day)
            continue;
        if (!may_be_given_again(old)) {
            throw Broken{"R1", fmt::format("{} is given again, which was given before the restore",
                                           given.label)};
        }
        excused_.insert({given.label, given.date});
    }
    of_ticket_[given.ticket] = ++last_issue_;
    issues_[last_issue_] = std::move(given);
}

void Checker::issue(std::uint64_t seq, const engine::Event& event,
                    const engine::IssuedOffline& fact) {
    if (const auto* known = find(fact.ticket.id); known && known->seq == seq) return;
    const auto printed = issues_of(fact.kiosk, fact.ticket.label);
    const auto number = printed.empty() ? ++last_issue_ : printed.front();
    auto& given = issues_[number];
    // Told before the restore: it may be claimed once more, and is not told again.
    if (given.forgotten) given.report_lost = true;
    if (fact.origin && lost_requests_.contains({fact.kiosk, fact.origin->request})) {
        given.report_lost = true;
    }
    given.seq = seq;
    given.ticket = fact.ticket.id.value();
    given.kiosk = fact.kiosk;
    given.day = event.stamp.day;
    given.label = fact.ticket.label;
    given.received = given.offline = true;
    given.forgotten = false;
    of_ticket_[given.ticket] = number;
}

Checker::Number Checker::issue_offline(DeviceId kiosk, const PrintedTicket& printed) {
    const auto lease = leases_.find(printed.label.substr(0, printed.label.find('-') + 3));
    if (lease == leases_.end() || lease->second.first != kiosk || lease->second.second > durable_) {
        throw Broken{"R3", fmt::format("{} gives {} to the printer, and no lease of it is durable",
                                       kiosk.view(), printed.label)};
    }
    world_.mark(Mark::offline_number_printed);
    if (const auto known = issues_of(kiosk, printed.label); !known.empty()) return known.front();
    Issue given;
    given.kiosk = kiosk;
    given.label = printed.label;
    given.received = given.offline = true;
    issues_[++last_issue_] = std::move(given);
    return last_issue_;
}

bool Checker::may_be_given_again(const Issue& forgotten) const {
    // A clock that was ahead, and was set back: the day of the paper is still to come.
    if (forgotten.day > noticed_day_) return true;
    if (noticed_) return false;
    const auto back = came_back_.find(forgotten.kiosk);
    return !forgotten.received || back == came_back_.end() || forgotten.day > back->second;
}

Checker::Issue* Checker::find(TicketId ticket) {
    const auto it = of_ticket_.find(ticket.value());
    return it == of_ticket_.end() ? nullptr : &issues_.at(it->second);
}

void Checker::controller_started(std::uint64_t last_seq, bool synced) {
    if (last_seq < durable_) {
        throw Broken{"R4",
                     fmt::format("the journal has forgotten events {} to {}, which were committed",
                                 last_seq + 1, durable_)};
    }
    if (std::exchange(settled_, false) || synced) durable_ = last_seq;
    const auto forget = [&](auto& map) { map.erase(map.upper_bound(last_seq), map.end()); };
    forget(calls_);
    for (auto it = requests_.upper_bound(last_seq); it != requests_.end(); ++it) {
        settled_by_.erase(it->second);
    }
    forget(requests_);
    for (auto& [number, issue] : issues_) {
        if (!issue.offline || issue.seq <= last_seq) continue;
        // Its kiosk has not been answered, and tells it again.
        of_ticket_.erase(issue.ticket);
        issue.seq = issue.ticket = 0;
    }
    std::erase_if(issues_, [&](const auto& entry) {
        const auto& [number, issue] = entry;
        const bool lost = !issue.forgotten && issue.seq > last_seq;
        if (lost) of_ticket_.erase(issue.ticket);
        return lost;
    });
    for (auto& [number, issue] : issues_) {
        if (issue.told_by > last_seq) issue.told = false;
    }
}

void Checker::journal_restored(std::uint64_t last_seq, bool leaves_sign) {
    world_.mark(leaves_sign ? Mark::restored_by_sign : Mark::restored_by_hand);
    noticed_ = leaves_sign;
    if (leaves_sign) noticed_day_ = ServiceDay::max();
    came_back_.clear();
    // What was granted stays granted: its kiosk has it.
    std::erase_if(leases_, [&](const auto& lease) { return lease.second.second > durable_; });
    for (auto& [label, lease] : leases_)
        lease.second = 0;
    durable_ = last_seq;
    settled_ = true;
    for (auto it = calls_.upper_bound(last_seq); it != calls_.end(); ++it) {
        forgotten_calls_.insert(it->second);
    }
    calls_.erase(calls_.upper_bound(last_seq), calls_.end());
    for (auto it = requests_.upper_bound(last_seq); it != requests_.end(); ++it) {
        forgotten_requests_.insert(it->second);
        settled_by_.erase(it->second);
        answers_.erase(it->second);
        std::erase_if(old_answers_, [&](const auto& old) { return old.first == it->second; });
    }
    requests_.erase(requests_.upper_bound(last_seq), requests_.end());
    for (auto& [number, issue] : issues_) {
        if (issue.forgotten) continue;
        if (issue.seq > last_seq) {
            issue.forgotten = true;
            of_ticket_.erase(issue.ticket);
        } else if (issue.told && issue.told_by > last_seq) {
            issue.told = false;
            issue.report_lost = true;
            world_.mark(Mark::report_lost_by_restore);
        }
    }
}

void Checker::device_greets(DeviceId device, const proto::Hello& hello) {
    positions_[device] = hello.journal_seq;
}

void Checker::device_welcomed(DeviceId device, const proto::Welcome& welcome) {
    if (welcome.journal_seq < positions_[device]) {
        throw Broken{"R9", fmt::format("{} was told of event {}, and now that the last one is {}",
                                       device.view(), positions_[device], welcome.journal_seq)};
    }
    came_back_[device] = welcome.service_day.value_or(ServiceDay::min());
}

void Checker::asked(DeviceId device, RequestId request) {
    ++asked_so_far_;
    unanswered_[device] = request;
    lost_requests_.erase({device, request});
    const auto it = settled_by_.find({device, request});
    if (it == settled_by_.end() || it->second.seq > durable_) return;
    world_.mark(Mark::answer_lost_asked_again);
    if (it->second.day < day_) world_.mark(Mark::answer_repeated_after_rollover);
}

void Checker::answer_seen(DeviceId device, const proto::Answer& answer) {
    const auto request = proto::request_id(answer);
    if (unanswered_[device] == request) unanswered_.erase(device);
    if (const auto* ticket = std::get_if<proto::Ticket>(&answer)) {
        for (auto& [number, issue] : issues_) {
            if (issue.ticket == ticket->ticket.value() && issue.label == ticket->label) {
                issue.received = true;
            }
        }
    }
    if (forgotten_requests_.contains({device, request})) return;
    const auto settled = settled_by_.find({device, request});
    if (settled == settled_by_.end() || settled->second.seq > durable_) {
        throw Broken{"R4", fmt::format("{}'s request {} is answered, and that is not durable",
                                       device.view(), request.value())};
    }
    const auto [it, is_new] = answers_.emplace(std::pair{device, request}, answer);
    if (!is_new && it->second != answer) {
        throw Broken{"R5", fmt::format("{} got two different answers to request {}", device.view(),
                                       request.value())};
    }
}

void Checker::store_lost(DeviceId kiosk) {
    if (const auto asked = unanswered_.extract(kiosk)) {
        lost_requests_.insert({kiosk, asked.mapped()});
    }
    for (auto it = answers_.begin(); it != answers_.end();) {
        if (it->first.first == kiosk) {
            old_answers_.push_back(*it);
            it = answers_.erase(it);
        } else {
            ++it;
        }
    }
    for (auto& [number, issue] : issues_) {
        if (issue.kiosk != kiosk || issue.told || issue.forgotten) continue;
        issue.report_lost = true;
        world_.mark(Mark::paper_lost_with_its_store);
    }
}

void Checker::kiosk_shows(DeviceId kiosk, const kiosk::Screen& screen) {
    using Kind = kiosk::Screen::Kind;
    if (screen.kind == Kind::busy) world_.mark(Mark::press_refused_as_busy);
    if (screen.kind != Kind::take_paper && screen.kind != Kind::not_printed) return;
    // A label comes again each day, and a screen tells no day: one of them it must be true of.
    const auto tickets = issues_of(kiosk, screen.label);
    const auto out = [this](Number issue) { return papers_.contains(issue); };
    const auto whole = [this](Number issue) { return came_out_whole(issue); };
    if (screen.kind == Kind::not_printed) {
        if (tickets.empty() || !std::all_of(tickets.begin(), tickets.end(), out)) return;
        throw Broken{"R6", fmt::format("{} shows that {} was not printed, but its paper is out",
                                       kiosk.view(), screen.label)};
    }
    if (std::none_of(tickets.begin(), tickets.end(), whole)) {
        throw Broken{"R6", fmt::format("{} shows that {} was printed, but no whole paper came out",
                                       kiosk.view(), screen.label)};
    }
}

std::vector<Checker::Number> Checker::issues_of(DeviceId kiosk, const std::string& label) const {
    std::vector<Number> found;
    for (const auto& [number, issue] : issues_) {
        if (issue.kiosk == kiosk && issue.label == label) found.push_back(number);
    }
    return found;
}

void Checker::callpad_shows(DeviceId callpad, const callpad::Screen& screen) {
    screens_[callpad] = screen;
    if (!screen.view || !screen.view->ticket) return;
    const auto counter = screen.view->counter;
    const auto shown = std::pair{screen.view->ticket.value(), counter};
    const bool called = std::any_of(calls_.begin(), calls_.upper_bound(durable_),
                                    [&](const auto& call) { return call.second == shown; });
    if (!called && !forgotten_calls_.contains(shown)) {
        throw Broken{"R7", fmt::format("{} shows {}, whose call is not durable", counter.view(),
                                       screen.view->label)};
    }
}

void Checker::board_shown(const web::BoardView& board) {
    for (const auto& call : board.last_calls) {
        const auto it = calls_.find(call.seq);
        if (it != calls_.end() && it->first <= durable_) continue;
        throw Broken{"R7", fmt::format("the board shows {} at {}, whose call is not durable",
                                       call.label, call.counter_name)};
    }
}

void Checker::paper_given(DeviceId kiosk, std::span<const std::byte> bytes) {
    const auto tickets = read_bytes(bytes, site_name());
    if (tickets.size() != 1) {
        throw Broken{
            "R1", fmt::format("{} prints a paper with {} numbers", kiosk.view(), tickets.size())};
    }
    const auto& ticket = tickets.front();
    if (is_offline_label(ticket.label)) {
        const auto number = issue_offline(kiosk, ticket);
        given_[{kiosk, ticket.label}].push_back(number);
        last_given_[kiosk] = number;
        return;
    }
    const auto row = std::find_if(issues_.rbegin(), issues_.rend(), [&](const auto& entry) {
        return entry.second.kiosk == kiosk && entry.second.label == ticket.label &&
               entry.second.date == ticket.date && entry.second.time == ticket.time;
    });
    if (row == issues_.rend() || (!row->second.forgotten && row->second.seq > durable_)) {
        throw Broken{"R3", fmt::format("{} gives {} of {} {} to the printer, and it is not durable",
                                       kiosk.view(), ticket.label, ticket.date, ticket.time)};
    }
    given_[{kiosk, ticket.label}].push_back(row->first);
    last_given_[kiosk] = row->first;
}

void Checker::paper_torn(DeviceId kiosk) {
    if (const auto it = last_given_.find(kiosk); it != last_given_.end())
        unjudged_.insert(it->second);
}

bool Checker::came_out_whole(Number issue) const {
    if (unjudged_.contains(issue)) return true;
    const auto it = papers_.find(issue);
    return it != papers_.end() && std::any_of(it->second.begin(), it->second.end(),
                                              [](const PaperOut& paper) { return paper.whole; });
}

std::vector<Checker::Number> Checker::given_as(DeviceId kiosk, const PrintedTicket& printed) const {
    const auto given = given_.find({kiosk, printed.label});
    if (given == given_.end()) return {};
    std::set<Number> issues{given->second.begin(), given->second.end()};
    std::erase_if(issues, [&](Number issue) {
        const auto it = issues_.find(issue);
        return !printed.date.empty() &&
               (it == issues_.end() || (!it->second.offline && it->second.date != printed.date));
    });
    return {issues.begin(), issues.end()};
}

void Checker::paper_out(DeviceId kiosk, const virtual_printer::Paper& paper) {
    for (const auto& printed : read_paper(paper, site_name())) {
        const auto issues = given_as(kiosk, printed);
        if (issues.empty()) {
            throw Broken{"R3", fmt::format("{} puts out {}, which it was never given", kiosk.view(),
                                           printed.label)};
        }
        const bool whole = printed.whole && paper.complete;
        world_.tell(kiosk.view(), "puts out {}{}{}", printed.label, printed.copy ? " SALINAN" : "",
                    whole ? "" : ", not whole");
        // A label comes again each day. A piece without the line that tells the day may be of
        // either; then it proves nothing.
        if (issues.size() > 1) {
            unjudged_.insert(issues.begin(), issues.end());
            continue;
        }
        const auto issue = issues.front();
        auto& papers = papers_[issue];
        papers.push_back({printed.copy, whole});
        if (!whole) world_.mark(Mark::label_on_a_torn_paper);
        if (printed.copy) world_.mark(Mark::copy_printed);
        if (printed.copy && papers.size() > 1) world_.mark(Mark::copy_beside_its_original);
        if (issues_.at(issue).forgotten) world_.mark(Mark::forgotten_paper_came_out);
        const auto originals =
            std::count_if(papers.begin(), papers.end(), [](const PaperOut& p) { return !p.copy; });
        if (originals > 1) {
            throw Broken{"R1", fmt::format("{} puts out {} a second time without SALINAN",
                                           kiosk.view(), printed.label)};
        }
        // Whatever the journal says: of one day no two papers with one number are out.
        const bool offline = is_offline_label(printed.label);
        if (printed.copy || (printed.date.empty() && !offline)) continue;
        const std::pair name{printed.label, offline ? std::string{} : printed.date};
        const auto [other, is_new] = originals_.emplace(name, issue);
        if (!is_new && other->second != issue && !excused_.contains(name)) {
            throw Broken{"R1", fmt::format("{} puts out a second {} of {}", kiosk.view(),
                                           printed.label, printed.date)};
        }
    }
}

std::string Checker::untold_paper() const {
    for (const auto& [number, issue] : issues_) {
        if (issue.told || issue.report_lost || issue.forgotten) continue;
        return fmt::format("{} of {}", issue.label, issue.kiosk.view());
    }
    return {};
}

std::string Checker::some_label(Random& random) const {
    constexpr std::uint64_t late = 12;
    if (issues_.empty()) return {};
    auto it = issues_.end();
    std::advance(it, -1 - static_cast<std::ptrdiff_t>(
                              random.below(std::min<std::uint64_t>(late, issues_.size()))));
    return it->second.label;
}

}  // namespace antrean::sim
