// antrean-kiosk: puts the parts together; reading it shows the system.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "drivers/buttons/evdev.hpp"
#include "drivers/tty/escape.hpp"
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/common/boot.hpp"
#include "firmware/common/exit_code.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "firmware/kiosk/keys.hpp"
#include "firmware/kiosk/shell.hpp"

namespace {

using namespace antrean;
using namespace antrean::kiosk;

struct Options {
    std::string device;
    std::string controller = "127.0.0.1:7411";
    std::filesystem::path store;
    std::string printer = "usb";
    escpos::Profile profile = escpos::generic_80();
    std::vector<std::string> buttons;
};

const std::map<std::string, escpos::Profile>& profiles() {
    static const std::map<std::string, escpos::Profile> known{
        {"generic-80", escpos::generic_80()},
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
    if (!store) {
        spdlog::critical("{}", store.error().text);
        return common::exit_code(store.error().code);
    }
    boost::asio::io_context io{1};
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) io.stop();
    });
    Shell shell{io,
                {device, options.controller, {options.printer, options.profile}},
                *store,
                std::move(stored),
                {.on_screen =
                     [](const Screen& screen) {
                         fmt::print("> {}\n", tty::escaped(sentence(screen)));
                         std::fflush(stdout);
                     },
                 .on_menu = print_menu,
                 .on_log = [](const std::string& text) { spdlog::info("{}", tty::escaped(text)); },
                 .on_store_failure =
                     [](const database::DatabaseError& error) {
                         spdlog::critical("{}. Stopping", error.text);
                         spdlog::shutdown();
                         std::_Exit(common::exit_storage);
                     }}};
    const auto press = [&](std::optional<ButtonNumber> button) {
        if (button) shell.pressed(*button);
    };
    std::vector<std::unique_ptr<buttons::EvdevButtons>> devices;
    for (const auto& path : options.buttons) {
        devices.push_back(std::make_unique<buttons::EvdevButtons>(
            io, buttons::EvdevConfig{.device = path},
            buttons::EvdevHandlers{
                .press = [press](buttons::KeyCode code) { press(button_of(code)); },
                .release = [](buttons::KeyCode) {},
                .device =
                    [path](bool there, const std::string& text) {
                        spdlog::log(there ? spdlog::level::info : spdlog::level::warn,
                                    "buttons {}: {}", path, tty::escaped(text));
                    }}));
    }
    std::optional<tty::TerminalKeys> keys;
    if (options.buttons.empty()) {
        keys.emplace(io, tty::KeyHandlers{.key = [press](char key) { press(button_of(key)); },
                                          .end = [] {}});
    }
    io.run();
    return common::exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    std::string profile = "generic-80";
    CLI::App app{
        "The firmware of an Antrean kiosk: takes presses, asks the controller for numbers, prints "
        "them\nand tells what became of each paper.\n\n"
        "Example:\n  antrean-kiosk --device kiosk-1 --controller 192.168.1.10:7411 --store "
        "kiosk.store \\\n      --printer usb --buttons /dev/input/by-path/platform-buttons-event"};
    app.add_option("--device", options.device, "This kiosk's id in the site file")->required();
    app.add_option("--controller", options.controller, "HOST:PORT of the controller")
        ->capture_default_str();
    app.add_option("--store", options.store,
                   "Its memory, an SQLite file; it is made where there is none")
        ->required();
    app.add_option("--printer", options.printer,
                   "usb, usb:VID:PID, usb:VID:PID:SERIAL, usb:BUS-PORT or tcp:HOST:PORT")
        ->capture_default_str();
    app.add_option("--profile", profile, "What the printer can do: generic-80, generic-58, epson-tm")
        ->check(CLI::IsMember(profiles()))
        ->capture_default_str();
    app.add_option("--buttons", options.buttons,
                   "An evdev device with the buttons, once for each; without it, keys are read from "
                   "standard input. Keys 1 to 9 are buttons 1 to 9, a to z buttons 10 to 35");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(common::exit_codes_help);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? common::exit_ok : common::exit_usage;
    }
    spdlog::set_default_logger(spdlog::stderr_logger_st("kiosk"));
    spdlog::set_pattern("%H:%M:%S.%e %l %v");
    options.profile = profiles().at(profile);
    const auto device = DeviceId::parse(options.device);
    if (!device) {
        fmt::print(stderr, "--device: '{}' is no id: use 1 to 31 characters of a-z, 0-9, '-' and '.'\n",
                   tty::escaped(options.device));
        return common::exit_usage;
    }
    try {
        return run(options, *device);
    } catch (const std::invalid_argument& error) {
        fmt::print(stderr, "{}\n", tty::escaped(error.what()));
        return common::exit_usage;
    } catch (const std::exception& error) {
        spdlog::critical("a rule that must hold is broken: {}. Stopping", error.what());
        return common::exit_bug;
    }
}
