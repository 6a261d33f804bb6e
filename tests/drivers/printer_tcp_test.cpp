// The driver over a real socket, with a virtual printer at the other end.
#include "drivers/escpos/encode.hpp"
#include "drivers/printer/printer.hpp"
#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace {

using namespace antrean::printer;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
namespace asio = boost::asio;
namespace escpos = antrean::escpos;
namespace virtual_printer = antrean::virtual_printer;

virtual_printer::Profile fast_epson() {
    auto profile = virtual_printer::epson_tm_t88v();
    profile.speed_mm_per_s = 0;
    return profile;
}

// One connection at a time, like most network printers.
class Server {
public:
    explicit Server(asio::io_context& io) : acceptor_{io, {tcp::v4(), 0}}, socket_{io} { accept(); }
    std::string address() const {
        return "tcp:127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    // Once something is printed that is not cut off yet.
    void hang_up_in_mid_paper() { hang_up_ = true; }
    void stop() {
        acceptor_.close();
        socket_.close();
    }
    virtual_printer::Machine machine{fast_epson()};

private:
    static auto now() { return std::chrono::steady_clock::now(); }
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (error) return;
            socket_ = std::move(socket);
            read();
            accept();
        });
    }
    void read() {
        socket_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t size) {
            if (error) return;
            for (std::size_t i = 0; i < size; ++i) {
                machine.receive(std::span{buffer_}.subspan(i, 1), now());
                if (hang_up_ && !machine.hanging().blank()) {
                    hang_up_ = false;
                    socket_.close();
                    return;
                }
            }
            machine.advance(now());
            const auto replies = machine.take_replies();
            error_code ignored;
            asio::write(socket_, asio::buffer(replies), ignored);
            read();
        });
    }

    tcp::acceptor acceptor_;
    tcp::socket socket_;
    std::array<std::byte, 256> buffer_{};
    bool hang_up_ = false;
};

struct Driver {
    Driver(asio::io_context& loop, const std::string& address, bool probe = false)
        : io{loop},
          printer{io,
                  {address, escpos::epson_tm(), probe},
                  {[this](JobId job, Outcome outcome, Reason reason) {
                       dones.push_back({job, outcome, reason});
                       if (on_done) on_done();
                   },
                   {}}} {}
    bool run(const std::function<bool()>& done) {
        const auto end = std::chrono::steady_clock::now() + 30s;  // only of a test that has failed
        while (!done() && std::chrono::steady_clock::now() < end)
            io.run_one_for(100ms);
        return done();
    }
    bool run_until_done(std::size_t count) {
        return run([&] { return dones.size() >= count; });
    }

    asio::io_context& io;
    std::vector<Done> dones;
    std::function<void()> on_done;
    Printer printer;
};

std::vector<std::byte> ticket(const std::string& number) {
    return escpos::Encoder{escpos::epson_tm()}.init().line(number).cut().take();
}

TEST_CASE("papers are printed over TCP, the next one from the handler of the last",
          "[printer][tcp]") {
    asio::io_context io;
    Server server{io};
    Driver driver{io, server.address()};
    REQUIRE(driver.run([&] { return driver.printer.state() == PrinterState::ready; }));
    driver.on_done = [&] {
        if (driver.dones.size() < 5)
            driver.printer.print(JobId{driver.dones.size() + 1}, ticket("next"));
    };
    driver.printer.print(JobId{1}, ticket("A001"));
    CHECK(driver.dones.empty());
    REQUIRE(driver.run_until_done(5));
    for (const Done& done : driver.dones)
        CHECK(done.outcome == Outcome::printed);
    CHECK(server.machine.take_papers().size() == 5);
    CHECK(server.machine.unknown_count() == 0);
}

TEST_CASE("a connection that breaks in mid-paper leaves it unconfirmed",
          "[printer][tcp][F19][F21]") {
    asio::io_context io;
    Server server{io};
    const bool probe = GENERATE(false, true);
    Driver driver{io, server.address(), probe};
    REQUIRE(driver.run([&] { return driver.printer.state() == PrinterState::ready; }));
    server.hang_up_in_mid_paper();
    driver.printer.print(JobId{1}, ticket("A001"));
    REQUIRE(driver.run_until_done(1));
    CHECK(driver.dones[0].outcome == Outcome::unconfirmed);
    CHECK(driver.dones[0].reason == Reason::gone);
    CHECK_THAT(driver.printer.link(), Catch::Contains("lost"));
    REQUIRE(driver.run([&] { return driver.printer.state() == PrinterState::ready; }));
    driver.printer.print(JobId{2}, ticket("A002"));
    REQUIRE(driver.run_until_done(2));
    CHECK(driver.dones[1].outcome == Outcome::printed);
    CHECK(server.machine.take_papers().back().text() == "A002\n");
    CHECK(driver.printer.profile().name == (probe ? "epson-tm-t88v" : "epson-tm"));
}

TEST_CASE("without a listener nothing is printed, and the link says so", "[printer][tcp]") {
    asio::io_context io;
    Server server{io};
    const std::string address = server.address();
    server.stop();
    Driver driver{io, address};
    REQUIRE(driver.run([&] { return driver.printer.link() != "connecting"; }));
    CHECK_THAT(driver.printer.link(), Catch::Contains("cannot reach 127.0.0.1"));
    driver.printer.print(JobId{1}, ticket("A001"));
    CHECK(driver.dones.empty());  // handlers are not called from inside print()
    REQUIRE(driver.run_until_done(1));
    CHECK(driver.dones[0].outcome == Outcome::not_printed);
    CHECK(driver.dones[0].reason == Reason::gone);
}

TEST_CASE("a printer may be destroyed at any time", "[printer][tcp]") {
    asio::io_context io;
    Server server{io};
    const int steps = GENERATE(range(0, 40));
    {
        Driver driver{io, server.address()};
        for (int i = 0; i < steps; ++i)
            io.run_one_for(5ms);
        if (!driver.printer.busy()) driver.printer.print(JobId{1}, ticket("A001"));
        for (int i = 0; i < steps % 7; ++i)
            io.run_one_for(5ms);
    }
    server.stop();
    io.run();
    SUCCEED();
}

TEST_CASE("an address that makes no sense is refused at start", "[printer][address]") {
    asio::io_context io;
    CHECK_THROWS_AS(Printer(io, {"parallel", escpos::generic_80()}, {}), std::invalid_argument);
}

}  // namespace
