// The transport of an address as people write it.
#pragma once

#include "drivers/printer/transport.hpp"
#include "drivers/printer/usb_quirks.hpp"

#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace antrean::printer {

// ADDRESS as address.hpp has it. Throws std::invalid_argument with a text for people if it cannot
// be understood, std::runtime_error if libusb does not start.
std::unique_ptr<Transport> make_transport(boost::asio::io_context& io, const std::string& address,
                                          const UsbOptions& usb, Transport::Handlers handlers);

// Whether ADDRESS is of a printer on USB. Throws as make_transport() does.
bool is_usb(const std::string& address);

}  // namespace antrean::printer
