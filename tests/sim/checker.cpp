#include "tests/sim/checker.hpp"

#include <algorithm>
#include <type_traits>

namespace antrean::sim {
namespace {

// Of a request whose id another computer with the same name has used up.
bool is_of_a_twin(const proto::Answer& answer) {
    using proto::RefusalReason;
    const auto* refused = std::get_if<proto::Refused>(&answer);
    return refused && (refused->reason == RefusalReason::stale_request ||
                       refused->reason == RefusalReason::request_reused);
}

// A ticket's are those of the site file that holds when it is answered.
proto::Answer without_names(proto::Answer answer) {
    if (auto* ticket = std::get_if<proto::Ticket>(&answer)) {
        ticket->service_name.clear();
        ticket->agency_name.clear();
    }
    return answer;
}

}  // namespace

void Checker::journal_holds(std::uint64_t seq, const engine::Event& event) {
    const auto asked = [&](const engine::Origin& origin) {
        const auto known = settled_by_.find({origin.device, origin.request});
        if (known != settled_by_.end() && known->second.seq != seq) {
            throw Broken{"R5", fmt::format("{}'s request {} is decided by event {} and by event {}",
                                           origin.device.view(), origin.request.value(),
                                           known->second.seq, seq)};
        }
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

bool Checker::may_be_given_again(const Issue& forgotten) const {
    // A clock that was ahead, and was set back: the day of the paper is still to come.
    if (forgotten.day > noticed_day_) return true;
    if (noticed_) return false;
    // The one of two twins that knows of it may not be the one that is back.
    if (with_twin_.contains(forgotten.kiosk)) return true;
    // Its answer came when the kiosk had given another number instead, and was not heeded.
    if (given_instead_.contains({forgotten.kiosk, forgotten.request})) return true;
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
        const auto is_it = [&](const auto& answer) {
            const auto& [box, request] = answer.first;
            return it->second == RequestKey{box.device, request};
        };
        std::erase_if(answers_, is_it);
        std::erase_if(old_answers_, is_it);
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

void Checker::device_greets(const Box& box, const proto::Hello& hello) {
    positions_[box] = hello.journal_seq;
    if (!with_twin_.contains(box.device)) return;
    // A request that the power took from one of the twins: the controller cannot know whether the
    // other has a paper of it, and doubts it.
    for (auto& [number, issue] : issues_) {
        if (issue.kiosk != box.device || issue.told || issue.request <= hello.last_request)
            continue;
        const auto asked = asked_by_.find({issue.kiosk, issue.request});
        if (asked != asked_by_.end() && asked->second.contains(box)) issue.report_lost = true;
    }
}

void Checker::device_welcomed(const Box& box, const proto::Welcome& welcome) {
    if (welcome.journal_seq < positions_[box]) {
        throw Broken{"R9", fmt::format("{} was told of event {}, and now that the last one is {}",
                                       box.view(), positions_[box], welcome.journal_seq)};
    }
    if (const auto it = with_twin_.find(box.device); it != with_twin_.end() && it->second != box) {
        it->second = box;
        world_.mark(Mark::twins_connected_by_turns);
    }
    came_back_[box.device] = welcome.service_day.value_or(ServiceDay::min());
}

void Checker::asked(const Box& box, RequestId request) {
    const auto device = box.device;
    ++asked_so_far_;
    auto& unanswered = unanswered_[box];
    // A kiosk may give a request up, and tells so later.
    const bool is_callpad = device.view().starts_with("callpad");
    if (is_callpad && unanswered && unanswered != request) {
        throw Broken{"R5", fmt::format("{} asks {}, and request {} was not answered", device.view(),
                                       request.value(), unanswered.value())};
    }
    unanswered = request;
    asked_by_[{device, request}].insert(box);
    lost_requests_.erase({device, request});
    const auto it = settled_by_.find({device, request});
    if (it == settled_by_.end() || it->second.seq > durable_) return;
    world_.mark(Mark::answer_lost_asked_again);
    if (it->second.day < day_) world_.mark(Mark::answer_repeated_after_rollover);
}

void Checker::gave_instead(DeviceId kiosk, RequestId request, TicketId number) {
    if (with_twin_.contains(kiosk)) return;  // one of the two may have done so
    const auto [it, is_new] = given_instead_.emplace(std::pair{kiosk, request}, number);
    if (is_new || it->second == number) return;
    throw Broken{"R5", fmt::format("{} has given two numbers by itself instead of request {}",
                                   kiosk.view(), request.value())};
}

void Checker::answer_seen(const Box& box, const proto::Answer& answer) {
    const auto device = box.device;
    const auto request = proto::request_id(answer);
    if (unanswered_[box] == request) unanswered_.erase(box);
    // Or of a report that was answered before its store moved, and that it asks again: a later
    // request, which the power took, is decided.
    if (is_of_a_twin(answer) && (with_twin_.contains(device) || moved_.contains(box))) {
        if (with_twin_.contains(device)) world_.mark(Mark::twins_request_refused);
        // Its ticket is one that nobody holds: it was given, and its answer lost.
        for (auto& [number, issue] : issues_) {
            if (issue.kiosk == device && issue.request == request) issue.report_lost = true;
        }
        return;
    }
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
    const auto [it, is_new] = answers_.emplace(std::pair{box, request}, answer);
    if (!is_new && without_names(it->second) != without_names(answer)) {
        throw Broken{"R5", fmt::format("{} got two different answers to request {}", box.view(),
                                       request.value())};
    }
}

void Checker::store_lost(const Box& box) {
    const auto kiosk = box.device;
    if (const auto asked = unanswered_.extract(box)) {
        lost_requests_.insert({kiosk, asked.mapped()});
    }
    std::erase_if(given_instead_, [&](const auto& given) { return given.first.first == kiosk; });
    for (auto it = answers_.begin(); it != answers_.end();) {
        if (it->first.first == box) {
            old_answers_.push_back(*it);
            it = answers_.erase(it);
        } else {
            ++it;
        }
    }
    for (auto& [number, issue] : issues_) {
        if (issue.kiosk != kiosk) continue;
        // Which of two twins has given a number by itself is not known here.
        const auto asked = asked_by_.find({kiosk, issue.request});
        if (asked != asked_by_.end() && !asked->second.contains(box)) continue;
        // What it gave by itself is out all the same. Else, unless it was back meanwhile, nobody is
        // left who could tell of the label.
        if (!issue.offline && (!issue.forgotten || !came_back_.contains(kiosk)))
            issue.received = false;
        // What is not on disk yet may have to be told again.
        if ((issue.told && issue.told_by <= durable_) || issue.forgotten) continue;
        issue.report_lost = true;
        world_.mark(Mark::paper_lost_with_its_store);
    }
}

void Checker::computer_changed(const Box& box) {
    const auto kiosk = box.device;
    moved_.insert(box);
    if (const auto asked = unanswered_.find(box); asked != unanswered_.end()) {
        lost_requests_.insert({kiosk, asked->second});
    }
    const auto last = std::find_if(issues_.rbegin(), issues_.rend(), [&](const auto& entry) {
        if (entry.second.kiosk != kiosk || entry.second.offline) return false;
        const auto asked = asked_by_.find({kiosk, entry.second.request});  // by this one, or a twin
        return asked == asked_by_.end() || asked->second.contains(box);
    });
    if (last == issues_.rend() || last->second.told || papers_.contains(last->first)) return;
    last->second.report_lost = true;
}

void Checker::kiosk_shows(DeviceId kiosk, const kiosk::Screen& screen) {
    using Kind = kiosk::Screen::Kind;
    if (screen.kind == Kind::no_check_in) world_.mark(Mark::check_in_without_controller);
    if (screen.kind == Kind::busy) world_.mark(Mark::press_refused_as_busy);
    if (screen.kind != Kind::take_paper && screen.kind != Kind::not_printed) return;
    if (with_twin_.contains(kiosk)) return;  // which of the two shows it is not known here
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

std::string Checker::untold_paper() const {
    for (const auto& [number, issue] : issues_) {
        if (issue.told || issue.report_lost || issue.forgotten) continue;
        // Of yesterday's requests the controller knows the last one alone. That a twin has given
        // another up tells it nothing, and the number is void in any case.
        if (with_twin_.contains(issue.kiosk) && issue.day < day_) continue;
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
