#include "controller/site/draft.hpp"
#include "controller/site/toml.hpp"
#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <charconv>

namespace antrean::site {
namespace {

constexpr std::size_t max_name_bytes = 80;
constexpr std::size_t max_buttons = 128;  // so that a menu of the longest names fits a frame

int line_of(const toml::node& node) {
    return static_cast<int>(node.source().begin.line);
}
int line_of(const toml::key& key) {
    return static_cast<int>(key.source().begin.line);
}

std::string_view described(toml::node_type type) {
    switch (type) {
        case toml::node_type::string:
            return "text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            return "a date or time";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::table:
            return "a table";
        case toml::node_type::none:
            break;
    }
    return "nothing";
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

void unknown_key(const toml::key& key, const std::string& where,
                 const std::vector<std::string_view>& known, Problems& problems) {
    const std::string_view near = nearest(key.str(), known);
    problems.add(line_of(key), where + " has an unknown key " + in_quotes(key.str()),
                 near.empty() ? "remove it: the keys here are " + joined(known)
                              : "did you mean '" + std::string{near} + "'?");
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

// One table of the file. It remembers which keys were asked for: finish() tells of the others.
class TableReader {
public:
    // HEADER as in the file: "[[agency]]"; KIND in words: "agency".
    TableReader(const toml::table& table, std::string header, std::string kind, Problems& problems)
        : table_{table}, header_{std::move(header)}, kind_{std::move(kind)}, problems_{problems} {
        label_ = kind_.empty() ? header_ : "this " + header_;
    }

    int line() const { return line_of(table_); }
    const std::string& label() const { return label_; }

    // The id of this table; from here on problems name the table by it.
    Text id() {
        Text text = checked_id("id", true);
        if (!text.value.empty()) label_ = kind_ + ' ' + in_quotes(text.value);
        return text;
    }

    // An id that this table gives: its own, or a callpad's.
    Text checked_id(std::string_view key, bool required) {
        const toml::node* node = take(key, required);
        if (node == nullptr) return {};
        Value text = string(*node, key);
        if (text.given() && !text.told && !AgencyId::parse(text.value)) {
            const std::string meant = as_id(text.value);
            problems_.add(text.line,
                          in_quotes(text.value) +
                              " is no id: an id has 1 to 31 of a-z, 0-9, '-' and "
                              "'.', and begins with a letter or digit",
                          meant.empty() || meant == text.value ? "write another id"
                                                               : "write '" + meant + "'");
        }
        return text;
    }

    Text name(std::string_view key, bool required) {
        const toml::node* node = take(key, required);
        if (node == nullptr) return {};
        Value text = string(*node, key);
        if (!text.given() || text.told) return text;
        if (text.value.find_first_not_of(' ') == std::string::npos) {
            problems_.add(text.line, "'" + std::string{key} + "' of " + label_ + " is blank",
                          "write what people are to read");
        } else if (text.value.size() > max_name_bytes) {
            problems_.add(text.line,
                          "'" + std::string{key} + "' of " + label_ + " has " +
                              std::to_string(text.value.size()) + " bytes",
                          "shorten it to " + std::to_string(max_name_bytes) + " bytes or less");
        } else if (!tty::is_plain(text.value)) {
            problems_.add(text.line,
                          "'" + std::string{key} + "' of " + label_ +
                              " has a control character: " + in_quotes(text.value),
                          "remove what is shown as \\xNN");
        }
        return text;
    }

    Text prefix(bool required) {
        const toml::node* node = take("prefix", required);
        if (node == nullptr) return {};
        Value text = string(*node, "prefix");
        if (!text.given() || text.told) return text;
        bool good = !text.value.empty() && text.value.size() <= 3;
        std::string meant;
        for (const char c : text.value) {
            const bool capital = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            good = good && capital;
            if (capital) meant += c;
            if (c >= 'a' && c <= 'z') meant += static_cast<char>(c - 'a' + 'A');
        }
        if (!good) {
            problems_.add(text.line,
                          "prefix " + in_quotes(text.value) + " of " + label_ +
                              " is not 1 to 3 characters of A-Z and 0-9",
                          meant.empty() ? "write one such as 'A'"
                                        : "write one such as '" + meant.substr(0, 3) + "'");
        }
        return text;
    }

    // Text of any form but empty: looked up or checked later.
    Text plain(std::string_view key, bool required) {
        const toml::node* node = take(key, required);
        return node == nullptr ? Text{} : filled(*node, key);
    }

    // A list of ids, looked up later. TOLD becomes true where some of it could not be read.
    std::vector<Text> list(std::string_view key, bool& told) {
        const toml::node* node = take(key, false);
        if (node == nullptr) return {};
        const toml::array* array = node->as_array();
        if (array == nullptr) {
            wrong_type(*node, key, "a list", std::string{key} + " = [\"...\"]");
            told = true;
            return {};
        }
        std::vector<Text> texts;
        for (const toml::node& element : *array) {
            Text text = filled(element, key);
            if (text.value.empty()) {
                told = true;
            } else {
                texts.push_back(std::move(text));
            }
        }
        return texts;
    }

    std::vector<ButtonDraft> buttons() {
        const toml::node* node = take("buttons", true);
        if (node == nullptr) return {};
        const toml::table* table = node->as_table();
        if (table == nullptr) {
            wrong_type(*node, "buttons", "a table", "buttons = { 1 = \"service-id\" }");
            return {};
        }
        std::vector<ButtonDraft> buttons;
        for (const auto& [key, service] : *table) {
            const std::string_view digits = key.str();
            std::uint16_t number = 0;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), number);
            const bool whole = error == std::errc{} && end == digits.data() + digits.size();
            if (!whole || number < 1 || number > 999 || digits.front() == '0') {
                problems_.add(line_of(key),
                              "button " + in_quotes(digits) + " of " + label_ +
                                  " is not a number from 1 to 999",
                              "write its number without sign or leading zeros");
            }
            buttons.push_back({number, filled(service, key.str())});
        }
        if (table->size() > max_buttons) {
            problems_.add(line_of(*node),
                          label_ + " has more than " + std::to_string(max_buttons) + " buttons",
                          "give the rest to another kiosk");
        }
        if (table->empty()) {
            problems_.add(line_of(*node), label_ + " has no button",
                          "give it one at least: buttons = { 1 = \"service-id\" }");
        }
        return buttons;
    }

    // Tells of the keys that nobody asked for.
    void finish() {
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(known_, key.str()) == known_.end()) {
                unknown_key(key, label_, known_, problems_);
            }
        }
    }

private:
    struct Value : Text {
        bool told = false;
    };

