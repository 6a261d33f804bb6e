#include "firmware/callpad/key_map_file.hpp"

#include "drivers/buttons/evdev.hpp"
#include "drivers/config/file.hpp"
#include "drivers/config/table_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace antrean::callpad {

namespace files {
extern const std::string_view standard_toml;
}

namespace {

using buttons::KeyCode;
using config::in_quotes;
using config::Need;
using config::Problems;

constexpr config::FileKind key_map_kind{"a key map", max_key_map_bytes, "one has some 3 KiB",
                                        "write keys into it, as schemas/keys/README.md tells"};
constexpr std::string_view typed_signs = "abcdefghijklmnopqrstuvwxyz0123456789-+*/";
constexpr std::array<config::Word<char>, 3> typed_words{
    {{"enter", enter_key}, {"erase", erase_key}, {"cancel", cancel_key}}};

constexpr auto actions() {
    std::array<config::Word<Key>, key_words.size()> words{};
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = {key_words[i], static_cast<Key>(i)};
    return words;
}

// Of KEY_..., for whoever misspelt one.
std::vector<std::string> all_key_names() {
    std::vector<std::string> names;
    for (std::uint16_t code = 1; code < buttons::KeyStates::codes; ++code) {
        auto name = buttons::key_name(KeyCode{code});
        if (buttons::key_code(name)) names.push_back(std::move(name));
    }
    return names;
}

std::optional<KeyCode> code_of(const std::string& name, int line, Problems& problems) {
    const auto code = buttons::key_code(name);
    if (code && static_cast<std::uint16_t>(*code) < buttons::KeyStates::codes) return code;
    const auto names = all_key_names();
    const auto near = config::nearest(name, {names.begin(), names.end()});
    problems.add(line, in_quotes(name) + " is no key",
                 near.empty() ? "write a name of linux/input-event-codes.h, such as KEY_1; evtest "
                                "and the console's 'buttons' tell them"
                              : "did you mean '" + std::string{near} + "'?");
    return std::nullopt;
}

class PushReader : public config::TableReader {
public:
    using TableReader::TableReader;

    std::optional<Key> action(std::string_view key) {
        static constexpr auto words = actions();
        return choice(key, Need::optional, words);
    }

    // '\0' where there is none.
    char character(std::string_view key) {
        const auto text = this->text(key, Need::optional);
        if (text.value.size() == 1 && typed_signs.find(text.value[0]) != std::string_view::npos)
            return text.value[0];
        for (const auto& word : typed_words) {
            if (text.value == word.word) return word.meaning;
        }
        if (text.given() && !text.told) {
            problem(text.line, in_quotes(key) + " of " + label() + " is " + in_quotes(text.value),
                    "write one of a-z, 0-9, -, +, * and /, or enter, erase or cancel");
        }
        return '\0';
    }
};

class MapReader {
public:
    explicit MapReader(Problems& problems) : problems_{problems} {}

    KeyMap read(const config::Table& file) {
        config::only(file, {"long_press_ms", "keys", "chord"}, problems_);
        config::TableReader top{file, "the file", "the file", problems_};
        if (const auto ms = top.integer("long_press_ms", Need::optional, {300, 5000}))
            map_.long_press = std::chrono::milliseconds{*ms};
        if (const auto* keys = config::section(
                file, "keys", "add [keys], and below it lines like KEY_1 = { press = \"next\" }",
                problems_)) {
            read_keys(*keys);
        }
        for (const auto* chord : config::tables(file, "chord", max_chords, "a key map", problems_))
            read_chord(*chord);
        if (problems_.empty()) check_use();
        return std::move(map_);
    }

private:
    void read_keys(const config::Table& keys) {
        if (keys.entries.size() > max_mapped_keys) {
            problems_.add(keys.line, "[keys] has " + std::to_string(keys.entries.size()) + " keys",
                          "leave at most " + std::to_string(max_mapped_keys));
            return;
        }
        for (const auto& entry : keys.entries)
            read_key(entry);
        std::sort(map_.keys.begin(), map_.keys.end(),
                  [](const auto& a, const auto& b) { return a.code < b.code; });
    }

