#include "firmware/common/settings.hpp"

#include "drivers/config/file.hpp"
#include "drivers/config/value.hpp"
#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace antrean::common {
namespace {

constexpr config::FileKind settings_file{"a configuration file", max_settings_bytes,
                                         "one has some lines", "write a key into it, or remove it"};

void take(const config::Entry& entry, Settings& settings, config::Problems& problems) {
    const auto list = entry.value.list();
    const auto count = list ? list->size() : 1;
    auto& texts = settings[entry.key];
    for (std::size_t i = 0; i < count; ++i) {
        const auto* text = (list ? (*list)[i] : entry.value).text();
        if (text && !text->empty() && text->size() <= max_setting_bytes && tty::is_plain(*text)) {
            texts.push_back(*text);
        } else {
            problems.add(entry.line, entry.key + " has a value that is no plain text",
                         "write " + entry.key + " = \"...\"");
        }
    }
    if (count < 1 || count > max_setting_texts) {
        problems.add(entry.line, fmt::format("{} has {} texts", entry.key, count),
                     fmt::format("give it 1 to {}", max_setting_texts));
    }
}

}  // namespace

boost::system::result<Settings, config::LoadError> read_settings(
    const std::filesystem::path& file, const std::vector<std::string>& keys) {
    config::Problems problems;
    Settings settings;
    const auto text = config::text_of(file, settings_file, problems);
    const auto table = text ? config::parse(*text, problems) : std::nullopt;
    if (table) {
        const std::vector<std::string_view> known{keys.begin(), keys.end()};
        for (const auto& entry : table->entries) {
            if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) {
                take(entry, settings, problems);
                continue;
            }
            const auto near = config::nearest(entry.key, known);
            problems.add(entry.line, config::in_quotes(entry.key) + " is no key of this file",
                         near.empty() ? "the keys are " + config::joined(known)
                                      : fmt::format("write {}", near));
        }
    }
    if (!problems.empty()) return config::LoadError{file, std::move(problems).in_file_order()};
    return settings;
}

std::string to_toml(const Settings& settings) {
    // An empty file is taken for one that was cut off, and refused.
    if (settings.empty()) return "# No key is set.\n";
    std::string toml;
    for (const auto& [key, texts] : settings) {
        toml += key + " = [";
        for (std::size_t i = 0; i < texts.size(); ++i) {
            toml += i == 0 ? "\"" : ", \"";
            for (const char c : texts[i]) {
                if (c == '"' || c == '\\') toml += '\\';
                toml += c;
            }
            toml += '"';
        }
        toml += "]\n";
    }
    return toml;
}

std::filesystem::path previous_of(const std::filesystem::path& file) {
    auto previous = file;
    previous += ".previous";
    return previous;
}

}  // namespace antrean::common
