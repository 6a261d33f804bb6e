#include "tools/ctl/show.hpp"

#include "drivers/tty/escape.hpp"
#include "tools/ctl/table.hpp"

#include <cstdint>
#include <ctime>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace antrean::ctl {

namespace json = boost::json;

namespace {

// A field as people read it; empty where there is none.
std::string text(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value || value->is_null()) return {};
    if (const auto* string = value->if_string()) return {string->data(), string->size()};
    if (const auto* flag = value->if_bool()) return *flag ? "yes" : "no";
    return json::serialize(*value);
}

std::int64_t number(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value) return 0;
    json::error_code error;
    const auto number = value->to_number<std::int64_t>(error);
    return error ? 0 : number;
}

const json::object& inner(const json::object& object, std::string_view key) {
    static const json::object none;
    const auto* value = object.if_contains(key);
    return value && value->is_object() ? value->get_object() : none;
}

// Calls VISIT for each object of the list.
template <class Visit>
void for_each(const json::object& object, std::string_view key, const Visit& visit) {
    const auto* list = object.if_contains(key);
    if (!list || !list->is_array()) return;
    for (const auto& entry : list->get_array()) {
        if (entry.is_object()) visit(entry.get_object());
    }
}

std::string bytes(std::int64_t count) {
    constexpr std::int64_t kib = 1024;
    if (count >= kib * kib * kib) {
        return fmt::format("{:.1f} GiB", static_cast<double>(count) / (kib * kib * kib));
    }
    if (count >= kib * kib) return fmt::format("{} MiB", count / (kib * kib));
    return fmt::format("{} KiB", count / kib);
}

std::string duration(std::int64_t seconds) {
    const auto days = seconds / 86'400, hours = seconds / 3'600 % 24, minutes = seconds / 60 % 60;
    if (days > 0) return fmt::format("{} d {} h", days, hours);
    if (hours > 0) return fmt::format("{} h {} min", hours, minutes);
    if (minutes > 0) return fmt::format("{} min", minutes);
    return fmt::format("{} s", seconds);
}

std::string status(const json::object& status, bool coloured) {
    std::string out;
    const auto line = [&](std::string_view name, std::string_view value,
                          Colour colour = Colour::none) {
        out += fmt::format("{:<10} {}\n", name, in_colour(value, colour, coloured));
    };
    const auto trouble = text(status, "trouble");
    line("state", trouble.empty() ? "well" : trouble, trouble.empty() ? Colour::none : Colour::red);
    line("site", fmt::format("{} ({}), file {}", text(status, "site"), text(status, "place"),
                             text(status, "site_version")));
    const auto day = text(status, "day");
    line("day", day.empty() ? "none yet" : day);
    const auto& tickets = inner(status, "tickets");
    line("tickets", fmt::format("{} waiting, {} called, {} serving, {} held",
                                number(tickets, "waiting"), number(tickets, "called"),
                                number(tickets, "serving"), number(tickets, "held")));
    const auto alarms = number(status, "alarms");
    line("alarms", std::to_string(alarms), alarms > 0 ? Colour::yellow : Colour::none);
    line("devices", fmt::format("{} of {} kiosks, {} of {} callpads", number(status, "kiosks"),
                                number(status, "kiosks_known"), number(status, "callpads"),
                                number(status, "callpads_known")));
    line("journal",
         fmt::format("event {}, epoch {}", number(status, "journal_seq"), number(status, "epoch")));
    if (status.contains("storage_free_bytes")) {
        line("storage", bytes(number(status, "storage_free_bytes")) + " free");
    }
    if (status.contains("reports_lag_events")) {
        line("reports", fmt::format("{} events behind", number(status, "reports_lag_events")));
    }
    line("version",
         fmt::format("{}, up {}", text(status, "version"), duration(number(status, "uptime_s"))));
    return out;
}

