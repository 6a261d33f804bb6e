// What the driver makes of the bytes that a device on USB describes itself by.
#include "drivers/escpos/profile.hpp"
#include "drivers/printer/usb_descriptors.hpp"
#include "drivers/printer/usb_device.hpp"
#include "drivers/printer/usb_identity.hpp"
#include "drivers/printer/usb_quirks.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace antrean::printer;
using Bytes = std::vector<std::byte>;

Bytes bytes(std::initializer_list<int> values) {
    Bytes result;
    for (const int value : values)
        result.push_back(static_cast<std::byte>(value));
    return result;
}
Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes device(int device_class = 0) {
    return bytes({18, 1, 0, 2, device_class, 0, 0, 64, 0xb8, 0x04, 0x15, 0x0e, 0, 1, 1, 2, 3, 1});
}
Bytes interface(int number, int alternate, int its_class, int subclass, int protocol) {
    return bytes({9, 4, number, alternate, 2, its_class, subclass, protocol, 0});
}
Bytes printer(int number, int alternate, int protocol) {
    return interface(number, alternate, 7, 1, protocol);
}
Bytes bulk(int address, int packet = 64) {
    return bytes({7, 5, address, 2, packet & 0xff, packet >> 8, 0});
}
Bytes interrupt(int address) {
    return bytes({7, 5, address, 3, 8, 0, 10});
}
Bytes configuration(int value, const Bytes& inside) {
    const std::size_t size = 9 + inside.size();
    return bytes({9, 2, static_cast<int>(size & 0xff), static_cast<int>(size >> 8), 1, value, 0,
                  0xc0, 1}) +
           inside;
}

UsbInterface chosen(const Bytes& descriptors, std::uint8_t active = 1, bool vendor_class = false) {
    const auto interface = choose_usb_interface(descriptors, active, vendor_class);
    REQUIRE(interface);
    return *interface;
}

TEST_CASE("the printer interface and its endpoints are taken from the descriptors",
          "[usb][descriptors]") {
    const auto protocol = GENERATE(1, 2, 3);
    const auto device_class = GENERATE(0, 0xff);  // nothing hangs on the device's own class
    const auto found = chosen(device(device_class) +
                              configuration(1, printer(0, 0, protocol) + bulk(0x03) + bulk(0x84)));
    UsbInterface wanted;
    wanted.configuration = 1;
    wanted.protocol = static_cast<std::uint8_t>(protocol);
    wanted.out = 0x03;
    wanted.in = 0x84;
    CHECK(found == wanted);
    CHECK(usb_model(device()) == UsbModel{0x04b8, 0x0e15});
}

TEST_CASE("bidirectional is preferred to unidirectional, and that to IEEE 1284.4",
          "[usb][descriptors]") {
    const Bytes three = printer(0, 0, 3) + bulk(0x01) + bulk(0x81);
    const Bytes one = printer(0, 1, 1) + bulk(0x02) + bulk(0x82);
    const Bytes two = printer(0, 2, 2) + bulk(0x03, 512) + bulk(0x83, 512);
    const auto best = chosen(device() + configuration(1, three + one + two));
    CHECK(best.alternate == 2);
    CHECK(best.has_alternates);
    CHECK(best.out == 0x03);
    CHECK(best.out_packet == 512);
    CHECK(best.in_packet == 512);
    const auto second = chosen(device() + configuration(1, three + one));
    CHECK(second.alternate == 1);
    CHECK(second.in == 0x82);  // though it calls itself unidirectional
    CHECK_FALSE(chosen(device() + configuration(1, three)).has_alternates);
}

TEST_CASE("only the first bulk endpoint of each direction counts", "[usb][descriptors]") {
    const auto found =
        chosen(device() + configuration(1, printer(0, 0, 2) + interrupt(0x81) + interrupt(0x01) +
                                               bulk(0x02) + bulk(0x82) + bulk(0x03) + bulk(0x83)));
    CHECK(found.out == 0x02);
    CHECK(found.in == 0x82);
    const auto mute =
        chosen(device() + configuration(1, printer(0, 0, 2) + interrupt(0x81) + bulk(0x02)));
    CHECK(mute.in == 0);
}

