#include "controller/web/server.hpp"

#include "controller/web/feed.hpp"
#include "controller/web/routes.hpp"

#include <array>
#include <exception>
#include <map>
#include <unordered_set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace antrean::web {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::uint32_t header_limit_bytes = 8 * 1024;
// A request and the start of the next one.
constexpr std::size_t read_buffer_bytes = 2 * header_limit_bytes;
// What the kernel holds for one stream is part of how stale a slow board can get: the default
// would grow to megabytes, hundreds of views.
constexpr int stream_send_buffer_bytes = 64 * 1024;
// Connections over the limit that are told so; the ones beyond are closed without a word.
constexpr std::size_t max_refusals = 16;
constexpr std::chrono::milliseconds linger_within{1000};
constexpr std::size_t linger_bytes = 64 * 1024;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

using Response = http::response<http::span_body<const char>>;

Response make_response(const Answer& answer, unsigned version, bool keep_alive) {
    Response response{static_cast<http::status>(answer.status), version};
    response.set(http::field::content_type, answer.content_type);
    response.set(http::field::cache_control, "no-cache");
    response.set("Content-Security-Policy", content_security_policy);
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    if (answer.status == 405) response.set(http::field::allow, "GET, HEAD");
    if (answer.status == 503) response.set(http::field::retry_after, "5");
    if (!answer.location.empty()) response.set(http::field::location, answer.location);
    response.keep_alive(keep_alive);
    if (!answer.event_stream) {
        response.body() = {answer.body.data(), answer.body.size()};
        response.prepare_payload();
    }
    return response;
}

Method method_of(http::verb verb) {
    if (verb == http::verb::get) return Method::get;
    if (verb == http::verb::head) return Method::head;
    return Method::other;
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Impl> {
    // One connection. Lives as long as one of its coroutines does, and is in `sessions` as long.
    struct Session {
        Session(std::shared_ptr<Impl> owner, tcp::socket socket, bool over_limit)
            : impl{std::move(owner)},
              stream{std::move(socket)},
              wake{impl->context},
              refused{over_limit} {
            impl->sessions.insert(this);
        }
        ~Session() { impl->sessions.erase(this); }
        Session(const Session&) = delete;
        Session& operator=(const Session&) = delete;

        void close() {
            closed = true;
            stream.close();
            wake.cancel();
        }

        std::shared_ptr<Impl> impl;
        beast::tcp_stream stream;
        beast::flat_buffer buffer{read_buffer_bytes};
        asio::steady_timer wake;  // cancelled when there is a new frame
        bool refused;
        bool closed = false;
    };

    Impl(asio::io_context& context_, Config config_)
        : context{context_},
          config{std::move(config_)},
          acceptor{context},
          accept_pause{context},
          push_timer{context},
          feed{config.push_interval},
          greeting{"retry: 1000\nevent: page\ndata: " + page_version() + "\n\n"} {
        const tcp::endpoint endpoint{asio::ip::make_address(config.address), config.port};
        acceptor.open(endpoint.protocol());
        // A restart must not wait for the old connections to leave TIME_WAIT; a port that another
        // program listens on stays refused.
        acceptor.set_option(asio::socket_base::reuse_address{true});
        acceptor.bind(endpoint);
        acceptor.listen();
        port = acceptor.local_endpoint().port();
    }

    void start() { spawn(accept_all(shared_from_this())); }

    // Failures that are to be expected are values in the coroutines; what arrives here as an
    // exception (no memory, say) ends the one coroutine and closes what it held.
    void spawn(asio::awaitable<void> task) {
        asio::co_spawn(context, std::move(task), [](std::exception_ptr) {});
    }

    void publish(Feed::Source source) {
        if (stopped) return;
        feed.publish(std::move(source));
        pump();
    }

    void pump() {
        if (feed.advance(std::chrono::steady_clock::now())) {
            for (Session* session : sessions)
                session->wake.cancel();
        }
        const auto due = feed.due();
        if (!due || push_armed) return;
        push_armed = true;
        push_timer.expires_at(*due);
        push_timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
            self->push_armed = false;
            if (!error) self->pump();
        });
    }

    void stop() {
        stopped = true;
        boost::system::error_code ignored;
        acceptor.close(ignored);
        accept_pause.cancel();
        push_timer.cancel();
        for (Session* session : sessions)
            session->close();
    }

    // MADE holds the body where it is not of the program itself.
    Answer answer_to(Method method, std::string_view target, std::string& made) const {
        const auto answer = answer_for(method, target);
        if (answer.status != 404) return answer;
        const auto it = texts.find(target.substr(0, target.find('?')));
        if (it == texts.end()) return answer;
        auto text = it->second.source();
        made = std::move(text.body);
        return {text.status, it->second.content_type, made};
    }

    static asio::awaitable<void> accept_all(std::shared_ptr<Impl> self);
    static asio::awaitable<void> serve(std::shared_ptr<Session> session);
    static asio::awaitable<bool> answer(Session& session, Answer answer, Method method,
                                        unsigned version, bool keep_alive);
    static asio::awaitable<void> stream_views(Session& session);
    static asio::awaitable<void> watch_peer(std::shared_ptr<Session> session);
    static asio::awaitable<void> linger(Session& session);

    struct TextSource {
        std::string content_type;
        std::function<Text()> source;
    };

    asio::io_context& context;
    Config config;
    tcp::acceptor acceptor;
    asio::steady_timer accept_pause;
    asio::steady_timer push_timer;
    Feed feed;
    std::string greeting;  // what every stream begins with
    std::uint16_t port = 0;
    bool push_armed = false;
    bool stopped = false;
    std::unordered_set<Session*> sessions;
    std::map<std::string, TextSource, std::less<>> texts;  // by path
};

