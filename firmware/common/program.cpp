#include "firmware/common/program.hpp"

#include "drivers/tty/escape.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace antrean::common {
namespace {

// This program anew in its place, with the same arguments. Of an upgrade that lies at its path by
// now, the new one. Gives an exit code only where that cannot be done.
int restart() {
    constexpr std::string_view replaced = " (deleted)";  // proc(5), of /proc/PID/exe
    std::error_code error;
    auto path = std::filesystem::read_symlink("/proc/self/exe", error).string();
    if (path.ends_with(replaced)) path.resize(path.size() - replaced.size());
    std::ifstream file{"/proc/self/cmdline", std::ios::binary};
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');)
        words.push_back(word);
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // Libraries may have left descriptors open that the next program knows nothing of.
    close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    execv(path.c_str(), arguments.data());
    spdlog::critical("{} cannot be started again: {}", path, std::strerror(errno));
    return exit_bug;
}

}  // namespace

void add_options(CLI::App& app, DeviceOptions& options) {
    app.add_option("--device", options.device, "This device's id in the site file")->required();
    app.add_option("--controller", options.controller, "HOST:PORT of the controller")
        ->capture_default_str();
    app.add_option("--store", options.store,
                   "Its memory, an SQLite file; it is made where there is none")
        ->required();
    app.add_option("--console", options.console,
                   "A serial line for technicians, such as /dev/ttyS0 (115200 8N1), or a "
                   "pseudo-terminal");
    app.add_option("--console-code-file", options.console_code_file,
                   "A file whose first line becomes the code that the console asks for; it is kept "
                   "as a hash beside the store, so once is enough");
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
    start_log(log_name);
    const auto device = DeviceId::parse(options.device);
    if (!device) {
        fmt::print(stderr,
                   "--device: '{}' is no id: use 1 to 31 characters of a-z, 0-9, '-' and '.'\n",
                   tty::escaped(options.device));
        return exit_usage;
    }
    try {
        const int code = run(*device);
        return code == exit_restart ? restart() : code;
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

void run_until_stopped(boost::asio::io_context& io) {
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) io.stop();
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

}  // namespace antrean::common
