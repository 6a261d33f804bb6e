// Numbers without the controller: who gets one, and how it is told afterwards.
#include "firmware/kiosk/core.hpp"
#include "proto/lease.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <utility>

namespace antrean::kiosk {
namespace {

bool has_numbers(const Lease& lease) {
    return !lease.retired && lease.given < lease.terms.size;
}

}  // namespace

bool Core::has_leases() const {
    return std::any_of(leases_.begin(), leases_.end(), has_numbers);
}

bool Core::is_hopeful() const {
    return requester_.is_linked() ? !abandoned_ : !link_failed_;
}

const Lease* Core::lease_for(const proto::MenuButton& button) const {
    const auto it = std::find_if(leases_.begin(), leases_.end(), [&](const Lease& lease) {
        return has_numbers(lease) && lease.terms.series == button.series;
    });
    return it == leases_.end() ? nullptr : &*it;
}

// The list is whole: what is not in it is not to be used any more.
void Core::leases(const proto::Leases& told, SteadyTime now, Actions& out) {
    std::vector<Change> changes;
    for (auto& lease : leases_) {
        const bool stands =
            std::any_of(told.leases.begin(), told.leases.end(),
                        [&](const auto& terms) { return terms.lease == lease.terms.lease; });
        if (stands || lease.retired) continue;
        lease.retired = true;
        changes.push_back(PutLease{lease});
    }
    for (const auto& terms : told.leases) {
        const bool is_known = std::any_of(leases_.begin(), leases_.end(), [&](const Lease& lease) {
            return lease.terms.lease == terms.lease;
        });
        if (is_known || leases_.size() >= max_leases) continue;
        leases_.push_back({terms});
        changes.push_back(PutLease{leases_.back()});
    }
    if (!changes.empty()) save(std::move(changes), out);
    go_on(now, out);
}

std::optional<SteadyTime> Core::patience_ends() const {
    std::optional<SteadyTime> ends;
    const auto waits = [&](const proto::MenuButton* button, SteadyTime since) {
        if (!button || !lease_for(*button)) return;
        const auto end = since + patience;
        ends = ends ? std::min(*ends, end) : end;
    };
    if (requester_.in_flight() && in_flight_pressed_) {
        if (const auto* issue = std::get_if<proto::Issue>(&*requester_.in_flight())) {
            waits(find(issue->service, issue->ticket_class), *in_flight_pressed_);
        }
    }
    for (const auto& press : presses_)
        waits(find(press.button), press.at);
    return ends;
}

void Core::serve_the_patient(SteadyTime now, Actions& out) {
    const auto has_waited = [&](SteadyTime since) {
        return !is_hopeful() || now - since >= patience;
    };
    // Whose person has gone is waited for no more.
    if (in_flight_pressed_ && is_late(in_flight_pressed_, now)) in_flight_pressed_.reset();
    std::erase_if(presses_, [&](const Press& press) { return is_late(press.at, now); });
    if (requester_.in_flight() && in_flight_pressed_ && has_waited(*in_flight_pressed_)) {
        const auto* issue = std::get_if<proto::Issue>(&*requester_.in_flight());
        const auto* button = issue ? find(issue->service, issue->ticket_class) : nullptr;
        if (button && lease_for(*button)) {
            const auto abandoned = issue->request;
            const auto pressed = *in_flight_pressed_;
            requester_.abandon();
            in_flight_pressed_.reset();
            if (requester_.is_linked()) abandoned_ = abandoned;
            give_offline(*button, pressed, abandoned, out);
        }
    }
    if (is_greeting(now)) return;
    for (std::size_t i = 0; i < presses_.size();) {
        const auto press = presses_[i];
        const auto* button = find(press.button);
        if (!button || !has_waited(press.at) || !lease_for(*button)) {
            ++i;
            continue;
        }
        presses_.erase(presses_.begin() + static_cast<std::ptrdiff_t>(i));
        give_offline(*button, press.at, {}, out);
    }
}

void Core::give_offline(const proto::MenuButton& button, SteadyTime pressed, RequestId abandoned,
                        Actions& out) {
    auto& lease = leases_[static_cast<std::size_t>(lease_for(button) - leases_.data())];
    const auto number = ++lease.given;
    offline_.push_back(
        {lease.terms.lease, number, button.service, button.ticket_class, abandoned, pressed});
    Job job;
    job.pressed = pressed;
    job.button = button.number;
    job.paper.ticket = offline_ticket_id(lease.terms.lease, number);
    job.paper.label = offline_label(lease.terms.label, number);
    job.paper.ticket_class = button.ticket_class;
    job.paper.offline = true;
    job.paper.timed = clock_.has_value();
    if (clock_) {
        using std::chrono::floor;
        job.paper.issued =
            clock_->first + floor<std::chrono::milliseconds>(pressed - clock_->second);
        job.paper.utc_offset = utc_offset_;
        const std::chrono::local_time<std::chrono::milliseconds> local{
            job.paper.issued.time_since_epoch() + utc_offset_};
        job.paper.service_day = floor<std::chrono::days>(local);
    }
    fill(job.paper, &button);
    // One record: the number is spent, and the request given up, before the printer gets a byte.
    std::vector<Change> changes;
    if (!planted(Plant::reuse_lease_number)) changes.emplace_back(PutLease{lease});
    changes.emplace_back(PutOffline{offline_.back()});
    if (abandoned && !planted(Plant::print_abandoned_number)) changes.push_back(DropRequest{});
    print_or_queue(std::move(job), std::move(changes), out);
}

// Of an earlier boot it is known that it is at least as old as this one.
std::chrono::milliseconds Core::age_of(const Offline& offline, SteadyTime now) {
    const auto age = offline.pressed ? now - *offline.pressed : now.time_since_epoch();
    return std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(age),
                      std::chrono::milliseconds{0},
                      std::chrono::milliseconds{std::chrono::days{365}});
}

