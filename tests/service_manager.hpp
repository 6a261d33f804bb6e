// A service manager's end of the datagrams that drivers/notify sends.
#pragma once

#include "tests/catch.hpp"

#include <cstddef>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace antrean::tests {

class ServiceManager {
public:
    // NAME: a path, or "@" and a name that is not in the file system.
    explicit ServiceManager(const std::string& name) : name_{name} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.copy(address.sun_path, name.size());
        if (name.front() == '@') address.sun_path[0] = '\0';
        const auto size = offsetof(sockaddr_un, sun_path) + name.size();
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        const void* where = &address;
        REQUIRE(::bind(socket_, static_cast<const sockaddr*>(where),
                       static_cast<socklen_t>(size)) == 0);
    }
    ~ServiceManager() {
        ::close(socket_);
        if (name_.front() == '/') ::unlink(name_.c_str());
    }
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    // The next datagram; "nothing" if none came.
    std::string heard() {
        char text[4096];
        const auto size = ::recv(socket_, text, sizeof text, 0);
        return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
    }

private:
    std::string name_;
    int socket_ = -1;
};

// BEFORE, and what no other test that runs has.
inline std::string manager_name(const std::string& before) {
    return before + "antrean-notify-test-" + std::to_string(getpid());
}

}  // namespace antrean::tests
