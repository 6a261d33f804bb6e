#include "drivers/printer/tcp_transport.hpp"

#include <array>
#include <cassert>
#include <chrono>
#include <deque>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace antrean::printer {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds connect_time{3};
// Longer than a pause of a hot head, during which a printer keeps its window shut.
constexpr int user_timeout_ms = 60'000;

}  // namespace

// One connection from attempt to end. It keeps itself alive while an operation is pending, since
// the operations use its buffers.
class TcpTransport::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::io_context& io, std::shared_ptr<const Handlers> handlers)
        : socket_{io}, resolver_{io}, timer_{io}, handlers_{std::move(handlers)} {}

    void start(const TcpAddress& address) {
        name_ = address.host + ":" + std::to_string(address.port);
        timer_.expires_after(connect_time);
        timer_.async_wait([self = shared_from_this()](error_code error) {
            if (!error) self->end(Reason::gone, "no answer from " + self->name_);
        });
        error_code error;
        const auto ip = asio::ip::make_address(address.host, error);
        if (!error) {
            connect({ip, address.port});
            return;
        }
        resolver_.async_resolve(
            address.host, std::to_string(address.port),
            [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& r) {
                if (self->ended_) return;
                if (failed)
                    self->end(Reason::gone, "cannot find " + self->name_ + ": " + failed.message());
                else
                    self->connect(*r.begin());
            });
    }

    void write(std::vector<std::byte> bytes) {
        if (ended_) return;
        queue_.push_back(std::move(bytes));
        if (queue_.size() == 1) write_some();
    }

    // False if it has ended before.
    bool stop() {
        if (std::exchange(ended_, true)) return false;
        error_code ignored;
        socket_.close(ignored);
        resolver_.cancel();
        timer_.cancel();
        return true;
    }
    // The owner goes.
    void abandon() {
        abandoned_ = true;
        stop();
    }
    void report_closed() const {
        if (!abandoned_) handlers_->on_closed(Reason::none, "closed");
    }

private:
    void connect(const tcp::endpoint& endpoint) {
        socket_.async_connect(endpoint, [self = shared_from_this()](error_code error) {
            if (self->ended_) return;
            if (error) {
                self->end(Reason::gone, "cannot reach " + self->name_ + ": " + error.message());
                return;
            }
            self->timer_.cancel();
            self->set_options();
            self->read_some();
            self->handlers_->on_open();
        });
    }

    // None of them is worth failing for.
    void set_options() {
        const auto set = [this](int level, int option, int value) {
            ::setsockopt(socket_.native_handle(), level, option, &value, sizeof value);
        };
        set(IPPROTO_TCP, TCP_NODELAY, 1);
        set(SOL_SOCKET, SO_KEEPALIVE, 1);
        set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
        set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
        set(IPPROTO_TCP, TCP_KEEPCNT, 4);
        set(IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout_ms);
    }

    void read_some() {
        socket_.async_read_some(
            asio::buffer(input_), [self = shared_from_this()](error_code error, std::size_t size) {
                if (self->ended_) return;
                if (error) {
                    self->end(Reason::gone,
                              "connection to " + self->name_ + " lost: " + error.message());
                    return;
                }
                self->handlers_->on_received(std::span{self->input_}.first(size));
                if (!self->ended_) self->read_some();
            });
    }

    void write_some() {
        const std::span<const std::byte> rest = std::span{queue_.front()}.subspan(offset_);
        socket_.async_write_some(asio::buffer(rest.data(), rest.size()),
                                 [self = shared_from_this()](error_code error, std::size_t size) {
                                     if (self->ended_) return;
                                     self->taken(size);
                                     if (error && !self->ended_)
                                         self->end(Reason::gone, "connection to " + self->name_ +
                                                                     " lost: " + error.message());
                                 });
    }

    void taken(std::size_t size) {
        if (size == 0) return;
        total_ += size;
        offset_ += size;
        if (offset_ == queue_.front().size()) {
            queue_.pop_front();
            offset_ = 0;
        }
        // Before the handler: it may write, and would then start a second operation.
        if (!queue_.empty()) write_some();
        handlers_->on_taken(total_);
    }

    void end(Reason why, const std::string& text) {
        if (!stop()) return;
        handlers_->on_closed(why, text);
    }

    tcp::socket socket_;
    tcp::resolver resolver_;
    asio::steady_timer timer_;
    const std::shared_ptr<const Handlers> handlers_;
    std::string name_;
    std::array<std::byte, 512> input_;
    std::deque<std::vector<std::byte>> queue_;  // the first is being written
    std::size_t offset_ = 0;                    // in the first
    std::uint64_t total_ = 0;
    bool ended_ = false;
    bool abandoned_ = false;
};

TcpTransport::TcpTransport(asio::io_context& io, TcpAddress address, Handlers handlers)
    : io_{io},
      address_{std::move(address)},
      handlers_{std::make_shared<const Handlers>(std::move(handlers))} {}

TcpTransport::~TcpTransport() {
    if (connection_) connection_->abandon();
}

void TcpTransport::open() {
    connection_ = std::make_shared<Connection>(io_, handlers_);
    connection_->start(address_);
}

void TcpTransport::write(std::vector<std::byte> bytes) {
    assert(connection_);
    connection_->write(std::move(bytes));
}

void TcpTransport::close() {
    if (!connection_ || !connection_->stop()) return;
    asio::post(io_, [connection = connection_] { connection->report_closed(); });
}

}  // namespace antrean::printer
