// The link of a device over real sockets, to a controller that says what the test tells it to.
#include "firmware/common/link.hpp"

#include "proto/codec.hpp"
#include "proto/frame_reader.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace antrean::common {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

const DeviceId device = DeviceId::parse("kiosk-1").value();

// The controller's end of one connection: what it received, and whether it has ended.
struct Visit : std::enable_shared_from_this<Visit> {
    explicit Visit(tcp::socket s) : socket{std::move(s)} {}

    void read() {
        socket.async_read_some(
            asio::buffer(input), [self = shared_from_this()](error_code error, std::size_t size) {
                if (error) {
                    self->ended = true;
                    return;
                }
                self->reader.feed(std::span{self->input}.first(size));
                for (auto body = self->reader.next(); body && *body; body = self->reader.next()) {
                    if (auto message = proto::decode(**body)) self->received.push_back(*message);
                }
                self->read();
            });
    }
    void say(const proto::Message& message) { write(proto::encode(message)); }
    void write(const proto::Bytes& bytes) {
        error_code ignored;
        asio::write(socket, asio::buffer(bytes), ignored);
    }
    void welcome(std::uint64_t last_request = 0) {
        say(proto::Welcome{1, RequestId{last_request}, WallTime{1s}, ServiceDay{}, "test"});
    }
    template <class T>
    int count() const {
        return static_cast<int>(
            std::count_if(received.begin(), received.end(),
                          [](const auto& message) { return std::holds_alternative<T>(message); }));
    }

    tcp::socket socket;
    std::array<std::byte, 4096> input;
    proto::FrameReader reader;
    std::vector<proto::Message> received;
    bool ended = false;
};

class Controller {
public:
    explicit Controller(asio::io_context& io, std::uint16_t port = 0)
        : acceptor_{io, {asio::ip::address_v4::loopback(), port}} {
        accept();
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string address() const { return "127.0.0.1:" + std::to_string(port()); }

    std::vector<std::shared_ptr<Visit>> visits;
    std::function<void(Visit&)> on_visit = [](Visit&) {};

private:
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (error) return;
            visits.push_back(std::make_shared<Visit>(std::move(socket)));
            visits.back()->read();
            on_visit(*visits.back());
            accept();
        });
    }
    tcp::acceptor acceptor_;
};

// A link with a note of everything that it told.
struct Device {
    Device(asio::io_context& io, const std::string& address)
        : link{std::make_unique<Link>(
              io, address,
              Link::Handlers{.hello =
                                 [this] {
                                     ++hellos;
                                     return proto::Hello{
                                         1, proto::Role::kiosk, device,
                                         RequestId{static_cast<std::uint64_t>(hellos)}, "test"};
                                 },
                             .on_welcome =
                                 [this](const proto::Welcome& welcome) {
                                     welcomes.push_back(welcome);
                                     if (end_at_welcome) link.reset();
                                 },
                             .on_message =
                                 [this](const proto::Message& message) {
                                     messages.push_back(message);
                                     if (end_at_message) link.reset();
                                 },
                             .on_down =
                                 [this](const std::string& why) {
                                     downs.push_back(why);
                                     if (end_at_down) link.reset();
                                 }})} {}

    std::size_t told() const { return welcomes.size() + messages.size() + downs.size(); }

    int hellos = 0;
    std::vector<proto::Welcome> welcomes;
    std::vector<proto::Message> messages;
    std::vector<std::string> downs;
    bool end_at_welcome = false;
    bool end_at_message = false;
    bool end_at_down = false;
    std::unique_ptr<Link> link;
};

void run_until(asio::io_context& io, const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!done()) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        io.restart();
        io.run_one_for(100ms);
    }
}

void run_for(asio::io_context& io, std::chrono::milliseconds time) {
    io.restart();
    io.run_for(time);
}

