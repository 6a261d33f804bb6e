// What the programs of all devices have in common: their options, their log, how they are stopped
// and how they end.
#pragma once

#include "drivers/buttons/evdev.hpp"
#include "drivers/database/database.hpp"
#include "firmware/common/exit_code.hpp"
#include "proto/types.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace antrean::common {

struct DeviceOptions {
    std::string device;
    std::string controller = "127.0.0.1:7411";
    std::filesystem::path store;
};

// --device, --controller and --store; and --version and the exit codes behind --help.
void add_options(CLI::App& app, DeviceOptions& options);

// Parses, then runs RUN; gives the program's exit code. LOG: the log's name. Of what RUN throws,
// std::invalid_argument is about an option's value, all else a broken invariant.
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

// PRESS gets each key of the evdev device at PATH; its coming and going is logged.
buttons::EvdevHandlers evdev_handlers(const std::string& path,
                                      std::function<void(buttons::KeyCode)> press);

void log(const std::string& text);

}  // namespace antrean::common
