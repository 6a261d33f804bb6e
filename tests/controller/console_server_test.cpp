#include "controller/console/server.hpp"
#include "tests/controller/console_bench.hpp"
#include "tests/files.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <sys/stat.h>

using namespace antrean;
using namespace antrean::console;
using namespace antrean::console::bench;
using Catch::Contains;
using Catch::StartsWith;
namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

// A console and its hub. The hub's answers and events reach the console when settle() is called.
struct World {
    tests::Folder folder;
    std::string path = folder / "console.sock";
    Bench bench;
    asio::io_context io;
    std::vector<std::string> notes;
    News reloaded = Done{"12 services"};
    bool disk_is_quick = false;  // an ask is durable and answered before it returns
    OnNews backup;
    std::string backup_file;
    std::optional<Server> server;

    World() {
        bench.hub.keep_durable();
        Hooks hooks;
        hooks.ask = [this](engine::Action action, CounterId counter) {
            const auto asked = bench.hub.ask(std::move(action), counter, bench.moment());
            if (disk_is_quick) settle();
            return asked;
        };
        hooks.now = [this] { return bench.moment(); };
        hooks.vitals = [] { return Vitals{}; };
        hooks.reload = [this] { return reloaded; };
        hooks.backup = [this](const std::string& file, OnNews on_news) {
            backup_file = file;
            backup = std::move(on_news);
        };
        hooks.note = [this](const std::string& text) { notes.push_back(text); };
        server.emplace(io, path, bench.hub, std::move(hooks));
    }
    ~World() {
        server.reset();
        io.poll();
    }
    void settle() {
        bench.commit();
        for (const auto& [asked, answer] : bench.hub.take_operator_answers())
            server->answered(asked, answer);
        for (const auto& durable : bench.hub.take_durable())
            server->durable(durable);
    }
};

// A client of its own; while it waits, the server works. The test's time limit ends a hang.
class Client {
public:
    explicit Client(World& world) : world_{world}, socket_{client_io_} {
        socket_.connect(stream_protocol::endpoint{world.path});
        socket_.non_blocking(true);
    }
    void send(const std::string& text) {
        boost::system::error_code ignored;
        asio::write(socket_, asio::buffer(text), ignored);
        world_.io.restart();
        world_.io.poll();
    }
    void ask(const std::string& object) { send(object + "\n"); }
    // The next line; empty at the end of the connection.
    std::string line() {
        for (;;) {
            if (const auto end = received_.find('\n'); end != std::string::npos) {
                auto line = received_.substr(0, end);
                received_.erase(0, end + 1);
                return line;
            }
            if (!read()) return {};
        }
    }
    // The last of the lines up to the end of the connection.
    std::string last_line() {
        while (read()) {
        }
        const auto before = received_.rfind('\n', received_.size() - 2);
        return received_.substr(before == std::string::npos ? 0 : before + 1);
    }
    bool is_quiet() {
        world_.io.restart();
        world_.io.poll();
        char byte;
        boost::system::error_code error;
        socket_.read_some(asio::buffer(&byte, 1), error);
        return error == asio::error::would_block && received_.empty();
    }
    void end_of_requests() { socket_.shutdown(stream_protocol::socket::shutdown_send); }

private:
    bool read() {
        for (;;) {
            world_.io.restart();
            world_.io.poll();
            char chunk[4096];
            boost::system::error_code error;
            const auto size = socket_.read_some(asio::buffer(chunk), error);
            received_.append(chunk, size);
            if (!error) return true;
            if (error != asio::error::would_block) return false;
            std::this_thread::yield();
        }
    }

    World& world_;
    asio::io_context client_io_;
    stream_protocol::socket socket_;
    std::string received_;
};

const std::string done = R"({"ok":true})";

}  // namespace

TEST_CASE("requests of a connection are answered in their order", "[console][server]") {
    World world;
    Client client{world};
    client.send("{\"do\":\"status\"}\n{\"do\":\"dance\"}\n{\"do\":\"alar");
    CHECK_THAT(client.line(), StartsWith(R"({"ok":true,"status":)"));
    CHECK_THAT(client.line(), StartsWith(R"({"ok":false,"error":"bad_request")"));
    client.send("ms\"}\n");
    CHECK(client.line() == R"({"ok":true,"alarms":[]})");
}

