#include "controller/console/server.hpp"

#include "controller/console/answers.hpp"
#include "controller/console/plan.hpp"
#include "controller/console/request.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace antrean::console {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr mode_t socket_mode = 0660;
constexpr std::chrono::seconds stuck_after{30};
constexpr std::chrono::seconds accept_pause{1};

struct Connection {
    enum class Doing { nothing, asking, tailing, working };

    Connection(asio::io_context& io, stream_protocol::socket s) : socket{std::move(s)}, stuck{io} {}

    stream_protocol::socket socket;
    asio::steady_timer stuck;  // runs while the reader takes nothing
    std::string who;           // for the log: "uid 1000"
    std::string input;         // what came and was not answered yet
    std::string output;
    std::size_t written = 0;  // of output
    Doing doing = Doing::nothing;
    std::map<sessions::AskId, std::size_t> asked;  // and where the answer goes
    std::vector<std::pair<ServiceId, engine::Answer>> answers;
    bool reading = false;
    bool writing = false;
    bool handling = false;
    bool ended = false;  // the other side says nothing more
    bool last = false;   // nothing is said any more: it is closed once OUTPUT is written
    bool open = true;
};
using ConnectionPtr = std::shared_ptr<Connection>;
using Doing = Connection::Doing;

std::string peer(stream_protocol::socket& socket) {
    ucred who{};
    socklen_t size = sizeof who;
    if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
        return "somebody";
    }
    return fmt::format("uid {}", who.uid);
}

// Makes way for a socket at PATH.
void remove_stale(asio::io_context& io, const std::filesystem::path& path) {
    struct stat file {};
    if (lstat(path.c_str(), &file) != 0) {
        if (errno == ENOENT) return;
        throw CannotListen{fmt::format("{}: {}", path.string(), std::strerror(errno))};
    }
    if (!S_ISSOCK(file.st_mode)) {
        throw CannotListen{fmt::format(
            "{} is no socket, and is left alone; remove it, or name another one", path.string())};
    }
    stream_protocol::socket probe{io};
    error_code error;
    probe.connect(stream_protocol::endpoint{path.string()}, error);
    if (error == asio::error::connection_refused) {
        unlink(path.c_str());
        return;
    }
    if (error) throw CannotListen{fmt::format("{}: {}", path.string(), error.message())};
    throw CannotListen{fmt::format(
        "another controller listens on {}; stop it, or name another socket", path.string())};
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, std::filesystem::path path, const sessions::Hub& hub, Hooks hooks)
        : io_{io},
          path_{std::move(path)},
          hub_{hub},
          hooks_{std::move(hooks)},
          acceptor_{io},
          pause_{io} {}

    void listen() {
        // A path too long for a socket would otherwise be an exception of another kind.
        if (path_.empty() || path_.native().size() > 107) {
            throw CannotListen{fmt::format("'{}' is no path of a socket, which has 1 to 107 bytes",
                                           path_.string())};
        }
        remove_stale(io_, path_);
        error_code error;
        acceptor_.open(stream_protocol{}, error);
        if (!error) acceptor_.bind(stream_protocol::endpoint{path_.string()}, error);
        if (error) throw CannotListen{fmt::format("{}: {}", path_.string(), error.message())};
        // Before it listens nobody gets in, whatever the mode was at first.
        if (chmod(path_.c_str(), socket_mode) != 0) {
            const int reason = errno;
            unlink(path_.c_str());
            throw CannotListen{fmt::format("{}: {}", path_.string(), std::strerror(reason))};
        }
        acceptor_.listen(static_cast<int>(max_connections), error);
        if (!error) acceptor_.non_blocking(true, error);
        if (error) {
            unlink(path_.c_str());
            throw CannotListen{fmt::format("{}: {}", path_.string(), error.message())};
        }
        accept();
    }

    void answered(sessions::AskId asked, const engine::Answer& answer) {
        if (asking_) {
            // The hub's id is not known here yet.
            early_.emplace_back(asked, answer);
            return;
        }
        const auto it = waiting_.find(asked);
        if (it == waiting_.end()) return;
        const auto connection = it->second;
        waiting_.erase(it);
        auto place = connection->asked.extract(asked);
        connection->answers.at(place.mapped()).second = answer;
        if (!connection->asked.empty()) return;
        const auto answers = std::exchange(connection->answers, {});
        finish(connection,
               answers.front().first ? answers_line(answers) : answer_line(answers.front().second));
    }

    void durable(const sessions::Durable& durable) {
        std::set<ConnectionPtr> tails;
        for (const auto& connection : connections_) {
            if (connection->doing == Doing::tailing) tails.insert(connection);
        }
        if (tails.empty()) return;
        auto seq = durable.first_seq;
        for (const auto& event : durable.events) {
            const auto line = event_line(seq++, event);
            for (const auto& connection : tails)
                say(connection, line);
        }
    }

    void stop() {
        if (stopping_) return;
        stopping_ = true;
        error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        unlink(path_.c_str());
        const auto connections = connections_;
        for (const auto& connection : connections) {
            if (connection->doing != Doing::nothing) {
                say(connection, refused_line("stopping", "the controller stops"));
            }
            close(connection);
        }
    }