    const toml::node* take(std::string_view key, bool required) {
        known_.push_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr && required) {
            problems_.add(line(), label_ + " has no '" + std::string{key} + "'",
                          "add a line '" + std::string{key} + " = ...' below " + header_);
        }
        return node;
    }

    void wrong_type(const toml::node& node, std::string_view key, std::string_view wanted,
                    const std::string& example) {
        problems_.add(line_of(node),
                      in_quotes(key) + " of " + label_ + " is " +
                          std::string{described(node.type())} + ", not " + std::string{wanted},
                      "write it like this: " + example);
    }

    Value string(const toml::node& node, std::string_view key) {
        Value value;
        value.line = line_of(node);
        if (const auto* text = node.as_string()) {
            value.value = text->get();
        } else {
            wrong_type(node, key, "text", tty::escaped(key) + " = \"...\"");
            value.told = true;
        }
        return value;
    }

    Text filled(const toml::node& node, std::string_view key) {
        const Value value = string(node, key);
        if (value.value.empty() && !value.told) {
            problems_.add(value.line, in_quotes(key) + " of " + label_ + " is empty",
                          "write an id between the quotes, or remove it");
        }
        return value;
    }

    const toml::table& table_;
    std::string header_;
    std::string kind_;
    std::string label_;
    Problems& problems_;
    std::vector<std::string_view> known_;
};

