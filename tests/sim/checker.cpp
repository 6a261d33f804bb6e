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

std::string text(auto id) {
    return std::string{id.view()};
}

}  // namespace

void Checker::journal_holds(std::uint64_t seq, const engine::Event& event) {
    const auto asked = [&](const engine::Origin& origin) {
        requests_[seq] = {origin.device, origin.request};
        settled_by_[{origin.device, origin.request}] = {seq, event.stamp.day};
    };
    day_ = event.stamp.day;
    std::visit(
        [&](const auto& fact) {
            using T = std::decay_t<decltype(fact)>;
            if constexpr (std::is_same_v<T, engine::Issued>) {
                issued_[seq] = {fact.origin.device, fact.ticket.label, date_text(event.stamp.day),
                                time_text(event.stamp.wall, event.stamp.utc_offset)};
                told_.try_emplace(seq, false);
                asked(fact.origin);
            } else if constexpr (std::is_same_v<T, engine::Called> ||
                                 std::is_same_v<T, engine::Recalled>) {
                calls_[seq] = {fact.ticket.id.value(), fact.counter};
                asked(fact.origin);
            } else if constexpr (std::is_same_v<T, engine::PaperReported>) {
                told_[fact.ticket.id.value()] = true;
                asked(fact.origin);
            } else if constexpr (std::is_same_v<T, engine::NotShown> ||
                                 std::is_same_v<T, engine::Refused>) {
                asked(fact.origin);
            } else if constexpr (std::is_same_v<T, engine::Finished>) {
                if (fact.origin) asked(*fact.origin);
            }
        },
        event.fact);
}

void Checker::controller_started(std::uint64_t last_seq, bool synced) {
    if (last_seq < durable_) {
        throw Broken{"R4",
                     fmt::format("the journal has forgotten events {} to {}, which were committed",
                                 last_seq + 1, durable_)};
    }
    if (std::exchange(settled_, false) || synced) durable_ = last_seq;
    const auto forget = [&](auto& map) { map.erase(map.upper_bound(last_seq), map.end()); };
    forget(issued_);
    forget(calls_);
    for (auto it = requests_.upper_bound(last_seq); it != requests_.end(); ++it) {
        settled_by_.erase(it->second);
    }
    forget(requests_);
    forget(told_);
}

void Checker::asked(DeviceId device, RequestId request) {
    const auto it = settled_by_.find({device, request});
    if (it == settled_by_.end() || it->second.seq > durable_) return;
    world_.mark(Mark::answer_lost_asked_again);
    if (it->second.day < day_) world_.mark(Mark::answer_repeated_after_rollover);
}

void Checker::answer_seen(DeviceId device, const proto::Answer& answer) {
    const auto request = proto::request_id(answer);
    const auto [it, is_new] = answers_.emplace(std::pair{device, request}, answer);
    if (!is_new && it->second != answer) {
        throw Broken{"R5", fmt::format("{} got two different answers to request {}", device.view(),
                                       request.value())};
    }
}

