// The console of one device put together: its store, its commands and its line. A program makes one
// where it is told a line, adds the commands that only it has, and opens it.
//
// Thread rule: everything on the io_context's one thread.
#pragma once

#include "firmware/common/program.hpp"
#include "firmware/console/device_commands.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace antrean::device_console {

class Desk {
public:
    // Opens or makes the store beside the device's own, and takes the code of the options' file.
    // SETUP must outlive it. None after the reason was logged: where the store cannot be used the
    // device does without a console; where the code is none, CODE is set to the program's exit
    // code.
    static std::unique_ptr<Desk> make(boost::asio::io_context& io,
                                      const common::DeviceOptions& options,
                                      const common::Program::Setup& setup, int& code);
    ~Desk();

    Commands& commands();
    Store& store() const;
    PressTap& tap();

    // Adds the commands that all devices have, and begins. DEVICE's `end` and `on_store_failure`
    // are set here; no command can be added any more. Once.
    void open(Device device);
    // Nothing of the device is touched any more: before what its commands use is gone.
    void close();
    const Device& device() const;
    // Set where a technician ended the program.
    std::optional<Ending> ending() const;

    // Writes a paper down, with what it adds to the counters.
    void keep(const PaperRecord& paper, Counters added);

private:
    class Impl;
    explicit Desk(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// What the programs of all devices do: makes the desk, if the options name a line, has SERVE run
// the device until it stops, and does what a technician ended it for. Gives the program's exit
// code.
int run_with_desk(const common::DeviceOptions& options, const common::Program::Setup& setup,
                  const std::function<int(boost::asio::io_context&, Desk*)>& serve);

}  // namespace antrean::device_console
