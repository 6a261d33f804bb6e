#include "drivers/escpos/profile_section.hpp"

#include <charconv>

namespace antrean::escpos {
namespace {

using config::Need;
using config::Value;

constexpr std::size_t max_text_bytes = 64;
constexpr std::size_t max_source_bytes = 400;
constexpr std::size_t max_sources = 32;
constexpr std::size_t max_sources_of_value = 4;
constexpr std::size_t max_command_bytes = 32;
constexpr std::size_t max_listed = 32;

// Names of sources that say that there is none. A claim that makes a paper look confirmed, or a
// ticket readable, may not rest on them.
constexpr std::string_view assumed = "assumed";
constexpr std::string_view unconfirmed = "unconfirmed";

std::string header(std::string_view name) {
    return "[" + std::string{name} + "]";
}

// "1d 56 42 00" as bytes; none where it is no such text.
std::optional<std::vector<std::byte>> bytes_of(std::string_view text) {
    std::vector<std::byte> bytes;
    while (!text.empty()) {
        if (text.size() < 2) return std::nullopt;
        std::uint8_t byte = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + 2, byte, 16);
        if (error != std::errc{} || end != text.data() + 2) return std::nullopt;
        bytes.push_back(std::byte{byte});
        text.remove_prefix(2);
        if (text.empty()) break;
        if (text.front() != ' ' || text.size() < 3) return std::nullopt;
        text.remove_prefix(1);
    }
    return bytes;
}

}  // namespace

bool has_real_time(const std::vector<std::byte>& bytes) {
    const auto next = std::ranges::adjacent_find(bytes, [](std::byte a, std::byte b) {
        return a == std::byte{0x10} &&
               (b == std::byte{0x04} || b == std::byte{0x05} || b == std::byte{0x14});
    });
    return next != bytes.end();
}

void Sources::read(const config::Table& table) {
    config::TableReader reader{table, "[sources]", "[sources]", problems_};
    for (const config::Entry& entry : table.entries) {
        if (named_.size() == max_sources) {
            problems_.add(entry.line, "[sources] has more than " + std::to_string(max_sources),
                          "put some of them into one");
            return;
        }
        const config::Text text = reader.name_of(entry.value, entry.key, max_source_bytes);
        named_.emplace(entry.key, Named{entry.line, text.told});
    }
}

bool Sources::use(const std::string& name) {
    const auto found = named_.find(name);
    if (found == named_.end()) return false;
    found->second.used = true;
    return true;
}

std::vector<std::string_view> Sources::names() const {
    std::vector<std::string_view> all;
    for (const auto& [name, named] : named_)
        all.push_back(name);
    return all;
}

void Sources::finish() {
    for (const auto& [name, named] : named_) {
        if (named.used) continue;
        problems_.add(named.line, "source " + config::in_quotes(name) + " is no value's",
                      "remove it, or name it behind the values that it is the source of");
    }
}

Section::Section(const config::Table& table, std::string_view name, Sources& sources,
                 config::Problems& problems)
    : TableReader{table, header(name), header(name), problems},
      table_{table},
      sources_{sources},
      problems_{problems},
      before_{problems.count()} {}

void Section::text(std::string_view key, std::string& target) {
    value(key, target, [&](const Value& v) -> std::optional<std::string> {
        if (const auto* text = v.text(); text != nullptr && text->empty()) return "";
        const config::Text read = name_of(v, key, max_text_bytes);
        return read.told ? std::nullopt : std::optional{read.value};
    });
}

void Section::command(std::string_view key, std::vector<std::byte>& target, bool needed) {
    value(key, target, [&](const Value& v) -> std::optional<std::vector<std::byte>> {
        const config::Text read = text_of(v, key);
        if (read.told) return std::nullopt;
        const auto bytes = bytes_of(read.value);
        if (!bytes || (needed && bytes->empty())) {
            problem(v.line, named(key) + " is " + config::in_quotes(read.value),
                    "write bytes in hexadecimal with a space between, such as '1d 56 42 00'");
        } else if (bytes->size() > max_command_bytes) {
            problem(v.line, named(key) + " has " + std::to_string(bytes->size()) + " bytes",
                    "write " + std::to_string(max_command_bytes) + " or fewer");
        } else if (has_real_time(*bytes)) {
            problem(v.line, named(key) + " has a real-time command in it (10 04, 10 05 or 10 14)",
                    "remove it: it would be executed before what stands ahead of it");
        } else {
            return bytes;
        }
        return std::nullopt;
    });
}

int Section::line_of(std::string_view key) const {
    const Value* given = table_.find(key);
    return given == nullptr ? line() : given->line;
}

std::string Section::named(std::string_view key) const {
    return "'" + std::string{key} + "' of " + label();
}

const Value* Section::sourced(std::string_view key) {
    last_is_guess_ = false;
    const Value* given = take(key, Need::required);
    if (given == nullptr) return nullptr;
    last_line_ = given->line;
    const config::List* list = given->list();
    if (list == nullptr || list->size() < 2) {
        problem(given->line, named(key) + " has no source",
                "write it like this: " + std::string{key} + " = [VALUE, \"source\"]");
        return nullptr;
    }
    if (list->size() > 1 + max_sources_of_value) {
        problem(given->line,
                named(key) + " has more than " + std::to_string(max_sources_of_value) + " sources",
                "name the best of them");
        return nullptr;
    }
    for (std::size_t i = 1; i < list->size(); ++i) {
        const config::Text name = filled_of((*list)[i], key);
        if (name.value.empty()) continue;
        if (name.value == assumed || name.value == unconfirmed) last_is_guess_ = true;
        if (sources_.use(name.value)) continue;
        const std::string_view near = config::nearest(name.value, sources_.names());
        problem(name.line,
                named(key) + " names source " + config::in_quotes(name.value) +
                    ", which is not in [sources]",
                near.empty() ? "add a line for it there"
                             : "write '" + std::string{near} + "', or add a line for it there");
    }
    return &list->front();
}

void Section::check_claim(std::string_view key) {
    if (!last_is_guess_) return;
    problem(last_line_, named(key) + " claims what nobody confirmed",
            "name its source, or claim nothing: false or \"none\"");
}

const config::List* Section::short_list(const Value& value, std::string_view key,
                                        std::string_view wanted) {
    const config::List* list = list_of(
        value, key, std::string{key} + " = [[\"" + std::string{wanted} + "\"], \"source\"]");
    if (list == nullptr || list->size() <= max_listed) return list;
    problem(value.line, named(key) + " is too long",
            "list " + std::to_string(max_listed) + " or fewer");
    return nullptr;
}

std::string Section::lists(std::string_view key, std::string_view what) const {
    return named(key) + " lists " + config::in_quotes(what);
}

}  // namespace antrean::escpos
