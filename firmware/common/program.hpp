// What the programs of all devices have in common: options, log, keys, how they are stopped and how
// they end.
#pragma once

#include "drivers/buttons/evdev.hpp"
#include "drivers/database/database.hpp"
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/common/exit_code.hpp"
#include "firmware/common/log.hpp"
#include "proto/types.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace antrean::common {

struct DeviceOptions {
    std::string device;
    std::string controller = "127.0.0.1:7411";
    std::filesystem::path store;
    std::string console;  // empty: there is none
    std::filesystem::path console_code_file;
};

// --device, --controller, --store, --console and --console-code-file; and --version and the exit codes behind --help.
void add_options(CLI::App& app, DeviceOptions& options);

// Parses, then runs RUN; gives the program's exit code. LOG: the log's name. Of what RUN throws,
// std::invalid_argument is about an option's value, all else a broken invariant. Where RUN gives
// exit_restart, the program is started anew in its place.
int run_program(CLI::App& app, int argc, char** argv, const DeviceOptions& options, const char* log,
                const std::function<int(DeviceId)>& run);

// The store has failed: says so, and ends the program without anything more being done.
[[noreturn]] void stop_on_store_failure(const database::DatabaseError& error);

// Says so, and gives the program's exit code.
int store_unusable(const database::DatabaseError& error);

// One line for people, on standard output and at once; what comes from outside is escaped.
void show(const std::string& sentence);

// Runs IO until SIGINT or SIGTERM.
void run_until_stopped(boost::asio::io_context& io);

// The keys of a device: those of the evdev devices at PATHS, whose coming and going is logged, or,
// where there is none, of standard input.
class Keys {
public:
    Keys(boost::asio::io_context& io, const std::vector<std::string>& paths,
         const std::function<void(buttons::KeyCode)>& on_button,
         const std::function<void(char)>& on_character);

private:
    std::vector<std::unique_ptr<buttons::EvdevButtons>> buttons_;
    std::unique_ptr<tty::TerminalKeys> terminal_;
};

}  // namespace antrean::common
