// A transport to a network printer (raw printing, usually port 9100).
//
// "Taken" means taken by this host's network stack. A dead peer is noticed within about half a
// minute by TCP itself; the Machine usually notices its silence earlier.
#pragma once

#include "drivers/printer/address.hpp"
#include "drivers/printer/transport.hpp"

#include <memory>

namespace boost::asio {
class io_context;
}

namespace antrean::printer {

class TcpTransport final : public Transport {
public:
    TcpTransport(boost::asio::io_context& io, TcpAddress address, Handlers handlers);
    ~TcpTransport() override;
    TcpTransport(const TcpTransport&) = delete;
    TcpTransport& operator=(const TcpTransport&) = delete;

    void open() override;
    void write(std::vector<std::byte> bytes) override;
    void close() override;

private:
    class Connection;
    boost::asio::io_context& io_;
    const TcpAddress address_;
    const std::shared_ptr<const Handlers> handlers_;  // shared with the connection
    std::shared_ptr<Connection> connection_;
};

}  // namespace antrean::printer