TEST_CASE("what the engine decides is answered once it is durable", "[console][server][R4]") {
    World world;
    world.bench.issue();
    Client client{world};
    client.send(
        "{\"do\":\"call\",\"counter\":\"loket-1\"}\n{\"do\":\"finish\",\"counter\":\"loket-1\"}\n");
    CHECK(client.is_quiet());
    world.settle();  // the call; the finish is asked for now, of whom that call has brought
    CHECK_THAT(client.line(), StartsWith(R"({"ok":true,"ticket":)") && Contains("A-001"));
    world.settle();
    CHECK(client.line() == done);
    CHECK(world.bench.hub.hall().tickets().empty());
    REQUIRE(world.notes.size() == 2);
    CHECK_THAT(world.notes[0], Contains("uid ") && Contains("call_next at loket-1"));
}

TEST_CASE("an answer may come before the asking has ended", "[console][server]") {
    World world;
    world.disk_is_quick = true;
    Client client{world};
    client.send("{\"do\":\"pause\",\"agency\":\"dukcapil\"}\n{\"do\":\"close-day\"}\n");
    CHECK_THAT(client.line(), Contains(R"({"ok":true,"service":"kk"})"));
    CHECK(client.line() == done);
}

TEST_CASE("an agency's services are paused by one request", "[console][server]") {
    World world;
    Client client{world};
    client.ask(R"({"do":"pause","agency":"dukcapil","reason":"padam"})");
    world.settle();
    CHECK_THAT(client.line(), Contains(R"("ok":true,"services":[{"ok":true,"service":"ktp"})"));
    CHECK(world.bench.hub.engine().offer(id<ServiceId>("kk"), world.bench.moment().now).refusal ==
          engine::Refusal::paused);
}

TEST_CASE("who has left before the answer is missed by nobody", "[console][server]") {
    World world;
    {
        Client client{world};
        client.ask(R"({"do":"close-day"})");
    }
    world.settle();
    Client other{world};
    other.ask(R"({"do":"reopen-day"})");
    world.settle();
    CHECK(other.line() == done);
}

TEST_CASE("a tail gets every event from then on", "[console][server]") {
    World world;
    world.bench.issue();
    world.settle();
    Client tail{world};
    tail.ask(R"({"do":"tail"})");
    const auto next = world.bench.hub.stats().journal_seq + 1;
    CHECK(tail.line() == "{\"tail\":{\"next_seq\":" + std::to_string(next) + "}}");
    Client client{world};
    client.ask(R"({"do":"call","counter":"loket-1"})");
    world.settle();
    CHECK_THAT(tail.line(), StartsWith("{\"event\":{\"seq\":" + std::to_string(next)) &&
                                Contains(R"("kind":"called")") &&
                                Contains(R"("device":"operator")"));
    CHECK(tail.is_quiet());
    tail.end_of_requests();
    CHECK(tail.line().empty());
}

TEST_CASE("a tail that is not read is cut, and says so", "[console][server][R13]") {
    World world;
    Client tail{world};
    tail.ask(R"({"do":"tail"})");
    CHECK_THAT(tail.line(), StartsWith(R"({"tail":)"));
    const sessions::Durable batch{
        1, std::vector<engine::Event>(100, {world.bench.moment().now, engine::SiteChanged{"v"}})};
    // Far more than the limit and all that the kernel may hold.
    for (int i = 0; i < 1000; ++i)
        world.server->durable(batch);
    CHECK_THAT(tail.last_line(), StartsWith(R"({"ok":false,"error":"too_slow")"));
    Client other{world};
    other.ask(R"({"do":"alarms"})");
    CHECK_THAT(other.line(), StartsWith(R"({"ok":true)"));
}

TEST_CASE("a line without an end is refused", "[console][server][R13]") {
    World world;
    Client client{world};
    client.send(std::string(65 << 10, 'x'));
    CHECK_THAT(client.last_line(), StartsWith(R"({"ok":false,"error":"line_too_long")"));
}

TEST_CASE("who says that no more requests come gets the answers to those that came",
          "[console][server]") {
    World world;
    Client client{world};
    client.ask(R"({"do":"close-day"})");
    client.end_of_requests();
    world.io.restart();
    world.io.poll();
    world.settle();
    CHECK(client.line() == done);
    CHECK(client.line().empty());
}

