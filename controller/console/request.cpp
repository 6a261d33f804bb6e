#include "controller/console/request.hpp"

#include "controller/engine/event.hpp"
#include "controller/journal/words.hpp"
#include "drivers/tty/escape.hpp"
#include "proto/messages.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace antrean::console {

namespace json = boost::json;
using journal::meaning;
using journal::word;

namespace {

constexpr std::size_t max_label_bytes = 16;

// Takes the fields of a request one by one; a field that nobody took is a mistake too, for a
// misspelt one must not be passed over. Throws Mistake, which parse() catches.
class Fields {
public:
    explicit Fields(const json::object& object) : object_{object} {}

    std::string text(const char* key, std::size_t most = max_text_bytes) {
        auto value = any_text(key, most);
        if (!value || value->empty()) throw Mistake{fmt::format("\"{}\" is missing", key)};
        return *std::move(value);
    }
    std::optional<std::string> any_text(const char* key, std::size_t most = max_text_bytes) {
        taken_.insert(key);
        const auto* value = object_.if_contains(key);
        if (!value) return std::nullopt;
        const auto* string = value->if_string();
        if (!string) throw Mistake{fmt::format("\"{}\" is no text", key)};
        if (string->size() > most) {
            throw Mistake{fmt::format("\"{}\" is longer than {} bytes", key, most)};
        }
        std::string text{string->data(), string->size()};
        if (!tty::is_plain(text)) {
            throw Mistake{fmt::format("\"{}\" holds characters that a terminal obeys", key)};
        }
        return text;
    }
    std::string reason() { return any_text("reason").value_or(""); }
    template <class Id>
    Id id(const char* key) {
        return parse_id<Id>(key, text(key));
    }
    template <class Id>
    std::optional<Id> any_id(const char* key) {
        const auto value = any_text(key);
        if (!value) return std::nullopt;
        return parse_id<Id>(key, *value);
    }
    void finish() const {
        for (const auto& field : object_) {
            const std::string key{field.key()};
            if (!taken_.contains(key)) {
                throw Mistake{fmt::format("\"{}\" is no field of this request", tty::escaped(key))};
            }
        }
    }

private:
    template <class Id>
    static Id parse_id(const char* key, const std::string& text) {
        const auto id = Id::parse(text);
        if (!id) {
            throw Mistake{
                fmt::format("\"{}\": '{}' is no id of a site file: a-z, 0-9, '-' and '.', "
                            "{} characters at most",
                            key, text, Id::max_size)};
        }
        return *id;
    }

    const json::object& object_;
    std::set<std::string> taken_{"do"};
};

Request call(Fields& fields) {
    const auto counter = fields.id<CounterId>("counter");
    const auto label = fields.any_text("label", max_label_bytes);
    const auto class_name = fields.any_text("class");
    if (label && class_name) throw Mistake{"\"label\" and \"class\" do not go together"};
    if (label) return Act{engine::CallNamed{{}, *label}, counter};
    engine::CallNext next;
    if (class_name) {
        next.only = meaning(journal::class_words, *class_name);
        if (!next.only) throw Mistake{"\"class\" is regular, priority or appointment"};
    }
    return Act{next, counter};
}

template <class Action>
Request at_counter(Fields& fields) {
    return Act{Action{}, fields.id<CounterId>("counter")};
}

Request transfer(Fields& fields) {
    const auto counter = fields.id<CounterId>("counter");
    return Act{engine::Transfer{{}, fields.id<ServiceId>("service")}, counter};
}

Request sign_in(Fields& fields) {
    const auto counter = fields.id<CounterId>("counter");
    auto code = fields.text("code", proto::max_code_digits);
    const bool digits =
        std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) throw Mistake{"\"code\" has other characters than digits"};
    return Act{engine::SignIn{std::move(code)}, counter};
}

Request pause_counter(Fields& fields) {
    const auto counter = fields.id<CounterId>("counter");
    return Act{engine::PauseCounter{fields.reason()}, counter};
}

// A service, or an agency with all of its services.
std::variant<ServiceId, AgencyId> service_or_agency(Fields& fields) {
    const auto service = fields.any_id<ServiceId>("service");
    const auto agency = fields.any_id<AgencyId>("agency");
    if (service.has_value() == agency.has_value()) {
        throw Mistake{"one of \"service\" and \"agency\" is needed"};
    }
    if (service) return *service;
    return *agency;
}