// Calls READ with a TableReader for each [[KIND]] of FILE, up to MOST of them.
template <class Read>
void each_table(const toml::table& file, const std::string& kind, std::size_t most,
                Problems& problems, Read read) {
    const toml::node* node = file.get(kind);
    if (node == nullptr) return;
    const std::string header = "[[" + kind + "]]";
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        problems.add(
            line_of(*node),
            "'" + kind + "' is " + std::string{described(node->type())} + ", not a list of tables",
            "write " + header + " with two brackets, once for each");
        return;
    }
    std::size_t count = 0;
    for (const toml::node& element : *array) {
        const toml::table* table = element.as_table();
        if (table == nullptr) {
            problems.add(
                line_of(element),
                "'" + kind + "' lists " + std::string{described(element.type())} + ", not a table",
                "write " + header + " and its keys below it");
            continue;
        }
        if (++count > most) {
            problems.add(line_of(*table), "this is " + header + " number " + std::to_string(count),
                         "a site may have " + std::to_string(most) + " of them: remove the rest");
            return;
        }
        TableReader reader{*table, header, kind, problems};
        read(reader);
        reader.finish();
    }
}

void read_site(const toml::table& file, Draft& draft, Problems& problems) {
    const toml::node* node = file.get("site");
    if (node == nullptr) {
        problems.add(0, "the file has no [site]",
                     "add [site] with its name, place and time_zone at the top");
        return;
    }
    const toml::table* table = node->as_table();
    if (table == nullptr) {
        problems.add(line_of(*node),
                     "'site' is " + std::string{described(node->type())} + ", not a table",
                     "write [site] with one bracket, once");
        return;
    }
    TableReader reader{*table, "[site]", "", problems};
    draft.name = reader.name("name", true);
    draft.place = reader.name("place", true);
    draft.time_zone = reader.plain("time_zone", true);
    draft.day_starts = reader.plain("day_starts", false);
    reader.finish();
}

}  // namespace

std::optional<Draft> read(std::string_view text, Problems& problems) {
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::source_position where = parsed.error().source().begin;
        problems.add(static_cast<int>(where.line),
                     "this is not TOML, from column " + std::to_string(where.column) +
                         " on: " + tty::escaped(parsed.error().description()),
                     "mend this line; what comes after it was not checked yet");
        return std::nullopt;
    }
    const toml::table& file = parsed.table();
    Draft draft;
    read_site(file, draft, problems);
    if (!file.contains("agency")) {
        problems.add(0, "the file has no [[agency]]", "add one for each agency of the hall");
    }
    each_table(file, "agency", 100, problems, [&](TableReader& table) {
        AgencyDraft& agency = draft.agencies.emplace_back();
        agency.line = table.line();
        agency.id = table.id();
        agency.name = table.name("name", true);
        agency.short_name = table.name("short_name", false);
        agency.prefix = table.prefix(false);
    });
    each_table(file, "series", 500, problems, [&](TableReader& table) {
        SeriesDraft& series = draft.series.emplace_back();
        series.line = table.line();
        series.id = table.id();
        series.agency = table.plain("agency", true);
        series.prefix = table.prefix(true);
    });
    each_table(file, "service", 1000, problems, [&](TableReader& table) {
        ServiceDraft& service = draft.services.emplace_back();
        service.line = table.line();
        service.id = table.id();
        service.agency = table.plain("agency", true);
        service.name = table.name("name", true);
        service.series = table.plain("series", false);
    });
    each_table(file, "counter", 500, problems, [&](TableReader& table) {
        CounterDraft& counter = draft.counters.emplace_back();
        counter.line = table.line();
        counter.id = table.id();
        counter.name = table.name("name", true);
        counter.agencies = table.list("agencies", counter.lists_told);
        counter.series = table.list("series", counter.lists_told);
        counter.callpad = table.checked_id("callpad", false);
    });
    each_table(file, "kiosk", 2000, problems, [&](TableReader& table) {
        KioskDraft& kiosk = draft.kiosks.emplace_back();
        kiosk.line = table.line();
        kiosk.id = table.id();
        kiosk.buttons = table.buttons();
    });
    const std::vector<std::string_view> known{"site",    "agency",  "series",
                                              "service", "counter", "kiosk"};
    for (const auto& [key, node] : file) {
        if (std::ranges::find(known, key.str()) == known.end()) {
            unknown_key(key, "the file", known, problems);
        }
    }
    return draft;
}

}  // namespace antrean::site
