#include "tools/ctl/client.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace antrean::ctl {

std::string console_socket(const std::string& socket) {
    if (!socket.empty()) return socket;
    const char* named = std::getenv("ANTREAN_SOCKET");
    return named && *named ? named : "/run/antrean/controller.sock";
}

Client::Client(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        throw NoConsole{exit_usage,
                        fmt::format("--socket: '{}' is longer than a socket's path may be", path)};
    }
    path.copy(address.sun_path, path.size());
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const void* where = &address;
    if (socket_ >= 0 &&
        ::connect(socket_, static_cast<const sockaddr*>(where), sizeof address) == 0) {
        return;
    }
    const int reason = errno;
    if (socket_ >= 0) ::close(socket_);
    if (reason == EACCES) {
        throw NoConsole{
            exit_not_allowed,
            fmt::format("{}: permission denied; become a member of the socket's group, or "
                        "use sudo",
                        path)};
    }
    const bool absent = reason == ENOENT || reason == ECONNREFUSED;
    throw NoConsole{
        exit_no_controller,
        fmt::format("{}: {}{}", path, std::strerror(reason),
                    absent ? "; is the controller running, and with this --socket?" : "")};
}

Client::~Client() {
    ::close(socket_);
}

void Client::send(const std::string& line) {
    const auto text = line + '\n';
    for (std::size_t sent = 0; sent < text.size();) {
        const auto size = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return;
        sent += static_cast<std::size_t>(size);
    }
}

std::optional<std::string> Client::receive() {
    for (;;) {
        if (const auto end = received_.find('\n'); end != std::string::npos) {
            auto line = received_.substr(0, end);
            received_.erase(0, end + 1);
            return line;
        }
        std::array<char, 16 << 10> chunk;
        const auto size = ::recv(socket_, chunk.data(), chunk.size(), 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return std::nullopt;
        received_.append(chunk.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace antrean::ctl