const proto::Issue issue{RequestId{1}, ServiceId::parse("ktp-el").value()};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a link greets, is welcomed and carries messages both ways", "[link]") {
    asio::io_context io;
    Controller controller{io};
    Device kiosk{io, controller.address()};
    kiosk.link->send(issue);  // nobody is there yet: dropped
    CHECK(kiosk.told() == 0);
    run_until(io, [&] {
        return !controller.visits.empty() && controller.visits[0]->received.size() == 1;
    });
    auto& visit = *controller.visits[0];
    const auto& hello = std::get<proto::Hello>(visit.received[0]);
    CHECK(hello.device == device);
    CHECK(hello.last_request == RequestId{1});
    kiosk.link->send(issue);  // not welcomed yet: dropped
    visit.welcome(41);
    visit.say(proto::Menu{"Mal", "Contoh", "WIB", {}});
    visit.say(proto::Heartbeat{});
    visit.say(proto::Done{RequestId{1}});
    run_until(io, [&] { return kiosk.messages.size() == 2; });
    REQUIRE(kiosk.welcomes.size() == 1);
    CHECK(kiosk.welcomes[0].last_request == RequestId{41});
    CHECK(std::holds_alternative<proto::Menu>(kiosk.messages[0]));
    CHECK(kiosk.messages[1] == proto::Message{proto::Done{RequestId{1}}});
    kiosk.link->send(issue);
    run_until(io, [&] { return visit.received.size() == 2; });
    CHECK(visit.received[1] == proto::Message{issue});
    CHECK(kiosk.downs.empty());
}

TEST_CASE("messages come through in whatever pieces they arrive", "[link][F11]") {
    asio::io_context io;
    Controller controller{io};
    proto::Menu menu{"Mal", "Contoh", "WIB", {}};
    for (std::uint16_t n = 1; n <= proto::max_buttons; ++n) {
        menu.buttons.push_back({ButtonNumber{n}, issue.service, std::string(200, 'x'), "y"});
    }
    controller.on_visit = [&](Visit& visit) {
        visit.socket.set_option(tcp::no_delay{true});
        auto bytes =
            proto::encode(proto::Welcome{1, RequestId{}, WallTime{1s}, ServiceDay{}, "test"});
        for (const auto byte : bytes)
            visit.write({byte});
        visit.say(menu);
        visit.say(menu);
    };
    Device kiosk{io, controller.address()};
    run_until(io, [&] { return kiosk.messages.size() == 2; });
    CHECK(kiosk.messages[1] == proto::Message{menu});
}

TEST_CASE("a link that is lost comes back by itself, and greets anew", "[link][R14][F11]") {
    asio::io_context io;
    Controller controller{io};
    controller.on_visit = [](Visit& visit) { visit.welcome(); };
    Device kiosk{io, controller.address()};
    for (std::size_t round = 1; round <= 3; ++round) {
        run_until(io, [&] {
            return kiosk.welcomes.size() == round && !controller.visits.back()->received.empty();
        });
        CHECK(controller.visits.size() == round);
        const auto& hello = std::get<proto::Hello>(controller.visits.back()->received[0]);
        CHECK(hello.last_request == RequestId{round});  // asked for at each connection
        controller.visits.back()->socket.close();
        // The same reason is news again: there was a welcome in between.
        run_until(io, [&] { return kiosk.downs.size() == round; });
        CHECK(contains(kiosk.downs.back(), controller.address()));
        CHECK(contains(kiosk.downs.back(), "closed the connection"));
    }
}

TEST_CASE("why the controller refuses is told once, however often it does", "[link]") {
    asio::io_context io;
    Controller controller{io};
    proto::Goodbye why{proto::GoodbyeReason::unknown_device, "not in the site file"};
    controller.on_visit = [&](Visit& visit) { visit.say(why); };
    Device kiosk{io, controller.address()};
    run_until(io, [&] { return controller.visits.size() == 3 && controller.visits[2]->ended; });
    REQUIRE(kiosk.downs.size() == 1);
    CHECK(contains(kiosk.downs[0], "the controller says unknown_device: not in the site file"));
    why.text = "mended, but not yet loaded";
    run_until(io, [&] { return kiosk.downs.size() == 2; });
    CHECK(contains(kiosk.downs[1], why.text));
    CHECK(kiosk.welcomes.empty());
}

TEST_CASE("a controller that starts later is found", "[link][R14]") {
    asio::io_context io;
    std::uint16_t port = 0;
    {
        const tcp::acceptor free{io, {asio::ip::address_v4::loopback(), 0}};
        port = free.local_endpoint().port();
    }
    Device kiosk{io, "localhost:" + std::to_string(port)};
    run_until(io, [&] { return kiosk.downs.size() == 1; });
    CHECK(contains(kiosk.downs[0], "refused"));
    Controller controller{io, port};
    controller.on_visit = [](Visit& visit) { visit.welcome(); };
    run_until(io, [&] { return kiosk.welcomes.size() == 1; });
    CHECK(kiosk.downs.size() == 1);
}

