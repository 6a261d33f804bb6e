// antrean-kiosk: puts the parts together; reading it shows the system.
#include "drivers/tty/escape.hpp"
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/common/boot.hpp"
#include "firmware/common/program.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "firmware/kiosk/keys.hpp"
#include "firmware/kiosk/shell.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::kiosk;

struct Options : common::DeviceOptions {
    std::string printer = "usb";
    std::string profile = "generic-80";
    std::vector<std::string> buttons;
};

const std::map<std::string, escpos::Profile>& profiles() {
    static const std::map<std::string, escpos::Profile> known{{"generic-80", escpos::generic_80()},
                                                              {"generic-58", escpos::generic_58()},
                                                              {"epson-tm", escpos::epson_tm()}};
    return known;
}

void print_menu(const proto::Menu& menu) {
    fmt::print("\n{}\n", tty::escaped(menu.site_name));
    for (const auto& button : menu.buttons) {
        fmt::print("  [{}] {} - {}\n", key_of(button.number), tty::escaped(button.agency_name),
                   tty::escaped(button.service_name));
    }
    fmt::print("\n");
    std::fflush(stdout);
}

int run(const Options& options, DeviceId device) {
    Stored stored;
    auto store = Store::open(options.store, common::boot_id(), stored);
    if (!store) return common::store_unusable(store.error());
    boost::asio::io_context io{1};
    Shell shell{io,
                {device, options.controller, {options.printer, profiles().at(options.profile)}},
                *store,
                std::move(stored),
                {.on_screen = [](const Screen& screen) { common::show(sentence(screen)); },
                 .on_menu = print_menu,
                 .on_log = common::log,
                 .on_store_failure = common::stop_on_store_failure}};
    const auto press = [&](std::optional<ButtonNumber> button) {
        if (button) shell.pressed(*button);
    };
    std::vector<std::unique_ptr<buttons::EvdevButtons>> devices;
    for (const auto& path : options.buttons) {
        const auto key = [press](buttons::KeyCode code) { press(button_of(code)); };
        devices.push_back(std::make_unique<buttons::EvdevButtons>(
            io, buttons::EvdevConfig{.device = path}, common::evdev_handlers(path, key)));
    }
    std::optional<tty::TerminalKeys> keys;
    if (options.buttons.empty()) {
        keys.emplace(io, tty::KeyHandlers{.key = [press](char key) { press(button_of(key)); },
                                          .end = [] {}});
    }
    common::run_until_stopped(io);
    return common::exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{
        "The firmware of an Antrean kiosk: takes presses, asks the controller for numbers, prints "
        "them\nand tells what became of each paper.\n\n"
        "Example:\n  antrean-kiosk --device kiosk-1 --controller 192.168.1.10:7411 --store "
        "kiosk.store \\\n      --printer usb --buttons /dev/input/by-path/platform-buttons-event"};
    common::add_options(app, options);
    app.add_option("--printer", options.printer,
                   "usb, usb:VID:PID, usb:VID:PID:SERIAL, usb:BUS-PORT or tcp:HOST:PORT")
        ->capture_default_str();
    app.add_option("--profile", options.profile,
                   "What the printer can do: generic-80, generic-58, epson-tm")
        ->check(CLI::IsMember(profiles()))
        ->capture_default_str();
    app.add_option(
        "--buttons", options.buttons,
        "An evdev device with the buttons, once for each; without it, keys are read from "
        "standard input. Keys 1 to 9 are buttons 1 to 9, a to z buttons 10 to 35");
    return common::run_program(app, argc, argv, options, "kiosk",
                               [&](DeviceId device) { return run(options, device); });
}
