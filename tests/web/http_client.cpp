#include "tests/web/http_client.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antrean::web::test {

std::string Reply::field(std::string_view name) const {
    const std::string start = "\r\n" + std::string{name} + ": ";
    const auto at = header.find(start);
    if (at == std::string::npos) return {};
    const auto from = at + start.size();
    return header.substr(from, header.find("\r\n", from) - from);
}

Client::Client(std::uint16_t port, int receive_buffer_bytes) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) throw std::system_error{errno, std::generic_category(), "socket"};
    if (receive_buffer_bytes > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                     sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        ::close(socket_);
        throw std::system_error{error, std::generic_category(), "connect"};
    }
}

Client::~Client() {
    ::close(socket_);
}

void Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Client::get(std::string_view target) {
    send("GET " + std::string{target} + " HTTP/1.1\r\nHost: board\r\n\r\n");
}

bool Client::fill() {
    std::array<char, 4096> bytes{};
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

Reply Client::read_reply(bool has_body) {
    Reply reply;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return reply;
    }
    reply.header = received_.substr(0, end);
    received_.erase(0, end + 4);
    reply.status = static_cast<unsigned>(std::stoul(reply.header.substr(9, 3)));
    if (!has_body) return reply;
    const std::string length = reply.field("Content-Length");
    const std::size_t body_bytes = length.empty() ? 0 : std::stoul(length);
    while (received_.size() < body_bytes) {
        if (!fill()) break;
    }
    reply.body = received_.substr(0, body_bytes);
    received_.erase(0, body_bytes);
    return reply;
}

std::optional<Event> Client::read_event() {
    std::size_t end = 0;
    while ((end = received_.find("\n\n")) == std::string::npos) {
        if (!fill()) return std::nullopt;
    }
    Event event;
    const std::string block = received_.substr(0, end + 1);
    received_.erase(0, end + 2);
    for (std::size_t at = 0; at < block.size();) {
        const std::size_t line_end = block.find('\n', at);
        const std::string_view line{block.data() + at, line_end - at};
        if (line.starts_with("event: ")) event.name = line.substr(7);
        if (line.starts_with("data: ")) event.data = line.substr(6);
        at = line_end + 1;
    }
    return event;
}

std::string Client::read_all() {
    while (fill()) {
    }
    std::string all;
    all.swap(received_);
    return all;
}

}  // namespace antrean::web::test