std::string queue(const json::object& answer, bool coloured) {
    Table queues{{"SERIES", "AGENCY", ">WAITING", ">REGULAR", ">PRIORITY", ">APPOINTMENT"}};
    for_each(answer, "queues", [&](const json::object& queue) {
        const auto& waiting = inner(queue, "waiting");
        queues.add({fmt::format("{} ({})", text(queue, "series"), text(queue, "prefix")),
                    text(queue, "agency"), text(waiting, "all"), text(waiting, "regular"),
                    text(waiting, "priority"), text(waiting, "appointment")});
    });
    Table services{{"SERVICE", "NAME", "SERIES", "OPEN", ">LEFT", ">WAITING", ">WAIT"}};
    for_each(answer, "services", [&](const json::object& service) {
        const auto closed = text(service, "closed");
        const auto why = text(service, "text");
        Cell open{closed.empty() ? "yes"
                  : why.empty()  ? closed
                                 : closed + ": " + why,
                  closed.empty() ? Colour::none : Colour::yellow};
        services.add({text(service, "service"), text(service, "name"), text(service, "series"),
                      std::move(open), text(service, "left"),
                      text(inner(service, "waiting"), "all"),
                      duration(number(service, "estimate_s"))});
    });
    Table counters{{"COUNTER", "NAME", "TICKET", "STATE", ">CALLS", ">WAITING", "STAFF", "NOTES"}};
    for_each(answer, "counters", [&](const json::object& counter) {
        std::string notes;
        const auto note = [&](std::string_view words) {
            notes += notes.empty() ? "" : "; ";
            notes += words;
        };
        const auto paused = counter.contains("paused");
        if (paused) note(fmt::format("paused: {}", text(counter, "paused")));
        if (const auto paper = text(counter, "paper"); !paper.empty()) note("paper " + paper);
        if (const auto* held = counter.if_contains("held"); held && held->is_array()) {
            std::string labels;
            for (const auto& label : held->get_array()) {
                if (label.is_string()) labels += fmt::format(" {}", label.get_string().c_str());
            }
            note("holds" + labels);
        }
        counters.add({text(counter, "counter"), text(counter, "name"), text(counter, "ticket"),
                      text(counter, "state"), text(counter, "times_called"),
                      text(inner(counter, "waiting"), "all"), text(counter, "staff"),
                      Cell{notes, paused ? Colour::yellow : Colour::none}});
    });
    return queues.text(coloured) + "\n" + services.text(coloured) + "\n" + counters.text(coloured);
}

std::string alarms(const json::object& answer, bool coloured) {
    Table table{{"SERVICE", "TICKET", ">WAITED", ">LIMIT", "WHAT"}};
    for_each(answer, "alarms", [&](const json::object& alarm) {
        const bool broken = text(alarm, "broken") == "yes";
        const auto promise = text(alarm, "kind") == "promise";
        table.add({text(alarm, "service"), text(alarm, "ticket"),
                   duration(number(alarm, "waited_s")), duration(number(alarm, "limit_s")),
                   Cell{std::string{promise ? "the paper's promise" : "the service's limit"} +
                            (broken ? " is broken" : " is near"),
                        broken ? Colour::red : Colour::yellow}});
    });
    return table.empty() ? "nobody waits too long\n" : table.text(coloured);
}

std::string devices(const json::object& answer, bool coloured) {
    Table table{{"DEVICE", "ROLE", "CONNECTED", "PRINTERS", "NOTES"}};
    for_each(answer, "devices", [&](const json::object& device) {
        const bool connected = text(device, "connected") == "yes";
        std::string printers, stuck;
        bool good = true;
        const auto list = [&](std::string_view key, const auto& visit) {
            const auto* values = device.if_contains(key);
            if (!values || !values->is_array()) return;
            for (const auto& value : values->get_array())
                visit(value);
        };
        list("printers", [&](const json::value& value) {
            if (!value.is_string()) return;
            const std::string_view state{value.get_string().data(), value.get_string().size()};
            good = good && state == "ready";
            printers += fmt::format("{}{}", printers.empty() ? "" : ", ", state);
        });
        list("stuck_buttons", [&](const json::value& value) {
            stuck += fmt::format(" {}", json::serialize(value));
        });
        table.add({text(device, "device"), text(device, "role"),
                   Cell{connected ? "yes" : "no", connected ? Colour::none : Colour::red},
                   Cell{printers, good ? Colour::none : Colour::yellow},
                   Cell{stuck.empty() ? "" : "stuck:" + stuck, Colour::yellow}});
    });
    return table.text(coloured);
}

