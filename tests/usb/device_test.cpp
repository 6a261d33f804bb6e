// The transport alone over the real libusb: which interface it takes, what it asks, and how little
// it touches. Papers are printer_test.cpp's.
#include "drivers/printer/usb_transport.hpp"
#include "tests/catch.hpp"
#include "tests/usb/umockdev_printer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace {

using namespace antrean::printer;
using namespace std::chrono_literals;
using antrean::usb_test::FakePrinter;
using antrean::usb_test::UmockdevPrinter;
namespace virtual_printer = antrean::virtual_printer;

UmockdevPrinter::Options epson() {
    UmockdevPrinter::Options options;
    options.profile = virtual_printer::epson_tm_t88v();
    options.profile.speed_mm_per_s = 0;
    return options;
}

// Must be destroyed before the fake printer.
struct Link {
    explicit Link(UsbAddress address = {}, UsbOptions options = {})
        : transport{io,
                    std::move(address),
                    {.on_open = [this] { ++opens; },
                     .on_received =
                         [this](std::span<const std::byte> bytes) {
                             received.insert(received.end(), bytes.begin(), bytes.end());
                         },
                     .on_taken = [this](std::uint64_t total) { taken = total; },
                     .on_closed =
                         [this](Reason why, const std::string& text) {
                             closed = why;
                             closed_text = text;
                         }},
                    std::move(options)} {
        transport.open();
    }

    // The limit only ends a test that has failed anyway.
    bool run(const std::function<bool()>& done, std::chrono::seconds limit = 30s) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!done() && std::chrono::steady_clock::now() < end)
            io.run_one_for(100ms);
        return done();
    }
    bool run_until_open(int count = 1) {
        return run([this, count] { return opens == count; });
    }
    bool run_until_closed() {
        return run([this] { return closed.has_value(); });
    }
    bool send(std::size_t size) {
        transport.write(std::vector<std::byte>(size, std::byte{'\n'}));
        const auto total = sent += size;
        return run([&] { return taken == total; });
    }
    void reopen() {
        closed.reset();
        sent = 0;
        taken = 0;
        transport.open();
    }

    boost::asio::io_context io;
    int opens = 0;
    std::uint64_t taken = 0;
    std::uint64_t sent = 0;
    std::vector<std::byte> received;
    std::optional<Reason> closed;
    std::string closed_text;
    UsbTransport transport;
};

FakePrinter::Bytes device_id(std::string_view text) {
    FakePrinter::Bytes answer{0, static_cast<std::uint8_t>(text.size() + 2)};
    answer.insert(answer.end(), text.begin(), text.end());
    return answer;
}

FakePrinter::Bytes configuration(std::initializer_list<FakePrinter::Bytes> parts) {
    FakePrinter::Bytes all{9, 2, 0, 0, 2, 1, 0, 0xc0, 1};
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    all[2] = static_cast<std::uint8_t>(all.size());
    return all;
}
FakePrinter::Bytes setting(std::uint8_t number, std::uint8_t alternate, std::uint8_t its_class,
                           std::uint8_t protocol, std::uint8_t out, std::uint8_t in) {
    FakePrinter::Bytes all{9, 4, number, alternate, 2, its_class, 1, protocol, 0};
    for (const std::uint8_t endpoint : {out, in}) {
        const FakePrinter::Bytes bulk{7, 5, endpoint, 2, 64, 0, 0};
        all.insert(all.end(), bulk.begin(), bulk.end());
    }
    return all;
}