    void read_key(const config::Entry& entry) {
        const auto code = code_of(entry.key, entry.line, problems_);
        const auto* table = entry.value.table();
        if (!table) {
            problems_.add(entry.line, in_quotes(entry.key) + " does not say what it does",
                          "write " + entry.key + " = { press = \"next\" }");
            return;
        }
        PushReader reader{*table, entry.key, entry.key, problems_};
        KeyMap::Entry key{code.value_or(KeyCode{}), {}};
        key.press = {reader.action("press"), reader.character("types")};
        const Push held{reader.action("long_press"), reader.character("long_types")};
        reader.finish();
        // Who types with a slow finger types the same.
        if (held != Push{})
            key.long_press = {held.key, held.character ? held.character : key.press.character};
        if (table->entries.empty()) {
            problems_.add(entry.line, in_quotes(entry.key) + " does nothing",
                          "give it press, long_press, types or long_types, or remove it");
        }
        // The kernel has two names for some keys.
        const bool is_twice =
            code && std::any_of(map_.keys.begin(), map_.keys.end(),
                                [&](const auto& one) { return one.code == *code; });
        if (is_twice) {
            problems_.add(entry.line,
                          in_quotes(entry.key) + " is a key that is here by another name",
                          "keep one of them");
        }
        if (code) map_.keys.push_back(key);
    }

    void read_chord(const config::Table& table) {
        PushReader reader{table, "[[chord]]", "this [[chord]]", problems_};
        bool told = false;
        const auto names = reader.texts("keys", Need::required, told);
        const Push push{reader.action("press"), reader.character("types")};
        reader.finish();
        if (table.find("keys") && !told && names.size() != 2) {
            reader.problem(table.line,
                           "this [[chord]] is of " + std::to_string(names.size()) + " keys",
                           "write keys = [\"KEY_1\", \"KEY_2\"]");
        }
        if (push == Push{} && !table.find("press") && !table.find("types"))
            reader.problem(table.line, "this [[chord]] does nothing", "give it press or types");
        if (told || names.size() != 2) return;
        const auto one = code_of(names[0].value, names[0].line, problems_);
        const auto other = code_of(names[1].value, names[1].line, problems_);
        if (!one || !other) return;
        if (*one == *other) {
            reader.problem(table.line, "this [[chord]] is twice the same key", "name two");
        } else if (map_.chord(*one, *other)) {
            reader.problem(table.line, "there is a [[chord]] of these keys already",
                           "keep one of them");
        }
        map_.chords.push_back({*one, *other, push});
    }

    // A map by which a clerk would get stuck is a slip.
    void check_use() {
        std::vector<Push> all;
        for (const auto& key : map_.keys) {
            all.push_back(key.press);
            if (key.long_press) all.push_back(*key.long_press);
        }
        for (const auto& chord : map_.chords)
            all.push_back(chord.push);
        const auto does = [&](Key key) {
            return std::any_of(all.begin(), all.end(),
                               [&](const Push& push) { return push.key == key; });
        };
        const bool types_enter = std::any_of(
            all.begin(), all.end(), [](const Push& push) { return push.character == enter_key; });
        if (!does(Key::next))
            problems_.add(0, "no key calls the next", "give one of them press = \"next\"");
        for (const auto key : {Key::resume, Key::transfer, Key::by_label, Key::sign_in}) {
            if (types_enter || !does(key)) continue;
            problems_.add(0, "no key types enter, which " + in_quotes(to_text(key)) + " ends with",
                          "give one of them types = \"enter\"");
        }
    }

    Problems& problems_;
    KeyMap map_;
};

}  // namespace

boost::system::result<KeyMap, config::LoadError> read_key_map(std::string_view text,
                                                              const std::filesystem::path& file) {
    Problems problems;
    KeyMap map;
    if (const auto table = config::parse(text, problems)) map = MapReader{problems}.read(*table);
    if (!problems.empty()) return config::LoadError{file, std::move(problems).in_file_order()};
    return map;
}

boost::system::result<KeyMap, config::LoadError> load_key_map(const std::filesystem::path& file) {
    Problems problems;
    const auto text = config::text_of(file, key_map_kind, problems);
    if (!text) return config::LoadError{file, std::move(problems).in_file_order()};
    return read_key_map(*text, file);
}

const KeyMap& standard_key_map() {
    static const KeyMap map = read_key_map(files::standard_toml, "standard.toml").value();
    return map;
}

}  // namespace antrean::callpad
