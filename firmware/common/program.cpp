#include "firmware/common/program.hpp"

#include "drivers/notify/notify.hpp"
#include "drivers/tty/escape.hpp"
#include "firmware/common/liveness.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace antrean::common {

void add_options(CLI::App& app, DeviceOptions& options) {
    app.add_option("--device", options.device, "This device's id in the site file")->required();
    app.add_option("--controller", options.controller, "HOST:PORT of the controller")
        ->capture_default_str();
    app.add_option("--store", options.store,
                   "Its memory, an SQLite file; it is made where there is none")
        ->required();
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(exit_codes_help);
}

int run_program(CLI::App& app, int argc, char** argv, const DeviceOptions& options,
                const char* log_name, const std::function<int(DeviceId)>& run) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    spdlog::set_default_logger(spdlog::stderr_logger_st(log_name));
    spdlog::set_pattern("%H:%M:%S.%e %l %v");
    const auto device = DeviceId::parse(options.device);
    if (!device) {
        fmt::print(stderr,
                   "--device: '{}' is no id: use 1 to 31 characters of a-z, 0-9, '-' and '.'\n",
                   tty::escaped(options.device));
        return exit_usage;
    }
    try {
        return run(*device);
    } catch (const std::invalid_argument& error) {
        fmt::print(stderr, "{}\n", tty::escaped(error.what()));
        return exit_usage;
    } catch (const std::exception& error) {
        spdlog::critical("a rule that must hold is broken: {}. Stopping", error.what());
        return exit_bug;
    }
}

void stop_on_store_failure(const database::DatabaseError& error) {
    spdlog::critical("{}. Stopping", error.text);
    spdlog::shutdown();
    std::_Exit(exit_storage);
}

int store_unusable(const database::DatabaseError& error) {
    spdlog::critical("{}", error.text);
    return exit_code(error.code);
}

void show(const std::string& sentence) {
    fmt::print("> {}\n", tty::escaped(sentence));
    std::fflush(stdout);
}

void run_until_stopped(boost::asio::io_context& io, const std::filesystem::path& store) {
    Liveness liveness{io, notify::Notifier::from_environment(), store};
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (error) return;
        liveness.stopping();
        io.stop();
    });
    io.run();
}

Keys::Keys(boost::asio::io_context& io, const std::vector<std::string>& paths,
           const std::function<void(buttons::KeyCode)>& on_button,
           const std::function<void(char)>& on_character) {
    for (const auto& path : paths) {
        const auto on_device = [path](bool there, const std::string& text) {
            spdlog::log(there ? spdlog::level::info : spdlog::level::warn, "buttons {}: {}", path,
                        tty::escaped(text));
        };
        buttons_.push_back(std::make_unique<buttons::EvdevButtons>(
            io, buttons::EvdevConfig{.device = path},
            buttons::EvdevHandlers{
                .press = on_button, .release = [](buttons::KeyCode) {}, .device = on_device}));
    }
    if (paths.empty()) {
        terminal_ = std::make_unique<tty::TerminalKeys>(
            io, tty::KeyHandlers{.key = on_character, .end = [] {}});
    }
}

void log(const std::string& text) {
    spdlog::info("{}", tty::escaped(text));
}

}  // namespace antrean::common
