// The hub's shell: TCP connections, the journal's writer and the clock, on one io_context and its
// thread. It moves bytes and batches and decides nothing.
#pragma once

#include "controller/journal/writer.hpp"
#include "controller/server/calendar.hpp"
#include "controller/sessions/hub.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace antrean::server {

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;  // 0: any free one
};

class TcpServer {
public:
    struct Handlers {
        // The hub's board has changed; it is for the handler to fetch it, now or later.
        std::function<void()> on_board;
        std::function<void(const sessions::Notice&)> on_notice;
        // The journal has failed: nothing may be answered any more, the process is to end at once.
        std::function<void(const journal::JournalError&)> on_journal_failure;
        // What became durable, if the hub keeps it.
        std::function<void(sessions::Durable)> on_durable;
        std::function<void(sessions::AskId, const engine::Answer&)> on_operator_answer;
        // That an epoch has begun is durable.
        std::function<void()> on_epoch;
        // About every second, before the hub's own.
        std::function<void()> on_tick;
        // How long the journal took for a batch, and of how many events it was.
        std::function<void(std::chrono::nanoseconds, std::size_t)> on_flush;
    };

    // Listens at once; throws boost::system::system_error if it cannot. All references must outlive
    // the server. Handlers are called on the io_context's thread.
    TcpServer(boost::asio::io_context& io, const Endpoint& endpoint, sessions::Hub& hub,
              journal::Journal& journal, Calendar& calendar, Handlers handlers);
    ~TcpServer();
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;

    std::uint16_t port() const;
    // Carries out what was asked of the hub by others.
    void pump();
    // How long the batch on its way has been so; 0: there is none.
    std::chrono::nanoseconds flushing_for() const;
    // See journal::Writer.
    bool run_when_idle(journal::Writer::Task task);
    // Takes no more connections, lets the batch on its way end and its answers go, says goodbye,
    // and ends within a second.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace antrean::server
