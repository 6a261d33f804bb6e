// What kiosks gave by themselves, as the journal has it.
#include "tests/sim/journal_model.hpp"

#include <algorithm>
#include <sstream>

namespace antrean::sim {
namespace {

constexpr std::int64_t lease_size = 200;
constexpr std::int64_t offline = std::int64_t{1} << 62;

std::string label_of(const std::string& lease, std::int64_t number) {
    return lease + (number < 10 ? "0" : "") + std::to_string(number);
}

// "1-5 9".
std::set<std::int64_t> numbers(const std::string& text) {
    std::set<std::int64_t> found;
    std::istringstream in{text};
    for (std::string word; in >> word;) {
        const auto dash = word.find('-');
        const auto first = std::stoll(word);
        const auto last = dash == std::string::npos ? first : std::stoll(word.substr(dash + 1));
        for (auto number = first; number <= last; ++number)
            found.insert(number);
    }
    return found;
}

}  // namespace

bool JournalModel::read_of_lease(const JournalRow& row) {
    if (row.kind == "carried_lease") {
        const auto before = leases_before_.find(row.lease);
        require(before != leases_before_.end() && before->second.given == numbers(row.given), "R1",
                row, "a lease is carried over that did not stand like this");
        require(!before->second.retired || before->second.told == row.number, "R1", row,
                "a lease is carried over that gave another count of numbers");
        leases_[row.lease] = before->second;
    } else if (row.kind == "lease_granted") {
        const auto has_label = [&](const auto& lease) { return lease.second.label == row.label; };
        require(std::none_of(leases_.begin(), leases_.end(), has_label), "R1", row,
                "its tag is another lease's");
        require(!leases_.contains(row.lease), "R1", row, "it is granted twice");
        leases_[row.lease] = {row.device, row.series, row.label, {}, false, 0};
        world_.mark(Mark::lease_granted);
    } else if (row.kind == "lease_ended") {
        const auto it = leases_.find(row.lease);
        require(it != leases_.end() && !it->second.retired, "R2", row,
                "it ends, and did not stand");
        if (row.reason == "lost") {
            world_.mark(Mark::lease_lost);
            return true;
        }
        it->second.retired = true;
        it->second.told = row.number;
        const auto& given = it->second.given;
        // What a restored journal has forgotten is not told again.
        require(epoch_ > 0 || with_twin_.contains(row.device) ||
                    (given.size() == static_cast<std::size_t>(row.number) &&
                     (given.empty() || *given.rbegin() == row.number)),
                "R2", row, "its numbers are not all told");
        world_.mark(Mark::lease_retired);
    } else if (row.kind == "issued_offline") {
        issued_offline(row);
    } else {
        return row.kind == "noted";
    }
    return true;
}

void JournalModel::issued_offline(const JournalRow& row) {
    const auto it = leases_.find(row.lease);
    require(it != leases_.end(), "R3", row, "it is of no lease");
    auto& lease = it->second;
    require(lease.kiosk == row.device && lease.series == row.series, "R1", row,
            "it is of another kiosk's lease, or of another series");
    require(row.label == label_of(lease.label, row.number) && row.number >= 1 &&
                row.number <= lease_size,
            "R1", row, "the label is not that of the lease's number");
    require(row.ticket == (offline | (row.lease << 8) | row.number), "R1", row,
            "a ticket's id is not its lease's and number's");
    require(lease.given.insert(row.number).second, "R1", row, "the number is given twice");
    require(day_.labels.insert(row.label).second, "R1", row, "the label is given twice");
    require(row.arrived_ms <= row.at_ms, "R8", row, "its holder comes later than now");
    for (const auto& [id, other] : tickets_) {
        // Where no room is left between two, those who come there share a place.
        if (other.day != row.day || other.state != State::waiting || other.place != other.came)
            continue;
        // Of two who came in the same millisecond either may be first.
        if (other.arrived_ms >= row.arrived_ms || other.place <= row.place) continue;
        require(false, "R8", row,
                fmt::format("its holder, who came at {}, is at {}, before {} of {}, at {}",
                            row.arrived_ms, row.place, other.label, other.arrived_ms, other.place)
                    .c_str());
    }
    Ticket ticket;
    ticket.id = row.ticket;
    ticket.place = ticket.came = row.place;
    ticket.arrived_ms = row.arrived_ms;
    ticket.day = row.day;
    ticket.series = ticket.queue = row.series;
    ticket.label = row.label;
    ticket.kiosk = row.device;
    ticket.first_service = ticket.service = row.service;
    ticket.ticket_class = row.ticket_class;
    std::istringstream plan{row.plan};
    for (std::string word; plan >> word;)
        ticket.plan.push_back(word);
    ticket.callable = ticket.unconfirmed = row.request == 0;
    enter(ticket);
    world_.mark(row.request == 0 ? Mark::offline_number_claimed : Mark::offline_number_told);
}

std::string JournalModel::expected_of_lease(const std::string& asked, const JournalRow& row) const {
    std::int64_t id = row.lease;
    if (asked == "issue_offline" && id == 0) id = (row.asked_ticket & ~offline) >> 8;
    if (asked == "retire_lease" && id == 0) id = std::stoll(row.detail);
    const auto it = leases_.find(id);
    return it != leases_.end() && it->second.kiosk == row.device ? "" : "unknown_lease";
}

const JournalModel::Lease* JournalModel::claimable(const std::string& label) const {
    for (const auto& [id, lease] : leases_) {
        if (label.rfind(lease.label, 0) != 0) continue;
        const auto most = lease.retired ? lease.told : lease_size;
        for (std::int64_t number = 1; number <= most; ++number) {
            if (label_of(lease.label, number) == label && !lease.given.contains(number))
                return &lease;
        }
    }
    return nullptr;
}

}  // namespace antrean::sim
