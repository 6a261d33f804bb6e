#include "drivers/printer/address.hpp"
#include "tests/catch.hpp"

#include <string>

namespace {

using namespace antrean::printer;

TEST_CASE("a printer's address is understood", "[printer][address]") {
    struct Row {
        std::string text;
        Address address;
    };
    const auto row = GENERATE(values<Row>({
        {"usb", UsbAddress{}},
        {"usb:04b8:0e15", UsbAddress{UsbModel{0x04b8, 0x0e15}, {}, {}}},
        {"usb:04B8:E15", UsbAddress{UsbModel{0x04b8, 0x0e15}, {}, {}}},
        {"usb:04b8:0e15:J3:42", UsbAddress{UsbModel{0x04b8, 0x0e15}, "J3:42", {}}},
        {"usb:04b8:0e15:1-1.4", UsbAddress{UsbModel{0x04b8, 0x0e15}, "1-1.4", {}}},
        {"usb:1-1.4", UsbAddress{{}, {}, "1-1.4"}},
        {"usb:12-3.10.4", UsbAddress{{}, {}, "12-3.10.4"}},
        {"tcp:192.168.7.20:9100", TcpAddress{"192.168.7.20", 9100}},
        {"tcp:printer-3.local:9101", TcpAddress{"printer-3.local", 9101}},
        {"tcp:[fd00::7]:9100", TcpAddress{"fd00::7", 9100}},
    }));
    const auto address = parse_address(row.text);
    REQUIRE(address.has_value());
    CHECK(*address == row.address);
}

TEST_CASE("a wrong address is refused with what would be right", "[printer][address]") {
    struct Row {
        std::string text;
        std::string remedy;
    };
    const auto row = GENERATE(values<Row>({
        {"", "must begin with usb or tcp:"},
        {"lpt1", "must begin with usb or tcp:"},
        {"usb:", "usb:VID:PID"},
        {"usb:04b8", "usb:VID:PID"},
        {"usb:04b8:", "usb:VID:PID"},
        {"usb:04b8:10000", "usb:VID:PID"},
        {"usb:xyz:0e15", "usb:VID:PID"},
        {"usb:04b8:0e15:", "serial number"},
        {"usb:-1", "usb:BUS-PORT"},
        {"usb:1-", "usb:BUS-PORT"},
        {"usb:1-1.", "usb:BUS-PORT"},
        {"usb:1-1..2", "usb:BUS-PORT"},
        {"usb:1-1-2", "usb:BUS-PORT"},
        {"usb:1-1.2.3.4.5.6.7.8.9.10.11.12.13.14", "usb:BUS-PORT"},
        {"tcp:10.0.0.1", "tcp:HOST:PORT"},
        {"tcp::9100", "host is missing"},
        {"tcp:10.0.0.1:0", "1 to 65535"},
        {"tcp:10.0.0.1:65536", "1 to 65535"},
        {"tcp:10.0.0.1:x", "1 to 65535"},
        {"tcp:fd00::7:9100", "brackets"},
    }));
    const auto address = parse_address(row.text);
    REQUIRE(address.has_error());
    CHECK_THAT(address.error(), Catch::Contains(row.remedy));
    CHECK_THAT(address.error(), Catch::Contains('"' + row.text + '"'));
}

TEST_CASE("a serial number that no device can have is refused", "[printer][address]") {
    CHECK(parse_address("usb:04b8:0e15:" + std::string(126, 'A')).has_value());
    const auto address = parse_address("usb:04b8:0e15:" + std::string(127, 'A'));
    REQUIRE(address.has_error());
    CHECK_THAT(address.error(), Catch::Contains("no serial number is that long"));
}

TEST_CASE("an address cannot put control characters into the message",
          "[printer][address][R16][F30]") {
    const auto address = parse_address("\x1b[2J\n");
    REQUIRE(address.has_error());
    for (const char c : address.error())
        CHECK(c >= ' ');
}

}  // namespace
