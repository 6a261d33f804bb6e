// antrean-callpad: puts the parts together; reading it shows the system.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "drivers/buttons/evdev.hpp"
#include "drivers/tty/escape.hpp"
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/shell.hpp"
#include "firmware/common/exit_code.hpp"

namespace {

using namespace antrean;
using namespace antrean::callpad;

struct Options {
    std::string device;
    std::string controller = "127.0.0.1:7411";
    std::filesystem::path store;
    std::string buttons;
};

int run(const Options& options, DeviceId device) {
    Stored stored;
    auto store = Store::open(options.store, stored);
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
                device,
                options.controller,
                *store,
                std::move(stored),
                {.on_screen =
                     [](const Screen& screen) {
                         fmt::print("> {}\n", tty::escaped(line(screen)));
                         std::fflush(stdout);
                     },
                 .on_log = [](const std::string& text) { spdlog::info("{}", tty::escaped(text)); },
                 .on_store_failure =
                     [](const database::DatabaseError& error) {
                         spdlog::critical("{}. Stopping", error.text);
                         spdlog::shutdown();
                         std::_Exit(common::exit_storage);
                     }}};
    const auto press = [&](std::optional<Key> key) {
        if (key) shell.pressed(*key);
    };
    std::unique_ptr<buttons::EvdevButtons> buttons;
    std::unique_ptr<tty::TerminalKeys> keys;
    if (options.buttons.empty()) {
        fmt::print("n: berikutnya   r: panggil ulang   d: selesai   x: tidak hadir\n");
        keys = std::make_unique<tty::TerminalKeys>(
            io,
            tty::KeyHandlers{.key = [press](char key) { press(key_of(key)); }, .end = [] {}});
    } else {
        buttons = std::make_unique<buttons::EvdevButtons>(
            io, buttons::EvdevConfig{.device = options.buttons},
            buttons::EvdevHandlers{
                .press = [press](buttons::KeyCode code) { press(key_of(code)); },
                .release = [](buttons::KeyCode) {},
                .device =
                    [&](bool there, const std::string& text) {
                        spdlog::log(there ? spdlog::level::info : spdlog::level::warn,
                                    "buttons {}: {}", options.buttons, tty::escaped(text));
                    }});
    }
    io.run();
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
    app.add_option("--device", options.device, "This callpad's id in the site file")->required();
    app.add_option("--controller", options.controller, "HOST:PORT of the controller")
        ->capture_default_str();
    app.add_option("--store", options.store,
                   "Its memory, an SQLite file; it is made where there is none")
        ->required();
    app.add_option("--buttons", options.buttons,
                   "The evdev device with the buttons; without it, keys are read from standard "
                   "input. Next is n, 1 or Enter; recall r or 2; done d or 3; no-show x or 4");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(common::exit_codes_help);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? common::exit_ok : common::exit_usage;
    }
    spdlog::set_default_logger(spdlog::stderr_logger_st("callpad"));
    spdlog::set_pattern("%H:%M:%S.%e %l %v");
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
