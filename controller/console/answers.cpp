#include "controller/console/answers.hpp"

#include "controller/journal/row.hpp"
#include "controller/journal/schema.hpp"
#include "controller/journal/words.hpp"

#include <algorithm>
#include <optional>

#include <boost/json.hpp>

namespace antrean::console {

namespace json = boost::json;
using engine::Refusal;
using journal::word;

namespace {

std::string line(const json::object& object) {
    return json::serialize(object) + '\n';
}

json::object refused(std::string_view refusal_word, std::string_view text) {
    return {{"ok", false}, {"error", refusal_word}, {"text", text}};
}

struct ToObject {
    json::object operator()(const engine::TicketRef& ticket) const {
        return {{"ok", true},
                {"ticket",
                 {{"id", ticket.id.value()},
                  {"label", ticket.label},
                  {"service", ticket.service.view()}}}};
    }
    json::object operator()(const engine::TicketAnswer& answer) const {
        return (*this)(answer.ticket);
    }
    json::object operator()(const engine::CalledAnswer& answer) const {
        return (*this)(answer.ticket);
    }
    json::object operator()(const engine::DoneAnswer&) const { return {{"ok", true}}; }
    json::object operator()(Refusal refusal) const {
        return refused(word(journal::refusal_words, refusal), to_text(refusal));
    }
};

}  // namespace

std::string done_line(std::string_view text) {
    json::object object{{"ok", true}};
    if (!text.empty()) object["text"] = text;
    return line(object);
}

std::string refused_line(std::string_view refusal_word, std::string_view text) {
    return line(refused(refusal_word, text));
}

std::string answer_line(const engine::Answer& answer) {
    return line(std::visit(ToObject{}, answer));
}

std::string answers_line(const std::vector<std::pair<ServiceId, engine::Answer>>& answers) {
    const auto is_refused = [](const auto& answer) {
        return std::holds_alternative<Refusal>(answer.second);
    };
    const auto first = std::find_if(answers.begin(), answers.end(), is_refused);
    json::object object{{"ok", true}};
    if (first != answers.end()) object = ToObject{}(std::get<Refusal>(first->second));
    json::array services;
    for (const auto& [service, answer] : answers) {
        auto entry = std::visit(ToObject{}, answer);
        entry["service"] = service.view();
        services.push_back(std::move(entry));
    }
    object["services"] = std::move(services);
    return line(object);
}

std::string progress_line(std::uint64_t done, std::uint64_t of) {
    return line({{"progress", {{"done", done}, {"of", of}}}});
}

std::string tail_begins_line(std::uint64_t next_seq) {
    return line({{"tail", {{"next_seq", next_seq}}}});
}

std::string event_line(std::uint64_t seq, const engine::Event& event) {
    json::object columns{{"seq", seq}};
    std::size_t at = 0;
    const auto add = [&](const auto& value) {
        const std::string_view name = journal::column_names.at(at++);
        if constexpr (requires { value.has_value(); }) {
            if (value) columns[name] = *value;
        } else {
            columns[name] = value;
        }
    };
    const auto row = journal::to_row(event);
    journal::Row::for_each(row, add);
    return line({{"event", std::move(columns)}});
}

std::string_view to_text(Refusal refusal) {
    switch (refusal) {
        case Refusal::request_reused:
            return "the request's id was used before for another one";
        case Refusal::stale_request:
            return "a newer request was decided since";
        case Refusal::storage_low:
            return "the disk has no room for new tickets";
        case Refusal::unknown_service:
            return "the site file has no such service";
        case Refusal::nobody_waits:
            return "nobody waits there";
        case Refusal::not_called:
            return "nobody is called to that counter";
        case Refusal::unknown_ticket:
            return "no such ticket is known today";
        case Refusal::series_full:
            return "the series has no number left today";
        case Refusal::not_open_yet:
            return "the service is not open yet";
        case Refusal::in_break:
            return "the service has its break";
        case Refusal::too_late:
            return "the last ticket of the day has been given";
        case Refusal::closed:
            return "the service is closed today";
        case Refusal::paused:
            return "the service is paused";
        case Refusal::not_in_force:
            return "the agency's agreement is not in force today";
        case Refusal::quota_used:
            return "the day's quota is used up";
        case Refusal::hall_full:
            return "the hall has as many tickets as it may";
        case Refusal::day_closed:
            return "the day is closed";
        case Refusal::no_counter:
            return "no counter is named, or the site file has none of that id";
        case Refusal::not_signed_in:
            return "nobody is signed in at that counter";
        case Refusal::unknown_staff:
            return "the code is nobody's, or not of that counter";
        case Refusal::counter_paused:
            return "the counter is paused";
        case Refusal::recall_limit:
            return "the ticket was called as often as may be";
        case Refusal::not_callable:
            return "the ticket is over, at another counter, or not of that counter's series";
        case Refusal::wrong_state:
            return "that cannot follow upon what was done before";
        case Refusal::nothing_to_undo:
            return "the counter has no step to take back";
        case Refusal::too_late_to_undo:
            return "the counter's last step is too long ago";
        case Refusal::unknown_lease:
            return "the number is of no lease of that kiosk";
        case Refusal::unknown_appointment:
            return "the code is of no appointment of this site";
        case Refusal::wrong_day:
            return "the appointment is of another day";
        case Refusal::too_early:
            return "the appointment is later";
        case Refusal::too_late_for_appointment:
            return "the appointment was earlier";
        case Refusal::appointment_used:
            return "somebody checked in with that code";
    }
    return {};
}

}  // namespace antrean::console