TEST_CASE("a printer is asked once who it is, and that is told", "[usb]") {
    auto options = epson();
    options.identity.device_id = device_id("MFG:EPSON;MDL:TM-T88V;CLS:PRINTER;");
    options.identity.port_status = 0x38;
    UmockdevPrinter fake{options};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    const auto identity = link.transport.usb_identity();
    REQUIRE(identity);
    CHECK(identity->model == UsbModel{0x04b8, 0x0e15});
    CHECK(identity->serial == "FAKE0001");
    CHECK(identity->port == "1-1");
    CHECK(identity->device_id == "MFG:EPSON;MDL:TM-T88V;CLS:PRINTER;");
    CHECK(identity->port_status == std::uint8_t{0x38});

    const auto asked = fake.class_requests();
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].type == 0xa1);
    CHECK(asked[0].request == 0);
    CHECK(asked[1].request == 1);

    // Opened again in the middle of something, it is not asked again: only after the next plug.
    link.transport.close();
    REQUIRE(link.run_until_closed());
    link.reopen();
    REQUIRE(link.run_until_open(2));
    CHECK(fake.class_requests().size() == 2);
    CHECK(link.transport.usb_identity()->device_id == identity->device_id);
    fake.unplug();
    REQUIRE(link.run_until_closed());
    fake.plug();
    link.reopen();
    REQUIRE(link.run_until_open(3));
    CHECK(fake.class_requests().size() == 4);
}

TEST_CASE("a printer that stalls, garbles or ignores the question who it is prints all the same",
          "[usb]") {
    const auto how = GENERATE(values<std::string>({"stalls", "garbles", "ignores"}));
    INFO(how);
    auto options = epson();
    if (how == "garbles") options.identity.device_id = FakePrinter::Bytes(64, 0xff);
    UmockdevPrinter fake{options};
    fake.plug();
    fake.silent_control(how == "ignores");
    Link link;
    REQUIRE(link.run_until_open());
    CHECK(link.transport.usb_identity()->device_id.empty());
    CHECK(link.send(64));
}

TEST_CASE("a printer that is pulled while it is asked who it is has gone", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    fake.silent_control(true);
    Link link;
    REQUIRE(link.run([&] { return !fake.class_requests().empty(); }));
    fake.unplug();
    REQUIRE(link.run_until_closed());
    CHECK(*link.closed == Reason::gone);
    CHECK(link.opens == 0);
}

TEST_CASE("the bidirectional setting is chosen, and set because there are others", "[usb]") {
    auto options = epson();
    options.identity.device_class = 0xff;
    options.identity.device_id = device_id("MFG:X;MDL:Y;CMD:Z;");
    options.identity.configuration_bytes =
        configuration({setting(0, 0, 7, 1, 0x03, 0x83), setting(0, 1, 7, 2, 0x01, 0x82)});
    UmockdevPrinter fake{options};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    CHECK(fake.count("SETINTERFACE") == 1);
    CHECK(link.send(64));
    CHECK(fake.bytes_received() == 64);
    REQUIRE_FALSE(fake.class_requests().empty());
    CHECK(fake.class_requests()[0].index == 0x0001);  // interface 0, alternate setting 1
}

TEST_CASE("an only setting is not set", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    CHECK(fake.count("SETINTERFACE") == 0);
}

TEST_CASE("of a composite device only the printer is touched", "[usb]") {
    auto options = epson();
    options.identity.device_id = device_id("MFG:X;MDL:Y;CMD:Z;");
    options.identity.configuration_bytes =
        configuration({setting(0, 0, 8, 0x50, 0x03, 0x83), setting(1, 0, 7, 2, 0x01, 0x82),
                       setting(2, 0, 3, 1, 0x04, 0x84)});
    options.kernel_driver = "usblp";
    options.printer_interface = 1;
    UmockdevPrinter fake{options};
    fake.plug();
    {
        Link link;
        REQUIRE(link.run_until_open());
        CHECK(link.send(64));
        CHECK_FALSE(fake.has_kernel_driver());
        CHECK(fake.class_requests()[0].index == 0x0100);
    }
    CHECK(fake.has_kernel_driver());
    CHECK(fake.touched() == std::set<unsigned>{1});
}

TEST_CASE("the endpoints are those of the descriptors at each plug", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    CHECK(link.send(10));
    fake.unplug();
    REQUIRE(link.run_until_closed());
    fake.change([](auto& identity) {
        identity.out = 0x03;
        identity.in = 0x84;
    });
    fake.plug();
    link.reopen();
    REQUIRE(link.run_until_open(2));
    CHECK(link.send(10));
    CHECK(fake.bytes_received() == 20);
}

