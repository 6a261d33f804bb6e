// What the hub does about leases: it has kiosks granted what they lack, and tells what stands on
// disk.
#include "controller/sessions/hub.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace antrean::sessions {

using Level = Notice::Level;

void Hub::heed_leases(const Session& session, const proto::Hello& hello, const Moment& moment) {
    std::vector<engine::LeaseTerms> known;
    for (const auto& lease : hello.leases) {
        // It gets no more numbers of one that the journal has lost.
        known.push_back({lease.lease, session.device, 0, lease.series, lease.label});
    }
    decide(engine_.heed_leases(session.device, hello.incarnation, known, moment.now));
}

void Hub::refresh_leases(ConnectionId id, const Moment& moment) {
    const auto it = sessions_.find(id);
    if (it == sessions_.end() || it->second.incarnation == 0) return;
    auto& session = it->second;
    if (session.peer.state() != proto::Peer::State::open || engine_.day_is_due(moment.now)) return;
    if (moment.steady < session.leases_from) {
        leases_due_.insert(session.device);
        return;
    }
    decide(engine_.grant_leases(session.device, session.incarnation, moment.now));
    auto lacking = engine_.series_without_lease(session.device, session.incarnation);
    for (const auto& series : lacking) {
        if (session.without_lease.contains(series)) continue;
        note(Level::warning,
             fmt::format(
                 "{}: all {} tags of {} are taken; it gives no numbers of it while it has no "
                 "controller. They are free again some days after their kiosks' last use",
                 session.device.view(), engine::tag_count, series.view()));
    }
    session.without_lease = std::move(lacking);
    proto::Leases leases;
    std::vector<LeaseId> ids;
    for (const auto& lease : engine_.leases_of(session.device, session.incarnation)) {
        // The list is whole: it is sent once all of it is on disk.
        constexpr auto seq_mask = (std::uint64_t{1} << engine::epoch_shift) - 1;
        if ((lease.id.value() & seq_mask) > durable_seq_) return;
        if (leases.leases.size() == proto::max_leases) break;
        leases.leases.push_back({lease.id, lease.series, lease.label, engine::lease_size});
        ids.push_back(lease.id);
    }
    if (session.leases == ids) return;
    session.leases = std::move(ids);
    send(id, session, leases, moment);
}

void Hub::complete(engine::IssueOffline& issue, const proto::IssueOffline& told,
                   const Session& session, const Moment& moment) {
    auto age = told.age;
    if (session.absent_since) {
        const auto contact = std::chrono::duration_cast<std::chrono::milliseconds>(
            moment.steady - *session.absent_since);
        age = std::min(age, contact);
    }
    issue.arrived = moment.now.wall - age;
    const auto offset =
        planted(Plant::count_day_by_utc) ? std::chrono::minutes{0} : moment.now.utc_offset;
    const std::chrono::local_time<std::chrono::milliseconds> local{
        issue.arrived.time_since_epoch() + offset - site_->day_starts};
    issue.of_earlier_day = std::chrono::floor<std::chrono::days>(local) < moment.now.day &&
                           engine_.day() == moment.now.day;
}

void Hub::heed(const engine::RetireLease& retire, const Session& session, const Moment& moment) {
    const auto* lease = engine_.lease(retire.lease);
    if (!lease || lease->terms.kiosk != session.device || lease->end) return;
    // A kiosk tells of a lease's end once it has been answered about all its numbers.
    if (retire.given > lease->given.count()) begin_epoch(session.device, 0, moment);
}

void Hub::note_of_leases(const engine::Event& event) {
    std::visit(
        [&](const auto& fact) {
            using T = std::decay_t<decltype(fact)>;
            if constexpr (std::is_same_v<T, engine::DayOpened> ||
                          std::is_same_v<T, engine::SiteChanged>) {
                for (const auto& [device, id] : devices_)
                    leases_due_.insert(device);
            }
            if constexpr (std::is_same_v<T, engine::IssuedOffline>) {
                leases_due_.insert(fact.kiosk);
                const auto* lease = engine_.lease(fact.lease);
                if (fact.origin && lease && lease->end == engine::LeaseEnd::retired) {
                    note(Level::warning,
                         fmt::format("{}: {} is of a lease that was retired; look for a second "
                                     "kiosk with the same store",
                                     fact.kiosk.view(), fact.ticket.label));
                }
            }
            if constexpr (std::is_same_v<T, engine::LeaseEnded>) {
                leases_due_.insert(fact.lease.kiosk);
                const auto* lease = engine_.lease(fact.lease.id);
                if (fact.how == engine::LeaseEnd::lost) {
                    note(
                        Level::warning,
                        fmt::format("{}: has a new store; numbers {}01 and on that it gave without "
                                    "the controller may be in the hall, and are called by typing "
                                    "them",
                                    fact.lease.kiosk.view(), fact.lease.label));
                } else if (lease && lease->given.count() != fact.given) {
                    note(Level::warning,
                         fmt::format("{}: gave {} numbers {}01 and on, of which {} are known; the "
                                     "others are called by typing them",
                                     fact.lease.kiosk.view(), fact.given, fact.lease.label,
                                     lease->given.count()));
                }
            }
            if constexpr (std::is_same_v<T, engine::Refused>) {
                if (fact.reason == engine::Refusal::unknown_lease) {
                    note(Level::warning,
                         fmt::format("{}: tells of a number of a lease that is not known",
                                     fact.origin.device.view()));
                }
            }
        },
        event.fact);
}

}  // namespace antrean::sessions
