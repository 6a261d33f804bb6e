// What the hub tells by itself: menus, offers, views, alarms; and what it does when the site
// changes.
#include "controller/sessions/hub.hpp"
#include "controller/sessions/translate.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace antrean::sessions {

using Level = Notice::Level;

namespace {

constexpr std::chrono::seconds alarm_interval{10};

proto::Menu menu(const site::Site& site, const site::Kiosk& kiosk, const std::string& zone) {
    proto::Menu menu{site.name, site.place, zone, {}};
    menu.wifi_name = site.wifi.name;
    menu.wifi_password = site.wifi.password;
    menu.paper_link = site.paper_link;
    for (const auto& button : kiosk.buttons) {
        const auto& service = *site.service(button.service);
        menu.buttons.push_back({button.number, service.id, service.name,
                                site.agency(service.agency)->name, button.ticket_class,
                                service.bring, service.series});
    }
    return menu;
}

// The services that a counter may send somebody to: those of its own agencies, then the first of
// each other, for a clerk chooses by few keys.
proto::CounterMenu counter_menu(const site::Site& site, const site::Counter& counter) {
    std::set<AgencyId> own, others;
    for (const auto& service : site.services) {
        if (std::find(counter.series.begin(), counter.series.end(), service.series) !=
            counter.series.end()) {
            own.insert(service.agency);
        }
    }
    proto::CounterMenu menu;
    const auto add = [&](const site::Service& service) {
        if (menu.targets.size() < proto::max_targets) {
            menu.targets.push_back({service.id, service.name});
        }
    };
    for (const auto& service : site.services) {
        if (own.contains(service.agency)) add(service);
    }
    for (const auto& service : site.services) {
        if (!own.contains(service.agency) && others.insert(service.agency).second) add(service);
    }
    return menu;
}

// What somebody has to see to, for the log.
std::string_view trouble_text(proto::PrinterState state) {
    using enum proto::PrinterState;
    switch (state) {
        case ready:
            return "is ready";
        case paper_low:
            return "its paper is low; have a new roll put in before it is out";
        case paper_out:
            return "its paper is out; put in a new roll";
        case cover_open:
            return "its cover is open; close it";
        case cutter_jam:
            return "its cutter is blocked, or paper is stuck in it; clear it";
        case head_hot:
            return "its head is hot; it goes on by itself";
        case offline:
            return "it is silent; switch it off and on";
        case gone:
            return "it is not connected; look at its cable and its power";
        case faulty:
            return "it is out of order; have it repaired";
    }
    return "";
}

std::string to_text(const projections::Alarm& alarm, const site::Site& site) {
    const auto* service = site.service(alarm.service);
    const auto minutes = [](std::chrono::seconds time) {
        return std::chrono::duration_cast<std::chrono::minutes>(time).count();
    };
    return fmt::format(
        "{}: {} has waited {} min; {} {} min{}",
        service ? service->name : std::string{alarm.service.view()}, alarm.label,
        minutes(alarm.waited),
        alarm.kind == projections::Alarm::Kind::promise ? "its paper said" : "the limit is",
        minutes(alarm.limit), alarm.broken ? "" : ", soon to be over");
}

}  // namespace

void Hub::send_menu(Session& session, const Moment& moment) {
    if (session.role == proto::Role::kiosk) {
        session.peer.send(menu(*site_, *site_->kiosk(session.device), moment.zone), moment.steady);
        session.offers = 0;
        return;
    }
    const auto& counter = engine_.catalog().callpads.at(session.device);
    session.peer.send(counter_menu(*site_, *site_->counter(counter)), moment.steady);
}

void Hub::send_view(const site::Counter& counter, const Moment& moment) {
    const auto id = devices_.at(counter.callpad);
    auto& session = sessions_.at(id);
    if (session.peer.state() != proto::Peer::State::open) return;
    send(id, session, to_view(*site_, counter, hall_.at(counter)), moment);
}

// Offers are of what is decided, a flush ahead of the disk: they bind nobody, an answer does.
void Hub::refresh_offers(const Moment& moment) {
    if (engine_.day_is_due(moment.now)) return;
    const auto version = offers_version_ + 1;
    for (const auto& service : site_->services) {
        const auto now = engine_.offer(service.id, moment.now, room_);
        proto::Offer offer{service.id, {},          now.text,
                           now.left,   now.waiting, hall_.estimate(service, now.waiting)};
        if (now.refusal) offer.refusal = to_reason(*now.refusal);
        auto& known = offers_[service.id];
        if (known.version != 0 && known.offer == offer) continue;
        known = {std::move(offer), version};
        offers_version_ = version;
    }
}

bool Hub::send_offers(ConnectionId id, Session& session, const Moment& moment) {
    if (session.role != proto::Role::kiosk || session.offers == offers_version_ ||
        session.peer.state() != proto::Peer::State::open) {
        return false;
    }
    proto::Offers offers{position(), {}};
    std::set<ServiceId> told;
    for (const auto& button : site_->kiosk(session.device)->buttons) {
        const auto it = offers_.find(button.service);
        if (it == offers_.end() || it->second.version <= session.offers) continue;
        if (told.insert(button.service).second) offers.offers.push_back(it->second.offer);
    }
    session.offers = offers_version_;
    if (offers.offers.empty()) return false;
    send(id, session, offers, moment);
    return true;
}

