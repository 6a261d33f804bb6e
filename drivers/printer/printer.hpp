// A printer of the real world: a Machine over USB or TCP that reconnects for ever.
//
// Thread rule: everything on the one thread that runs the io_context; handlers are called there,
// never from inside print() or the constructor. A handler may call print(). The io_context and
// whatever the handlers use must outlive the Printer. Errors after construction are not thrown,
// they are outcomes and states.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/printer/machine.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::printer {

struct Config {
    std::string address = "usb";  // see address.hpp
    escpos::Profile profile = escpos::generic_80();
};

class Printer {
public:
    struct Handlers {
        std::function<void(JobId, Outcome, Reason)> on_done;
        std::function<void(PrinterState)> on_state;  // on change; gone at first
    };

    // Begins to connect at once. Throws std::invalid_argument with a text for people if the address
    // cannot be understood, std::runtime_error if libusb does not start.
    Printer(boost::asio::io_context& io, Config config, Handlers handlers);
    // Not from a handler. A paper on its way is not waited for, and no handler is called any more.
    ~Printer();
    Printer(const Printer&) = delete;
    Printer& operator=(const Printer&) = delete;

    // One at a time: only while !busy(). on_done follows exactly once.
    void print(JobId job, std::vector<std::byte> paper);
    bool busy() const;

    PrinterState state() const;
    // The link in words for a console, such as "open", or why it is not.
    const std::string& link() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;  // also held, weakly, by work that is queued on the io_context
};

}  // namespace antrean::printer