TEST_CASE("the printer of a composite device is found behind its other interfaces",
          "[usb][descriptors]") {
    const Bytes storage = interface(0, 0, 8, 6, 0x50) + bulk(0x01) + bulk(0x81);
    const Bytes keyboard = interface(2, 0, 3, 1, 1) + interrupt(0x83);
    const auto found = chosen(device() + configuration(1, storage + printer(1, 0, 2) + bulk(0x02) +
                                                              bulk(0x82) + keyboard));
    CHECK(found.number == 1);
    CHECK(found.out == 0x02);
    CHECK_FALSE(found.has_alternates);
}

TEST_CASE("what is no printer is not chosen", "[usb][descriptors]") {
    const auto inside = GENERATE(
        interface(0, 0, 8, 6, 0x50) + bulk(0x01) + bulk(0x81),  // mass storage
        interface(0, 0, 0xff, 0, 0) + bulk(0x01) + bulk(0x81),  // a vendor's own, not known
        interface(0, 0, 7, 1, 0) + bulk(0x01), interface(0, 0, 7, 2, 2) + bulk(0x01),
        printer(0, 0, 2) + bulk(0x81), printer(0, 0, 2) + interrupt(0x01), Bytes{});
    CHECK_FALSE(choose_usb_interface(device() + configuration(1, inside), 1, false));
}

TEST_CASE("a vendor's own class is taken if allowed, and only if nothing better is there",
          "[usb][descriptors]") {
    const Bytes own = interface(0, 0, 0xff, 0, 0) + bulk(0x01) + bulk(0x82);
    const auto found = chosen(device() + configuration(1, own), 1, true);
    CHECK(found.vendor_class);
    CHECK(found.out == 0x01);
    const Bytes better = printer(1, 0, 3) + bulk(0x02);
    CHECK(chosen(device() + configuration(1, own + better), 1, true).number == 1);
}

TEST_CASE("the configuration that is set is kept if it can print", "[usb][descriptors]") {
    const Bytes all = device() + configuration(1, printer(0, 0, 1) + bulk(0x01)) +
                      configuration(4, printer(0, 0, 2) + bulk(0x02) + bulk(0x82));
    CHECK(chosen(all, 1).configuration == 1);
    CHECK(chosen(all, 4).configuration == 4);
    CHECK(chosen(all, 4).configuration_index == 1);
    CHECK(chosen(all, 0).configuration == 4);  // none is set, so the better one
    const Bytes other = device() + configuration(1, interface(0, 0, 8, 6, 0x50)) +
                        configuration(2, printer(0, 0, 2) + bulk(0x02));
    CHECK(chosen(other, 1).configuration == 2);
}

TEST_CASE("a broken configuration does not hide the next one", "[usb][descriptors]") {
    const auto broken = GENERATE(bytes({0, 4}), bytes({200, 4, 0}), bytes({1}),
                                 printer(0, 0, 2) + bytes({7, 5, 0x01}));
    const auto found = chosen(
        device() + configuration(1, broken) + configuration(2, printer(0, 0, 2) + bulk(0x02)), 1);
    CHECK(found.configuration == 2);
}

TEST_CASE("no bytes of a device lead out of the bytes", "[usb][descriptors]") {
    const Bytes good = device() + configuration(1, printer(0, 0, 2) + bulk(0x01) + bulk(0x82) +
                                                       printer(0, 1, 1) + bulk(0x01));
    for (std::size_t size = 0; size < good.size(); ++size) {
        const Bytes part{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)};
        const auto found = choose_usb_interface(part, 1, true);
        if (found) CHECK(found->out == 0x01);
    }
    std::minstd_rand random{20};
    for (int round = 0; round < 20'000; ++round) {
        Bytes noise = good;
        for (int change = 0; change < 4; ++change)
            noise[random() % noise.size()] = static_cast<std::byte>(random());
        const auto found = choose_usb_interface(noise, 1, round % 2 == 0);
        if (found) REQUIRE((found->out & 0x8f) != 0);
        if (found) REQUIRE((found->in == 0 || found->in > 0x80));
    }
}

