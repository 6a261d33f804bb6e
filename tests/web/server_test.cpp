#include "controller/web/server.hpp"

#include "controller/web/routes.hpp"
#include "tests/catch.hpp"
#include "tests/web/http_client.hpp"
#include "tests/web/running_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

using namespace antrean::web;
using namespace antrean::web::test;
using namespace std::string_literals;

TEST_CASE("each route answers with its type and the security headers", "[web][server][F28]") {
    struct Row {
        const char* target;
        unsigned status;
        const char* type;
        const char* in_body;
    };
    const auto row =
        GENERATE(Row{"/board", 200, "text/html; charset=utf-8", "<html lang=\"id\""},
                 Row{"/board?hall=1", 200, "text/html; charset=utf-8", "board.js"},
                 Row{"/board.css", 200, "text/css; charset=utf-8", "{"},
                 Row{"/board.js", 200, "text/javascript; charset=utf-8", "EventSource"},
                 Row{"/", 302, "text/plain; charset=utf-8", "/board"},
                 Row{"/board/", 404, "text/plain; charset=utf-8", "404"},
                 Row{"/../etc/passwd", 404, "text/plain; charset=utf-8", "404"},
                 Row{"*", 404, "text/plain; charset=utf-8", "404"});
    INFO(row.target);
    RunningServer server;
    Client client{server.port()};
    client.get(row.target);
    const Reply reply = client.read_reply();
    CHECK(reply.status == row.status);
    CHECK(reply.field("Content-Type") == row.type);
    CHECK(reply.body.find(row.in_body) != std::string::npos);
    CHECK(reply.field("Content-Security-Policy") == content_security_policy);
    CHECK(reply.field("X-Content-Type-Options") == "nosniff");
    CHECK(reply.field("Referrer-Policy") == "no-referrer");
    CHECK(reply.field("Location") == (row.status == 302 ? "/board" : ""));
}

TEST_CASE("a connection serves one request after the other", "[web][server]") {
    RunningServer server;
    Client client{server.port()};
    client.get("/board");
    CHECK(client.read_reply().status == 200);
    client.get("/nothing");
    CHECK(client.read_reply().status == 404);
    client.send("GET /board.css HTTP/1.1\r\nHost: a\r\n\r\nGET /board HTTP/1.0\r\n\r\n");
    CHECK(client.read_reply().status == 200);
    CHECK(client.read_reply().status == 200);
    CHECK(client.read_all().empty());  // a request of HTTP/1.0 is the last
}

TEST_CASE("a HEAD gets the header alone", "[web][server]") {
    RunningServer server;
    Client client{server.port()};
    client.send("HEAD /board HTTP/1.1\r\nHost: board\r\n\r\n");
    const Reply head = client.read_reply(false);
    CHECK(head.status == 200);
    client.get("/board");
    const Reply page = client.read_reply();
    CHECK(head.field("Content-Length") == std::to_string(page.body.size()));

    client.send("HEAD /board/events HTTP/1.1\r\nHost: board\r\n\r\n");
    CHECK(client.read_reply(false).field("Content-Type") == "text/event-stream");
    CHECK(client.read_all().empty());
}

TEST_CASE("other methods are refused, with a body or without", "[web][server]") {
    const auto request = GENERATE("DELETE /board HTTP/1.1\r\nHost: board\r\n\r\n",
                                  "POST /board HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody",
                                  "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                                  "PATCH /board HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n",
                                  "BREW /coffee HTTP/1.1\r\nHost: board\r\n\r\n");
    INFO(request);
    RunningServer server;
    Client client{server.port()};
    client.send(request);
    const Reply reply = client.read_reply();
    CHECK(reply.status == 405);
    CHECK(reply.field("Allow") == "GET, HEAD");
}

TEST_CASE("what is not HTTP is refused and closed", "[web][server]") {
    const auto bytes =
        GENERATE("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting"s,
                 std::string{"\r\n\r\n\r\n\r\nx\r\n\r\n"}, std::string{"GET\r\n\r\n"},
                 std::string{"GET /board FTP/1.1\r\n\r\n"},
                 std::string{"GET /board HTTP/1.1\r\nno colon\r\n\r\n"}, std::string(4096, '\0'));
    RunningServer server;
    Client client{server.port()};
    client.send(bytes);
    const Reply reply = client.read_reply();
    CHECK(reply.status == 400);
    CHECK(reply.field("Connection") == "close");
    CHECK(client.read_all().empty());
    Client other{server.port()};
    other.get("/board");
    CHECK(other.read_reply().status == 200);
}

