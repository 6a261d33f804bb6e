#include "controller/server/sockets.hpp"

#include <cerrno>
#include <system_error>

#include <sys/socket.h>
#include <unistd.h>

namespace antrean::server {
namespace {

int new_epoll() {
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) throw std::system_error{errno, std::generic_category(), "making an epoll"};
    return epoll;
}

// An interruption is tried again: nobody would tell a second time that the socket is ready.
Socket::Moved moved(const auto& call) {
    ssize_t size = 0;
    do {
        size = call();
    } while (size < 0 && errno == EINTR);
    if (size > 0) return {static_cast<std::size_t>(size), Socket::Outcome::done};
    const bool waits = size < 0 && errno == EAGAIN;
    return {0, waits ? Socket::Outcome::would_block : Socket::Outcome::over};
}

}  // namespace

Socket::~Socket() {
    if (number_ >= 0) ::close(number_);
}

Socket::Moved Socket::read(std::span<std::byte> to) {
    return moved([&] { return ::recv(number_, to.data(), to.size(), MSG_DONTWAIT); });
}

Socket::Moved Socket::write(std::span<const std::byte> from) {
    return moved(
        [&] { return ::send(number_, from.data(), from.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
}

void Socket::end_writing() {
    ::shutdown(number_, SHUT_WR);
}

Sockets::Sockets(boost::asio::io_context& io, OnReady on_ready)
    : epoll_{io, new_epoll()}, on_ready_{std::move(on_ready)} {
    wait();
}

bool Sockets::watch(const Socket& socket, std::uint64_t key) {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.u64 = key;
    return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket.number(), &wanted) == 0;
}

void Sockets::stop() {
    stopped_ = true;
    boost::system::error_code ignored;
    epoll_.cancel(ignored);
}

void Sockets::wait() {
    epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (error || stopped_) return;
                          tell();
                          wait();
                      });
}

void Sockets::tell() {
    const int count =
        ::epoll_wait(epoll_.native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
    for (int i = 0; i < count; ++i) {
        const auto& event = events_[static_cast<std::size_t>(i)];
        constexpr std::uint32_t end = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
        on_ready_({event.data.u64, (event.events & (EPOLLIN | end)) != 0,
                   (event.events & EPOLLOUT) != 0, (event.events & end) != 0});
    }
}

}  // namespace antrean::server
