// A server on a free port with its own thread, as a test would like it.
#pragma once

#include "controller/web/server.hpp"

#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace antrean::web::test {

class RunningServer {
public:
    // Runs `work(server)` on the server's thread and hands back what it returned.
    template <class Work>
    auto on_thread(Work work) {
        std::packaged_task<std::invoke_result_t<Work, Server&>()> task{
            [this, &work] { return work(*server_); }};
        auto result = task.get_future();
        boost::asio::post(context_, [&task] { task(); });
        return result.get();
    }

    explicit RunningServer(Config config = {}) {
        config.address = "127.0.0.1";
        config.port = 0;
        server_ = std::make_unique<Server>(context_, config);
        port_ = server_->port();
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~RunningServer() {
        on_thread([](Server& server) { server.stop(); });
        work_.reset();
        thread_.join();  // a stopped server leaves the context nothing to do
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    std::uint16_t port() const { return port_; }

    void publish(BoardView view) {
        on_thread([&](Server& server) { server.publish(std::move(view)); });
    }

    // Returns when as many connections are open; the test's time limit is the only other way out.
    void wait_for_connections(std::size_t count) {
        while (on_thread([](Server& server) { return server.connections(); }) != count) {
            std::this_thread::yield();
        }
    }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace antrean::web::test