TEST_CASE("a request header of more than 8 KiB is refused", "[web][server][R13]") {
    RunningServer server;
    Client small{server.port()};
    small.send("GET /board HTTP/1.1\r\nX-Long: " + std::string(7 * 1024, 'a') + "\r\n\r\n");
    CHECK(small.read_reply().status == 200);
    const std::size_t size = GENERATE(9 * 1024, 20 * 1024, 60 * 1024);
    Client large{server.port()};
    large.send("GET /board HTTP/1.1\r\nX-Long: " + std::string(size, 'a') + "\r\n\r\n");
    CHECK(large.read_reply().status == 431);
    CHECK(large.read_all().empty());
}

TEST_CASE("who does not finish a request in time is closed", "[web][server][R13][F16]") {
    Config config;
    config.request_within = std::chrono::milliseconds{100};
    RunningServer server{config};
    Client silent{server.port()};
    Client half{server.port()};
    half.send("GET /board HTTP/1.1\r\nHost:");
    CHECK(silent.read_all().empty());
    CHECK(half.read_all().empty());
    // On a slow machine even an honest request may come too late: ask until one is answered.
    for (bool answered = false; !answered;) {
        Client idle{server.port()};
        idle.get("/board");
        answered = idle.read_reply().status == 200;
        CHECK(idle.read_all().empty());
    }
}

TEST_CASE("a connection over the limit is told so, and let in once there is room",
          "[web][server][R13][F17]") {
    Config config;
    config.max_connections = 2;
    RunningServer server{config};
    Client first{server.port()};
    first.get("/board/events");
    CHECK(first.read_reply(false).status == 200);
    {
        Client second{server.port()};
        second.get("/board/events");
        CHECK(second.read_reply(false).status == 200);
        Client third{server.port()};
        third.get("/board/events");
        const Reply reply = third.read_reply();
        CHECK(reply.status == 503);
        CHECK(reply.field("Retry-After") == "5");
        CHECK(third.read_all().empty());
    }
    server.wait_for_connections(1);  // a board that leaves gives its place back at once
    Client fourth{server.port()};
    fourth.get("/board");
    CHECK(fourth.read_reply().status == 200);
}

TEST_CASE("a flood of connections is bounded", "[web][server][R13][F17]") {
    Config config;
    config.max_connections = 2;
    RunningServer server{config};
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 200; ++i)
        clients.push_back(std::make_unique<Client>(server.port()));
    CHECK(clients.back()->read_all().empty());
    CHECK(server.on_thread([](Server& s) { return s.connections(); }) <= 2 + 16);
}

TEST_CASE("a port in use, or an address of another machine, is an error at start-up",
          "[web][server]") {
    RunningServer server;
    boost::asio::io_context context;
    CHECK_THROWS_AS((Server{context, Config{"127.0.0.1", server.port()}}),
                    boost::system::system_error);
    CHECK_THROWS_AS((Server{context, Config{"192.0.2.1", 0}}), boost::system::system_error);
    CHECK_THROWS_AS((Server{context, Config{"loket", 0}}), boost::system::system_error);
}

TEST_CASE("a stopped server closes what is open and listens no more", "[web][server]") {
    RunningServer server;
    Client board{server.port()};
    board.get("/board/events");
    CHECK(board.read_reply(false).status == 200);
    server.on_thread([](Server& s) { s.stop(); });
    board.read_all();
    server.wait_for_connections(0);
    CHECK_THROWS_AS(Client{server.port()}, std::system_error);
    server.publish(BoardView{});
}

TEST_CASE("a text that is served beside the board is made at each request", "[web][server]") {
    RunningServer server;
    server.on_thread([](Server& s) {
        s.serve_text("/count", "text/x-count", [n = 0]() mutable {
            ++n;
            return Server::Text{n == 1 ? 200u : 503u, "count " + std::to_string(n) + "\n"};
        });
        s.serve_text("/board", "text/plain", [] { return Server::Text{200, "hidden"}; });
    });
    Client client{server.port()};
    client.get("/count?now=1");
    const Reply first = client.read_reply();
    CHECK(first.status == 200);
    CHECK(first.field("Content-Type") == "text/x-count");
    CHECK(first.field("X-Content-Type-Options") == "nosniff");
    CHECK(first.body == "count 1\n");
    client.get("/count");
    const Reply second = client.read_reply();
    CHECK(second.status == 503);
    CHECK(second.body == "count 2\n");
    client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    CHECK(client.read_reply().status == 405);
    client.get("/board");  // the board's own pages are never hidden
    CHECK(client.read_reply().body != "hidden");
}
