#include "drivers/printer/address.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>

namespace antrean::printer {
namespace {

constexpr std::size_t max_port_path = 32;  // USB allows seven ports in a row
constexpr std::size_t max_serial = 126;    // characters that a string descriptor can hold

template <std::integral Number>
std::optional<Number> number(std::string_view text, int base) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    // The text may be anything, and the message may end up on a terminal.
    for (const char c : text.substr(0, 80))
        result += c >= ' ' && c < 0x7f ? c : '?';
    return result + "\"";
}

std::string error_in(std::string_view address, std::string_view what) {
    return "printer address " + quoted(address) + ": " + std::string{what};
}

boost::system::result<Address, std::string> parse_tcp(std::string_view address,
                                                      std::string_view rest) {
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos)
        return error_in(address, "the port is missing; write tcp:HOST:PORT, most use port 9100");
    std::string_view host = rest.substr(0, colon);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return error_in(address, "put an IPv6 address into brackets, as in tcp:[fd00::7]:9100");
    if (host.empty()) return error_in(address, "the host is missing; write tcp:HOST:PORT");
    const auto port = number<std::uint16_t>(rest.substr(colon + 1), 10);
    if (!port || *port == 0)
        return error_in(address, "the port must be a number from 1 to 65535; most use 9100");
    return TcpAddress{std::string{host}, *port};
}

// BUS-PORT, then .PORT for each hub on the way; no part is empty.
bool is_port_path(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || text.size() > max_port_path) return false;
    if (!number<std::uint8_t>(text.substr(0, dash), 10)) return false;
    for (std::string_view rest = text.substr(dash + 1);;) {
        const std::size_t dot = rest.find('.');
        if (!number<std::uint8_t>(rest.substr(0, dot), 10)) return false;
        if (dot == std::string_view::npos) return true;
        rest = rest.substr(dot + 1);
    }
}

boost::system::result<Address, std::string> parse_usb(std::string_view address,
                                                      std::string_view rest) {
    if (is_port_path(rest)) return UsbAddress{{}, {}, std::string{rest}};
    const std::size_t colon = rest.find(':');
    const std::string_view second =
        colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
    const std::size_t serial_at = second.find(':');
    const auto vendor = number<std::uint16_t>(rest.substr(0, colon), 16);
    const auto product = number<std::uint16_t>(second.substr(0, serial_at), 16);
    if (!vendor || !product)
        return error_in(address,
                        "write usb, usb:VID:PID with the hexadecimal numbers that lsusb shows, or "
                        "usb:BUS-PORT such as usb:1-1.4");
    UsbAddress result{UsbModel{*vendor, *product}, {}, {}};
    if (serial_at != std::string_view::npos) {
        result.serial = second.substr(serial_at + 1);
        if (result.serial.empty())
            return error_in(address, "the serial number after the last colon is missing");
        if (result.serial.size() > max_serial)
            return error_in(address, "no serial number is that long");
    }
    return result;
}

}  // namespace

boost::system::result<Address, std::string> parse_address(std::string_view text) {
    if (text == "usb") return UsbAddress{};
    if (text.starts_with("usb:")) return parse_usb(text, text.substr(4));
    if (text.starts_with("tcp:")) return parse_tcp(text, text.substr(4));
    return error_in(text, "it must begin with usb or tcp:, as in usb or tcp:192.168.7.20:9100");
}

}  // namespace antrean::printer
