// Many connected sockets on an io_context at the price of one wait. Asio asks the kernel anew for
// each wait of each socket, which a ticket would pay with every message; here an epoll of our own
// tells of changes, and Asio waits for that alone.
//
// One thread, the io_context's. Edge-triggered: who is told that a socket is readable reads it
// empty, or sees to it that he will, and who could not write all is told once there is room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

namespace antrean::server {

// A socket that is closed with its owner.
class Socket {
public:
    explicit Socket(int number) : number_{number} {}
    Socket(Socket&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Socket& operator=(Socket&&) = delete;
    ~Socket();

    int number() const { return number_; }

    enum class Outcome { done, would_block, over };
    // SIZE is what was moved; read: 0 and over is the other end's end.
    struct Moved {
        std::size_t size = 0;
        Outcome outcome = Outcome::done;
    };
    Moved read(std::span<std::byte> to);
    Moved write(std::span<const std::byte> from);
    // The other end reads what was written, and then the end.
    void end_writing();

private:
    int number_;
};

class Sockets {
public:
    struct Ready {
        std::uint64_t key;
        bool readable;
        bool writable;
        bool ended;  // behind what is to be read is the end, of which nothing more is told
    };
    using OnReady = std::function<void(const Ready&)>;

    // Throws std::system_error where the system has no epoll left.
    Sockets(boost::asio::io_context& io, OnReady on_ready);

    // Until it is closed. False: the system has no room for it.
    [[nodiscard]] bool watch(const Socket& socket, std::uint64_t key);
    // Nothing is told any more.
    void stop();

private:
    void wait();
    void tell();

    boost::asio::posix::stream_descriptor epoll_;
    OnReady on_ready_;
    bool stopped_ = false;
    std::array<epoll_event, 256> events_;
};

}  // namespace antrean::server
