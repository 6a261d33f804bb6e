// A device's greeting: who it is, what follows from what it says, and its welcome.
#include "controller/sessions/hub.hpp"
#include "proto/plant.hpp"
#include "proto/requester.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace antrean::sessions {

using proto::GoodbyeReason;
using Level = Notice::Level;

void Hub::greet(ConnectionId id, Session& session, const proto::Hello& hello,
                const Moment& moment) {
    const auto& catalog = engine_.catalog();
    const bool is_kiosk = catalog.kiosks.contains(hello.device);
    const bool is_callpad = catalog.callpads.contains(hello.device);
    if (!is_kiosk && !is_callpad) {
        close(id, session, GoodbyeReason::unknown_device,
              fmt::format("device '{}' is not in the site file; add it there, or correct --device",
                          hello.device.view()));
        return;
    }
    if (is_kiosk != (hello.role == proto::Role::kiosk)) {
        close(id, session, GoodbyeReason::wrong_role,
              fmt::format("device '{}' is a {} in the site file", hello.device.view(),
                          is_kiosk ? "kiosk" : "callpad"));
        return;
    }
    // The newest connection wins: the older one is a device that lost it without a word, or a twin.
    if (const auto open = devices_.find(hello.device); open != devices_.end()) {
        auto& older = sessions_.at(open->second);
        close(open->second, older, GoodbyeReason::replaced,
              fmt::format("device '{}' has connected anew", hello.device.view()));
    }
    end_greeting(session);
    session.device = hello.device;
    session.role = hello.role;
    devices_[hello.device] = id;
    session.incarnation = is_kiosk ? hello.incarnation : 0;
    if (const auto absent = absent_since_.extract(hello.device)) {
        session.absent_since = absent.mapped();
    }
    settle(moment);
    const auto settled = engine_.next_seq();
    heed_what_it_saw(hello, moment);
    if (is_kiosk) {
        const bool is_other = is_other_store(hello);
        if (is_other) session.leases_from = moment.steady + limits_.new_store;
        heed_what_it_lost(hello, is_other, session, moment);
        incarnations_[hello.device] = hello.incarnation;
        heed_leases(session, hello, moment);
    }
    if (engine_.next_seq() != settled) heeded_seq_ = engine_.next_seq() - 1;
    // It says the same again until it is welcomed, and then never more.
    if (durable_seq_ < heeded_seq_) {
        answer_when_durable({id, {}, {}, {}}, moment);
    } else {
        welcome(id, session, moment);
    }
}

void Hub::welcome(ConnectionId id, Session& session, const Moment& moment) {
    if (session.peer.state() != proto::Peer::State::deciding) return;
    const auto device = session.device;
    session.peer.welcome(
        {proto::protocol_version, engine_.last_request(device), moment.now.wall, engine_.day(),
         "antrean " ANTREAN_VERSION, position(), moment.now.utc_offset},
        moment.steady);
    touched(id, session);
    send_menu(session, moment);
    if (session.role == proto::Role::kiosk) {
        session.leases.reset();
        refresh_offers(moment);
        send_offers(id, session, moment);
        refresh_leases(id, moment);
    } else {
        send_view(*site_->counter(engine_.catalog().callpads.at(device)), moment);
    }
    note(Level::info, fmt::format("{}: connected", device.view()));
}

void Hub::heed_what_it_lost(const proto::Hello& hello, bool is_other, Session& session,
                            const Moment& moment) {
    const auto last = engine_.last_request(hello.device);
    if (!is_other && hello.last_request > last && hello.incarnation != 0 &&
        proto::may_be_id_of(last, hello.incarnation)) {
        // It has asked since, and was not heard.
        if (const auto events = engine_.forget_request(hello.device, last, moment.now);
            events && !events->empty()) {
            const auto& number = std::get<engine::PaperAbandoned>(events->front().fact).ticket;
            // What it was given on earlier days it need not tell.
            if (engine_.is_of_open_day(number.id) && !may_know(hello, *engine_.day(), number.label))
                session.lost = last;
        }
    }
    if (!is_other && hello.last_request >= last) return;
    // One that knows of no request is empty, and may have printed anything before.
    if (!is_other && hello.last_request) {
        const auto lost = proto::next_id(hello.last_request, hello.incarnation);
        if (engine_.forget_request(hello.device, lost, moment.now)) {
            session.lost = lost;
            return;
        }
    }
    note(Level::warning, fmt::format("{}: has a new store; its unsettled papers are unconfirmed",
                                     hello.device.view()));
    decide(engine_.doubt_papers(hello.device, moment.now));
}

// A kiosk tells the highest label of each series that it was given on the newest day that it was
// given any, as far as there is room. Where that cannot tell, it may have the paper.
bool Hub::may_know(const proto::Hello& hello, ServiceDay day, const std::string& label) {
    if (hello.seen.size() == proto::max_seen) return true;
    const auto prefix = label.substr(0, label.rfind('-') + 1);
    return std::any_of(hello.seen.begin(), hello.seen.end(), [&](const proto::Seen& seen) {
        if (seen.service_day != day) return seen.service_day > day;
        if (seen.label.rfind(prefix, 0) != 0) return false;
        return std::pair{seen.label.size(), seen.label} >= std::pair{label.size(), label};
    });
}

void Hub::forget(RequestId lost, const Session& session, const Moment& moment) {
    settle(moment);
    auto events = engine_.forget_request(session.device, lost, moment.now);
    if (!events || events->empty()) return;
    note(Level::info, fmt::format("{}: does not know of its last request: the power went before "
                                  "there was a paper",
                                  session.device.view()));
    decide(std::move(*events));
}

bool Hub::is_other_store(const proto::Hello& hello) const {
    // The disk may be that of another kiosk, which has asked for more.
    const auto known = incarnations_.find(hello.device);
    if (known != incarnations_.end()) return known->second != hello.incarnation;
    // Since this controller started it was not here: who asked last has left its mark in the id.
    const auto last = engine_.last_request(hello.device);
    if (last && proto::may_be_id_of(last, hello.incarnation)) return false;
    if (last && proto::may_be_id_of(hello.last_request, hello.incarnation)) return true;
    return engine_.is_other_store(hello.device, hello.incarnation);
}

void Hub::heed_what_it_saw(const proto::Hello& hello, const Moment& moment) {
    if (planted(Plant::ignore_what_devices_saw)) return;
    // A kiosk is told of a lease once its event is on disk.
    auto told = hello.journal_seq;
    for (const auto& lease : hello.leases)
        told = std::max(told, lease.lease.value());
    if (told > position()) {
        begin_epoch(hello.device, static_cast<std::uint32_t>(told >> engine::epoch_shift), moment);
    }
    for (const auto& seen : hello.seen) {
        auto events = engine_.heed_seen(seen.service_day, seen.label, moment.now);
        if (events.empty()) continue;
        note(Level::warning, fmt::format("{} has been given {}, which the journal does not know; "
                                         "the series goes on behind it",
                                         hello.device.view(), seen.label));
        decide(std::move(events));
    }
}

void Hub::begin_epoch(DeviceId device, std::uint32_t known, const Moment& moment) {
    if (planted(Plant::ignore_what_devices_saw)) return;
    note(Level::warning,
         fmt::format("{} knows of events that the journal has lost: it is an old copy. A new epoch "
                     "begins, and every series goes on with its next thousand; tell who holds a "
                     "number that is not called to take a new one",
                     device.view()));
    decide(engine_.begin_epoch(moment.now, known));
}

}  // namespace antrean::sessions