void Hub::send_offers_in_turn(const Moment& moment) {
    std::size_t left = limits_.offers_a_tick;
    auto next = sessions_.upper_bound(offers_sent_to_);
    for (auto looked_at = sessions_.size(); looked_at > 0 && left > 0; --looked_at, ++next) {
        if (next == sessions_.end()) next = sessions_.begin();
        if (send_offers(next->first, next->second, moment)) --left;
        offers_sent_to_ = next->first;
    }
}

void Hub::raise_alarms(const Moment& moment) {
    if (moment.steady < next_alarms_) return;
    next_alarms_ = moment.steady + alarm_interval;
    decltype(alarms_) now;
    for (const auto& alarm : hall_.alarms(moment.now.wall)) {
        now[{alarm.service, alarm.kind}] = alarm.broken;
        const auto before = alarms_.find({alarm.service, alarm.kind});
        // Once when it is near, once when it is so.
        if (before != alarms_.end() && before->second >= alarm.broken) continue;
        note(Level::warning, to_text(alarm, *site_));
    }
    alarms_ = std::move(now);
}

void Hub::change_site(std::shared_ptr<const site::Site> site, const Moment& moment) {
    settle(moment);
    auto catalog = site->catalog();
    decide(engine_.change_site(catalog, moment.now));
    engine_.replace(std::move(catalog));
    site_ = std::move(site);
    hall_.change_site(site_);
    board_changed_ = true;
    offers_.clear();
    refresh_offers(moment);
    for (const auto& [device, id] : std::map{devices_}) {
        auto& session = sessions_.at(id);
        if (session.peer.state() == proto::Peer::State::closed) continue;
        const bool stays = session.role == proto::Role::kiosk
                               ? site_->kiosk(device) != nullptr
                               : engine_.catalog().callpads.contains(device);
        if (!stays) {
            close(id, session, proto::GoodbyeReason::unknown_device,
                  fmt::format("device '{}' is not in the site file any more", device.view()));
            continue;
        }
        if (session.peer.state() != proto::Peer::State::open) continue;
        send_menu(session, moment);
        touched(id, session);
        if (session.role == proto::Role::kiosk) {
            send_offers(id, session, moment);
        } else {
            send_view(*site_->counter(engine_.catalog().callpads.at(device)), moment);
        }
    }
    note(Level::info,
         fmt::format("site file {}: {} agencies, {} services, {} counters", site_->version,
                     site_->agencies.size(), site_->services.size(), site_->counters.size()));
}

Stats Hub::stats() const {
    auto stats = stats_;
    stats.connections = sessions_.size();
    stats.journal_seq = durable_seq_;
    for (const auto& [device, id] : devices_) {
        const bool is_kiosk = sessions_.at(id).role == proto::Role::kiosk;
        ++(is_kiosk ? stats.kiosks : stats.callpads);
    }
    return stats;
}

void Hub::told(Session& session, const proto::KioskState& state) {
    const auto before = std::exchange(session.state, state);
    const auto say = [&](bool good, const std::string& text) {
        note(good ? Level::info : Level::warning,
             fmt::format("{}: {}", session.device.view(), text));
    };
    for (std::size_t i = 0; i < state.printers.size(); ++i) {
        const auto now = state.printers[i];
        const bool is_known = before && i < before->printers.size();
        const bool was_good = !is_known || before->printers[i] == proto::PrinterState::ready;
        const bool is_good = now == proto::PrinterState::ready;
        if ((is_known && before->printers[i] == now) || (was_good && is_good)) continue;
        say(is_good, fmt::format("printer {}: {}", i + 1, trouble_text(now)));
    }
    const auto has = [](const std::vector<ButtonNumber>& buttons, ButtonNumber button) {
        return std::find(buttons.begin(), buttons.end(), button) != buttons.end();
    };
    for (const auto button : state.stuck) {
        if (!before || !has(before->stuck, button))
            say(false,
                fmt::format("button {} is held down and not heeded; free it", button.value()));
    }
    if (!before) return;
    for (const auto button : before->stuck) {
        if (!has(state.stuck, button)) say(true, fmt::format("button {} is free", button.value()));
    }
}

std::vector<DeviceNow> Hub::devices() const {
    std::vector<DeviceNow> devices;
    const auto add = [&](DeviceId device, proto::Role role) {
        DeviceNow now{device, role};
        if (const auto open = devices_.find(device); open != devices_.end()) {
            now.connected = true;
            now.state = sessions_.at(open->second).state;
        }
        devices.push_back(std::move(now));
    };
    for (const auto& [kiosk, services] : engine_.catalog().kiosks)
        add(kiosk, proto::Role::kiosk);
    for (const auto& [callpad, counter] : engine_.catalog().callpads)
        add(callpad, proto::Role::callpad);
    return devices;
}

}  // namespace antrean::sessions