TEST_CASE("a controller that breaks the rules is told so, and left", "[link][F23]") {
    asio::io_context io;
    Controller controller{io};
    const auto bytes = GENERATE(proto::Bytes(5, std::byte{0xff}),
                                proto::encode(proto::Menu{"Mal", "Contoh", "WIB", {}}));
    controller.on_visit = [&](Visit& visit) { visit.write(bytes); };
    Device kiosk{io, controller.address()};
    run_until(io, [&] { return kiosk.downs.size() == 1 && controller.visits[0]->ended; });
    const auto& visit = *controller.visits[0];
    REQUIRE(visit.count<proto::Goodbye>() == 1);
    const auto reason = std::get<proto::Goodbye>(visit.received.back()).reason;
    CHECK(
        (reason == proto::GoodbyeReason::malformed || reason == proto::GoodbyeReason::out_of_turn));
    CHECK(kiosk.welcomes.empty());
    CHECK(kiosk.messages.empty());
    run_until(io, [&] { return controller.visits.size() == 2; });
}

TEST_CASE("a link that is destroyed says goodbye and nothing more", "[link]") {
    asio::io_context io;
    Controller controller{io};
    controller.on_visit = [](Visit& visit) { visit.welcome(); };
    Device kiosk{io, controller.address()};
    run_until(io, [&] { return kiosk.welcomes.size() == 1; });
    auto& visit = *controller.visits[0];
    visit.say(proto::Done{RequestId{1}});  // on its way, for nobody
    kiosk.link.reset();
    run_until(io, [&] { return visit.ended; });
    REQUIRE(visit.count<proto::Goodbye>() == 1);
    CHECK(std::get<proto::Goodbye>(visit.received.back()).reason == proto::GoodbyeReason::stopping);
    run_for(io, 700ms);  // longer than the first wait before it would have come back
    CHECK(kiosk.told() == 1);
    CHECK(controller.visits.size() == 1);
}

TEST_CASE("a link may be destroyed in any of its handlers", "[link]") {
    asio::io_context io;
    Controller controller{io};
    controller.on_visit = [](Visit& visit) {
        visit.welcome();
        visit.say(proto::Done{RequestId{1}});
        visit.say(proto::Done{RequestId{2}});
    };
    Device kiosk{io, controller.address()};
    SECTION("when it is welcomed") {
        kiosk.end_at_welcome = true;
        run_until(io, [&] { return !kiosk.link; });
        CHECK(kiosk.messages.empty());
    }
    SECTION("when a message comes") {
        kiosk.end_at_message = true;
        run_until(io, [&] { return !kiosk.link; });
        CHECK(kiosk.messages.size() == 1);
    }
    SECTION("when it is lost") {
        kiosk.end_at_down = true;
        run_until(io, [&] { return kiosk.messages.size() == 2; });
        controller.visits[0]->socket.close();
        run_until(io, [&] { return !kiosk.link; });
    }
    const auto told = kiosk.told();
    run_for(io, 500ms);
    CHECK(kiosk.told() == told);
    CHECK(controller.visits.size() == 1);
}

TEST_CASE("a link that is destroyed while it connects leaves nothing behind", "[link]") {
    asio::io_context io;
    Controller controller{io};
    Device kiosk{io, GENERATE(0, 1) == 0 ? controller.address() : "localhost:1"};
    kiosk.link.reset();
    run_for(io, 500ms);
    CHECK(kiosk.told() == 0);
    CHECK(kiosk.hellos == 0);
}

TEST_CASE("an address that is none is told as such", "[link]") {
    asio::io_context io;
    for (const char* const wrong : {"", ":", "controller", "controller:", ":7411"}) {
        INFO(wrong);
        CHECK_THROWS_WITH(Device(io, wrong), Catch::Contains("is no HOST:PORT"));
    }
    CHECK_NOTHROW(Device(io, "[::1]:7411"));
}

}  // namespace antrean::common
