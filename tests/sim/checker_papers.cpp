// What the checker makes of numbers and their papers: whose they are, and what they have to say.
#include "tests/sim/checker.hpp"

#include <algorithm>

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

void Checker::issue(std::uint64_t seq, const engine::Event& event, const engine::Issued& fact) {
    Issue given;
    given.seq = seq;
    given.ticket = fact.ticket.id.value();
    given.kiosk = fact.origin.device;
    given.request = fact.origin.request;
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
    check_time(kiosk, printed);
    if (const auto known = issues_of(kiosk, printed.label); !known.empty()) return known.front();
    Issue given;
    given.kiosk = kiosk;
    given.label = printed.label;
    given.received = given.offline = true;
    issues_[++last_issue_] = std::move(given);
    return last_issue_;
}

void Checker::check_time(DeviceId kiosk, const PrintedTicket& printed) const {
    // Pressed so long ago at most, by a clock that is as late as a welcome may be.
    constexpr std::chrono::minutes latest{2};
    if (!wall_clock_ || printed.date.empty()) return;
    const auto& [starts, utc_offset] = *wall_clock_;
    const auto now = starts + std::chrono::floor<std::chrono::milliseconds>(world_.now() - began_);
    for (auto before = now - latest; before <= now; before += std::chrono::seconds{1}) {
        const auto local = before + utc_offset;
        const ServiceDay date{std::chrono::floor<std::chrono::days>(local).time_since_epoch()};
        if (printed.date == date_text(date) && printed.time == time_text(before, utc_offset))
            return;
    }
    throw Broken{"R10", fmt::format("{} dates {}: {} {}", kiosk.view(), printed.label, printed.date,
                                    printed.time)};
}

void Checker::paper_given(const PrinterPlace& printer, std::span<const std::byte> bytes) {
    const auto kiosk = printer.box.device;
    const auto tickets = read_bytes(bytes, site_name());
    if (tickets.size() != 1) {
        throw Broken{
            "R1", fmt::format("{} prints a paper with {} numbers", kiosk.view(), tickets.size())};
    }
    const auto& ticket = tickets.front();
    if (is_offline_label(ticket.label)) {
        const auto number = issue_offline(kiosk, ticket);
        given_[{printer, ticket.label}].push_back(number);
        last_given_[printer] = number;
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
    given_[{printer, ticket.label}].push_back(row->first);
    last_given_[printer] = row->first;
}

void Checker::paper_torn(const PrinterPlace& printer) {
    if (const auto it = last_given_.find(printer); it != last_given_.end())
        unjudged_.insert(it->second);
}

bool Checker::came_out_whole(Number issue) const {
    if (unjudged_.contains(issue)) return true;
    const auto it = papers_.find(issue);
    return it != papers_.end() && std::any_of(it->second.begin(), it->second.end(),
                                              [](const PaperOut& paper) { return paper.whole; });
}

std::vector<Checker::Number> Checker::given_as(const PrinterPlace& printer,
                                               const PrintedTicket& printed) const {
    const auto given = given_.find({printer, printed.label});
    if (given == given_.end()) return {};
    std::set<Number> issues{given->second.begin(), given->second.end()};
    std::erase_if(issues, [&](Number issue) {
        const auto it = issues_.find(issue);
        return !printed.date.empty() &&
               (it == issues_.end() || (!it->second.offline && it->second.date != printed.date));
    });
    return {issues.begin(), issues.end()};
}

void Checker::paper_out(const PrinterPlace& printer, const virtual_printer::Paper& paper) {
    const auto kiosk = printer.box;
    for (const auto& printed : read_paper(paper, site_name())) {
        const auto issues = given_as(printer, printed);
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

}  // namespace antrean::sim
