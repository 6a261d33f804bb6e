// The HTTP server of the public boards: serves the page, and pushes each new view of the hall to
// every open board as server-sent events. It knows no queue and changes nothing; it speaks plain
// HTTP and is meant for the hall's own network.
//
// GET /board, /board.css, /board.js   the page, held in the program
// GET /board/events                   `view`: the board as JSON (board_view.hpp), at once and on
//                                     every change; `beat`: nothing new, but alive; `page`: the
//                                     version of the page
// GET /                               redirects to /board
// and what serve_text() adds
//
// Everything is bounded. There is no queue behind a stream: while its socket takes nothing, newer
// views replace the one that waits, and a stream that has been stuck too long is closed. A
// connection over the limit is answered 503.
//
// Threads: the constructor, every function and all work belong to the io_context's one thread
// (before it runs, to the thread that sets up).
// Lifetime: the io_context must outlive the server. Destroying the server is stop().
#pragma once

#include "controller/web/board_view.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace antrean::web {

struct Config {
    std::string address = "0.0.0.0";  // a numeric address of this machine; "::" is every one
    std::uint16_t port = 8080;        // 0: any free one, told by Server::port()

    std::size_t max_connections = 256;
    std::chrono::milliseconds push_interval{100};    // the least time between two pushes
    std::chrono::milliseconds beat_interval{5000};   // the most time without a word on a stream
    std::chrono::milliseconds request_within{5000};  // for a whole request header, also the next
    std::chrono::milliseconds stuck_after{15000};    // for the peer to take what was sent to it
};

class Server {
public:
    // Listens when it returns. Throws boost::system::system_error when the address is not one of
    // this machine's or the port is in use.
    Server(boost::asio::io_context& context, Config config);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // What the boards show from now on. Until the first one streams are kept alive but empty.
    void publish(BoardView view);
    // The same, with the view made when it is pushed; SOURCE is called on the io_context's thread
    // and must stay callable until it is replaced or the server is gone.
    void publish(std::function<BoardView()> source);

    // A text that is made at each request, such as what is measured.
    struct Text {
        unsigned status = 200;  // or 503
        std::string body;
    };
    // Serves PATH, which begins with a slash, by SOURCE, which is called on the io_context's thread
    // and must stay callable until the server is gone. The pages of the board come first.
    void serve_text(std::string path, std::string content_type, std::function<Text()> source);

    std::uint16_t port() const;
    std::size_t connections() const;  // open ones, of streams and requests

    // Stops listening and closes every connection. Nothing is served afterwards.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // shared with the coroutines that are still to notice stop()
};

}  // namespace antrean::web
