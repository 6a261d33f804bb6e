#include "firmware/console/network.hpp"

#include <array>
#include <utility>

#include <arpa/inet.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

namespace antrean::device_console {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds patience{3};

int ones(const void* bytes, std::size_t size) {
    int count = 0;
    for (std::size_t i = 0; i < size; ++i)
        count += __builtin_popcount(static_cast<const unsigned char*>(bytes)[i]);
    return count;
}

std::optional<std::string> text_of(const sockaddr* address, const sockaddr* mask) {
    if (!address) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    int prefix = -1;
    if (address->sa_family == AF_INET) {
        bytes = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
        if (mask) prefix = ones(&reinterpret_cast<const sockaddr_in*>(mask)->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        bytes = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
        if (mask) prefix = ones(&reinterpret_cast<const sockaddr_in6*>(mask)->sin6_addr, 16);
    } else {
        return std::nullopt;
    }
    if (!inet_ntop(address->sa_family, bytes, text.data(), text.size())) return std::nullopt;
    return std::string{text.data()} + (prefix < 0 ? "" : '/' + std::to_string(prefix));
}

class Reaching : public std::enable_shared_from_this<Reaching> {
public:
    Reaching(asio::io_context& io, std::function<void(const Reached&)> on_done)
        : on_done_{std::move(on_done)}, resolver_{io}, socket_{io}, timer_{io} {}

    void start(const std::string& address) {
        timer_.expires_after(patience);
        timer_.async_wait([weak = weak_from_this()](error_code error) {
            const auto self = weak.lock();
            if (!error && self) self->end({{}, self->tried_, "no answer within 3 s"});
        });
        const auto colon = address.rfind(':');
        resolver_.async_resolve(
            address.substr(0, colon), address.substr(colon + 1),
            [weak = weak_from_this()](error_code error, const tcp::resolver::results_type& found) {
                const auto self = weak.lock();
                if (!self || !self->on_done_) return;
                if (error) return self->end({{}, {}, error.message()});
                self->connect(found);
            });
    }

private:
    void connect(const tcp::resolver::results_type& found) {
        tried_ = found.begin()->endpoint().address().to_string();
        const auto began = std::chrono::steady_clock::now();
        asio::async_connect(
            socket_, found,
            [weak = weak_from_this(), began](error_code error, const tcp::endpoint&) {
                const auto self = weak.lock();
                if (!self || !self->on_done_) return;
                if (error) return self->end({{}, self->tried_, error.message()});
                self->end({std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::steady_clock::now() - began),
                           self->tried_,
                           {}});
            });
    }

    void end(const Reached& reached) {
        timer_.cancel();
        resolver_.cancel();
        error_code ignored;
        socket_.close(ignored);
        if (const auto done = std::exchange(on_done_, nullptr)) done(reached);
    }

    std::function<void(const Reached&)> on_done_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    std::string tried_;
};

}  // namespace

std::vector<InterfaceAddress> interface_addresses() {
    std::vector<InterfaceAddress> addresses;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return addresses;
    for (const auto* one = list; one; one = one->ifa_next) {
        if (const auto text = text_of(one->ifa_addr, one->ifa_netmask))
            addresses.push_back({one->ifa_name, *text, (one->ifa_flags & IFF_UP) != 0});
    }
    freeifaddrs(list);
    return addresses;
}

std::shared_ptr<void> reach(asio::io_context& io, const std::string& address,
                            std::function<void(const Reached&)> on_done) {
    const auto reaching = std::make_shared<Reaching>(io, std::move(on_done));
    reaching->start(address);
    return reaching;
}

}  // namespace antrean::device_console