private:
    void accept() {
        acceptor_.async_accept(
            [self = shared_from_this()](error_code error, stream_protocol::socket socket) {
                if (self->stopping_) return;
                if (error) {
                    // Out of descriptors, most likely; trying at once would spin.
                    self->pause_.expires_after(accept_pause);
                    self->pause_.async_wait([self](error_code stopped) {
                        if (!stopped && !self->stopping_) self->accept();
                    });
                    return;
                }
                self->add(std::move(socket));
                self->accept();
            });
    }

    void add(stream_protocol::socket socket) {
        error_code ignored;
        socket.non_blocking(true, ignored);
        const auto connection = std::make_shared<Connection>(io_, std::move(socket));
        connection->who = peer(connection->socket);
        const bool full = connections_.size() >= max_connections;
        connections_.insert(connection);
        if (full) {
            say(connection, refused_line("too_many_connections",
                                         "too many consoles are open; close one, and try again"));
            // It is not waited for: this one is over the limit.
            close(connection);
            return;
        }
        read_when_ready(connection);
    }

    void read_when_ready(const ConnectionPtr& connection) {
        if (connection->reading || connection->ended || connection->last || !connection->open) {
            return;
        }
        connection->reading = true;
        connection->socket.async_wait(stream_protocol::socket::wait_read,
                                      [self = shared_from_this(), connection](error_code error) {
                                          connection->reading = false;
                                          if (!error) self->read(connection);
                                      });
    }

    void read(const ConnectionPtr& connection) {
        if (!connection->open || connection->last) return;
        error_code error;
        const auto size = connection->socket.read_some(asio::buffer(chunk_), error);
        if (error == asio::error::eof) {
            connection->ended = true;
        } else if (error && error != asio::error::would_block) {
            close(connection);
            return;
        }
        connection->input.append(chunk_.data(), size);
        handle_lines(connection);
    }

    // Answers what has come, one request after the other.
    void handle_lines(const ConnectionPtr& connection) {
        if (connection->handling) return;
        connection->handling = true;
        auto& input = connection->input;
        while (connection->open && !connection->last && connection->doing == Doing::nothing) {
            const auto end = input.find('\n');
            if (end == std::string::npos && input.size() < max_line_bytes) {
                if (connection->ended) close_when_written(connection);
                break;
            }
            if (end == std::string::npos || end >= max_line_bytes) {
                say(connection,
                    refused_line("line_too_long",
                                 fmt::format("a line of more than {} bytes", max_line_bytes)));
                close_when_written(connection);
                break;
            }
            const auto line = input.substr(0, end);
            input.erase(0, end + 1);
            handle(connection, line);
        }
        connection->handling = false;
        if (connection->doing == Doing::tailing && connection->ended) close(connection);
        // Who sends more than is answered waits in the kernel.
        if (input.size() < max_line_bytes) read_when_ready(connection);
    }

    void handle(const ConnectionPtr& connection, const std::string& line) {
        const auto request = parse(line);
        if (!request) {
            say(connection, refused_line("bad_request", request.error().text));
            return;
        }
        if (const auto what = describe(*request); hooks_.note && !what.empty()) {
            hooks_.note(fmt::format("console, {}: {}", connection->who, what));
        }
        std::visit([&](const auto& kind) { on(connection, kind); }, *request);
    }

    void on(const ConnectionPtr& connection, const TellStatus&) {
        say(connection, status_line(hub_, hooks_.now(), hooks_.vitals()));
    }
    void on(const ConnectionPtr& connection, const TellQueue&) {
        say(connection, queue_line(hub_, hooks_.now()));
    }
    void on(const ConnectionPtr& connection, const TellDevices&) {
        say(connection, devices_line(hub_));
    }
    void on(const ConnectionPtr& connection, const TellAlarms&) {
        say(connection, alarms_line(hub_, hooks_.now()));
    }
    void on(const ConnectionPtr& connection, const Tail&) {
        connection->doing = Doing::tailing;
        say(connection, tail_begins_line(hub_.stats().journal_seq + 1));
    }

    template <class Deciding>
    void on(const ConnectionPtr& connection, const Deciding& request) {
        auto asks = plan(request, hub_);
        if (!asks) {
            say(connection, asks.error().line);
            return;
        }
        if (asks->empty()) {
            say(connection, done_line());
            return;
        }
        connection->doing = Doing::asking;
        asking_ = true;
        for (auto& ask : *asks) {
            const auto id = hooks_.ask(std::move(ask.action), ask.counter);
            connection->asked.emplace(id, connection->answers.size());
            connection->answers.emplace_back(ask.service, engine::Answer{});
            waiting_.emplace(id, connection);
        }
        asking_ = false;
        for (const auto& [id, answer] : std::exchange(early_, {}))
            answered(id, answer);
    }

    void on(const ConnectionPtr& connection, const Reload&) {
        if (!hooks_.reload) return not_available(connection);
        tell(connection, hooks_.reload());
    }
    void on(const ConnectionPtr& connection, const Backup& backup) {
        if (!hooks_.backup) return not_available(connection);
        if (auto on_news = start(connection, backing_up_)) hooks_.backup(backup.file, on_news);
    }
    void on(const ConnectionPtr& connection, const RebuildReports&) {
        if (!hooks_.rebuild_reports) return not_available(connection);
        if (auto on_news = start(connection, rebuilding_)) hooks_.rebuild_reports(on_news);
    }

    void not_available(const ConnectionPtr& connection) {
        say(connection, refused_line("not_available", "this controller was started without it"));
    }

    // Begins work of which there is one at a time, RUNNING as long as it lasts; empty if it is.
    OnNews start(const ConnectionPtr& connection, bool& running) {
        if (running) {
            say(connection, refused_line("busy", "that is going on already"));
            return {};
        }
        running = true;
        connection->doing = Doing::working;
        return [weak = weak_from_this(), connection, &running](const News& news) {
            const auto self = weak.lock();
            if (!self) return;
            if (!std::holds_alternative<Progress>(news)) running = false;
            self->tell(connection, news);
        };
    }

    void tell(const ConnectionPtr& connection, const News& news) {
        if (const auto* progress = std::get_if<Progress>(&news)) {
            say(connection, progress_line(progress->done, progress->of));
        } else if (const auto* failed = std::get_if<Failed>(&news)) {
            finish(connection, refused_line("failed", failed->text));
        } else {
            finish(connection, done_line(std::get<Done>(news).text));
        }
    }

    void finish(const ConnectionPtr& connection, const std::string& line) {
        connection->doing = Doing::nothing;
        say(connection, line);
        handle_lines(connection);
    }

    void say(const ConnectionPtr& connection, const std::string& line) {
        if (!connection->open || connection->last) return;
        auto& output = connection->output;
        if (output.size() - connection->written + line.size() > max_output_bytes) {
            output += refused_line("too_slow", "what was told was not read in time");
            close_when_written(connection);
            return;
        }
        output += line;
        write(connection);
    }

    void write(const ConnectionPtr& connection) {
        auto& output = connection->output;
        while (connection->open && !connection->writing && connection->written < output.size()) {
            error_code error;
            const auto size =
                connection->socket.write_some(asio::buffer(output.data() + connection->written,
                                                           output.size() - connection->written),
                                              error);
            connection->written += size;
            if (error == asio::error::would_block) {
                write_when_ready(connection);
            } else if (error) {
                close(connection);
            }
        }
        if (connection->writing) return;
        output.clear();
        connection->written = 0;
        if (connection->last) close(connection);
    }

    void write_when_ready(const ConnectionPtr& connection) {
        // What was taken is not kept: the buffer stays as small as what waits.
        connection->output.erase(0, std::exchange(connection->written, 0));
        connection->writing = true;
        connection->stuck.expires_after(stuck_after);
        connection->stuck.async_wait([self = shared_from_this(), connection](error_code error) {
            if (!error) self->close(connection);
        });
        connection->socket.async_wait(stream_protocol::socket::wait_write,
                                      [self = shared_from_this(), connection](error_code error) {
                                          connection->writing = false;
                                          connection->stuck.cancel();
                                          if (!error) self->write(connection);
                                      });
    }

    void close_when_written(const ConnectionPtr& connection) {
        connection->last = true;
        connection->doing = Doing::nothing;
        write(connection);
    }

    void close(const ConnectionPtr& connection) {
        if (!std::exchange(connection->open, false)) return;
        error_code ignored;
        connection->stuck.cancel();
        connection->socket.close(ignored);
        for (const auto& [id, place] : connection->asked)
            waiting_.erase(id);
        connections_.erase(connection);
    }

    asio::io_context& io_;
    std::filesystem::path path_;
    const sessions::Hub& hub_;
    Hooks hooks_;
    stream_protocol::acceptor acceptor_;
    asio::steady_timer pause_;
    std::set<ConnectionPtr> connections_;
    std::map<sessions::AskId, ConnectionPtr> waiting_;  // who waits for which answer
    std::array<char, 16 << 10> chunk_;                  // what is read is handed on at once
    std::vector<std::pair<sessions::AskId, engine::Answer>> early_;  // that came while asking_
    bool asking_ = false;
    bool backing_up_ = false;
    bool rebuilding_ = false;
    bool stopping_ = false;
};

Server::Server(asio::io_context& io, const std::filesystem::path& path, const sessions::Hub& hub,
               Hooks hooks)
    : impl_{std::make_shared<Impl>(io, path, hub, std::move(hooks))} {
    impl_->listen();
}

Server::~Server() {
    impl_->stop();
}

void Server::answered(sessions::AskId asked, const engine::Answer& answer) {
    impl_->answered(asked, answer);
}

void Server::durable(const sessions::Durable& durable) {
    impl_->durable(durable);
}

void Server::stop() {
    impl_->stop();
}

}  // namespace antrean::console