void Core::tell_offline(SteadyTime now, Actions& out) {
    if (requester_.busy() || !is_online()) return;
    if (!offline_.empty()) {
        const auto& first = offline_.front();
        ask(proto::IssueOffline{requester_.next(), first.lease, first.number, first.service,
                                first.ticket_class, age_of(first, now), first.abandoned},
            std::nullopt, {}, out);
    }
}

// Last of all: of its papers all is told by then.
void Core::tell_retired(Actions& out) {
    if (requester_.busy() || !is_online() || !offline_.empty() || !jobs_.empty()) return;
    const auto retired = std::find_if(leases_.begin(), leases_.end(),
                                      [](const Lease& lease) { return lease.retired; });
    if (retired == leases_.end()) return;
    ask(proto::RetireLease{requester_.next(), retired->terms.lease, retired->given}, std::nullopt,
        {}, out);
}

void Core::answered_offline(const proto::Request& asked, const proto::Answer& answer,
                            Actions& out) {
    // Under a stale id nothing was decided: it is told again under a new one. Any other refusal
    // will not change by telling it again.
    const auto* refused = std::get_if<proto::Refused>(&answer);
    std::vector<Change> changes{DropRequest{}};
    if (!refused || (refused->reason != proto::RefusalReason::stale_request &&
                     refused->reason != proto::RefusalReason::request_reused)) {
        if (const auto* told = std::get_if<proto::IssueOffline>(&asked)) {
            std::erase_if(offline_, [&](const Offline& offline) {
                return offline.lease == told->lease && offline.number == told->number;
            });
            changes.push_back(DropOffline{told->lease, told->number});
        } else if (const auto* retired = std::get_if<proto::RetireLease>(&asked)) {
            std::erase_if(leases_,
                          [&](const Lease& lease) { return lease.terms.lease == retired->lease; });
            changes.push_back(DropLease{retired->lease});
        }
    }
    save(std::move(changes), out);
}

}  // namespace antrean::kiosk
