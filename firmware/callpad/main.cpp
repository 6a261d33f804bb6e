// antrean-callpad: puts the parts together; reading it shows the system.
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/shell.hpp"
#include "firmware/common/program.hpp"

#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::callpad;

struct Options : common::DeviceOptions {
    std::string buttons;
};

int run(const Options& options, DeviceId device) {
    Stored stored;
    auto store = Store::open(options.store, stored);
    if (!store) return common::store_unusable(store.error());
    boost::asio::io_context io{1};
    Shell shell{io,
                device,
                options.controller,
                *store,
                std::move(stored),
                {.on_screen = [](const Screen& screen) { common::show(line(screen)); },
                 .on_log = common::log,
                 .on_store_failure = common::stop_on_store_failure}};
    const auto press = [&](std::optional<Key> key) {
        if (key) shell.pressed(*key);
    };
    std::unique_ptr<buttons::EvdevButtons> buttons;
    std::unique_ptr<tty::TerminalKeys> keys;
    if (options.buttons.empty()) {
        fmt::print("n: berikutnya   r: panggil ulang   d: selesai   x: tidak hadir\n");
        keys = std::make_unique<tty::TerminalKeys>(
            io, tty::KeyHandlers{.key = [press](char key) { press(key_of(key)); }, .end = [] {}});
    } else {
        const auto key = [press](buttons::KeyCode code) { press(key_of(code)); };
        buttons = std::make_unique<buttons::EvdevButtons>(
            io, buttons::EvdevConfig{.device = options.buttons},
            common::evdev_handlers(options.buttons, key));
    }
    common::run_until_stopped(io);
    return common::exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{
        "The firmware of an Antrean callpad: a clerk's four buttons (next, recall, done, no-show), "
        "the\nnumber called at the counter and how many wait.\n\n"
        "Example:\n  antrean-callpad --device callpad-1 --controller 192.168.1.10:7411 --store "
        "callpad.store"};
    common::add_options(app, options);
    app.add_option("--buttons", options.buttons,
                   "The evdev device with the buttons; without it, keys are read from standard "
                   "input. Next is n, 1 or Enter; recall r or 2; done d or 3; no-show x or 4");
    return common::run_program(app, argc, argv, options, "callpad",
                               [&](DeviceId device) { return run(options, device); });
}
