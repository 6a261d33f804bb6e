#include "tools/benchmark/printer_port.hpp"

#include <array>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antrean::benchmark {

void fail(const char* doing) {
    throw std::system_error{errno, std::generic_category(), doing};
}

Fd::Fd(int fd, const char* doing) : fd_{fd} {
    if (fd_ < 0) fail(doing);
}
Fd::~Fd() {
    close(fd_);
}

PrinterPort::PrinterPort()
    : listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "making a socket"} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_.get(), any, size) != 0 || listen(listener_.get(), 4) != 0 ||
        getsockname(listener_.get(), any, &size) != 0) {
        fail("listening as a printer");
    }
    port_ = ntohs(address.sin_port);
}

void PrinterPort::wait_for_client() {
    pollfd ready{listener_.get(), POLLIN, 0};
    const auto limit = std::chrono::milliseconds{patience};
    if (poll(&ready, 1, static_cast<int>(limit.count())) != 1) {
        throw std::runtime_error{"nobody connects to the printer of the bench"};
    }
    link_.emplace(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC),
                  "accepting as a printer");
    heard_.clear();
    const int on = 1;
    setsockopt(link_->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::optional<Clock::time_point> PrinterPort::serve(Clock::time_point until,
                                                    bool HealthyPrinter::Heard::*wanted) {
    first_read_.reset();
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return std::nullopt;
        pollfd ready{link_->get(), POLLIN, 0};
        const int count = poll(&ready, 1, static_cast<int>(left.count()));
        if (count < 0 && errno != EINTR) fail("waiting as a printer");
        if (count <= 0) continue;
        std::array<char, 4096> bytes;
        const auto size = read(link_->get(), bytes.data(), bytes.size());
        const auto at = Clock::now();
        if (size <= 0) throw std::runtime_error{"the printer of the bench was dropped"};
        if (!first_read_) first_read_ = at;
        heard_.append(bytes.data(), static_cast<std::size_t>(size));
        const auto heard = printer_.feed(std::span{bytes}.first(static_cast<std::size_t>(size)));
        if (!heard.answers.empty() &&
            write(link_->get(), heard.answers.data(), heard.answers.size()) < 0) {
            fail("answering as a printer");
        }
        if (wanted && heard.*wanted) {
            confirmed_ = heard.confirmed;
            return at;
        }
    }
}

}  // namespace antrean::benchmark
