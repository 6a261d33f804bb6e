#include "tools/benchmark/fleet.hpp"

#include "proto/codec.hpp"
#include "proto/peer.hpp"
#include "tools/benchmark/site_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

// The controller allows 256 connections that have not said who they are.
constexpr std::size_t most_greeting = 64;
constexpr std::size_t kiosks_per_address = 4000;
constexpr std::chrono::seconds patience{10};  // for any single answer
constexpr std::chrono::milliseconds longest_turn{100};

[[noreturn]] void fail(const char* doing) {
    throw std::system_error{errno, std::generic_category(), doing};
}

}  // namespace

Fleet::Fleet(std::uint16_t port, std::size_t kiosks, bool with_reports, std::size_t first)
    : with_reports_{with_reports}, epoll_{epoll_create1(EPOLL_CLOEXEC)}, kiosks_(kiosks) {
    if (epoll_ < 0) fail("making an epoll");
    const auto limit = Clock::now() + patience + std::chrono::milliseconds{kiosks};
    for (std::size_t i = 0; i < kiosks; ++i) {
        connect(kiosks_[i], port, first + i);
        while (i + 1 - greeted_ >= most_greeting || (i + 1 == kiosks && greeted_ < kiosks)) {
            turn(longest_turn);
            if (Clock::now() > limit) throw std::runtime_error{"the controller does not greet"};
        }
    }
}

Fleet::~Fleet() {
    for (const auto& kiosk : kiosks_) {
        if (kiosk.fd >= 0) close(kiosk.fd);
    }
    close(epoll_);
}

void Fleet::connect(Kiosk& kiosk, std::uint16_t port, std::size_t index) {
    kiosk.services = services_of(index);
    kiosk.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (kiosk.fd < 0) fail("making a socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    // Many devices have more than one source address, as there are but 28,000 ports for each.
    address.sin_addr.s_addr =
        htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(index / kiosks_per_address));
    const int at_connect = 1;
    if (setsockopt(kiosk.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &at_connect, sizeof at_connect) !=
            0 ||
        bind(kiosk.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("choosing a source address");
    }
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(kiosk.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("connecting to the controller");
    }
    const int on = 1;
    if (setsockopt(kiosk.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        fcntl(kiosk.fd, F_SETFL, O_NONBLOCK) != 0) {
        fail("setting up a socket");
    }
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLET;
    wanted.data.ptr = &kiosk;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, kiosk.fd, &wanted) != 0) fail("watching a socket");
    send(kiosk, proto::Hello{proto::protocol_version,
                             proto::Role::kiosk,
                             kiosk_id(index),
                             {},
                             "antrean-bench " ANTREAN_VERSION});
}

void Fleet::press_until(Clock::time_point until, Sample& sample) {
    sample_ = &sample;
    pressing_ = true;
    for (auto& kiosk : kiosks_) {
        if (!kiosk.asked) press(kiosk);
    }
    while (Clock::now() < until)
        turn(longest_turn);
    sample_ = nullptr;
}

void Fleet::rest_until(Clock::time_point until) {
    pressing_ = false;
    auto now = Clock::now();
    do {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
        turn(std::clamp(left, std::chrono::milliseconds{0}, longest_turn));
        now = Clock::now();
        if (now < next_heartbeats_) continue;
        next_heartbeats_ = now + longest_turn;
        for (auto& kiosk : kiosks_) {
            if (now - kiosk.sent >= proto::heartbeat_interval) send(kiosk, proto::Heartbeat{});
        }
    } while (now < until);
}

void Fleet::finish() {
    pressing_ = false;
    const auto limit = Clock::now() + patience;
    while (asked_ > 0) {
        turn(longest_turn);
        if (Clock::now() > limit) throw std::runtime_error{"the controller does not answer"};
    }
}

void Fleet::turn(std::chrono::milliseconds limit) {
    std::array<epoll_event, 256> ready;
    const int count =
        epoll_wait(epoll_, ready.data(), ready.size(), static_cast<int>(limit.count()));
    if (count < 0 && errno != EINTR) fail("waiting for answers");
    for (int i = 0; i < count; ++i) {
        read(*static_cast<Kiosk*>(ready[static_cast<std::size_t>(i)].data.ptr));
    }
}

void Fleet::read(Kiosk& kiosk) {
    std::array<std::byte, 4096> input;
    for (;;) {
        const auto size = recv(kiosk.fd, input.data(), input.size(), 0);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size < 0) fail("reading an answer");
        if (size == 0) throw std::runtime_error{"the controller closed a connection"};
        read_at_ = Clock::now();
        kiosk.reader.feed(std::span{input}.first(static_cast<std::size_t>(size)));
        for (;;) {
            const auto body = kiosk.reader.next();
            if (!body) throw std::runtime_error{"the controller sent no frame"};
            if (!*body) break;
            const auto message = proto::decode(**body);
            if (!message) throw std::runtime_error{message.error().text()};
            handle(kiosk, *message);
        }
        // A short read has emptied the socket: epoll(7) tells of the next bytes.
        if (static_cast<std::size_t>(size) < input.size()) return;
    }
}

void Fleet::handle(Kiosk& kiosk, const proto::Message& message) {
    if (const auto* ticket = std::get_if<proto::Ticket>(&message)) {
        got_ticket(kiosk, *ticket);
    } else if (const auto* done = std::get_if<proto::Done>(&message)) {
        if (done->request != kiosk.request) throw std::runtime_error{"an answer to no request"};
        ++told_.reports;
        kiosk.asked = false;
        --asked_;
        if (pressing_) press(kiosk);
    } else if (std::holds_alternative<proto::Welcome>(message)) {
        kiosk.greeted = true;
        ++greeted_;
    } else if (const auto* refused = std::get_if<proto::Refused>(&message)) {
        throw std::runtime_error{
            fmt::format("a ticket was refused: {}", proto::to_text(refused->reason))};
    } else if (const auto* goodbye = std::get_if<proto::Goodbye>(&message)) {
        throw std::runtime_error{fmt::format("the controller said goodbye: {}", goodbye->text)};
    }
}

void Fleet::got_ticket(Kiosk& kiosk, const proto::Ticket& ticket) {
    if (ticket.request != kiosk.request) throw std::runtime_error{"an answer to no request"};
    ++told_.tickets;
    *told_.sum_of_ids += ticket.ticket.value();
    if (sample_) sample_->add(read_at_ - kiosk.sent);
    if (with_reports_) {
        // Asked for even when the pressing is over: a kiosk settles what it printed.
        kiosk.request = kiosk.request.next();
        send(kiosk, proto::PrintReport{kiosk.request, ticket.ticket, proto::PrintOutcome::printed});
        return;
    }
    kiosk.asked = false;
    --asked_;
    if (pressing_) press(kiosk);
}

void Fleet::press(Kiosk& kiosk) {
    kiosk.request = kiosk.request.next();
    kiosk.asked = true;
    ++asked_;
    kiosk.button = (kiosk.button + 1) % kiosk.services.size();
    const proto::Issue issue{kiosk.request, kiosk.services[kiosk.button]};
    send(kiosk, issue);
}

void Fleet::send(Kiosk& kiosk, const proto::Message& message) {
    output_.clear();
    proto::encode(message, output_);
    kiosk.sent = Clock::now();
    const auto sent = ::send(kiosk.fd, output_.data(), output_.size(), MSG_NOSIGNAL);
    // One small request at a time never fills a socket's buffer.
    if (sent != static_cast<ssize_t>(output_.size())) fail("sending a request");
}

}  // namespace antrean::benchmark
