// Where a printer is, as people write it into a site file or at a console:
//
//   tcp:HOST:PORT          a network printer, such as tcp:192.168.7.20:9100 or tcp:[fd00::7]:9100
//   usb                    the first printer on USB
//   usb:VID:PID            one of that model, such as usb:04b8:0e15
//   usb:VID:PID:SERIAL     that very one
//   usb:BUS-PORT[.PORT]    whatever printer is plugged in there, such as usb:1-1.4; the only way to
//                          tell two printers apart that have no or the same serial number
#pragma once

#include "drivers/printer/usb_descriptors.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/system/result.hpp>

namespace antrean::printer {

struct TcpAddress {
    std::string host;  // a name or an IP address, without brackets
    std::uint16_t port = 9100;
    friend bool operator==(const TcpAddress&, const TcpAddress&) = default;
};
struct UsbAddress {
    std::optional<UsbModel> model;
    std::string serial;  // any if empty
    std::string port;    // as in sysfs; any if empty
    friend bool operator==(const UsbAddress&, const UsbAddress&) = default;
};
using Address = std::variant<TcpAddress, UsbAddress>;

// The error is a text for people that says what is wrong and what would be right.
[[nodiscard]] boost::system::result<Address, std::string> parse_address(std::string_view text);

}  // namespace antrean::printer