TEST_CASE("connections over the limit are told so, and let in once there is room",
          "[console][server][R13]") {
    World world;
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < max_connections; ++i) {
        clients.push_back(std::make_unique<Client>(world));
        clients.back()->ask(R"({"do":"alarms"})");
        CHECK_THAT(clients.back()->line(), StartsWith(R"({"ok":true)"));
    }
    CHECK_THAT(Client{world}.last_line(),
               StartsWith(R"({"ok":false,"error":"too_many_connections")"));
    clients.pop_back();
    world.io.restart();
    world.io.poll();
    Client next{world};
    next.ask(R"({"do":"alarms"})");
    CHECK_THAT(next.line(), StartsWith(R"({"ok":true)"));
}

TEST_CASE("a backup tells how it goes, and there is one at a time", "[console][server]") {
    World world;
    Client client{world};
    client.ask(R"({"do":"backup","file":"/b.journal"})");
    REQUIRE(world.backup);
    CHECK(world.backup_file == "/b.journal");
    Client other{world};
    other.ask(R"({"do":"backup","file":"/c.journal"})");
    CHECK_THAT(other.line(), Contains(R"("error":"busy")"));
    world.backup(Progress{1, 2});
    CHECK(client.line() == R"({"progress":{"done":1,"of":2}})");
    world.backup(Done{"2 pages"});
    CHECK(client.line() == R"({"ok":true,"text":"2 pages"})");

    other.ask(R"({"do":"backup","file":"/c.journal"})");
    CHECK(world.backup_file == "/c.journal");
    world.backup(Failed{"no room"});
    CHECK(other.line() == R"({"ok":false,"error":"failed","text":"no room"})");
}

TEST_CASE("work that outlives the console, or who asked, harms nothing", "[console][server]") {
    World world;
    std::optional<Client> client{world};
    client->ask(R"({"do":"backup","file":"/b.journal"})");
    client.reset();
    world.backup(Done{});
    Client other{world};
    other.ask(R"({"do":"backup","file":"/b.journal"})");
    const auto on_news = world.backup;
    world.server.reset();
    on_news(Done{});
    CHECK_THAT(other.line(), Contains(R"("error":"stopping")"));
    CHECK(other.line().empty());
}

TEST_CASE("reload tells what came of it, and what is not there is not available",
          "[console][server]") {
    World world;
    Client client{world};
    client.ask(R"({"do":"reload"})");
    CHECK(client.line() == R"({"ok":true,"text":"12 services"})");
    world.reloaded = Failed{"site.toml:3: no such agency"};
    client.ask(R"({"do":"reload"})");
    CHECK_THAT(client.line(), Contains(R"("error":"failed","text":"site.toml:3)"));
    client.ask(R"({"do":"rebuild-reports"})");
    CHECK_THAT(client.line(), Contains(R"("error":"not_available")"));
}

TEST_CASE("the socket is for its owner and group, and is gone with the console",
          "[console][server]") {
    World world;
    struct stat file {};
    REQUIRE(stat(world.path.c_str(), &file) == 0);
    CHECK(S_ISSOCK(file.st_mode));
    CHECK((file.st_mode & 0777) == 0660);
    world.server->stop();
    CHECK_FALSE(std::filesystem::exists(world.path));
}

TEST_CASE("a dead controller's socket is replaced; a live one's, and a file, are left alone",
          "[console][server]") {
    World world;
    asio::io_context io;
    Hooks hooks;
    CHECK_THROWS_WITH(Server(io, world.path, world.bench.hub, hooks),
                      Contains("another controller listens on"));
    Client client{world};
    client.ask(R"({"do":"alarms"})");
    CHECK_THAT(client.line(), StartsWith(R"({"ok":true)"));

    const auto dead = world.folder / "dead.sock";
    {
        asio::io_context other;
        stream_protocol::acceptor acceptor{other, stream_protocol::endpoint{dead.string()}};
    }
    REQUIRE(std::filesystem::exists(dead));
    CHECK_NOTHROW(Server(io, dead, world.bench.hub, hooks));

    const auto file = world.folder / "file";
    std::ofstream{file} << "text";
    CHECK_THROWS_WITH(Server(io, file, world.bench.hub, hooks), Contains("is no socket"));
    CHECK(std::filesystem::file_size(file) == 4);

    CHECK_THROWS_AS(Server(io, world.folder / "none" / "s", world.bench.hub, hooks), CannotListen);
    CHECK_THROWS_AS(Server(io, std::string(200, 'x'), world.bench.hub, hooks), CannotListen);
}
