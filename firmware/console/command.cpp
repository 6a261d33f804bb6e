#include "firmware/console/command.hpp"

#include "drivers/config/problems.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace antrean::device_console {
namespace {

using Words = std::vector<std::string>;

// None where a quote is not closed.
std::optional<Words> split(std::string_view line) {
    Words words;
    bool open = false;  // a word has begun
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"') {
            quoted = !quoted;
            if (!open) words.emplace_back();
            open = true;
        } else if (c == ' ' && !quoted) {
            open = false;
        } else {
            if (!open) words.emplace_back();
            open = true;
            words.back() += c == '\\' && i + 1 < line.size() ? line[++i] : c;
        }
    }
    if (quoted) return std::nullopt;
    return words;
}

// How many of WORDS are the name of COMMAND; 0: it is another.
std::size_t matches(const Command& command, const Words& words) {
    const auto name = *split(command.name);
    const bool same =
        name.size() <= words.size() && std::equal(name.begin(), name.end(), words.begin());
    return same ? name.size() : 0;
}

std::string usage(const Command& command) {
    return command.name + (command.arguments.empty() ? "" : ' ' + command.arguments) + " [--json]";
}

}  // namespace

void Commands::add(Command command) {
    assert(std::none_of(rows_.begin(), rows_.end(),
                        [&](const Command& row) { return row.name == command.name; }));
    rows_.push_back(std::move(command));
}

void Commands::add_help() {
    add({.name = "help",
         .arguments = "[COMMAND]",
         .most = 2,
         .summary = "Tells what can be done here, and how",
         .help = "Example: help printer test\n",
         .run = [this](const std::shared_ptr<Call>& call) { call->finish(help(call->arguments)); },
         .choices =
             [this] {
                 Words names;
                 for (const auto& row : rows_)
                     names.push_back(row.name.substr(0, row.name.find(' ')));
                 names.erase(std::unique(names.begin(), names.end()), names.end());
                 return names;
             }});
}

boost::system::result<Request, Answer> Commands::parse(std::string_view line) const {
    auto words = split(line);
    if (!words) return refused("quote", "a quote is not closed", "Write \"...\" or \\\"");
    Request request;
    request.json = std::erase(*words, "--json") > 0;
    std::size_t best = 0;
    for (const auto& row : rows_) {
        const auto size = matches(row, *words);
        if (size > best) best = size, request.command = &row;
    }
    if (!request.command) return unknown(*words);
    request.arguments.assign(words->begin() + static_cast<std::ptrdiff_t>(best), words->end());
    const auto count = request.arguments.size();
    if (count < request.command->least || count > request.command->most) {
        return refused("usage", fmt::format("{} takes other words", request.command->name),
                       "Write: " + usage(*request.command));
    }
    return request;
}

Answer Commands::unknown(const Words& words) const {
    const auto typed = words.empty() ? std::string{} : words.front();
    std::vector<std::string_view> names;
    std::string subs;
    for (const auto& row : rows_) {
        names.push_back(row.name);
        if (row.name.rfind(typed + ' ', 0) == 0) subs += (subs.empty() ? "" : ", ") + row.name;
    }
    if (!typed.empty() && !subs.empty())
        return refused("incomplete", "'" + typed + "' is not all of a command", "Write " + subs);
    const auto all = words.size() > 1 ? typed + ' ' + words[1] : typed;
    auto near = config::nearest(all, names);
    if (near.empty()) near = config::nearest(typed, names);
    return refused("unknown", "there is no command '" + typed.substr(0, 60) + "'",
                   near.empty() ? "Write help" : fmt::format("Did you mean {}", near));
}

Answer Commands::help(const Words& words) const {
    Answer answer;
    Table table{"commands", {}};
    const Command* only = nullptr;
    std::string asked;
    for (const auto& word : words)
        asked += (asked.empty() ? "" : " ") + word;
    for (const auto& row : rows_) {
        if (!asked.empty() && row.name != asked && row.name.rfind(asked + ' ', 0) != 0) continue;
        only = table.rows.empty() ? &row : nullptr;
        table.rows.push_back({{"command", usage(row).substr(0, usage(row).rfind(" [--json]"))},
                              {"does", row.summary}});
    }
    if (table.rows.empty()) return unknown(words);
    if (only && !words.empty()) {
        answer.fields = {{"usage", usage(*only)}, {"does", only->summary}};
        Table lines{"more", {}};
        std::string_view rest = only->help;
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            lines.rows.push_back({{"text", std::string{rest.substr(0, end)}}});
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        if (!lines.rows.empty()) answer.tables.push_back(std::move(lines));
        return answer;
    }
    answer.tables.push_back(std::move(table));
    return answer;
}

std::vector<std::string> Commands::completions(std::string_view text) const {
    const auto begin = text.rfind(' ') == std::string_view::npos ? 0 : text.rfind(' ') + 1;
    const auto typed = text.substr(begin);
    const auto before = split(text.substr(0, begin)).value_or(Words{});
    Words found;
    const auto offer = [&](const std::string& word) {
        if (word.rfind(typed, 0) == 0) found.push_back(word);
    };
    bool is_whole = false;
    for (const auto& row : rows_) {
        const auto name = *split(row.name);
        if (before.size() < name.size()) {
            if (std::equal(before.begin(), before.end(), name.begin())) offer(name[before.size()]);
        } else if (matches(row, before) > 0) {
            is_whole = true;
            if (row.choices && before.size() - name.size() < row.most) {
                for (const auto& choice : row.choices())
                    offer(choice);
            }
        }
    }
    if (is_whole && !typed.empty()) offer("--json");
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace antrean::device_console
