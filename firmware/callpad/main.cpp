// antrean-callpad: puts the parts together; reading it shows the system.
#include "drivers/tty/escape.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/callpad/shell.hpp"
#include "firmware/callpad/technician.hpp"
#include "firmware/common/program.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

using namespace antrean;
using namespace antrean::callpad;

// Chosen by number on the display: more would not fit it.
constexpr int most_pause_reasons = 9;

struct Options : common::DeviceOptions {
    std::string buttons;
    std::filesystem::path key_map;  // empty: the standard one
    std::vector<std::string> pause_reasons{"Istirahat"};
};

boost::system::result<KeyMap, config::LoadError> key_map(const std::filesystem::path& file) {
    if (file.empty()) return standard_key_map();
    return load_key_map(file);
}

// A line for each change, or, where people look at it, the whole display anew.
void print(const Screen& screen) {
    winsize size{};
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
        return common::show(line(screen));
    }
    fmt::print("\x1b[H\x1b[2J");  // ECMA-48: the cursor to the corner, the display empty
    for (const auto& text : panel(screen, size.ws_col == 0 ? 80 : size.ws_col))
        fmt::print("{}\n", tty::escaped(text));
    std::fflush(stdout);
}

// Until it is stopped. The desk, where there is one, is opened over it.
int serve(const Options& options, DeviceId device, boost::asio::io_context& io,
          device_console::Desk* desk) {
    Stored stored;
    auto store = Store::open(options.store, stored);
    if (!store) return common::store_unusable(store.error());
    Shell shell{io,
                {device, options.controller, options.pause_reasons},
                *store,
                std::move(stored),
                {.on_screen = print,
                 .on_log = common::log,
                 .on_store_failure = common::stop_on_store_failure}};
    if (desk) open_desk(*desk, io, shell, options);
    if (options.buttons.empty() && !isatty(STDOUT_FILENO)) {
        for (const auto& text : key_help())
            fmt::print("{}\n", text);
    }
    const auto on_push = [&](const Push& push, const PushText& text) {
        // What a clerk is typing may be a code, which is for nobody else to see.
        const bool is_typing = shell.core().screen().entry.has_value();
        if (desk && !is_typing && desk->tap().take(press_of(text))) return;
        shell.pushed(push);
    };
    const auto on_device = [&](bool there, const std::string& text) {
        const auto line = fmt::format("buttons {}: {}", options.buttons, text);
        return there ? common::log(line) : common::log_error(line);
    };
    const auto map = key_map(options.key_map).value();
    const PadKeys keys{io, options.buttons, map, {.push = on_push, .device = on_device}};
    common::run_until_stopped(io, options.store);
    if (desk) desk->close();
    return common::exit_ok;
}

class Callpad final : public common::Program {
public:
    Callpad();
    CLI::App& app() override { return app_; }
    const common::DeviceOptions& options() const override { return options_; }
    std::vector<std::string> keys() const override {
        return {"controller", "buttons", "key-map", "pause-reason"};
    }
    std::string problem() const override {
        if (auto problem = common::Link::problem_of(options_.controller); !problem.empty())
            return problem;
        const auto map = key_map(options_.key_map);
        return map ? std::string{} : map.error().message();
    }
    int run(DeviceId device, const Setup& setup) override {
        return device_console::run_with_desk(
            options_, setup, [&](boost::asio::io_context& io, device_console::Desk* desk) {
                return serve(options_, device, io, desk);
            });
    }

private:
    Options options_;
    CLI::App app_{
        "The firmware of an Antrean callpad: a clerk's keys, the number called at the counter and "
        "who\nwaits.\n\n"
        "Keys: n or Enter next, p next priority, r recall, s serve, d done, x no-show, h hold,\n"
        "b call one of the held, c call a number that is typed, t transfer, u undo, i pause or "
        "open,\nm sign in, k sign out. On a number pad: 1 next, 2 recall, 3 done, 4 no-show, 5 "
        "serve,\n6 hold, 7 one of the held, 8 transfer, 9 undo, 0 pause or open, + next priority,\n"
        "* sign in, / sign out. What is typed or chosen by its number ends with Enter; "
        "Backspace\ntakes it back. --key-map FILE says it otherwise, with long presses and "
        "chords.\n\n"
        "Example:\n  antrean-callpad --device callpad-1 --controller 192.168.1.10:7411 --store "
        "callpad.store"};
};

Callpad::Callpad() {
    common::add_options(app_, options_);
    app_.add_option(
        "--buttons", options_.buttons,
        "The evdev device with the keys; without it, they are read from standard input");
    app_.add_option("--key-map", options_.key_map,
                    "A TOML file that says what each key does, pressed, held, and two at once; "
                    "schemas/keys tells its form, with one for four buttons");
    app_.add_option("--pause-reason", options_.pause_reasons,
                    "What a pause of the counter is told with; with several, the clerk chooses one")
        ->expected(1, most_pause_reasons)
        ->check([](const std::string& reason) {
            const bool fits = !reason.empty() && reason.size() <= proto::max_text_bytes;
            return fits && tty::is_plain(reason)
                       ? std::string{}
                       : std::string{"a reason is a text of 1 to 200 bytes in UTF-8"};
        })
        ->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
    return common::run_program(argc, argv, "callpad", [] { return std::make_unique<Callpad>(); });
}