asio::awaitable<void> Server::Impl::accept_all(std::shared_ptr<Impl> self) {
    while (!self->stopped) {
        auto [error, socket] = co_await self->acceptor.async_accept(as_result);
        if (self->stopped) co_return;
        if (error) {
            // Out of descriptors, or the peer has gone again. Trying at once would spin.
            self->accept_pause.expires_after(std::chrono::milliseconds{100});
            co_await self->accept_pause.async_wait(as_result);
            continue;
        }
        const std::size_t open = self->sessions.size();
        if (open >= self->config.max_connections + max_refusals) continue;
        const bool refused = open >= self->config.max_connections;
        auto session = std::make_shared<Session>(self, std::move(socket), refused);
        boost::system::error_code ignored;
        session->stream.socket().set_option(tcp::no_delay{true}, ignored);
        self->spawn(serve(std::move(session)));
    }
}

// Requests of one connection, one after the other, until a side wants no more.
asio::awaitable<void> Server::Impl::serve(std::shared_ptr<Session> session) {
    const Config& config = session->impl->config;
    bool keep_alive = true;
    while (keep_alive && !session->closed) {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(header_limit_bytes);
        parser.body_limit(boost::none);  // no body is read, so none is too long
        session->stream.expires_after(config.request_within);
        auto [error, size] =
            co_await http::async_read_header(session->stream, session->buffer, parser, as_result);
        Answer reply;
        std::string made;  // what REPLY shows, where it is made for this request
        Method method = Method::get;
        unsigned version = 11;
        if (!error) {
            const auto& request = parser.get();
            method = method_of(request.method());
            version = request.version();
            // The Host header is not judged: what is served is public and the same for all.
            reply = session->impl->answer_to(
                method, {request.target().data(), request.target().size()}, made);
            // A body is of no use here and is not read, so nothing after it can be either.
            keep_alive = request.keep_alive() && parser.is_done() && !reply.event_stream;
        } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
            reply = refusal(431);
        } else if (error != http::error::end_of_stream && error != http::error::partial_message &&
                   error.category() == http::make_error_code(http::error::bad_version).category()) {
            reply = refusal(400);
        } else {
            co_return;  // gone, or too slow
        }
        if (error) keep_alive = false;
        if (session->refused) {
            reply = refusal(503);
            keep_alive = false;
        }

        session->stream.expires_after(config.stuck_after);
        const bool sent = co_await answer(*session, reply, method, version, keep_alive);
        if (!sent) co_return;
        if (reply.event_stream && method == Method::get) {
            session->stream.expires_never();
            session->impl->spawn(watch_peer(session));
            co_await stream_views(*session);
            session->close();
            co_return;
        }
    }
    if (!session->closed) co_await linger(*session);
}

