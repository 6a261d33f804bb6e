#include "firmware/console/config_commands.hpp"

#include "drivers/database/files.hpp"
#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace antrean::device_console {
namespace {

using common::Settings;
using From = common::Program::Setup::Value::From;
using Ptr = std::shared_ptr<Call>;

// The file, as it was read and as it is to be.
class Draft {
public:
    Draft(std::filesystem::path file, const common::Program::Setup& setup)
        : file_{std::move(file)}, setup_{setup}, settings_{setup.saved}, saved_{setup.saved} {}

    std::vector<std::string> keys() const {
        std::vector<std::string> keys;
        for (const auto& value : setup_.values)
            keys.push_back(value.key);
        return keys;
    }

    Answer show() const {
        Answer answer;
        std::error_code ignored;
        const bool has_previous =
            !file_.empty() && std::filesystem::exists(common::previous_of(file_), ignored);
        answer.fields = {{"file", file_.string()},
                         {"previous_stands_in", setup_.is_previous},
                         {"can_roll_back", has_previous},
                         {"unsaved", settings_ != saved_}};
        Table table{"settings", {}};
        for (const auto& value : setup_.values) {
            table.rows.push_back({{"key", value.key},
                                  {"from", std::string{to_text(value.from)}},
                                  {"saved", text_of(saved_, value.key)},
                                  {"draft", text_of(settings_, value.key)},
                                  {"in_force", value.text}});
        }
        answer.tables.push_back(std::move(table));
        return answer;
    }

    Answer set(const std::vector<std::string>& words) {
        if (file_.empty()) return no_file();
        const auto& key = words.front();
        const auto found = std::find_if(setup_.values.begin(), setup_.values.end(),
                                        [&](const auto& value) { return value.key == key; });
        if (found == setup_.values.end()) {
            return refused("argument", "there is no key '" + key + "'",
                           fmt::format("Write one of {}", fmt::join(keys(), ", ")));
        }
        if (found->from == From::command_line) {
            return refused("command_line", "the command line says --" + key + ", which wins",
                           "Take it out of the program's command line first");
        }
        std::vector<std::string> texts{words.begin() + 1, words.end()};
        for (const auto& text : texts) {
            if (text.empty() || text.size() > common::max_setting_bytes || !tty::is_plain(text))
                return refused("argument", "a value is no plain text", "Write a shorter one");
        }
        if (texts.empty()) {
            settings_.erase(key);
        } else {
            settings_[key] = std::move(texts);
        }
        Answer answer{.text = "It is a draft until config save"};
        answer.fields = {{"key", key}, {"draft", text_of(settings_, key)}};
        return answer;
    }

    Answer check() const {
        if (file_.empty()) return no_file();
        if (auto problem = setup_.check(settings_); !problem.empty()) {
            std::replace(problem.begin(), problem.end(), '\n', ' ');
            return refused("config", problem, "See config show, and set it anew");
        }
        return {.text = "The program can begin with it"};
    }

    Answer save() {
        if (auto answer = check(); !answer.error.empty()) return answer;
        // The one before goes first: whatever happens between, there is a whole file. One that
        // cannot be used is worth no keeping, least of all in place of one that stands in.
        const auto read = common::read_settings(file_, keys());
        const auto old = content(file_);
        if (old && read && setup_.check(*read).empty()) {
            const auto done = database::write_durably(common::previous_of(file_), *old);
            if (!done) return failed(done.error());
        }
        const auto done = database::write_durably(file_, common::to_toml(settings_));
        if (!done) return failed(done.error());
        saved_ = settings_;
        return {.text = "It is saved, and holds after restart"};
    }

    // Also undoes itself: what was in force becomes the previous one.
    Answer rollback() {
        if (file_.empty()) return no_file();
        const auto previous = content(common::previous_of(file_));
        if (!previous) {
            return refused("no_previous", "there is no " + common::previous_of(file_).string(),
                           "One is kept with each config save");
        }
        const auto now = content(file_);
        if (const auto done = database::write_durably(file_, *previous); !done)
            return failed(done.error());
        if (now) {
            const auto done = database::write_durably(common::previous_of(file_), *now);
            if (!done) return failed(done.error());
        }
        auto read = common::read_settings(file_, keys());
        settings_ = saved_ = read ? std::move(*read) : Settings{};
        return {.text = "The file is as it was before the last save, and holds after restart"};
    }

private:
    static Answer no_file() {
        return refused("no_file", "the program was started without a configuration file",
                       "Start it with --config FILE; the file may be missing yet");
    }
    static Answer failed(const database::DatabaseError& error) {
        return refused("disk", error.text, "See status for the room on the disk");
    }
    static const char* to_text(From from) {
        switch (from) {
            case From::standard:
                return "default";
            case From::file:
                return "file";
            case From::command_line:
                return "command line";
        }
        return "";
    }
    static Value text_of(const Settings& settings, const std::string& key) {
        const auto found = settings.find(key);
        if (found == settings.end()) return {};
        return fmt::format("{}", fmt::join(found->second, ", "));
    }
    static std::optional<std::string> content(const std::filesystem::path& file) {
        std::ifstream stream{file, std::ios::binary};
        if (!stream) return std::nullopt;
        std::string text(common::max_settings_bytes, '\0');
        stream.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(stream.gcount()));
        return text;
    }

    const std::filesystem::path file_;
    const common::Program::Setup& setup_;
    Settings settings_;  // the draft
    Settings saved_;     // as the file has them
};

}  // namespace

void add_config_commands(Commands& commands, const std::filesystem::path& file,
                         const common::Program::Setup& setup) {
    const auto draft = std::make_shared<Draft>(file, setup);
    commands.add({.name = "config show",
                  .summary = "Shows the configuration: in force, saved and drafted",
                  .help = "The command line wins over the file.\nExample: config show\n",
                  .run = [draft](const Ptr& call) { call->finish(draft->show()); }});
    commands.add({.name = "config set",
                  .arguments = "KEY [VALUE...]",
                  .least = 1,
                  .most = 1 + common::max_setting_texts,
                  .summary = "Drafts a value, or none for the default",
                  .help = "Nothing changes before config save and restart.\n"
                          "Example: config set controller 192.168.1.10:7411\n",
                  .run = [draft](const Ptr& call) { call->finish(draft->set(call->arguments)); },
                  .choices = [draft] { return draft->keys(); }});
    commands.add({.name = "config check",
                  .summary = "Tells whether the program could begin with the draft",
                  .help = "Example: config check\n",
                  .run = [draft](const Ptr& call) { call->finish(draft->check()); }});
    commands.add({.name = "config save",
                  .summary = "Writes the draft, if the program could begin with it",
                  .help =
                      "The file before it is kept; see config rollback. It holds after restart.\n"
                      "Example: config save\n",
                  .run = [draft](const Ptr& call) { call->finish(draft->save()); }});
    commands.add({.name = "config rollback",
                  .summary = "Goes back to the file before the last save",
                  .help = "Once more goes forth again. It holds after restart.\n"
                          "Example: config rollback\n",
                  .run = [draft](const Ptr& call) { call->finish(draft->rollback()); }});
}

}  // namespace antrean::device_console
