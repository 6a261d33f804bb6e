#include "drivers/config/problems.hpp"
#include "drivers/config/toml.hpp"
#include "drivers/config/value.hpp"
#include "drivers/tty/escape.hpp"

#include <algorithm>

namespace antrean::config {
namespace {

int line_of(const toml::node& node) {
    return static_cast<int>(node.source().begin.line);
}

Table plain(const toml::table& table, int depth);

Value plain(const toml::node& node, int depth) {
    Value value;
    value.line = line_of(node);
    if (const auto* text = node.as_string()) {
        value.held = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.held = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        value.held = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.held = boolean->get();
    } else if (const auto* array = node.as_array()) {
        List list;
        if (depth < max_depth) {
            list.reserve(array->size());
            for (const toml::node& element : *array)
                list.push_back(plain(element, depth + 1));
        }
        value.held = std::move(list);
    } else if (const auto* table = node.as_table()) {
        value.held = plain(*table, depth);
    } else {
        value.held = Time{};
    }
    return value;
}

Table plain(const toml::table& table, int depth) {
    Table out{line_of(table), {}};
    if (depth >= max_depth) return out;
    out.entries.reserve(table.size());
    for (const auto& [key, node] : table) {
        out.entries.push_back({std::string{key.str()}, static_cast<int>(key.source().begin.line),
                               plain(node, depth + 1)});
    }
    return out;
}

}  // namespace

const Value* Table::find(std::string_view key) const {
    const auto found = std::ranges::find(entries, key, &Entry::key);
    return found == entries.end() ? nullptr : &found->value;
}

std::string_view described(const Value& value) {
    struct Describe {
        std::string_view operator()(const std::string&) const { return "text"; }
        std::string_view operator()(std::int64_t) const { return "a whole number"; }
        std::string_view operator()(double) const { return "a number"; }
        std::string_view operator()(bool) const { return "true or false"; }
        std::string_view operator()(Time) const { return "a date or time"; }
        std::string_view operator()(const List&) const { return "a list"; }
        std::string_view operator()(const Table&) const { return "a table"; }
    };
    return std::visit(Describe{}, value.held);
}

std::optional<Table> parse(std::string_view text, Problems& problems) {
    // Each dot may nest a table one deeper ("a.a.a = 1"), without bound in toml++, which then runs
    // out of stack taking them down again.
    if (std::ranges::count(text, '.') > max_dots) {
        problems.add(0, "has more than " + std::to_string(max_dots) + " dots",
                     "remove some from comments and names");
        return std::nullopt;
    }
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::source_position where = parsed.error().source().begin;
        problems.add(static_cast<int>(where.line),
                     "this is not TOML, from column " + std::to_string(where.column) +
                         " on: " + tty::escaped(parsed.error().description()),
                     "mend this line; what comes after it was not checked yet");
        return std::nullopt;
    }
    return plain(parsed.table(), 0);
}

}  // namespace antrean::config
