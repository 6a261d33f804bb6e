#include "controller/site/site_table.hpp"

#include "proto/day.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace antrean::site {
namespace {

constexpr std::size_t max_name_bytes = 80;
constexpr std::size_t max_remark_bytes = 200;
constexpr std::size_t max_buttons = 512;  // so that a menu of the longest names fits a frame
constexpr std::size_t max_holidays = 400;
constexpr std::size_t max_intervals = 8;  // a day
constexpr std::string_view digits = "0123456789";

bool only_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

// An id that somebody may have meant by TEXT; empty where nothing is left of it.
std::string as_id(std::string_view text) {
    std::string id;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        if (kept && !(id.empty() && c == '.')) id += c;
        if (!kept && !id.empty() && id.back() != '-') id += '-';
    }
    while (!id.empty() && id.back() == '-')
        id.pop_back();
    return id.substr(0, AgencyId::max_size);
}

// TEXT as a whole number without sign; none where it is not, or has more than 9 digits.
std::optional<int> number_in(std::string_view text) {
    if (text.empty() || text.size() > 9 || !only_of(text, digits)) return std::nullopt;
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// "08:00", up to "36:00": a service day ends before the noon behind its midnight.
std::optional<std::chrono::minutes> time_in(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = number_in(text.substr(0, 2));
    const auto minute = number_in(text.substr(3));
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const auto time = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
    if (time > std::chrono::hours{36}) return std::nullopt;
    return time;
}

std::optional<engine::Policy> policy_in(std::string_view text) {
    constexpr std::string_view interleave = "interleave ";
    constexpr int most_turns = 20;
    using Kind = engine::Policy::Kind;
    if (text == "arrival") return engine::Policy{Kind::arrival};
    if (text == "strict") return engine::Policy{Kind::strict};
    if (!text.starts_with(interleave)) return std::nullopt;
    const std::string_view ratio = text.substr(interleave.size());
    const std::size_t colon = ratio.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto ahead = number_in(ratio.substr(0, colon));
    const auto regular = number_in(ratio.substr(colon + 1));
    const auto good = [](std::optional<int> turns) {
        return turns && *turns >= 1 && *turns <= most_turns;
    };
    if (!good(ahead) || !good(regular)) return std::nullopt;
    return engine::Policy{Kind::interleave, static_cast<std::uint32_t>(*ahead),
                          static_cast<std::uint32_t>(*regular)};
}

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

SiteTable::SiteTable(const config::Table& table, const std::string& header, std::string kind,
                     Problems& problems)
    : TableReader{table, header, kind.empty() ? header : "this " + header, problems},
      problems_{problems},
      kind_{std::move(kind)} {}

Text SiteTable::id() {
    Text text = checked_id("id", Need::required);
    if (!text.value.empty()) name_by(kind_ + ' ' + in_quotes(text.value));
    return text;
}

Text SiteTable::checked_id(std::string_view key, Need need) {
    Text read = text(key, need);
    if (read.given() && !read.told && !AgencyId::parse(read.value)) {
        const std::string meant = as_id(read.value);
        problem(
            read.line,
            in_quotes(read.value) +
                " is no id: an id has 1 to 31 of a-z, 0-9, '-' and "
                "'.', and begins with a letter or digit",
            meant.empty() || meant == read.value ? "write another id" : "write '" + meant + "'");
    }
    return read;
}

Text SiteTable::prefix(Need need) {
    Text read = text("prefix", need);
    if (!read.given() || read.told) return read;
    bool good = !read.value.empty() && read.value.size() <= 3;
    std::string meant;
    for (const char c : read.value) {
        const bool capital = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        good = good && capital;
        if (capital) meant += c;
        if (c >= 'a' && c <= 'z') meant += static_cast<char>(c - 'a' + 'A');
    }
    if (!good) {
        problem(read.line,
                "prefix " + in_quotes(read.value) + " of " + label() +
                    " is not 1 to 3 characters of A-Z and 0-9",
                meant.empty() ? "write one such as 'A'"
                              : "write one such as '" + meant.substr(0, 3) + "'");
    }
    return read;
}

Text SiteTable::name(std::string_view key, Need need) {
    return TableReader::name(key, need, max_name_bytes);
}

Text SiteTable::remark(std::string_view key) {
    return TableReader::name(key, Need::optional, max_remark_bytes);
}

Ids SiteTable::ids(std::string_view key) {
    Ids ids;
    const config::Value* value = take(key, Need::optional);
    if (value == nullptr) return ids;
    ids.line = value->line;
    const config::List* list = list_of(*value, key, std::string{key} + " = [\"...\"]");
    if (list == nullptr) {
        ids.told = true;
        return ids;
    }
    for (const config::Value& element : *list) {
        Text text = filled_of(element, key);
        if (text.value.empty()) {
            ids.told = true;
        } else {
            ids.each.push_back(std::move(text));
        }
    }
    return ids;
}

Serves SiteTable::serves() {
    Serves serves;
    serves.agencies = ids("agencies");
    serves.series = ids("series");
    return serves;
}

Given<std::int64_t> SiteTable::whole(std::string_view key, config::IntegerRange range) {
    const config::Value* value = take(key, Need::optional);
    if (value == nullptr) return {};
    return {integer_of(*value, key, range), value->line};
}

Minutes SiteTable::minutes(std::string_view key, config::IntegerRange range) {
    const Given<std::int64_t> count = whole(key, range);
    Minutes minutes{{}, count.line};
    if (count.value) minutes.value = std::chrono::minutes{*count.value};
    return minutes;
}

Given<ServiceDay> SiteTable::day_of(const config::Value& value, std::string_view key) {
    const Text text = text_of(value, key);
    Given<ServiceDay> day{{}, value.line};
    if (text.told) return day;
    day.value = parse_day(text.value);
    if (!day.value) {
        problem(value.line,
                "'" + std::string{key} + "' of " + label() + " is " + in_quotes(text.value) +
                    ", which is no date",
                "write year, month and day like this: '2026-12-25'");
    }
    return day;
}

Given<ServiceDay> SiteTable::day(std::string_view key) {
    const config::Value* value = take(key, Need::optional);
    return value == nullptr ? Given<ServiceDay>{} : day_of(*value, key);
}

std::vector<Given<ServiceDay>> SiteTable::days(std::string_view key) {
    const config::List* given = list(key, Need::optional, std::string{key} + " = [\"2026-12-25\"]");
    if (given == nullptr) return {};
    std::vector<Given<ServiceDay>> days;
    for (const config::Value& value : *given) {
        if (days.size() == max_holidays) {
            problem(value.line,
                    "'" + std::string{key} + "' of " + label() + " has more than " +
                        std::to_string(max_holidays) + " days",
                    "remove those that are past");
            break;
        }
        days.push_back(day_of(value, key));
    }
    return days;
}

Given<engine::Interval> SiteTable::interval_of(const config::Value& value, std::string_view key) {
    const Text text = text_of(value, key);
    Given<engine::Interval> read{{}, value.line};
    if (text.told) return read;
    const std::string_view times = text.value;
    const std::string has = "'" + std::string{key} + "' of " + label() + " has " + in_quotes(times);
    const bool form = times.size() == 11 && times[5] == '-';
    const auto from = form ? time_in(times.substr(0, 5)) : std::nullopt;
    const auto until = form ? time_in(times.substr(6)) : std::nullopt;
    if (!from || !until) {
        problem(value.line, has + ", which is not two times of day",
                "write hours and minutes like this: '08:00-12:00'");
    } else if (*from >= *until) {
        problem(value.line, has + ", which ends before it begins",
                "write the earlier time first; count on behind midnight: '20:00-25:00'");
    } else {
        read.value = engine::Interval{*from, *until};
    }
    return read;
}

std::vector<Given<engine::Interval>> SiteTable::intervals(std::string_view key) {
    const config::List* given =
        list(key, Need::optional, std::string{key} + " = [\"08:00-12:00\", \"13:00-15:00\"]");
    if (given == nullptr) return {};
    std::vector<Given<engine::Interval>> intervals;
    for (const config::Value& value : *given) {
        if (intervals.size() == max_intervals) {
            problem(value.line,
                    "'" + std::string{key} + "' of " + label() + " has more than " +
                        std::to_string(max_intervals) + " intervals",
                    "join some of them");
            break;
        }
        Given<engine::Interval> next = interval_of(value, key);
        const auto* last = intervals.empty() ? nullptr : &intervals.back();
        if (last != nullptr && last->value && next.value &&
            next.value->from <= last->value->until) {
            problem(value.line,
                    "'" + std::string{key} + "' of " + label() + " has " +
                        in_quotes(*value.text()) + ", which does not begin after the one before it",
                    "write them in the order of the day with breaks between, or join the two");
            next.value.reset();
        }
        intervals.push_back(std::move(next));
    }
    return intervals;
}

Given<engine::Interval> SiteTable::interval() {
    const auto time = [this](std::string_view key) {
        const Text given = text(key, Need::required);
        Minutes read{{}, given.line};
        if (!given.given() || given.told) return read;
        read.value = time_in(given.value);
        if (!read.value) {
            problem(given.line,
                    "'" + std::string{key} + "' of " + label() + " is " + in_quotes(given.value) +
                        ", which is no time of day",
                    "write hours and minutes like this: '12:00'");
        }
        return read;
    };
    const Minutes from = time("from");
    const Minutes until = time("until");
    Given<engine::Interval> read{{}, from.given() ? from.line : line()};
    if (!from.value || !until.value) return read;
    if (*from.value >= *until.value) {
        problem(until.line, label() + " ends before it begins",
                "write an 'until' behind its 'from'; count on behind midnight: '25:00'");
    } else {
        read.value = engine::Interval{*from.value, *until.value};
    }
    return read;
}

Given<engine::Policy> SiteTable::policy() {
    const Text given = text("policy", Need::optional);
    Given<engine::Policy> read{{}, given.line};
    if (!given.given() || given.told) return read;
    read.value = policy_in(given.value);
    if (read.value) return read;
    const std::string_view near =
        given.value.starts_with("interleave")
            ? std::string_view{"interleave 2:1"}
            : nearest(given.value, {"arrival", "strict", "interleave 2:1"});
    const std::string known =
        "one of 'arrival', 'strict' and 'interleave 2:1', with 1 to 20 on either side";
    problem(given.line, "'policy' of " + label() + " is " + in_quotes(given.value),
            near.empty() ? "write " + known
                         : "did you mean '" + std::string{near} + "'? It is " + known);
    return read;
}

// A code is a secret, so no problem shows it.
Text SiteTable::code() {
    Text read = text("code", Need::required);
    if (!read.given() || read.told) return read;
    if (read.value.size() < 4 || read.value.size() > 12 || !only_of(read.value, digits)) {
        problem(read.line, "'code' of " + label() + " is not 4 to 12 digits",
                "write one that only this person knows, in quotes");
        read.value.clear();
        read.told = true;
    }
    return read;
}

// As IEEE 802.11 bounds the name of a network, and WPA2 its password.
Text SiteTable::wifi_name() {
    return TableReader::name("wifi_name", Need::optional, 32);
}

Text SiteTable::wifi_password() {
    Text read = text("wifi_password", Need::optional);
    if (!read.given() || read.told) return read;
    if (read.value.size() < 8 || read.value.size() > 63 || !is_printable_ascii(read.value)) {
        problem(read.line, "'wifi_password' of " + label() + " is not 8 to 63 characters of ASCII",
                "write the one that the network asks for, or remove it if it asks for none");
        read.told = true;
    }
    return read;
}

Text SiteTable::paper_link() {
    constexpr std::string_view scheme = "https://";
    constexpr std::size_t most = 120;
    Text read = text("paper_link", Need::optional);
    if (!read.given() || read.told) return read;
    const std::string_view link = read.value;
    const bool good = link.starts_with(scheme) && link.size() > scheme.size() &&
                      link.size() <= most && link[scheme.size()] != '/' &&
                      is_printable_ascii(link) &&
                      link.find_first_of(" \"'<>\\^`{|}") == std::string_view::npos;
    if (!good) {
        problem(read.line,
                "'paper_link' of " + label() + " is " + in_quotes(link) + ", which is no address",
                "write one of at most " + std::to_string(most) +
                    " characters like this: 'https://antrean.example'");
        read.told = true;
    }
    return read;
}

ButtonDraft SiteTable::button(const config::Entry& entry) {
    static constexpr std::array<config::Word<TicketClass>, class_count> classes{{
        {"regular", TicketClass::regular},
        {"priority", TicketClass::priority},
        {"appointment", TicketClass::appointment},
    }};
    ButtonDraft button;
    const auto number = number_in(entry.key);
    if (!number || *number < 1 || *number > 999 || entry.key.front() == '0') {
        problem(
            entry.line,
            "button " + in_quotes(entry.key) + " of " + label() + " is not a number from 1 to 999",
            "write its number without sign or leading zeros");
    } else {
        button.number = static_cast<std::uint16_t>(*number);
    }
    const config::Table* table = entry.value.table();
    if (table == nullptr) {
        button.service = filled_of(entry.value, entry.key);
        return button;
    }
    const std::string which = "button " + entry.key + " of " + label();
    TableReader inner{*table, "[kiosk.buttons]", which, problems_};
    button.service = inner.filled("service", Need::optional);
    if (!button.service.given()) {
        problem(entry.line, which + " has no 'service'",
                "write it like this: " + entry.key +
                    " = { service = \"service-id\", class = \"priority\" }");
    }
    button.ticket_class =
        inner.choice("class", Need::optional, classes).value_or(TicketClass::regular);
    inner.finish();
    return button;
}

std::vector<ButtonDraft> SiteTable::buttons() {
    const config::Table* given =
        table("buttons", Need::required, "buttons = { 1 = \"service-id\" }");
    if (given == nullptr) return {};
    std::vector<ButtonDraft> buttons;
    for (const config::Entry& entry : given->entries)
        buttons.push_back(button(entry));
    if (buttons.size() > max_buttons) {
        problem(given->line, label() + " has more than " + std::to_string(max_buttons) + " buttons",
                "give the rest to another kiosk");
    }
    if (buttons.empty()) {
        problem(given->line, label() + " has no button",
                "give it one at least: buttons = { 1 = \"service-id\" }");
    }
    return buttons;
}

}  // namespace antrean::site