Request pause(Fields& fields) {
    const auto what = service_or_agency(fields);
    auto reason = fields.reason();
    if (const auto* agency = std::get_if<AgencyId>(&what)) {
        return PauseAgency{*agency, std::move(reason)};
    }
    return Act{engine::PauseService{std::get<ServiceId>(what), std::move(reason)}};
}

Request resume(Fields& fields) {
    const auto what = service_or_agency(fields);
    if (const auto* agency = std::get_if<AgencyId>(&what)) return ResumeAgency{*agency};
    return Act{engine::ResumeService{std::get<ServiceId>(what)}};
}

Request backup(Fields& fields) {
    auto file = fields.text("file", max_path_bytes);
    // The controller's working directory is not that of who asks.
    if (file.front() != '/') throw Mistake{"\"file\" is no absolute path"};
    return Backup{std::move(file)};
}

template <class Plain>
Request plain(Fields&) {
    return Plain{};
}

template <class Action>
Request day(Fields&) {
    return Act{Action{}};
}

struct Form {
    std::string_view name;
    Request (*make)(Fields& fields);
};

constexpr Form forms[]{
    {"status", plain<TellStatus>},
    {"queue", plain<TellQueue>},
    {"alarms", plain<TellAlarms>},
    {"devices", plain<TellDevices>},
    {"tail", plain<Tail>},
    {"call", call},
    {"recall", at_counter<engine::Recall>},
    {"serve", at_counter<engine::Serve>},
    {"finish", at_counter<engine::Finish>},
    {"no-show", at_counter<engine::NoShow>},
    {"hold", at_counter<engine::Hold>},
    {"transfer", transfer},
    {"undo", at_counter<engine::Undo>},
    {"sign-in", sign_in},
    {"sign-out", at_counter<engine::SignOut>},
    {"pause-counter", pause_counter},
    {"open-counter", at_counter<engine::OpenCounter>},
    {"pause", pause},
    {"resume", resume},
    {"void",
     [](Fields& fields) -> Request {
         return Act{engine::VoidTicket{fields.text("label", max_label_bytes)}};
     }},
    {"close-day", day<engine::CloseDay>},
    {"reopen-day", day<engine::ReopenDay>},
    {"reload", plain<Reload>},
    {"backup", backup},
    {"rebuild-reports", plain<RebuildReports>},
};

Request make(std::string_view line) {
    if (line.size() >= max_line_bytes) {
        throw Mistake{fmt::format("a line of more than {} bytes", max_line_bytes)};
    }
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 2;
    const auto value = json::parse(json::string_view{line.data(), line.size()}, error, {}, options);
    const auto* object = error ? nullptr : value.if_object();
    if (!object) throw Mistake{"not a JSON object, such as {\"do\":\"status\"}"};
    Fields fields{*object};
    const auto name = fields.text("do");
    for (const auto& form : forms) {
        if (form.name != name) continue;
        auto request = form.make(fields);
        fields.finish();
        return request;
    }
    std::vector<std::string_view> names;
    for (const auto& form : forms)
        names.push_back(form.name);
    throw Mistake{fmt::format("'{}' is no request; there are {}", name, fmt::join(names, ", "))};
}

struct Describe {
    std::string operator()(const Act& act) const {
        const auto asked = engine::asked(act.action);
        std::string text{word(journal::asked_words, asked.kind)};
        // VoidTicket and CallNamed have a label there, pauses a reason; a code is never in it.
        if (asked.service) text += fmt::format(" {}", asked.service.view());
        if (!asked.detail.empty()) text += fmt::format(" ({})", asked.detail);
        if (act.counter) text += fmt::format(" at {}", act.counter.view());
        return text;
    }
    std::string operator()(const PauseAgency& pause) const {
        return fmt::format("pause agency {} ({})", pause.agency.view(), pause.reason);
    }
    std::string operator()(const ResumeAgency& resume) const {
        return fmt::format("resume agency {}", resume.agency.view());
    }
    std::string operator()(const Reload&) const { return "reload"; }
    std::string operator()(const Backup& backup) const { return "backup to " + backup.file; }
    std::string operator()(const RebuildReports&) const { return "rebuild-reports"; }
    template <class Telling>
    std::string operator()(const Telling&) const {
        return {};
    }
};

}  // namespace

boost::system::result<Request, Mistake> parse(std::string_view line) {
    try {
        return make(line);
    } catch (Mistake& mistake) {
        return std::move(mistake);
    }
}

std::string describe(const Request& request) {
    return std::visit(Describe{}, request);
}

}  // namespace antrean::console
