#include "tools/virtual_printer/server.hpp"

#include "tools/virtual_printer/hand_commands.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace antrean::virtual_printer {
namespace {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_line = 1024;
// A host that never reads: what it leaves here beyond the system's own buffers is dropped.
constexpr std::size_t most_unread = 64 * 1024;

SteadyTime steady_now() {
    return std::chrono::steady_clock::now();
}

std::string_view describe(Fate fate) {
    switch (fate) {
        case Fate::taken:
            return "the ticket was taken";
        case Fate::retracted:
            return "the ticket was retracted";
        case Fate::ejected:
            return "the ticket was pushed out";
    }
    return {};
}

// Standard input under a description of our own, since making it non-blocking would otherwise do
// the same to everyone who shares the terminal.
int open_standard_input() {
    const int own = ::open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    return own >= 0 ? own : ::dup(STDIN_FILENO);
}

}  // namespace

class Server::Impl {
public:
    Impl(Machine& machine, const std::string& address, std::uint16_t port,
         const Callbacks& callbacks)
        : machine_{machine}, callbacks_{callbacks} {
        endpoint_ = {asio::ip::make_address(address), port};
        listen();
        endpoint_ = acceptor_.local_endpoint();
        condition_ = machine_.condition();
    }

    std::uint16_t port() const { return endpoint_.port(); }

    void run() {
        const auto failed = [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        };
        asio::co_spawn(io_, serve(), failed);
        const int input = open_standard_input();
        if (input >= 0) {
            input_.assign(input);
            asio::co_spawn(io_, read_hand_commands(), failed);
        }
        signals_.async_wait([this](error_code, int) { io_.stop(); });
        changed();
        io_.run();
    }

private:
    void listen() {
        acceptor_.open(endpoint_.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(endpoint_);
        acceptor_.listen();
    }

    asio::awaitable<void> serve() {
        for (;;) {
            while (!acceptor_.is_open())
                co_await wait_for_change();  // switched off
            auto [error, socket] = co_await acceptor_.async_accept(as_result);
            if (error) {
                // Being switched off closes the acceptor. Anything else, such as a lack of
                // descriptors, passes; the pause keeps it from becoming a busy loop.
                if (error != asio::error::operation_aborted) co_await pause();
                continue;
            }
            socket_.emplace(std::move(socket));
            error_code ignored;
            socket_->set_option(tcp::no_delay{true}, ignored);
            socket_->set_option(asio::socket_base::keep_alive{true}, ignored);
            machine_.take_replies();  // what nobody was there to read is gone
            co_await converse();
            socket_.reset();
            unread_.clear();
        }
    }

    // Until the host has gone and all it sent is in the printer, or the power is off.
    asio::awaitable<void> converse() {
        std::array<std::byte, 4096> chunk;
        for (;;) {
            auto [error, size] = co_await socket_->async_read_some(asio::buffer(chunk), as_result);
            std::span<const std::byte> rest{chunk.data(), size};
            while (!rest.empty() && machine_.condition().powered) {
                const std::size_t taken = machine_.receive(rest, steady_now());
                rest = rest.subspan(taken);
                changed();
                if (taken == 0) co_await wait_for_change();
            }
            if (!machine_.condition().powered) break;
            if (error == asio::error::eof) {
                // The host may have closed only its own direction, to read the last answers.
                while (socket_->is_open() && machine_.next_event())
                    co_await wait_for_change();
                while (writing_)
                    co_await wait_for_change();
                break;
            }
            if (error) break;
        }
        error_code ignored;
        socket_->close(ignored);
        while (writing_)
            co_await wait_for_change();
    }

    asio::awaitable<void> write_replies() {
        while (!unread_.empty()) {
            const std::vector<std::byte> batch = std::exchange(unread_, {});
            auto [error, size] =
                co_await asio::async_write(*socket_, asio::buffer(batch), as_result);
            if (error) break;
        }
        unread_.clear();
        writing_ = false;
        woken_.cancel();
    }

    // Waits for anything that may have changed the machine, or the connection.
    asio::awaitable<void> wait_for_change() {
        woken_.expires_at(SteadyTime::max());
        co_await woken_.async_wait(as_result);
    }

    asio::awaitable<void> pause() {
        asio::steady_timer timer{io_, std::chrono::milliseconds{100}};
        co_await timer.async_wait(as_result);
    }

    // Carries on what the machine has done: answers, papers, news, and when to look again.
    void changed() {
        const auto replies = machine_.take_replies();
        if (socket_ && socket_->is_open() && unread_.size() + replies.size() <= most_unread) {
            unread_.insert(unread_.end(), replies.begin(), replies.end());
            if (!unread_.empty() && !std::exchange(writing_, true)) {
                asio::co_spawn(io_, write_replies(), [](std::exception_ptr error) {
                    if (error) std::rethrow_exception(error);
                });
            }
        }
        for (const Paper& paper : machine_.take_papers())
            callbacks_.paper(paper);
        for (const TicketFate& fate : machine_.take_fates())
            callbacks_.tell(describe(fate.fate));

        const Condition before = std::exchange(condition_, machine_.condition());
        if (before.powered && !condition_.powered) {
            error_code ignored;
            acceptor_.close(ignored);
            if (socket_) socket_->close(ignored);
        }
        if (!before.powered && condition_.powered) listen();
        const std::string news = virtual_printer::describe(condition_);
        if (news != virtual_printer::describe(before)) callbacks_.tell("printer " + news);

        if (const auto next = machine_.next_event()) {
            due_.expires_at(*next);
            due_.async_wait([this](error_code error) {
                if (error) return;
                machine_.advance(steady_now());
                changed();
            });
        } else {
            due_.cancel();
        }
        woken_.cancel();
    }

    asio::awaitable<void> read_hand_commands() {
        std::string text;
        for (;;) {
            auto [error, size] = co_await asio::async_read_until(
                input_, asio::dynamic_buffer(text, longest_line), '\n', as_result);
            if (error == asio::error::not_found) {
                text.clear();  // a line of that length is none of ours
                continue;
            }
            if (error) co_return;
            const std::string line = text.substr(0, size - 1);
            text.erase(0, size);
            const std::string answer = run_hand_command(machine_, line, steady_now());
            if (!answer.empty()) callbacks_.tell(answer);
            changed();
        }
    }

    Machine& machine_;
    const Callbacks& callbacks_;
    tcp::endpoint endpoint_;
    asio::io_context io_{1};
    tcp::acceptor acceptor_{io_};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    asio::posix::stream_descriptor input_{io_};
    asio::steady_timer due_{io_};
    asio::steady_timer woken_{io_};
    std::optional<tcp::socket> socket_;
    std::vector<std::byte> unread_;
    bool writing_ = false;
    Condition condition_;
};

Server::Server(Machine& machine, const std::string& address, std::uint16_t port,
               const Callbacks& callbacks)
    : impl_{std::make_unique<Impl>(machine, address, port, callbacks)} {}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return impl_->port();
}

void Server::run() {
    impl_->run();
}

}  // namespace antrean::virtual_printer
