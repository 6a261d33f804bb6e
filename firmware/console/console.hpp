// The console on a serial line: 115200 baud, 8 data bits, no parity, 1 stop bit, no flow control;
// or on a pseudo-terminal, for which these mean nothing. It moves bytes for a Session and runs its
// commands, and opens the line again whenever it comes back.
//
// A hang-up is what the line tells as one: the carrier goes (CLOCAL is off, and DCD is wired to the
// technician's DTR by a null-modem cable), the USB adapter is taken out, the other end of a
// pseudo-terminal closes. Adapters that tell the same by DSR alone are asked every second while
// somebody is logged in. On three wires nothing tells it, and five idle minutes do.
//
// Thread rule: everything on the io_context's one thread, commands and handlers too; no handler is
// called from within the constructor. Nothing is thrown after construction.
#pragma once

#include "firmware/console/session.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace antrean::device_console {

class Console {
public:
    struct Handlers {
        // Keeps the count durably before it returns, or does not return.
        std::function<void(std::uint32_t)> on_wrong_codes;
        std::function<void(const std::string&)> on_log;
    };

    // Begins at once. IO and COMMANDS must outlive it. LINE: "/dev/ttyS0".
    Console(boost::asio::io_context& io, std::string line, SessionConfig config,
            const Commands& commands, Handlers handlers);
    ~Console();  // the command that runs is cancelled
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    // THEN is called once all that is shown has gone out, or after two seconds if nobody takes it.
    void when_written(std::function<void()> then);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace antrean::device_console
