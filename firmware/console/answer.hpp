// What a command answers, as values; and the same as text for people or as a line of JSON for
// programs. Texts in it may come from outside: they are escaped here, for where they go. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace antrean::device_console {

// No value, where something is not known.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

struct Field {
    std::string name;  // a-z, 0-9 and '_', its unit in it: "since_s"
    Value value;
};
using Record = std::vector<Field>;

struct Table {
    std::string name;
    std::vector<Record> rows;  // all with the same fields
};

struct Answer {
    // For programs: why nothing was done, in a word. Empty: it was done.
    std::string error{};
    std::string text{};    // a sentence for people, without its stop
    std::string remedy{};  // what to do about an error; likewise
    Record fields{};
    std::vector<Table> tables{};
    bool logs_off = false;  // the session ends behind this answer
};

Answer refused(std::string word, std::string text, std::string remedy);

// Lines that end in CR LF.
std::string to_text(const Answer& answer);
// One line of JSON (RFC 8259) that ends in CR LF: "command", "ok", then the fields and tables.
std::string to_json(std::string_view command, const Answer& answer);

// A row that is told while the command still runs: one line.
std::string to_text(const Record& row);
std::string to_json(std::string_view command, const Record& row);

}  // namespace antrean::device_console