void Checker::kiosk_shows(DeviceId kiosk, const kiosk::Screen& screen) {
    using Kind = kiosk::Screen::Kind;
    if (screen.kind == Kind::busy) world_.mark(Mark::press_refused_as_busy);
    if (screen.kind != Kind::take_paper && screen.kind != Kind::not_printed) return;
    // A label comes again each day, and a screen tells no day: one of them it must be true of.
    const auto tickets = tickets_of(kiosk, screen.label);
    const auto out = [this](std::uint64_t ticket) { return papers_.contains(ticket); };
    const auto whole = [this](std::uint64_t ticket) { return came_out_whole(ticket); };
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

std::vector<std::uint64_t> Checker::tickets_of(DeviceId kiosk, const std::string& label) const {
    std::vector<std::uint64_t> tickets;
    for (const auto& [ticket, issue] : issued_) {
        if (issue.kiosk == kiosk && issue.label == label) tickets.push_back(ticket);
    }
    return tickets;
}

void Checker::callpad_shows(CounterId counter, const callpad::Screen& screen) {
    screens_[counter] = screen;
    if (!screen.view || !screen.view->ticket) return;
    const auto shown = std::pair{screen.view->ticket.value(), counter};
    const bool called = std::any_of(calls_.begin(), calls_.upper_bound(durable_),
                                    [&](const auto& call) { return call.second == shown; });
    if (!called) {
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
    const auto tickets = read_bytes(bytes, site_.name);
    if (tickets.size() != 1) {
        throw Broken{
            "R1", fmt::format("{} prints a paper with {} numbers", kiosk.view(), tickets.size())};
    }
    const auto& ticket = tickets.front();
    const auto row = std::find_if(issued_.rbegin(), issued_.rend(), [&](const auto& entry) {
        return entry.second.kiosk == kiosk && entry.second.label == ticket.label &&
               entry.second.date == ticket.date && entry.second.time == ticket.time;
    });
    if (row == issued_.rend() || row->first > durable_) {
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

bool Checker::came_out_whole(std::uint64_t ticket) const {
    if (unjudged_.contains(ticket)) return true;
    const auto it = papers_.find(ticket);
    return it != papers_.end() && std::any_of(it->second.begin(), it->second.end(),
                                              [](const PaperOut& paper) { return paper.whole; });
}

std::vector<std::uint64_t> Checker::given_as(DeviceId kiosk, const PrintedTicket& printed) const {
    const auto given = given_.find({kiosk, printed.label});
    if (given == given_.end()) return {};
    std::set<std::uint64_t> tickets{given->second.begin(), given->second.end()};
    std::erase_if(tickets, [&](std::uint64_t ticket) {
        const auto it = issued_.find(ticket);
        return !printed.date.empty() && (it == issued_.end() || it->second.date != printed.date);
    });
    return {tickets.begin(), tickets.end()};
}

void Checker::paper_out(DeviceId kiosk, const virtual_printer::Paper& paper) {
    for (const auto& printed : read_paper(paper, site_.name)) {
        const auto tickets = given_as(kiosk, printed);
        if (tickets.empty()) {
            throw Broken{"R3", fmt::format("{} puts out {}, which it was never given", kiosk.view(),
                                           printed.label)};
        }
        const bool whole = printed.whole && paper.complete;
        world_.tell(kiosk.view(), "puts out {}{}{}", printed.label, printed.copy ? " SALINAN" : "",
                    whole ? "" : ", not whole");
        // A label comes again each day. A piece without the line that tells the day may be of
        // either; then it proves nothing.
        if (tickets.size() > 1) {
            unjudged_.insert(tickets.begin(), tickets.end());
            continue;
        }
        const auto ticket = tickets.front();
        auto& papers = papers_[ticket];
        papers.push_back({printed.copy, whole});
        if (!whole) world_.mark(Mark::label_on_a_torn_paper);
        if (printed.copy) world_.mark(Mark::copy_printed);
        if (printed.copy && papers.size() > 1) world_.mark(Mark::copy_beside_its_original);
        const auto originals =
            std::count_if(papers.begin(), papers.end(), [](const PaperOut& p) { return !p.copy; });
        if (originals > 1) {
            throw Broken{"R1", fmt::format("{} puts out {} a second time without SALINAN",
                                           kiosk.view(), printed.label)};
        }
    }
}

bool Checker::all_papers_told() const {
    return std::all_of(told_.begin(), told_.end(), [](const auto& told) { return told.second; });
}

void Checker::finish(const std::vector<JournalRow>& rows) {
    JournalModel model{world_, site_};
    model.read(rows);
    for (const auto& [key, answer] : answers_) {
        const auto request = static_cast<std::int64_t>(key.second.value());
        const auto* wrong = check_answer(model.settled(text(key.first), request), answer);
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
        const bool done = is("paper_reported") || is("recalled") || is("finished") || is("no_show");
        return done ? nullptr : "the journal has nothing that was done";
    }
    return is("refused") ? nullptr : "it was refused, and the journal has it done";
}

void Checker::check_papers(const JournalModel& model) {
    for (const auto& [id, ticket] : model.tickets()) {
        const auto ticket_id = static_cast<std::uint64_t>(id);
        if (ticket.outcome.empty()) {
            throw Broken{"R14",
                         fmt::format("nobody has told what became of {}'s paper", ticket.label)};
        }
        if (ticket.outcome == "not_printed") {
            world_.mark(Mark::not_printed_reported);
            if (papers_.contains(ticket_id)) {
                throw Broken{"R6",
                             fmt::format("{} was reported as not printed, but its paper is out",
                                         ticket.label)};
            }
        } else if (ticket.outcome == "printed") {
            world_.mark(Mark::printed_reported);
            if (!came_out_whole(ticket_id)) {
                throw Broken{"R6",
                             fmt::format("{} was reported as printed, but no whole paper is out",
                                         ticket.label)};
            }
        } else {
            world_.mark(Mark::unconfirmed_reported);
        }
    }
    for (const auto& [id, papers] : papers_) {
        if (!model.tickets().contains(static_cast<std::int64_t>(id))) {
            throw Broken{"R3",
                         fmt::format("a paper is out of ticket {}, which the journal lacks", id)};
        }
    }
}

void Checker::check_screens(const JournalModel& model) {
    for (const auto& counter : site_.counters) {
        const auto& screen = screens_[counter.id];
        const auto wrong = [&](const char* what) {
            throw Broken{"R7", fmt::format("{} shows {}", counter.id.view(), what)};
        };
        if (!screen.view) wrong("nothing");
        const auto standing = model.at(text(counter.id));
        const auto ticket = static_cast<std::int64_t>(screen.view->ticket.value());
        if (ticket != (standing ? standing->ticket : 0)) wrong("another number than is called");
        if (const auto waiting = model.waiting(counter); screen.view->waiting != waiting) {
            throw Broken{"R7", fmt::format("{} shows that {} wait, and {} do", counter.id.view(),
                                           screen.view->waiting, waiting)};
        }
        if (!standing) continue;
        using proto::Paper;
        const auto paper = standing->paper == "printed"  ? Paper::printed
                           : standing->paper == "voided" ? Paper::voided
                                                         : Paper::unconfirmed;
        if (screen.view->paper != paper) wrong("the paper otherwise than it is");
        if (screen.view->times_called != standing->times_called) wrong("another count of calls");
    }
}

}  // namespace antrean::sim
