// What the console tells of the hall.
#include "controller/console/answers.hpp"
#include "controller/journal/words.hpp"
#include "proto/day.hpp"

#include <boost/json.hpp>

namespace antrean::console {

namespace json = boost::json;
using journal::word;

namespace {

std::string line(const json::object& object) {
    return json::serialize(object) + '\n';
}

json::object to_object(const projections::Waiting& waiting) {
    json::object object{{"all", waiting.all}};
    for (const auto& [ticket_class, name] : journal::class_words) {
        object[name] = waiting.by_class[static_cast<std::size_t>(ticket_class)];
    }
    return object;
}

json::object to_object(const site::Counter& counter, const projections::CounterNow& now) {
    json::object object{{"counter", counter.id.view()},
                        {"name", counter.name},
                        {"waiting", to_object(now.waiting)}};
    if (now.ticket.id) {
        object["ticket"] = now.ticket.label;
        object["service"] = now.ticket.service.view();
        object["class"] = word(journal::class_words, now.ticket_class);
        object["state"] = word(journal::state_words, now.state);
        object["times_called"] = now.times_called;
        if (now.paper != projections::Paper::printed) {
            object["paper"] = now.paper == projections::Paper::voided ? "void" : "unconfirmed";
        }
    }
    if (!now.held.empty()) {
        json::array held;
        for (const auto& ticket : now.held)
            held.push_back(json::string{ticket.ticket.label});
        object["held"] = std::move(held);
    }
    if (now.staff) object["staff"] = now.staff.view();
    if (now.paused) object["paused"] = *now.paused;
    return object;
}

std::string_view word_of(proto::PrinterState state) {
    using enum proto::PrinterState;
    switch (state) {
        case ready:
            return "ready";
        case paper_low:
            return "paper_low";
        case paper_out:
            return "paper_out";
        case cover_open:
            return "cover_open";
        case cutter_jam:
            return "cutter_jam";
        case head_hot:
            return "head_hot";
        case offline:
            return "offline";
        case gone:
            return "gone";
        case faulty:
            return "faulty";
    }
    return "";
}

}  // namespace

std::string status_line(const sessions::Hub& hub, const sessions::Moment& moment,
                        const Vitals& vitals) {
    const auto& site = hub.site();
    const auto stats = hub.stats();
    json::object status{{"version", ANTREAN_VERSION},
                        {"site", site.name},
                        {"place", site.place},
                        {"site_version", site.version},
                        {"epoch", hub.engine().epoch()},
                        {"journal_seq", stats.journal_seq},
                        {"connections", stats.connections},
                        {"kiosks", stats.kiosks},
                        {"kiosks_known", site.kiosks.size()},
                        {"callpads", stats.callpads},
                        {"uptime_s", vitals.uptime.count()}};
    if (const auto day = hub.engine().day()) status["day"] = to_iso(*day);
    std::size_t callpads = 0;
    for (const auto& counter : site.counters)
        callpads += counter.callpad ? 1 : 0;
    status["callpads_known"] = callpads;
    json::object tickets;
    const auto counts = hub.hall().tickets();
    for (const auto state : {engine::State::waiting, engine::State::called, engine::State::serving,
                             engine::State::held}) {
        const auto it = counts.find(state);
        tickets[word(journal::state_words, state)] = it == counts.end() ? 0 : it->second;
    }
    status["tickets"] = std::move(tickets);
    status["alarms"] = hub.hall().alarms(moment.now.wall).size();
    if (vitals.storage_free_bytes) status["storage_free_bytes"] = *vitals.storage_free_bytes;
    if (vitals.reports_lag_events) status["reports_lag_events"] = *vitals.reports_lag_events;
    if (!vitals.trouble.empty()) status["trouble"] = vitals.trouble;
    return line({{"ok", true}, {"status", std::move(status)}});
}

std::string queue_line(const sessions::Hub& hub, const sessions::Moment& moment) {
    const auto& site = hub.site();
    json::array queues;
    for (const auto& series : site.series) {
        json::object queue{{"series", series.id.view()}, {"prefix", series.prefix}};
        if (const auto* agency = site.agency(series.agency)) queue["agency"] = agency->short_name;
        queue["waiting"] = to_object(hub.hall().waiting(series.id));
        queues.push_back(std::move(queue));
    }
    json::array services;
    const auto waiting = hub.hall().waiting_by_service();
    // The engine offers nothing on a day that is not opened yet.
    const bool open = !hub.engine().day_is_due(moment.now);
    for (const auto& service : site.services) {
        json::object entry{{"service", service.id.view()},
                           {"name", service.name},
                           {"series", service.series.view()}};
        const auto waits = waiting.find(service.id);
        entry["waiting"] =
            to_object(waits == waiting.end() ? projections::Waiting{} : waits->second);
        const auto offer = open ? hub.engine().offer(service.id, moment.now) : engine::Offer{};
        if (offer.refusal) entry["closed"] = word(journal::refusal_words, *offer.refusal);
        if (!offer.text.empty()) entry["text"] = offer.text;
        if (offer.left) entry["left"] = *offer.left;
        const auto ahead = hub.hall().waiting(service.series).all;
        entry["estimate_s"] = hub.hall().estimate(service, ahead).count();
        services.push_back(std::move(entry));
    }
    json::array counters;
    for (const auto& counter : site.counters)
        counters.push_back(to_object(counter, hub.hall().at(counter)));
    return line({{"ok", true},
                 {"queues", std::move(queues)},
                 {"services", std::move(services)},
                 {"counters", std::move(counters)}});
}

std::string alarms_line(const sessions::Hub& hub, const sessions::Moment& moment) {
    using Kind = projections::Alarm::Kind;
    json::array alarms;
    for (const auto& alarm : hub.hall().alarms(moment.now.wall)) {
        alarms.push_back({{"kind", alarm.kind == Kind::promise ? "promise" : "waiting_limit"},
                          {"service", alarm.service.view()},
                          {"ticket", alarm.label},
                          {"waited_s", alarm.waited.count()},
                          {"limit_s", alarm.limit.count()},
                          {"broken", alarm.broken}});
    }
    return line({{"ok", true}, {"alarms", std::move(alarms)}});
}

std::string devices_line(const sessions::Hub& hub) {
    json::array devices;
    for (const auto& device : hub.devices()) {
        json::object entry{{"device", device.device.view()},
                           {"role", device.role == proto::Role::kiosk ? "kiosk" : "callpad"},
                           {"connected", device.connected}};
        if (device.state) {
            json::array printers, stuck;
            for (const auto state : device.state->printers)
                printers.push_back(json::value(word_of(state)));
            for (const auto button : device.state->stuck)
                stuck.push_back(button.value());
            entry["printers"] = std::move(printers);
            entry["stuck_buttons"] = std::move(stuck);
        }
        devices.push_back(std::move(entry));
    }
    return line({{"ok", true}, {"devices", std::move(devices)}});
}

}  // namespace antrean::console
