#include "tools/benchmark/peer_fleet.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

constexpr std::chrono::seconds patience{20};  // a process for each connection takes its time
constexpr int longest_turn_ms = 100;

[[noreturn]] void fail(const char* doing) {
    throw std::system_error{errno, std::generic_category(), doing};
}

}  // namespace

PeerFleet::PeerFleet(std::uint16_t port, std::size_t clients, const Speak& speak)
    : epoll_{epoll_create1(EPOLL_CLOEXEC)}, clients_(clients) {
    if (epoll_ < 0) fail("making an epoll");
    const auto limit = Clock::now() + patience;
    for (std::size_t i = 0; i < clients; ++i) {
        clients_[i].protocol = speak();
        connect(clients_[i], port);
        // One after the other: a short backlog would drop what comes faster.
        while (ready_ <= i) {
            turn();
            if (Clock::now() > limit) throw std::runtime_error{"a peer does not greet"};
        }
    }
}

PeerFleet::~PeerFleet() {
    for (const auto& client : clients_) {
        if (client.fd >= 0) close(client.fd);
    }
    close(epoll_);
}

void PeerFleet::connect(Client& client, std::uint16_t port) {
    client.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client.fd < 0) fail("making a socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(client.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("connecting to a peer");
    }
    const int on = 1;
    if (setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        fcntl(client.fd, F_SETFL, O_NONBLOCK) != 0) {
        fail("setting up a socket");
    }
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLET;
    wanted.data.ptr = &client;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &wanted) != 0) fail("watching a socket");
    output_.clear();
    client.protocol->greet(output_);
    send(client);
}

void PeerFleet::ask_until(Clock::time_point until, Sample& sample) {
    sample_ = &sample;
    asking_ = true;
    for (auto& client : clients_) {
        if (client.asked) continue;
        output_.clear();
        ask(client);
        send(client);
    }
    while (Clock::now() < until)
        turn();
    sample_ = nullptr;
}

void PeerFleet::finish() {
    asking_ = false;
    const auto limit = Clock::now() + patience;
    while (asked_ > 0) {
        turn();
        if (Clock::now() > limit) throw std::runtime_error{"a peer does not answer"};
    }
}

void PeerFleet::turn() {
    std::array<epoll_event, 256> ready;
    const int count = epoll_wait(epoll_, ready.data(), ready.size(), longest_turn_ms);
    if (count < 0 && errno != EINTR) fail("waiting for answers");
    for (int i = 0; i < count; ++i) {
        read(*static_cast<Client*>(ready[static_cast<std::size_t>(i)].data.ptr));
    }
}

void PeerFleet::read(Client& client) {
    std::array<char, 4096> bytes;
    for (;;) {
        const auto size = recv(client.fd, bytes.data(), bytes.size(), 0);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size < 0) fail("reading an answer");
        if (size == 0) throw std::runtime_error{"a peer closed a connection"};
        const auto read_at = Clock::now();
        client.input.append(bytes.data(), static_cast<std::size_t>(size));
        std::string_view rest = client.input;
        output_.clear();
        for (auto heard = Heard::word; heard != Heard::part;) {
            heard = client.protocol->hear(rest, output_);
            handle(client, heard, read_at);
        }
        client.input.erase(0, client.input.size() - rest.size());
        send(client);
        if (static_cast<std::size_t>(size) < bytes.size()) return;
    }
}

void PeerFleet::handle(Client& client, Heard heard, Clock::time_point read_at) {
    if (heard == Heard::ready) ++ready_;
    if (heard != Heard::ticket) return;
    ++acknowledged_.tickets;
    acknowledged_.sum_of_numbers += client.protocol->number();
    if (sample_) sample_->add(read_at - client.sent);
    client.asked = false;
    --asked_;
    if (asking_) ask(client);
}

void PeerFleet::ask(Client& client) {
    client.asked = true;
    ++asked_;
    client.protocol->ask(output_);
    client.sent = Clock::now();
}

void PeerFleet::send(Client& client) {
    if (output_.empty()) return;
    // One small request at a time never fills a socket's buffer.
    const auto sent = ::send(client.fd, output_.data(), output_.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(output_.size())) fail("sending a request");
}

}  // namespace antrean::benchmark
