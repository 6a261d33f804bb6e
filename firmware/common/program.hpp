// What the programs of all devices have in common: options, log, keys, how they are stopped and how
// they end.
#pragma once

#include "drivers/buttons/evdev.hpp"
#include "drivers/buttons/one_at_a_time.hpp"
#include "drivers/database/database.hpp"
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/common/exit_code.hpp"
#include "firmware/common/log.hpp"
#include "firmware/common/settings.hpp"
#include "proto/types.hpp"

#include <cstddef>
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
    std::filesystem::path config;  // empty: there is none
};

// A program's options, and what it does with them.
class Program {
public:
    virtual ~Program() = default;
    virtual CLI::App& app() = 0;
    virtual const DeviceOptions& options() const = 0;
    // The long options that a configuration file may give as well, without "--".
    virtual std::vector<std::string> keys() const = 0;
    // Why it cannot begin with the options that were parsed, for people; empty: it can.
    virtual std::string problem() const = 0;
    struct Setup;
    // Gives the exit code. Of what it throws, std::invalid_argument is about an option's value, all
    // else a broken invariant. Where it gives exit_restart, the program is started anew.
    virtual int run(DeviceId device, const Setup& setup) = 0;
};
using MakeProgram = std::function<std::unique_ptr<Program>()>;

// How a program was configured, for the console.
struct Program::Setup {
    struct Value {
        std::string key;
        std::string text;  // as it is in force; texts of a list with ", " between them
        enum class From { standard, file, command_line } from = From::standard;
    };
    std::vector<Value> values;
    Settings saved;            // what the file says
    bool is_previous = false;  // the file cannot be used, and the one before stands in
    // Why a program could not begin with these, beside its command line; empty: it could.
    std::function<std::string(const Settings&)> check;
};

// --device, --controller, --store, --config, --console and --console-code-file; and --version and
// the exit codes behind --help.
void add_options(CLI::App& app, DeviceOptions& options);

// Parses, with what the configuration file says where the command line says nothing, then runs;
// gives the program's exit code. A file that cannot be used must not keep technicians out: the one
// before it stands in. LOG: the log's name.
int run_program(int argc, char** argv, const char* log, const MakeProgram& make);

// The store has failed: says so, and ends the program without anything more being done.
[[noreturn]] void stop_on_store_failure(const database::DatabaseError& error);

// Says so, and gives the program's exit code.
int store_unusable(const database::DatabaseError& error);

// One line for people, on standard output and at once; what comes from outside is escaped.
void show(const std::string& sentence);

// Runs IO until SIGINT or SIGTERM. The service manager, if there is one, hears how it goes. STORE:
// the device's, which is open.
void run_until_stopped(boost::asio::io_context& io, const std::filesystem::path& store);

// The keys of a device: those of the evdev devices at PATHS, whose coming and going is logged, and
// which of their keys are stuck, or, where there is none, of standard input.
class Keys {
public:
    using OnButton = std::function<void(buttons::KeyCode)>;

    // With ON_SECOND, the keys are buttons of which one counts at a time
    // (drivers/buttons/one_at_a_time.hpp): the others are told by it instead of ON_BUTTON.
    Keys(boost::asio::io_context& io, const std::vector<std::string>& paths, OnButton on_button,
         std::function<void(char)> on_character, OnButton on_second = nullptr);
    ~Keys();
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

    struct Stuck {
        std::string device;
        buttons::KeyCode key{};
        SteadyTime since{};  // it has been held
    };
    // The keys that count no more until they are let go, the longest first.
    const std::vector<Stuck>& stuck() const { return stuck_; }
    // Called whenever that has changed; not from the constructor.
    void tell_stuck(std::function<void()> on_stuck) { on_stuck_ = std::move(on_stuck); }

private:
    void press(std::size_t device, buttons::KeyCode key, SteadyTime at);
    void note(const std::string& path, buttons::KeyCode key, bool is_stuck);

    OnButton on_button_;
    OnButton on_second_;
    buttons::OneAtATime one_at_a_time_;
    std::vector<Stuck> stuck_;
    std::function<void()> on_stuck_ = [] {};
    std::vector<std::unique_ptr<buttons::EvdevButtons>> buttons_;
    std::unique_ptr<tty::TerminalKeys> terminal_;
};

}  // namespace antrean::common
