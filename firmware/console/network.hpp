// What a technician asks of the network: this machine's addresses, and whether the controller can
// be reached. Thread rule: everything on the io_context's one thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::device_console {

struct InterfaceAddress {
    std::string interface;  // "eth0"
    std::string address;    // "192.168.1.21/24"
    bool is_up = false;
};

// Of all interfaces, the loopback too. Empty where the system does not say.
std::vector<InterfaceAddress> interface_addresses();

struct Reached {
    std::optional<std::chrono::microseconds> latency;  // of a TCP connection's making; none: WHY
    std::string address;                               // that was tried, as the name resolved
    std::string why;
};

// A connection to the controller of its own, closed as soon as it stands. ADDRESS: "HOST:PORT".
// ON_DONE is called once, not from inside, within three seconds; never after the result was
// dropped.
[[nodiscard]] std::shared_ptr<void> reach(boost::asio::io_context& io, const std::string& address,
                                          std::function<void(const Reached&)> on_done);

}  // namespace antrean::device_console
