#include "drivers/config/table_reader.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace antrean::config {
namespace {

void unknown_key(const Entry& entry, const std::string& where,
                 const std::vector<std::string_view>& known, Problems& problems) {
    const std::string_view near = nearest(entry.key, known);
    problems.add(entry.line, where + " has an unknown key " + in_quotes(entry.key),
                 near.empty() ? "remove it: the keys here are " + joined(known)
                              : "did you mean '" + std::string{near} + "'?");
}

// As somebody would write it: without the zeros that to_string adds.
std::string in_words(double number) {
    std::string text = std::to_string(number);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

}  // namespace

TableReader::TableReader(const Table& table, std::string header, std::string label,
                         Problems& problems)
    : table_{table}, header_{std::move(header)}, label_{std::move(label)}, problems_{problems} {}

const Value* TableReader::take(std::string_view key, Need need) {
    known_.emplace_back(key);
    const Value* value = table_.find(key);
    if (value == nullptr && need == Need::required) {
        problems_.add(line(), label_ + " has no '" + std::string{key} + "'",
                      "add a line '" + std::string{key} + " = ...' below " + header_);
    }
    return value;
}

void TableReader::wrong_type(const Value& value, std::string_view key, std::string_view wanted,
                             const std::string& example) {
    problems_.add(value.line,
                  in_quotes(key) + " of " + label_ + " is " + std::string{described(value)} +
                      ", not " + std::string{wanted},
                  "write it like this: " + example);
}

Text TableReader::text_of(const Value& value, std::string_view key) {
    Text out{{}, value.line, false};
    if (const std::string* text = value.text()) {
        out.value = *text;
    } else {
        wrong_type(value, key, "text", tty::escaped(key) + " = \"...\"");
        out.told = true;
    }
    return out;
}

Text TableReader::filled_of(const Value& value, std::string_view key) {
    Text out = text_of(value, key);
    if (out.value.empty() && !out.told) {
        problems_.add(out.line, in_quotes(key) + " of " + label_ + " is empty",
                      "write an id between the quotes, or remove it");
        out.told = true;
    }
    return out;
}

Text TableReader::name_of(const Value& value, std::string_view key, std::size_t max_bytes) {
    Text out = text_of(value, key);
    if (out.told) return out;
    const std::string what = "'" + std::string{key} + "' of " + label_;
    if (out.value.find_first_not_of(' ') == std::string::npos) {
        problems_.add(out.line, what + " is blank", "write what people are to read");
    } else if (out.value.size() > max_bytes) {
        problems_.add(out.line, what + " has " + std::to_string(out.value.size()) + " bytes",
                      "shorten it to " + std::to_string(max_bytes) + " bytes or less");
    } else if (!tty::is_plain(out.value)) {
        problems_.add(out.line, what + " has a control character: " + in_quotes(out.value),
                      "remove what is shown as \\xNN");
    } else {
        return out;
    }
    out.told = true;
    return out;
}

std::optional<std::int64_t> TableReader::integer_of(const Value& value, std::string_view key,
                                                    IntegerRange range) {
    const auto* integer = std::get_if<std::int64_t>(&value.held);
    if (integer == nullptr) {
        wrong_type(value, key, "a whole number",
                   tty::escaped(key) + " = " + std::to_string(range.low));
        return std::nullopt;
    }
    if (*integer >= range.low && *integer <= range.high) return *integer;
    problems_.add(value.line, in_quotes(key) + " of " + label_ + " is " + std::to_string(*integer),
                  "write a whole number from " + std::to_string(range.low) + " to " +
                      std::to_string(range.high));
    return std::nullopt;
}

std::optional<double> TableReader::number_of(const Value& value, std::string_view key,
                                             NumberRange range) {
    double number = 0;
    if (const auto* integer = std::get_if<std::int64_t>(&value.held)) {
        number = static_cast<double>(*integer);
    } else if (const auto* fraction = std::get_if<double>(&value.held)) {
        number = *fraction;
    } else {
        wrong_type(value, key, "a number", tty::escaped(key) + " = " + in_words(range.low));
        return std::nullopt;
    }
    // TOML has nan, which is in no range.
    if (number >= range.low && number <= range.high) return number;
    problems_.add(value.line, in_quotes(key) + " of " + label_ + " is out of range",
                  "write a number from " + in_words(range.low) + " to " + in_words(range.high));
    return std::nullopt;
}

std::optional<bool> TableReader::boolean_of(const Value& value, std::string_view key) {
    if (const auto* boolean = std::get_if<bool>(&value.held)) return *boolean;
    wrong_type(value, key, "true or false", tty::escaped(key) + " = true");
    return std::nullopt;
}

const List* TableReader::list_of(const Value& value, std::string_view key,
                                 const std::string& example) {
    const List* list = value.list();
    if (list == nullptr) wrong_type(value, key, "a list", example);
    return list;
}

std::optional<std::size_t> TableReader::word_of(const Value& value, std::string_view key,
                                                const std::vector<std::string_view>& known) {
    const Text text = text_of(value, key);
    if (text.told) return std::nullopt;
    const auto found = std::ranges::find(known, text.value);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    const std::string_view near = nearest(text.value, known);
    problems_.add(value.line, in_quotes(key) + " of " + label_ + " is " + in_quotes(text.value),
                  near.empty() ? "write one of " + joined(known)
                               : "did you mean '" + std::string{near} + "'?");
    return std::nullopt;
}

Text TableReader::text(std::string_view key, Need need) {
    const Value* value = take(key, need);
    return value == nullptr ? Text{} : text_of(*value, key);
}

Text TableReader::filled(std::string_view key, Need need) {
    const Value* value = take(key, need);
    return value == nullptr ? Text{} : filled_of(*value, key);
}

Text TableReader::name(std::string_view key, Need need, std::size_t max_bytes) {
    const Value* value = take(key, need);
    return value == nullptr ? Text{} : name_of(*value, key, max_bytes);
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, Need need,
                                                 IntegerRange range) {
    const Value* value = take(key, need);
    return value == nullptr ? std::nullopt : integer_of(*value, key, range);
}

std::optional<double> TableReader::number(std::string_view key, Need need, NumberRange range) {
    const Value* value = take(key, need);
    return value == nullptr ? std::nullopt : number_of(*value, key, range);
}

std::optional<bool> TableReader::boolean(std::string_view key, Need need) {
    const Value* value = take(key, need);
    return value == nullptr ? std::nullopt : boolean_of(*value, key);
}

const List* TableReader::list(std::string_view key, Need need, const std::string& example) {
    const Value* value = take(key, need);
    return value == nullptr ? nullptr : list_of(*value, key, example);
}

const Table* TableReader::table(std::string_view key, Need need, const std::string& example) {
    const Value* value = take(key, need);
    if (value == nullptr) return nullptr;
    const Table* table = value->table();
    if (table == nullptr) wrong_type(*value, key, "a table", example);
    return table;
}

std::vector<Text> TableReader::texts(std::string_view key, Need need, bool& told) {
    const Value* value = take(key, need);
    if (value == nullptr) return {};
    const List* list = list_of(*value, key, std::string{key} + " = [\"...\"]");
    if (list == nullptr) {
        told = true;
        return {};
    }
    std::vector<Text> out;
    for (const Value& element : *list) {
        Text text = filled_of(element, key);
        if (text.value.empty()) {
            told = true;
        } else {
            out.push_back(std::move(text));
        }
    }
    return out;
}

void TableReader::finish() {
    const std::vector<std::string_view> known{known_.begin(), known_.end()};
    for (const Entry& entry : table_.entries) {
        if (std::ranges::find(known, entry.key) == known.end()) {
            unknown_key(entry, label_, known, problems_);
        }
    }
}

const Table* section(const Table& file, std::string_view name, const std::string& remedy,
                     Problems& problems) {
    const Value* value = file.find(name);
    if (value == nullptr) {
        problems.add(0, "the file has no [" + std::string{name} + "]", remedy);
        return nullptr;
    }
    const Table* table = value->table();
    if (table == nullptr) {
        problems.add(
            value->line,
            "'" + std::string{name} + "' is " + std::string{described(*value)} + ", not a table",
            "write [" + std::string{name} + "] with one bracket, once");
    }
    return table;
}

std::vector<const Table*> tables(const Table& file, std::string_view kind, std::size_t most,
                                 std::string_view owner, Problems& problems) {
    const Value* value = file.find(kind);
    if (value == nullptr) return {};
    const std::string quoted = "'" + std::string{kind} + "'";
    const std::string header = "[[" + std::string{kind} + "]]";
    const List* list = value->list();
    if (list == nullptr) {
        problems.add(value->line,
                     quoted + " is " + std::string{described(*value)} + ", not a list of tables",
                     "write " + header + " with two brackets, once for each");
        return {};
    }
    std::vector<const Table*> found;
    for (const Value& element : *list) {
        const Table* table = element.table();
        if (table == nullptr) {
            problems.add(element.line,
                         quoted + " lists " + std::string{described(element)} + ", not a table",
                         "write " + header + " and its keys below it");
        } else if (found.size() == most) {
            problems.add(table->line,
                         "this is " + header + " number " + std::to_string(found.size() + 1),
                         std::string{owner} + " may have " + std::to_string(most) +
                             " of them: remove the rest");
            break;
        } else {
            found.push_back(table);
        }
    }
    return found;
}

void only(const Table& file, const std::vector<std::string_view>& known, Problems& problems) {
    for (const Entry& entry : file.entries) {
        if (std::ranges::find(known, entry.key) == known.end()) {
            unknown_key(entry, "the file", known, problems);
        }
    }
}

}  // namespace antrean::config
