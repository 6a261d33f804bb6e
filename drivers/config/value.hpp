// A TOML file as plain values with their lines, so that nobody but the parser needs its library.
//
// Values own all they hold. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace antrean::config {

class Problems;
struct Entry;
struct Value;

struct Time {};  // a date or a time: no file of ours has one, so what it says is not kept

using List = std::vector<Value>;

struct Table {
    int line = 0;
    std::vector<Entry> entries;  // by rising key; no key twice

    // Null where KEY is not there; else valid as long as the table is not changed.
    const Value* find(std::string_view key) const;
};

struct Value {
    int line = 0;
    std::variant<std::string, std::int64_t, double, bool, Time, List, Table> held;

    const std::string* text() const { return std::get_if<std::string>(&held); }
    const List* list() const { return std::get_if<List>(&held); }
    const Table* table() const { return std::get_if<Table>(&held); }
};

struct Entry {
    std::string key;
    int line = 0;  // of the key
    Value value;
};

// What VALUE is, in words: "a whole number".
std::string_view described(const Value& value);

// Reads TEXT, TOML 1.0 in UTF-8; none where it is not, or has more than max_dots dots, which is
// told. What nests deeper than max_depth is left out, as if empty: no file of ours has as many
// levels, so what holds it is told of as an unknown key or a wrong type anyway.
inline constexpr std::ptrdiff_t max_dots = 10'000;
inline constexpr int max_depth = 16;
std::optional<Table> parse(std::string_view text, Problems& problems);

}  // namespace antrean::config