// "08:03:12 #12 called  ticket=3 label=A-001 ..."
std::string event(const json::object& event, bool coloured) {
    const auto local = static_cast<std::time_t>(number(event, "at_ms") / 1000 +
                                                number(event, "utc_offset_min") * 60);
    std::tm time{};
    gmtime_r(&local, &time);
    auto out = fmt::format("{:02}:{:02}:{:02} {} {}", time.tm_hour, time.tm_min, time.tm_sec,
                           in_colour("#" + text(event, "seq"), Colour::dim, coloured),
                           in_colour(text(event, "kind"), Colour::bold, coloured));
    for (const auto& field : event) {
        const std::string_view key{field.key().data(), field.key().size()};
        if (key == "seq" || key == "kind" || key == "day" || key == "at_ms" ||
            key == "utc_offset_min") {
            continue;
        }
        out += fmt::format(" {}={}", tty::escaped(key), tty::escaped(text(event, key)));
    }
    return out + "\n";
}

// Safe for a terminal; line breaks stay, for a site file has many mistakes, each on a line.
std::string lines(std::string_view text) {
    std::string out;
    for (;;) {
        const auto end = text.find('\n');
        out += tty::escaped(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        out += '\n';
        text.remove_prefix(end + 1);
    }
}

std::string refusal(const json::object& answer) {
    auto out =
        fmt::format("{} ({})\n", lines(text(answer, "text")), tty::escaped(text(answer, "error")));
    for_each(answer, "services", [&](const json::object& service) {
        const auto why = text(service, "text");
        out += fmt::format("  {}: {}\n", tty::escaped(text(service, "service")),
                           why.empty() ? "done" : tty::escaped(why));
    });
    return out;
}

std::string done(std::string_view request, const json::object& answer, bool coloured) {
    if (request == "status") return status(inner(answer, "status"), coloured);
    if (request == "queue") return queue(answer, coloured);
    if (request == "alarms") return alarms(answer, coloured);
    if (request == "devices") return devices(answer, coloured);
    if (const auto& ticket = inner(answer, "ticket"); !ticket.empty()) {
        return fmt::format("{} for {}\n", in_colour(text(ticket, "label"), Colour::bold, coloured),
                           tty::escaped(text(ticket, "service")));
    }
    if (const auto* services = answer.if_contains("services"); services && services->is_array()) {
        return fmt::format("done: {} services\n", services->get_array().size());
    }
    const auto words = text(answer, "text");
    return (words.empty() ? std::string{"done"} : tty::escaped(words)) + "\n";
}

}  // namespace

Shown show(std::string_view request, std::string_view line, bool coloured) {
    json::error_code error;
    const auto value = json::parse(json::string_view{line.data(), line.size()}, error);
    const auto* object = error ? nullptr : value.if_object();
    if (!object) return {tty::escaped(line) + "\n", true, true};
    if (const auto* ok = object->if_contains("ok")) {
        if (*ok == json::value(true)) return {done(request, *object, coloured), true, false};
        return {refusal(*object), true, true};
    }
    if (object->contains("event")) return {event(inner(*object, "event"), coloured), false, false};
    if (object->contains("progress")) {
        const auto& progress = inner(*object, "progress");
        return {fmt::format("{} of {}\n", number(progress, "done"), number(progress, "of")), false,
                false};
    }
    return {};  // a tail begins
}

Shown pass_on(std::string_view line) {
    json::error_code error;
    const auto value = json::parse(json::string_view{line.data(), line.size()}, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* ok = object ? object->if_contains("ok") : nullptr;
    return {std::string{line} + "\n", !object || ok, !object || (ok && *ok != json::value(true))};
}

}  // namespace antrean::ctl
