#include "tests/vm/vhci_printer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace antrean::usb_test {
namespace {

const std::string controller = "/sys/devices/platform/vhci_hcd.0/";

// Every message begins with 48 bytes, numbers in network byte order. These are their places.
constexpr std::size_t header_size = 48;
constexpr std::size_t command_at = 0;
constexpr std::size_t number_at = 4;
constexpr std::size_t direction_at = 12;
constexpr std::size_t endpoint_at = 16;
constexpr std::size_t status_at = 20;  // of a reply
constexpr std::size_t victim_at = 20;  // of CMD_UNLINK
constexpr std::size_t size_at = 24;
constexpr std::size_t setup_at = 40;
constexpr std::uint32_t cmd_unlink = 2;
constexpr std::uint32_t ret_submit = 3;
constexpr std::uint32_t ret_unlink = 4;

using Bytes = FakePrinter::Bytes;

std::uint32_t get(const Bytes& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | bytes[at + i];
    return value;
}
void put(Bytes& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

bool receive(int socket, Bytes& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t size = ::recv(socket, bytes.data() + done, bytes.size() - done, 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        done += static_cast<std::size_t>(size);
    }
    return true;
}
// What cannot be sent was meant for a kernel that has let go of the device.
void send(int socket, const std::uint8_t* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
}

// Lines such as "hs  0003 004 ...": port 3 of the hub for full speed is free (state 4).
int free_port(int only = -1) {
    constexpr int is_free = 4;
    std::ifstream status{controller + "status"};
    for (std::string line; std::getline(status, line);) {
        std::istringstream words{line};
        std::string hub;
        int port = 0;
        int state = 0;
        if (words >> hub >> port >> state && hub == "hs" && state == is_free &&
            (only < 0 || only == port))
            return port;
    }
    return -1;
}

}  // namespace

VhciPrinter::VhciPrinter(virtual_printer::Profile profile, Identity identity)
    : FakePrinter{std::move(identity), std::move(profile)} {}

VhciPrinter::~VhciPrinter() {
    if (socket_ >= 0) unplug();
}

void VhciPrinter::plug() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error("no socket pair");
    {
        const std::lock_guard lock{mutex_};
        power_on();
        socket_ = ends[0];
        port_ = free_port();
    }
    thread_ = std::thread{[this, socket = ends[0]] { serve(socket); }};
    constexpr int device_id = 65538;  // any but 0
    constexpr int full_speed = 2;
    std::ofstream attach{controller + "attach"};
    attach << port_ << ' ' << ends[1] << ' ' << device_id << ' ' << full_speed << std::endl;
    ::close(ends[1]);  // the kernel has it now
    if (!attach) {
        unplug();
        throw std::runtime_error("the kernel does not take a virtual device");
    }
}

void VhciPrinter::unplug() {
    int socket = -1;
    {
        const std::lock_guard lock{mutex_};
        power_off();
        take_pending();
        buffers_.clear();
        socket = std::exchange(socket_, -1);
    }
    ::shutdown(socket, SHUT_RDWR);  // which the kernel takes for a pulled cable
    thread_.join();
    ::close(socket);
    for (int i = 0; i < 1000 && free_port(port_) < 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
}

void VhciPrinter::reply(std::uint32_t number, int status, std::size_t size, const Bytes& data) {
    if (socket_ < 0) return;
    Bytes message(header_size);
    put(message, command_at, ret_submit);
    put(message, number_at, number);
    put(message, status_at, static_cast<std::uint32_t>(status));
    put(message, size_at, static_cast<std::uint32_t>(size));
    message.insert(message.end(), data.begin(), data.end());
    send(socket_, message.data(), message.size());
}

void VhciPrinter::complete(const Urb& urb, int status) {
    const auto at = buffers_.find(urb.key);
    if (at == buffers_.end()) return;
    Pending pending = std::move(at->second);
    buffers_.erase(at);
    pending.data.resize(pending.in ? urb.done : 0);
    reply(static_cast<std::uint32_t>(urb.key), status, urb.done, pending.data);
}

void VhciPrinter::serve(int socket) {
    Bytes header(header_size);
    while (receive(socket, header)) {
        if (get(header, command_at) == cmd_unlink) {
            const std::lock_guard lock{mutex_};
            serve_unlink(header);
            continue;
        }
        Bytes data(get(header, size_at));
        if (get(header, direction_at) == 0 && !receive(socket, data)) return;
        const std::lock_guard lock{mutex_};
        if (socket_ < 0) return;
        serve_submit(header, std::move(data));
    }
}

void VhciPrinter::serve_submit(const Bytes& header, Bytes data) {
    const std::uint32_t number = get(header, number_at);
    const std::uint32_t endpoint = get(header, endpoint_at);
    const bool in = get(header, direction_at) != 0;
    if (endpoint == 0) {
        std::size_t done = 0;
        const int status = control(header.data() + setup_at, data.data(), &done);
        const std::size_t size = in ? done : data.size();
        data.resize(in ? done : 0);
        reply(number, status, size, data);
        return;
    }
    Pending& pending = buffers_[number];
    pending = {std::move(data), in};
    const auto address = static_cast<std::uint8_t>(endpoint | (in ? 0x80U : 0U));
    const Urb urb{number, address, pending.data.data(), pending.data.size(), 0};
    if (address == identity().out || address == identity().in)
        submit(urb);
    else
        complete(urb, -EPIPE);
}

void VhciPrinter::serve_unlink(const Bytes& header) {
    const std::uint32_t victim = get(header, victim_at);
    const bool found = cancel(victim);
    buffers_.erase(victim);
    Bytes message(header_size);
    put(message, command_at, ret_unlink);
    put(message, number_at, get(header, number_at));
    put(message, status_at, static_cast<std::uint32_t>(found ? -ECONNRESET : 0));
    if (socket_ >= 0) send(socket_, message.data(), message.size());
}

}  // namespace antrean::usb_test