TEST_CASE("a vendor-specific printer is opened only if its id is known to print by that", "[usb]") {
    auto options = epson();
    options.identity.interface_class = 0xff;
    UmockdevPrinter fake{options};
    fake.plug();
    {
        Link link{UsbAddress{UsbModel{0x04b8, 0x0e15}, {}, {}}};
        REQUIRE(link.run_until_closed());
        CHECK_THAT(link.closed_text, Catch::Contains("vendor class"));
        CHECK(link.opens == 0);
    }
    UsbOptions known;
    known.vendor_class = {{0x04b8, 0x0e15}};
    Link link{{}, known};
    REQUIRE(link.run_until_open());
    CHECK(link.send(64));
    CHECK(fake.class_requests().empty());  // it knows none
}

TEST_CASE("no empty packet follows full ones, unless the profile says that it must", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    {
        Link link;
        REQUIRE(link.run_until_open());
        CHECK(link.send(128));
        CHECK(fake.count("ZERO_PACKET") == 0);
    }
    UsbOptions needed;
    needed.zero_length_packets = true;
    Link link{{}, needed};
    REQUIRE(link.run_until_open());
    CHECK(link.send(100));
    CHECK(fake.count("ZERO_PACKET") == 0);
    CHECK(link.send(128));
    CHECK(fake.count("ZERO_PACKET") == 1);
}

TEST_CASE("a read is of whole packets, so that none can overflow it", "[usb]") {
    const std::uint8_t packet = GENERATE(std::uint8_t{8}, std::uint8_t{48}, std::uint8_t{64});
    auto options = epson();
    options.identity.configuration_bytes = configuration({setting(0, 0, 7, 2, 0x01, 0x82)});
    auto& bytes = options.identity.configuration_bytes;
    bytes[bytes.size() - 3] = packet;  // of the last endpoint
    UmockdevPrinter fake{options};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    CHECK(fake.read_size() >= 512);
    CHECK(fake.read_size() % packet == 0);
}

TEST_CASE("a printer that must not be read is not read", "[usb]") {
    auto options = epson();
    options.identity.vendor = 0x04f9;
    options.identity.product = 0x000d;
    UmockdevPrinter fake{options};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    CHECK(link.send(64));
    CHECK(fake.reads() == 0);
}

TEST_CASE("a printer that answers every read with nothing is asked ever more slowly", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    fake.empty_in(true);
    link.run([] { return false; }, 2s);
    CHECK(fake.reads() >= 3);
    CHECK(fake.reads() <= 15);  // without a pause it would be hundreds
    fake.use([](auto& machine, auto now) {
        const std::vector<std::byte> question{std::byte{0x10}, std::byte{0x04}, std::byte{1}};
        machine.receive(question, now);
    });
    CHECK(link.run([&] { return !link.received.empty(); }));
}

TEST_CASE("what a broken transfer means is told by whether the printer is still there", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Link link;
    REQUIRE(link.run_until_open());
    fake.fail_out_once(-EPROTO);
    link.transport.write({std::byte{'\n'}});
    REQUIRE(link.run_until_closed());
    CHECK(*link.closed == Reason::fault);

    link.reopen();
    REQUIRE(link.run_until_open(2));
    fake.fail_out_once(-EPROTO);
    link.transport.write({std::byte{'\n'}});
    link.io.run_one_for(1ms);
    fake.unplug();
    REQUIRE(link.run_until_closed());
    CHECK(*link.closed == Reason::gone);
}

TEST_CASE("a printer that has only just been plugged in is left alone for a moment", "[usb]") {
    UmockdevPrinter fake{epson()};
    Link link;
    link.run([] { return false; }, 1s);
    fake.plug();
    const auto plugged = std::chrono::steady_clock::now();
    link.run([] { return false; }, 0s);
    // Gone and come again, as a starting printer does: the moment begins anew.
    fake.unplug();
    fake.plug();
    REQUIRE(link.run_until_open());
    CHECK(std::chrono::steady_clock::now() - plugged >= 500ms);
    CHECK(link.opens == 1);
    CHECK_FALSE(link.closed);
}

}  // namespace