// True when the whole of it went out.
asio::awaitable<bool> Server::Impl::answer(Session& session, Answer answer, Method method,
                                           unsigned version, bool keep_alive) {
    const Response response = make_response(answer, version, keep_alive);
    http::response_serializer<http::span_body<const char>> serializer{response};
    // Split, the serializer stops behind the header: that is all a HEAD gets, and what a stream
    // begins with.
    const bool header_only = method == Method::head || answer.event_stream;
    serializer.split(header_only);
    if (header_only) {
        auto [error, size] =
            co_await http::async_write_header(session.stream, serializer, as_result);
        co_return !error;
    }
    auto [error, size] = co_await http::async_write(session.stream, serializer, as_result);
    co_return !error;
}

// Sends the newest frame that this stream has not had, or a beat when there is none. One write at
// a time: while the peer takes nothing, the feed moves on and this stream holds one old frame.
asio::awaitable<void> Server::Impl::stream_views(Session& session) {
    const Impl& impl = *session.impl;
    tcp::socket& socket = session.stream.socket();
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::send_buffer_size{stream_send_buffer_bytes}, ignored);
    // A board whose cable is pulled sends no goodbye, and beats would fill the kernel's buffer for
    // hours: let the kernel give up on bytes that nobody acknowledges.
    const int unacknowledged_ms = static_cast<int>(impl.config.stuck_after.count());
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms,
                 sizeof unacknowledged_ms);

    static const auto beat = std::make_shared<const std::string>("event: beat\ndata: 1\n\n");
    auto frame = std::make_shared<const std::string>(impl.greeting);
    std::uint64_t sent_sequence = 0;
    auto beat_due = std::chrono::steady_clock::now() + impl.config.beat_interval;
    while (!session.closed) {
        if (frame) {
            session.stream.expires_after(impl.config.stuck_after);
            const auto bytes = asio::buffer(*frame);
            auto [error, size] = co_await asio::async_write(session.stream, bytes, as_result);
            if (error) co_return;
            frame.reset();
            beat_due = std::chrono::steady_clock::now() + impl.config.beat_interval;
        }
        if (sent_sequence != impl.feed.sequence()) {
            sent_sequence = impl.feed.sequence();
            frame = impl.feed.frame();
        } else if (std::chrono::steady_clock::now() >= beat_due) {
            frame = beat;
        } else {
            session.wake.expires_at(beat_due);
            co_await session.wake.async_wait(as_result);
        }
    }
}

// A board that leaves says so on the other direction: without listening there, its place would
// stay taken until a later write fails. A client that still talks is not a board, and is closed.
asio::awaitable<void> Server::Impl::watch_peer(std::shared_ptr<Session> session) {
    std::array<char, 1> byte{};
    const auto bytes = asio::buffer(byte);
    co_await session->stream.async_read_some(bytes, as_result);
    session->close();
}

// Closing a socket with unread bytes resets the connection, and the peer may lose the answer that
// tells it what was wrong. So say goodbye, and take a little of what still comes.
asio::awaitable<void> Server::Impl::linger(Session& session) {
    boost::system::error_code ignored;
    session.stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    session.stream.expires_after(linger_within);
    std::array<char, 1024> bytes{};
    const auto buffer = asio::buffer(bytes);
    for (std::size_t total = 0; total < linger_bytes;) {
        auto [error, size] = co_await session.stream.async_read_some(buffer, as_result);
        if (error) co_return;
        total += size;
    }
}

Server::Server(asio::io_context& context, Config config)
    : impl_{std::make_shared<Impl>(context, std::move(config))} {
    impl_->start();
}

Server::~Server() {
    impl_->stop();
}

void Server::publish(BoardView view) {
    publish([view = std::move(view)] { return view; });
}

void Server::publish(std::function<BoardView()> source) {
    impl_->publish(std::move(source));
}

void Server::serve_text(std::string path, std::string content_type, std::function<Text()> source) {
    impl_->texts.insert_or_assign(std::move(path),
                                  Impl::TextSource{std::move(content_type), std::move(source)});
}

std::uint16_t Server::port() const {
    return impl_->port;
}

std::size_t Server::connections() const {
    return impl_->sessions.size();
}

void Server::stop() {
    impl_->stop();
}

}  // namespace antrean::web
