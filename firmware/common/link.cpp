#include "firmware/common/link.hpp"

#include "firmware/common/backoff.hpp"
#include "proto/peer.hpp"

#include <array>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <netinet/tcp.h>

namespace antrean::common {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds connect_limit{5};

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

std::pair<std::string, std::string> split(const std::string& address) {
    if (const auto problem = Link::problem_of(address); !problem.empty())
        throw std::invalid_argument{problem};
    const auto colon = address.rfind(':');
    auto host = address.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    return {host, address.substr(colon + 1)};
}

}  // namespace

class Link::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, std::pair<std::string, std::string> where, Handlers handlers)
        : where_{std::move(where)},
          status_{.address = where_.first + ':' + where_.second},
          handlers_{std::move(handlers)},
          resolver_{io},
          socket_{io},
          timer_{io} {}

    void connect() {
        const auto attempt = ++attempt_;
        timer_.expires_after(connect_limit);
        timer_.async_wait([self = shared_from_this(), attempt](error_code error) {
            if (!error && self->is(attempt)) self->down("no answer within 5 s");
        });
        resolver_.async_resolve(where_.first, where_.second,
                                [self = shared_from_this(), attempt](
                                    error_code error, const tcp::resolver::results_type& found) {
                                    if (!self->is(attempt)) return;
                                    if (error) {
                                        self->down(error.message());
                                    } else {
                                        self->connect_to(found, attempt);
                                    }
                                });
    }

    void send(const proto::Message& message) {
        if (!peer_ || peer_->state() != proto::Peer::State::open) return;
        peer_->send(message, now());
        write();
    }

    const Status& status() const { return status_; }

    void stop() {
        stopped_ = true;
        ++attempt_;
        if (peer_ && peer_->state() != proto::Peer::State::closed) {
            peer_->close(proto::GoodbyeReason::stopping, "the device stops");
            write_last();
        }
        close_socket();
        timer_.cancel();
        resolver_.cancel();
    }

private:
    bool is(std::uint64_t attempt) const { return attempt == attempt_ && !stopped_; }

    void connect_to(const tcp::resolver::results_type& found, std::uint64_t attempt) {
        asio::async_connect(
            socket_, found,
            [self = shared_from_this(), attempt](error_code error, const tcp::endpoint&) {
                if (!self->is(attempt)) return;
                if (error) {
                    self->down(error.message());
                } else {
                    self->connected(attempt);
                }
            });
    }

    void connected(std::uint64_t attempt) {
        error_code ignored;
        socket_.set_option(tcp::no_delay{true}, ignored);
        const unsigned int timeout_ms = 15'000;
        setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms,
                   sizeof timeout_ms);
        peer_ = proto::Peer::device(handlers_.hello(), now());
        write();
        read(attempt);
        arm();
    }

    void read(std::uint64_t attempt) {
        socket_.async_read_some(asio::buffer(input_), [self = shared_from_this(), attempt](
                                                          error_code error, std::size_t size) {
            if (!self->is(attempt)) return;
            if (error) {
                self->down(error == asio::error::eof ? "the controller closed the connection"
                                                     : error.message());
            } else {
                self->received(size, attempt);
            }
        });
    }

    void received(std::size_t size, std::uint64_t attempt) {
        const auto messages = peer_->receive(std::span{input_}.first(size), now());
        for (const auto& message : messages) {
            if (const auto* welcome = std::get_if<proto::Welcome>(&message)) {
                backoff_.connected(now());
                last_reason_.clear();
                welcomed(*welcome);
                handlers_.on_welcome(*welcome);
            } else {
                handlers_.on_message(message);
            }
            if (!is(attempt)) return;
        }
        if (finish_if_closed()) return;
        write();
        arm();
        read(attempt);
    }

    void welcomed(const proto::Welcome& welcome) {
        status_.is_up = true;
        status_.since = now();
        status_.why.clear();
        ++status_.welcomes;
        status_.clock_ahead = welcome.now - std::chrono::floor<std::chrono::milliseconds>(
                                                std::chrono::system_clock::now());
    }

    // A peer that has closed ends the connection, with its reason.
    bool finish_if_closed() {
        if (peer_->state() != proto::Peer::State::closed) return false;
        const auto& why = peer_->why();
        auto text = fmt::format("{}{}: {}", peer_->closed_by_other() ? "the controller says " : "",
                                proto::to_text(why.reason), why.text);
        write_last();
        down(text);
        return true;
    }

    void write() {
        if (writing_ || !peer_ || peer_->output_bytes() == 0) return;
        writing_ = true;
        output_ = peer_->take_output();
        const auto attempt = attempt_;
        asio::async_write(socket_, asio::buffer(output_),
                          [self = shared_from_this(), attempt](error_code error, std::size_t) {
                              if (!self->is(attempt)) return;
                              self->writing_ = false;
                              if (error) {
                                  self->down(error.message());
                              } else {
                                  self->write();
                                  self->arm();
                              }
                          });
    }

    // The peer's last words, where the socket takes them at once.
    void write_last() {
        const auto bytes = peer_->take_output();
        error_code ignored;
        socket_.non_blocking(true, ignored);
        if (!writing_) socket_.write_some(asio::buffer(bytes), ignored);
    }

    void arm() {
        const auto deadline = peer_->deadline();
        if (!deadline) return;
        timer_.expires_at(*deadline);
        timer_.async_wait([self = shared_from_this(), attempt = attempt_](error_code error) {
            if (error || !self->is(attempt)) return;
            self->peer_->tick(now());
            if (self->finish_if_closed()) return;
            self->write();
            self->arm();
        });
    }

    void down(const std::string& why) {
        const auto attempt = ++attempt_;
        peer_.reset();
        writing_ = false;
        close_socket();
        timer_.expires_after(backoff_.next(now(), random_()));
        timer_.async_wait([self = shared_from_this(), attempt](error_code error) {
            if (!error && self->is(attempt)) self->connect();
        });
        if (status_.is_up || status_.why.empty()) status_.since = now();
        status_.is_up = false;
        status_.why = why;
        if (why != last_reason_) {
            last_reason_ = why;
            handlers_.on_down(
                fmt::format("controller {}:{}: {}", where_.first, where_.second, why));
        }
    }

    void close_socket() {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        socket_.close(ignored);
    }

    std::pair<std::string, std::string> where_;
    Status status_;
    Handlers handlers_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    std::optional<proto::Peer> peer_;
    std::array<std::byte, 16 * 1024> input_;
    proto::Bytes output_;
    bool writing_ = false;
    bool stopped_ = false;
    std::uint64_t attempt_ = 0;  // what belongs to an older one is ignored
    Backoff backoff_;
    std::minstd_rand random_{std::random_device{}()};
    std::string last_reason_;
};

Link::Link(asio::io_context& io, const std::string& address, Handlers handlers)
    : impl_{std::make_shared<Impl>(io, split(address), std::move(handlers))} {
    impl_->connect();
}

std::string Link::problem_of(const std::string& address) {
    const auto colon = address.rfind(':');
    const bool is_whole = colon != std::string::npos && colon > 0 && colon + 1 < address.size();
    return is_whole ? "" : "'" + address + "' is no HOST:PORT, such as 192.168.1.10:7411";
}

Link::~Link() {
    impl_->stop();
}

void Link::send(const proto::Message& message) {
    impl_->send(message);
}

const Link::Status& Link::status() const {
    return impl_->status();
}

}  // namespace antrean::common
