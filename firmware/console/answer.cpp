#include "firmware/console/answer.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace antrean::device_console {
namespace {

constexpr const char* line_end = "\r\n";

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80;
    }));
}

std::string padded(std::string text, std::size_t columns) {
    const auto has = width(text);
    if (has < columns) text.append(columns - has, ' ');
    return text;
}

std::string words_of(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

struct ToText {
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(bool value) const { return value ? "yes" : "no"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return fmt::format("{:.1f}", value); }
    std::string operator()(const std::string& value) const {
        return value.empty() ? "-" : tty::escaped(value);
    }
};

// What is no plain UTF-8 is escaped as for a terminal first: a line of JSON is shown on one, too.
std::string quoted(std::string_view text) {
    std::string out{'"'};
    for (const char c : tty::escaped(text)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
    return out;
}

struct ToJson {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return fmt::format("{:.3f}", value); }
    std::string operator()(const std::string& value) const { return quoted(value); }
};

std::string members(const Record& record) {
    std::string out;
    for (const auto& field : record) {
        if (!out.empty()) out += ',';
        out += quoted(field.name) + ':' + std::visit(ToJson{}, field.value);
    }
    return out;
}

void add_table(const Table& table, std::string& out) {
    if (table.rows.empty()) {
        out += words_of(table.name) + ": none" + line_end;
        return;
    }
    std::vector<std::size_t> widths;
    std::vector<std::vector<std::string>> cells;
    for (const auto& field : table.rows.front())
        cells.resize(1), cells.front().push_back(words_of(field.name));
    for (const auto& row : table.rows) {
        auto& line = cells.emplace_back();
        for (const auto& field : row)
            line.push_back(std::visit(ToText{}, field.value));
    }
    for (const auto& line : cells) {
        widths.resize(std::max(widths.size(), line.size()));
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], width(line[i]));
    }
    for (auto& line : cells) {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i)
            text += padded(std::move(line[i]), i + 1 == line.size() ? 0 : widths[i] + 2);
        out += text + line_end;
    }
}

}  // namespace

Answer refused(std::string word, std::string text, std::string remedy) {
    return {.error = std::move(word), .text = std::move(text), .remedy = std::move(remedy)};
}

std::string to_text(const Answer& answer) {
    std::string out;
    std::size_t columns = 0;
    for (const auto& field : answer.fields)
        columns = std::max(columns, width(field.name));
    for (const auto& field : answer.fields)
        out += padded(words_of(field.name), columns + 2) + std::visit(ToText{}, field.value) +
               line_end;
    for (const auto& table : answer.tables) {
        if (!out.empty()) out += line_end;
        add_table(table, out);
    }
    if (!answer.text.empty()) {
        out += answer.error.empty() ? "" : "Not done: ";
        out += tty::escaped(answer.text) + '.';
        if (!answer.remedy.empty()) out += ' ' + tty::escaped(answer.remedy) + '.';
        out += line_end;
    }
    return out.empty() ? std::string{"Done."} + line_end : out;
}

std::string to_json(std::string_view command, const Answer& answer) {
    std::string out = fmt::format("{{\"command\":{},\"ok\":{}", quoted(command),
                                  answer.error.empty() ? "true" : "false");
    if (!answer.error.empty()) out += ",\"error\":" + quoted(answer.error);
    if (!answer.text.empty()) out += ",\"text\":" + quoted(answer.text);
    if (!answer.remedy.empty()) out += ",\"remedy\":" + quoted(answer.remedy);
    if (!answer.fields.empty()) out += ',' + members(answer.fields);
    for (const auto& table : answer.tables) {
        out += ',' + quoted(table.name) + ":[";
        for (std::size_t i = 0; i < table.rows.size(); ++i)
            out += fmt::format("{}{{{}}}", i == 0 ? "" : ",", members(table.rows[i]));
        out += ']';
    }
    return out + '}' + line_end;
}

std::string to_text(const Record& row) {
    std::string out;
    for (const auto& field : row)
        out += (out.empty() ? "" : "  ") + std::visit(ToText{}, field.value);
    return out + line_end;
}

std::string to_json(std::string_view command, const Record& row) {
    return fmt::format("{{\"command\":{},\"row\":{{{}}}}}{}", quoted(command), members(row),
                       line_end);
}

}  // namespace antrean::device_console
