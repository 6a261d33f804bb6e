#include "controller/server/tcp.hpp"

#include "controller/server/sockets.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <netinet/tcp.h>

namespace antrean::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using sessions::ConnectionId;

class TcpServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, sessions::Hub& hub, journal::Journal& journal, Calendar& calendar,
         Handlers handlers)
        : io_{io},
          hub_{hub},
          calendar_{calendar},
          journal_{journal},
          handlers_{std::move(handlers)},
          acceptor_{io},
          sockets_{io, [this](const Sockets::Ready& ready) { on_ready(ready); }},
          ticker_{io},
          writer_{journal,
                  [this](const journal::result<void>& done, const journal::Writer::Flush& flush) {
                      {
                          const std::lock_guard lock{done_mutex_};
                          if (!done) failure_ = done.error();
                          done_.push_back(flush);
                      }
                      done_is_there_.store(true, std::memory_order_release);
                      asio::post(io_, [this] { on_durable(); });
                  }} {}

    void listen(const Endpoint& endpoint) {
        const tcp::endpoint at{asio::ip::make_address(endpoint.address), endpoint.port};
        acceptor_.open(at.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(at);
        acceptor_.listen(1024);
        acceptor_.non_blocking(true);
        accept();
        tick();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    void stop() {
        if (stopping_) return;
        stopping_ = true;
        error_code ignored;
        acceptor_.close(ignored);
        // What is decided already is still made durable and answered; then all are told goodbye.
        if (flush()) goodbye_if_quiet();
    }

    std::chrono::nanoseconds flushing_for() const {
        if (flying_ == 0) return std::chrono::nanoseconds{0};
        return std::chrono::steady_clock::now() - began_;
    }

    bool run_when_idle(journal::Writer::Task task) {
        return writer_.run_when_idle(std::move(task));
    }

    // After all handlers that are ready now: requests that arrived together share a batch.
    void pump_soon() {
        if (pumping_) return;
        pumping_ = true;
        asio::post(io_, [self = shared_from_this()] {
            self->pumping_ = false;
            self->pump();
        });
    }

private:
    struct Connection {
        Socket socket;
        proto::Bytes output;      // not yet taken by the socket
        std::size_t written = 0;  // of output
        bool waiting_to_write = false;
        bool ended = false;  // by the other end
    };

    void accept() {
        acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
            if (self->stopping_) return;
            if (!error) {
                self->add(socket);
            } else if (error != asio::error::connection_aborted) {
                // Out of descriptors, most likely: the next tick tries again.
                self->accepting_ = false;
                self->handlers_.on_notice(
                    {sessions::Notice::Level::warning,
                     fmt::format("cannot accept a connection: {}", error.message())});
                return;
            }
            self->accept();
        });
        accepting_ = true;
    }

    void add(tcp::socket& socket) {
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        // A peer that does not acknowledge is noticed by the kernel as well, at the same time as
        // by the heartbeats.
        const unsigned int timeout_ms = 15'000;
        setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms,
                   sizeof timeout_ms);
        const auto from = socket.remote_endpoint(ignored);
        const ConnectionId id{++last_id_};
        Socket own{socket.release(ignored)};
        if (!sockets_.watch(own, id.value())) return;
        connections_.emplace(id.value(), Connection{std::move(own), {}});
        hub_.accepted(id, calendar_.now(), from.address().to_string());
        pump_soon();
    }

    void on_ready(const Sockets::Ready& ready) {
        const ConnectionId id{ready.key};
        const auto it = connections_.find(id.value());
        if (it == connections_.end()) return;
        if (ready.ended) it->second.ended = true;
        if (ready.writable && std::exchange(it->second.waiting_to_write, false)) write(id);
        if (ready.readable) read(id);
    }

    void read(ConnectionId id) {
        const auto it = connections_.find(id.value());
        // Once stopping, nothing new is decided: else a busy hall would never let it end.
        if (it == connections_.end() || stopping_) return;
        // One buffer for all: what is read is handed on at once.
        const auto [size, outcome] = it->second.socket.read(input_);
        if (outcome == Socket::Outcome::would_block) return;
        if (outcome == Socket::Outcome::over) {
            drop(id);
            return;
        }
        // There may be more, but others have their turn first.
        if (size == input_.size() || it->second.ended) {
            asio::post(io_, [self = shared_from_this(), id] { self->read(id); });
        }
        hub_.received(id, std::span{input_}.first(size), calendar_.now());
        if (hub_.batch_is_due() && !flush()) return;
        // Who can be answered does not wait for all that are still to be heard.
        if (!take_done() || !answer()) return;
        pump_soon();
    }

    void pump() {
        if (!flush() || !answer()) return;
        for (const auto& [asked, answer] : hub_.take_operator_answers()) {
            if (handlers_.on_operator_answer) handlers_.on_operator_answer(asked, answer);
        }
        if (hub_.board_changed()) handlers_.on_board();
        for (const auto& notice : hub_.take_notices())
            handlers_.on_notice(notice);
    }

    // Writes to all for whom there is something. False: the journal has failed.
    bool answer() {
        // What becomes durable while many are answered is told along with them.
        for (auto ready = hub_.take_ready(); !ready.empty(); ready = hub_.take_ready()) {
            for (const auto id : ready) {
                write(id);
                if (!take_done()) return false;
            }
        }
        return true;
    }

    // Gives what is decided to the journal. False: it has failed.
    bool flush() {
        for (auto batch = hub_.take_batch(); !batch.empty(); batch = hub_.take_batch()) {
            if (flying_ == 0) began_ = std::chrono::steady_clock::now();
            // Who asks alone is answered soonest without a second thread. What arrives during that
            // flush would have waited for it in any case. But no device waits for a task.
            if (!hub_.batch_is_lone() || !writer_.is_idle()) {
                ++flying_;
                writer_.submit(batch);
                continue;
            }
            const auto done = writer_.append_here(batch);
            if (!done) return fail(done.error());
            is_durable({1, batch.size(), std::chrono::steady_clock::now() - began_});
            tell();
        }
        return true;
    }

    void on_durable() {
        if (!take_done()) return;
        pump();
        if (stopping_) goodbye_if_quiet();
    }

    // False: the journal has failed.
    bool take_done() {
        if (!done_is_there_.load(std::memory_order_acquire)) return true;
        done_is_there_.store(false, std::memory_order_relaxed);
        std::vector<journal::Writer::Flush> done;
        {
            const std::lock_guard lock{done_mutex_};
            if (failure_) return fail(*failure_);
            done.swap(done_);
        }
        for (const auto& flush : done) {
            flying_ -= flush.batches;
            is_durable(flush);
        }
        began_ = std::chrono::steady_clock::now();
        tell();
        return true;
    }

    bool fail(const journal::JournalError& error) {
        handlers_.on_journal_failure(error);
        return false;
    }

    void is_durable(const journal::Writer::Flush& flush) {
        if (handlers_.on_flush) handlers_.on_flush(flush.took, flush.events);
        for (std::size_t i = 0; i < flush.batches; ++i)
            hub_.committed();
    }

    void tell() {
        hub_.tell(calendar_.now());
        for (auto& durable : hub_.take_durable()) {
            if (handlers_.on_durable) handlers_.on_durable(std::move(durable));
        }
        if (hub_.take_epoch_begun() && handlers_.on_epoch) handlers_.on_epoch();
    }

    void write(ConnectionId id) {
        const auto it = connections_.find(id.value());
        if (it == connections_.end()) return;
        auto& connection = it->second;
        if (connection.waiting_to_write) {
            // It is over and has not taken what it was sent: its goodbye would not be read either.
            if (hub_.is_over(id)) drop(id);
            return;
        }
        for (;;) {
            if (connection.written == connection.output.size()) {
                connection.output = hub_.take_output(id);
                connection.written = 0;
                if (connection.output.empty()) break;
            }
            const auto rest = std::span{connection.output}.subspan(connection.written);
            const auto [size, outcome] = connection.socket.write(rest);
            connection.written += size;
            if (outcome == Socket::Outcome::would_block) {
                connection.waiting_to_write = true;
                // A connection that is over has had its chance to read the goodbye.
                if (hub_.is_over(id)) drop(id);
                return;
            }
            if (outcome == Socket::Outcome::over) {
                drop(id);
                return;
            }
        }
        if (hub_.is_over(id)) drop(id);
    }

    void drop(ConnectionId id) {
        const auto it = connections_.find(id.value());
        if (it == connections_.end()) return;
        // Closing on unread input would reset the connection, and the goodbye with it.
        it->second.socket.end_writing();
        it->second.socket.read(input_);
        connections_.erase(it);
        hub_.lost(id, calendar_.now());
    }

    void tick() {
        ticker_.expires_after(std::chrono::seconds{1});
        ticker_.async_wait([self = shared_from_this()](error_code error) {
            if (error || self->stopping_) return;
            if (self->handlers_.on_tick) self->handlers_.on_tick();
            self->hub_.tick(self->calendar_.now());
            self->pump();
            self->carry();
            if (!self->accepting_) self->accept();
            self->tick();
        });
    }

    // Between tickets: else a commit does it, and somebody waits for it.
    void carry() {
        constexpr int worth_it = 200, pressing = 2000;
        const auto seq = hub_.stats().journal_seq;
        const bool is_quiet = std::exchange(seq_at_tick_, seq) == seq;
        const auto pages = journal_.log_pages();
        if (pages < (is_quiet ? worth_it : pressing) || carrying_.exchange(true)) return;
        const bool taken = writer_.run_when_idle([this](journal::Journal& journal) {
            journal.carry();
            carrying_ = false;
            return false;
        });
        if (!taken) carrying_ = false;
    }

    void goodbye_if_quiet() {
        if (flying_ > 0) return;
        ticker_.cancel();
        hub_.stop();
        for (const auto id : hub_.take_ready())
            write(id);
        while (!connections_.empty())
            drop(ConnectionId{connections_.begin()->first});
        sockets_.stop();
    }

    asio::io_context& io_;
    sessions::Hub& hub_;
    Calendar& calendar_;
    journal::Journal& journal_;  // the writer's, but for log_pages()
    Handlers handlers_;
    tcp::acceptor acceptor_;
    Sockets sockets_;
    asio::steady_timer ticker_;
    std::unordered_map<std::uint64_t, Connection> connections_;
    std::uint64_t last_id_ = 0;
    std::array<std::byte, 64 * 1024> input_;
    std::size_t flying_ = 0;                         // batches on their way
    std::chrono::steady_clock::time_point began_{};  // to wait for the first of them
    bool accepting_ = false;
    bool pumping_ = false;
    bool stopping_ = false;
    std::mutex done_mutex_;
    std::vector<journal::Writer::Flush> done_;  // told by the writer, not to the hub yet
    std::optional<journal::JournalError> failure_;
    std::atomic<bool> done_is_there_ = false;
    std::atomic<bool> carrying_ = false;
    std::uint64_t seq_at_tick_ = 0;
    journal::Writer writer_;  // last: its thread ends before anything that it uses
};

TcpServer::TcpServer(asio::io_context& io, const Endpoint& endpoint, sessions::Hub& hub,
                     journal::Journal& journal, Calendar& calendar, Handlers handlers)
    : impl_{std::make_shared<Impl>(io, hub, journal, calendar, std::move(handlers))} {
    impl_->listen(endpoint);
}

TcpServer::~TcpServer() {
    impl_->stop();
}

std::uint16_t TcpServer::port() const {
    return impl_->port();
}

std::chrono::nanoseconds TcpServer::flushing_for() const {
    return impl_->flushing_for();
}

void TcpServer::pump() {
    impl_->pump_soon();
}

bool TcpServer::run_when_idle(journal::Writer::Task task) {
    return impl_->run_when_idle(std::move(task));
}

void TcpServer::stop() {
    impl_->stop();
}

}  // namespace antrean::server
