#include "firmware/common/program.hpp"

#include "drivers/notify/notify.hpp"
#include "drivers/tty/escape.hpp"
#include "firmware/common/liveness.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

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

using Words = std::vector<std::string>;

void parse(Program& program, Words words) {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    program.app().parse(words);
}

bool is_given(Program& program, const std::string& key) {
    return program.app().get_option("--" + key)->count() > 0;
}

// A program that could begin, or why it could not.
struct Begun {
    std::unique_ptr<Program> program;
    std::string problem;
};

// What the command line says stands, whatever SETTINGS say.
Begun with(const MakeProgram& make, const Words& words, const Settings& settings) {
    auto all = words;
    auto program = make();
    try {
        parse(*program, words);
        for (const auto& [key, texts] : settings) {
            if (is_given(*program, key)) continue;
            for (const auto& text : texts)
                all.push_back("--" + key + '=' + text);
        }
        program = make();
        parse(*program, all);
    } catch (const CLI::ParseError& error) {
        return {nullptr, tty::escaped(error.what())};
    }
    auto problem = program->problem();
    while (problem.ends_with('\n'))
        problem.pop_back();
    if (!problem.empty()) return {nullptr, std::move(problem)};
    return {std::move(program), {}};
}

Begun from_file(const MakeProgram& make, const Words& words, const std::filesystem::path& file,
                Settings& settings) {
    auto read = read_settings(file, make()->keys());
    if (!read) return {nullptr, read.error().message()};
    settings = std::move(*read);
    auto begun = with(make, words, settings);
    if (!begun.program) begun.problem = tty::escaped(file.string()) + ": " + begun.problem;
    return begun;
}

void tell_values(const MakeProgram& make, const Words& words, Program& begun,
                 Program::Setup& setup) {
    using From = Program::Setup::Value::From;
    const auto command_line = make();
    parse(*command_line, words);
    for (const auto& key : begun.keys()) {
        const auto* option = begun.app().get_option("--" + key);
        const auto from = is_given(*command_line, key) ? From::command_line
                          : option->count() > 0        ? From::file
                                                       : From::standard;
        setup.values.push_back({key,
                                from == From::standard
                                    ? option->get_default_str()
                                    : fmt::format("{}", fmt::join(option->results(), ", ")),
                                from});
    }
}

Begun begin(const MakeProgram& make, const Words& words, const std::filesystem::path& file,
            Program::Setup& setup) {
    std::error_code error;
    Begun begun;
    if (file.empty() || !std::filesystem::exists(file, error)) {
        begun = with(make, words, {});
    } else {
        begun = from_file(make, words, file, setup.saved);
        if (!begun.program) {
            log_error(begun.problem);
            const auto previous = previous_of(file);
            begun = std::filesystem::exists(previous, error)
                        ? from_file(make, words, previous, setup.saved)
                        : Begun{nullptr, "There is no " + tty::escaped(previous.string()) +
                                             " that could stand in"};
            setup.is_previous = begun.program != nullptr;
            if (setup.is_previous) log_error(previous.string() + " stands in");
        }
    }
    if (begun.program) tell_values(make, words, *begun.program, setup);
    return begun;
}

}  // namespace

void add_options(CLI::App& app, DeviceOptions& options) {
    app.add_option("--device", options.device, "This device's id in the site file")->required();
    app.add_option("--controller", options.controller, "HOST:PORT of the controller")
        ->capture_default_str();
    app.add_option("--store", options.store,
                   "Its memory, an SQLite file; it is made where there is none")
        ->required();
    app.add_option("--config", options.config,
                   "A TOML file with options, such as controller = \"HOST:PORT\"; what the command "
                   "line says wins. The console changes it");
    app.add_option("--console", options.console,
                   "A serial line for technicians, such as /dev/ttyS0 (115200 8N1), or a "
                   "pseudo-terminal");
    app.add_option("--console-code-file", options.console_code_file,
                   "A file whose first line becomes the code that the console asks for; it is kept "
                   "as a hash beside the store, so once is enough");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(exit_codes_help);
}

int run_program(int argc, char** argv, const char* log_name, const MakeProgram& make) {
    const Words words{argv + 1, argv + argc};
    auto program = make();
    try {
        parse(*program, words);
    } catch (const CLI::ParseError& error) {
        return program->app().exit(error) == 0 ? exit_ok : exit_usage;
    }
    start_log(log_name);
    const auto device = DeviceId::parse(program->options().device);
    if (!device) {
        fmt::print(stderr,
                   "--device: '{}' is no id: use 1 to 31 characters of a-z, 0-9, '-' and '.'\n",
                   tty::escaped(program->options().device));
        return exit_usage;
    }
    try {
        Program::Setup setup;
        setup.check = [&](const Settings& settings) { return with(make, words, settings).problem; };
        auto begun = begin(make, words, program->options().config, setup);
        if (!begun.program) {
            fmt::print(stderr, "{}\n", begun.problem);
            return exit_usage;
        }
        const int code = begun.program->run(*device, setup);
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

Keys::Keys(boost::asio::io_context& io, const std::vector<std::string>& paths, OnButton on_button,
           std::function<void(char)> on_character, OnButton on_second)
    : on_button_{std::move(on_button)}, on_second_{std::move(on_second)} {
    for (std::size_t device = 0; device < paths.size(); ++device) {
        const auto& path = paths[device];
        buttons::EvdevHandlers handlers;
        handlers.press = [this, device](buttons::KeyCode key, SteadyTime at) {
            press(device, key, at);
        };
        handlers.release = [this, device](buttons::KeyCode key, SteadyTime) {
            one_at_a_time_.released({device, key});
        };
        handlers.stuck = [this, path](buttons::KeyCode key, bool is) { note(path, key, is); };
        handlers.device = [path](bool there, const std::string& text) {
            spdlog::log(there ? spdlog::level::info : spdlog::level::warn, "buttons {}: {}", path,
                        tty::escaped(text));
        };
        buttons_.push_back(std::make_unique<buttons::EvdevButtons>(
            io, buttons::EvdevConfig{.device = path}, std::move(handlers)));
    }
    if (paths.empty()) {
        terminal_ = std::make_unique<tty::TerminalKeys>(
            io, tty::KeyHandlers{.key = std::move(on_character), .end = [] {}});
    }
}

Keys::~Keys() = default;

void Keys::press(std::size_t device, buttons::KeyCode key, SteadyTime at) {
    const bool counts = one_at_a_time_.pressed({device, key}, at) || !on_second_;
    (counts ? on_button_ : on_second_)(key);
}

void Keys::note(const std::string& path, buttons::KeyCode key, bool is_stuck) {
    const auto name = buttons::key_name(key);
    if (is_stuck) {
        constexpr auto held = buttons::KeyTimes{}.stuck_after;
        stuck_.push_back({path, key, std::chrono::steady_clock::now() - held});
        spdlog::warn(
            "buttons {}: {} is stuck: it has been held for {} s, and is ignored until it is let "
            "go. "
            "Free the button, or look at its cable",
            path, name, held / std::chrono::seconds{1});
    } else {
        std::erase_if(stuck_,
                      [&](const Stuck& one) { return one.device == path && one.key == key; });
        spdlog::info("buttons {}: {} is free again", path, name);
    }
    on_stuck_();
}

}  // namespace antrean::common
