#include "drivers/printer/transports.hpp"

#include "drivers/printer/address.hpp"
#include "drivers/printer/tcp_transport.hpp"
#include "drivers/printer/usb_transport.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

namespace antrean::printer {

namespace {

Address parsed(const std::string& address) {
    auto result = parse_address(address);
    if (result.has_error()) throw std::invalid_argument(result.error());
    return *std::move(result);
}

}  // namespace

std::unique_ptr<Transport> make_transport(boost::asio::io_context& io, const std::string& address,
                                          const UsbOptions& usb, Transport::Handlers handlers) {
    const auto where = parsed(address);
    if (const auto* tcp = std::get_if<TcpAddress>(&where)) {
        return std::make_unique<TcpTransport>(io, *tcp, std::move(handlers));
    }
    return std::make_unique<UsbTransport>(io, std::get<UsbAddress>(where), std::move(handlers),
                                          usb);
}

bool is_usb(const std::string& address) {
    return std::holds_alternative<UsbAddress>(parsed(address));
}

}  // namespace antrean::printer