Bytes id(int first, int second, std::string_view text) {
    Bytes result = bytes({first, second});
    for (const char c : text)
        result.push_back(static_cast<std::byte>(c));
    return result;
}

TEST_CASE("a device id is read whichever way round its length is", "[usb][identity]") {
    const std::string text = "MFG:EPSON;MDL:TM-T20II;";
    const auto size = static_cast<int>(text.size() + 2);
    CHECK(device_id_text(id(0, size, text)) == text);
    CHECK(device_id_text(id(size, 0, text)) == text);
    CHECK(device_id_text(id(0, size - 4, text)) == text.substr(0, text.size() - 4));
    CHECK(device_id_text(id(0, size, "MFG:EPSON;MDL:TM;" + std::string(6, '\0'))) ==
          "MFG:EPSON;MDL:TM;");
}

TEST_CASE("a device id that makes no sense is none", "[usb][identity]") {
    const auto answer = GENERATE(Bytes{}, bytes({0}), bytes({0, 2}), id(0, 13, "MFG:EPSON;MD"),
                                 id(0x40, 0x40, "MFG:EPSON;MDL:TM;"), id(0, 16, "nothing of this"),
                                 Bytes(64, std::byte{0xff}), Bytes(64, std::byte{0}));
    CHECK(device_id_text(answer).empty());
}

TEST_CASE("a vendor-specific printer is known by the table or by the profile", "[usb][quirks]") {
    CHECK(usb_quirks({0x04b8, 0x0202}, {}).vendor_class);
    CHECK_FALSE(usb_quirks({0x04b8, 0x0e15}, {}).vendor_class);
    antrean::escpos::Profile profile;
    profile.usb = {{0x0519, 0x0003}};
    CHECK_FALSE(usb_quirks({0x0519, 0x0003}, usb_options(profile)).vendor_class);
    profile.vendor_class = true;
    CHECK(usb_quirks({0x0519, 0x0003}, usb_options(profile)).vendor_class);
    CHECK_FALSE(usb_quirks({0x0519, 0x0001}, usb_options(profile)).vendor_class);
    CHECK_FALSE(usb_quirks({0x0519, 0x0003}, usb_options(profile)).zero_length_packets);
    profile.zero_length_packets = true;
    CHECK(usb_quirks({0x1234, 0x5678}, usb_options(profile)).zero_length_packets);
}

TEST_CASE("every row of the quirk table says something, where from, and once", "[usb][quirks]") {
    const auto rows = usb_quirk_rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(rows[i].quirks != UsbQuirks{});
        CHECK_FALSE(rows[i].source.empty());
        CHECK(usb_quirks({rows[i].vendor, rows[i].product}, {}) == rows[i].quirks);
    }
}

TEST_CASE("who may not open a printer is told the rule to write", "[usb][words]") {
    UsbIdentity identity;
    identity.model = {0x04b8, 0x0e15};
    identity.port = "1-1.4";
    const std::string text = no_permission_text(identity);
    CHECK_THAT(text, Catch::Contains("USB 1-1.4 (04b8:0e15)"));
    CHECK_THAT(text, Catch::Contains("/etc/udev/rules.d/"));
    CHECK_THAT(text, Catch::Contains(
                         R"(SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="04b8", )"
                         R"(ATTR{idProduct}=="0e15", GROUP="lp", MODE="0660")"));
    CHECK_THAT(in_use_text(identity, "cupsd (process 712)"),
               Catch::Contains("in use by cupsd (process 712)"));
    CHECK_THAT(in_use_text(identity, ""), Catch::Contains("cups, ipp-usb?"));
}

}  // namespace
