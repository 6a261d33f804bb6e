// The printer on the network: raw bytes over TCP, as on port 9100 of a real one. One connection at
// a time owns the printer; others wait until it ends. Buffer, modes and a half-printed paper
// outlive the connection. Switched off, it refuses connections. One thread runs it all.
#pragma once

#include "tools/virtual_printer/machine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace antrean::virtual_printer {

class Server {
public:
    struct Callbacks {
        std::function<void(const Paper&)> paper;
        std::function<void(std::string_view)> tell;  // one line, without its end
    };

    // Listens at once. Throws boost::system::system_error if it cannot; port 0 lets the system
    // choose. `machine` and `callbacks` outlive the server.
    Server(Machine& machine, const std::string& address, std::uint16_t port,
           const Callbacks& callbacks);
    ~Server();

    std::uint16_t port() const;
    // Until SIGINT or SIGTERM. Lines on standard input are taken as hand commands; when it ends,
    // serving goes on. Throws boost::system::system_error if the port is lost while switched off.
    void run();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::virtual_printer
