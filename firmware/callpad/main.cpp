// antrean-callpad: puts the parts together; reading it shows the system.
#include "drivers/tty/escape.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/shell.hpp"
#include "firmware/callpad/technician.hpp"
#include "firmware/common/program.hpp"
#include "firmware/common/quarantine.hpp"

#include <cstdio>
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
    std::vector<std::string> pause_reasons{"Istirahat"};
};

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
    auto store = common::open_or_begin_anew(options.store, [&] {
        stored = {};
        return Store::open(options.store, stored);
    });
    if (!store) return common::store_unusable(store.error());
    Shell shell{io,
                {device, options.controller, options.pause_reasons},
                *store,
                std::move(stored),
                {.on_screen = print,
                 .on_log = common::log,
                 .on_store_failure = common::stop_on_store_failure}};
    if (desk) open_desk(*desk, io, shell, options);
    std::vector<std::string> devices;
    if (!options.buttons.empty()) {
        devices = {options.buttons};
    } else if (!isatty(STDOUT_FILENO)) {
        for (const auto& text : key_help())
            fmt::print("{}\n", text);
    }
    const auto press = [&](const std::string& key, std::optional<char> character) {
        // What a clerk is typing may be a code, which is for nobody else to see.
        const bool is_typing = shell.core().screen().entry.has_value();
        if (desk && !is_typing && desk->tap().take(press_of(key, character))) return;
        if (character) shell.typed(*character);
    };
    const common::Keys keys{
        io, devices, [&](buttons::KeyCode code) { press(buttons::key_name(code), char_of(code)); },
        [&](char character) { press(std::string(1, character), character); }};
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
        return {"controller", "buttons", "pause-reason"};
    }
    std::string problem() const override { return common::Link::problem_of(options_.controller); }
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
        "Backspace\ntakes it back.\n\n"
        "Example:\n  antrean-callpad --device callpad-1 --controller 192.168.1.10:7411 --store "
        "callpad.store"};
};

Callpad::Callpad() {
    common::add_options(app_, options_);
    app_.add_option(
        "--buttons", options_.buttons,
        "The evdev device with the keys; without it, they are read from standard input");
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
