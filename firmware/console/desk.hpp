// The console of one device put together: its store, its commands and its line. A program makes one
// where it is told a line, adds the commands that only it has, and opens it.
//
// Thread rule: everything on the io_context's one thread.
#pragma once

#include "firmware/common/program.hpp"
#include "firmware/console/device_commands.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace antrean::device_console {

class Desk {
public:
    // Opens or makes the store beside the device's own, and takes the code of the options' file.
    // None after the reason was logged and CODE set to the program's exit code.
    static std::unique_ptr<Desk> make(boost::asio::io_context& io,
                                      const common::DeviceOptions& options, int& code);
    ~Desk();

    Commands& commands();
    Store& store();
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

// What a program returns after ENDING: removes FILE, a store that is closed by now, for a reset.
int exit_code_of(std::optional<Ending> ending, const std::filesystem::path& file);

}  // namespace antrean::device_console
