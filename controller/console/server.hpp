// The operator's console: a Unix stream socket, on which requests and answers are lines of JSON
// (README.md). Who may open the socket may do everything: its mode is 0660, its group says who.
//
// Requests of a connection are answered one after the other. Everything is bounded: the length of a
// line, connections, and what waits for a reader; who takes nothing for half a minute is dropped.
//
// Threads: every function and all hooks belong to the io_context's one thread.
// Lifetime: the io_context and the hub must outlive the server. Destroying the server is stop().
#pragma once

#include "controller/console/vitals.hpp"
#include "controller/sessions/hub.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

namespace boost::asio {
class io_context;
}

namespace antrean::console {

inline constexpr std::size_t max_connections = 16;
inline constexpr std::size_t max_output_bytes = 1 << 20;  // of a connection, waiting for its reader

// How work of a while goes on; Done or Failed is the last word of it.
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t of = 0;
};
struct Done {
    std::string text;  // for people; may be empty
};
struct Failed {
    std::string text;
};
using News = std::variant<Progress, Done, Failed>;
// May be called at any time, also when who asked is gone or the server is.
using OnNews = std::function<void(const News&)>;

// An empty hook is work that this controller does not do: it is refused.
struct Hooks {
    // Asks the hub. The answer comes through Server::answered(), now or later.
    std::function<sessions::AskId(engine::Action action, CounterId counter)> ask;
    std::function<sessions::Moment()> now;
    std::function<Vitals()> vitals;
    // Reads the site file anew. Progress is not an answer.
    std::function<News()> reload;
    std::function<void(const std::string& file, OnNews on_news)> backup;
    std::function<void(OnNews on_news)> rebuild_reports;
    // For the log: who asks for what changes something.
    std::function<void(const std::string& text)> note;
};

// The socket cannot be had; what() says why, for people.
struct CannotListen : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Server {
public:
    // Listens when it returns, or throws CannotListen. A socket file that nobody listens on any
    // more is replaced; one that somebody does, or another kind of file, is not. ASK, NOW and
    // VITALS must be given.
    Server(boost::asio::io_context& io, const std::filesystem::path& path, const sessions::Hub& hub,
           Hooks hooks);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // What Hub::take_operator_answers() gave; an answer that nobody here waits for is passed over.
    void answered(sessions::AskId asked, const engine::Answer& answer);
    // What Hub::take_durable() gave.
    void durable(const sessions::Durable& durable);

    // Tells everybody, closes every connection and removes the socket file.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace antrean::console
