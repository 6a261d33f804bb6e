// The stream of views to a board, over real sockets.
#include "controller/web/routes.hpp"
#include "controller/web/server.hpp"
#include "tests/catch.hpp"
#include "tests/web/http_client.hpp"
#include "tests/web/running_server.hpp"

#include <boost/json.hpp>

using namespace antrean::web;
using namespace antrean::web::test;

namespace {

BoardView view_of(std::uint64_t version) {
    BoardView view;
    view.version = version;
    return view;
}

// A view of about 50 KB, so that a few of them fill what the kernel holds.
BoardView large_view(std::uint64_t version) {
    BoardView view = view_of(version);
    for (std::size_t i = 0; i < max_agencies; ++i) {
        view.waiting.push_back({std::string(200, 'x'), 1, ""});
    }
    return view;
}

std::uint64_t version_of(const Event& event) {
    return boost::json::parse(event.data).at("version").to_number<std::uint64_t>();
}

// The next event of that name; REQUIREs that the stream has one.
Event next(Client& client, std::string_view name) {
    for (;;) {
        const auto event = client.read_event();
        REQUIRE(event);
        if (event->name == name) return *event;
    }
}

void open_stream(Client& client) {
    client.get("/board/events");
    const Reply reply = client.read_reply(false);
    REQUIRE(reply.status == 200);
    REQUIRE(reply.field("Content-Type") == "text/event-stream");
    REQUIRE(reply.field("Connection") == "close");
    REQUIRE(reply.field("Content-Length").empty());
}

}  // namespace

TEST_CASE("a stream begins with the page's version and the view of the moment", "[web][stream]") {
    RunningServer server;
    server.publish(view_of(41));
    Client client{server.port()};
    open_stream(client);
    const auto page = client.read_event();
    REQUIRE(page);
    CHECK(page->name == "page");
    CHECK(page->data == page_version());
    const auto view = client.read_event();
    REQUIRE(view);
    CHECK(view->name == "view");
    CHECK(view->data == to_json(view_of(41)));
}

TEST_CASE("a board that is early gets the first view when there is one", "[web][stream]") {
    RunningServer server;
    Client client{server.port()};
    open_stream(client);
    CHECK(next(client, "page").data == page_version());
    server.publish(view_of(1));
    CHECK(version_of(next(client, "view")) == 1);
}

TEST_CASE("each new view reaches every board", "[web][stream]") {
    RunningServer server;
    server.publish(view_of(1));
    Client one{server.port()};
    Client two{server.port()};
    open_stream(one);
    open_stream(two);
    for (std::uint64_t version = 2; version <= 4; ++version) {
        server.publish(view_of(version));
        // Each is awaited before the next is published, so none of them may be skipped.
        while (version_of(next(one, "view")) != version) {
        }
        while (version_of(next(two, "view")) != version) {
        }
    }
    SUCCEED("every view came");
}

TEST_CASE("a burst of views is one push or two, the last of them the newest", "[web][stream]") {
    RunningServer server;
    server.publish(view_of(1));
    Client client{server.port()};
    open_stream(client);
    CHECK(version_of(next(client, "view")) == 1);
    server.on_thread([](Server& s) {
        for (std::uint64_t version = 2; version <= 1000; ++version)
            s.publish(view_of(version));
    });
    int pushes = 1;
    while (version_of(next(client, "view")) != 1000)
        ++pushes;
    CHECK(pushes <= 2);
}

TEST_CASE("a quiet stream beats", "[web][stream]") {
    Config config;
    config.beat_interval = std::chrono::milliseconds{20};
    RunningServer server{config};
    server.publish(view_of(1));
    Client client{server.port()};
    open_stream(client);
    next(client, "view");
    for (int i = 0; i < 3; ++i)
        CHECK(next(client, "beat").name == "beat");
    server.publish(view_of(2));
    CHECK(version_of(next(client, "view")) == 2);
}

TEST_CASE("a slow reader gets the newest view and no backlog", "[web][stream][R13][F16]") {
    Config config;
    config.push_interval = std::chrono::milliseconds{0};
    config.stuck_after = std::chrono::hours{1};
    RunningServer server{config};
    Client slow{server.port(), 4096};
    open_stream(slow);
    Client quick{server.port()};
    open_stream(quick);

    // The quick reader takes every view and proves that each was pushed while the slow one slept.
    constexpr std::uint64_t last = 300;
    for (std::uint64_t version = 1; version <= last; ++version) {
        server.publish(large_view(version));
        while (version_of(next(quick, "view")) != version) {
        }
    }
    std::uint64_t views = 1;
    while (version_of(next(slow, "view")) != last)
        ++views;
    CHECK(views <= 10);  // what the kernel holds, one under way, and the newest
}

TEST_CASE("a reader that stays stuck is dropped, and the others never notice",
          "[web][stream][R13][F16]") {
    Config config;
    config.push_interval = std::chrono::milliseconds{0};
    config.stuck_after = std::chrono::milliseconds{300};
    RunningServer server{config};
    Client stuck{server.port(), 4096};
    open_stream(stuck);
    Client quick{server.port()};
    open_stream(quick);
    server.wait_for_connections(2);

    std::uint64_t version = 0;
    while (server.on_thread([](Server& s) { return s.connections(); }) == 2) {
        server.publish(large_view(++version));
        while (version_of(next(quick, "view")) != version) {
        }
    }
    server.publish(view_of(++version));
    CHECK(version_of(next(quick, "view")) == version);
    CHECK(server.on_thread([](Server& s) { return s.connections(); }) == 1);
}

TEST_CASE("a stream whose client goes on talking is closed", "[web][stream]") {
    RunningServer server;
    Client client{server.port()};
    open_stream(client);
    next(client, "page");
    client.get("/board");
    CHECK(client.read_all().find("200 OK") == std::string::npos);
    server.wait_for_connections(0);
}
