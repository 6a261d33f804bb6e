// The printer driver over the real libusb, with a printer that only exists for libusb.
#include "drivers/printer/printer.hpp"

#include "drivers/escpos/encode.hpp"
#include "tests/catch.hpp"
#include "tests/usb/umockdev_printer.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace {

using namespace antrean::printer;
using namespace std::chrono_literals;
using antrean::usb_test::UmockdevPrinter;
namespace escpos = antrean::escpos;
namespace virtual_printer = antrean::virtual_printer;

virtual_printer::Profile at_once(virtual_printer::Profile profile) {
    profile.speed_mm_per_s = 0;
    return profile;
}

UmockdevPrinter::Options epson() {
    UmockdevPrinter::Options options;
    options.profile = at_once(virtual_printer::epson_tm_t88v());
    return options;
}

std::vector<std::byte> ticket(const std::string& number) {
    escpos::Encoder encoder{escpos::epson_tm()};
    encoder.init().align(escpos::Align::center).line("Mal Pelayanan Publik");
    encoder.size(2, 2).line(number).size(1, 1).line("Dukcapil").cut();
    return encoder.take();
}
std::string ticket_text(const std::string& number) {
    return "Mal Pelayanan Publik\n" + number + "\nDukcapil\n";
}

// A driver on its own loop. Must be destroyed before the fake printer.
struct Driver {
    explicit Driver(const std::string& address = "usb",
                    escpos::Profile profile = escpos::epson_tm())
        : printer{io,
                  {address, std::move(profile)},
                  {[this](JobId job, Outcome outcome, Reason reason) {
                       dones.push_back({job, outcome, reason});
                   },
                   [this](PrinterState state) { states.push_back(state); }}} {}

    // The limit only ends a test that has failed anyway.
    bool run(const std::function<bool()>& done, std::chrono::seconds limit = 30s) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!done() && std::chrono::steady_clock::now() < end)
            io.run_one_for(100ms);
        return done();
    }
    bool run_until(PrinterState state) {
        return run([&] { return printer.state() == state; });
    }
    bool run_until_done(std::size_t count) {
        return run([&] { return dones.size() >= count; });
    }
    bool last_is(Outcome outcome, Reason reason) const {
        return !dones.empty() && dones.back().outcome == outcome && dones.back().reason == reason;
    }

    boost::asio::io_context io;
    std::vector<Done> dones;
    std::vector<PrinterState> states;
    Printer printer;
};

void print_one(Driver& driver, UmockdevPrinter& fake, std::uint64_t id) {
    const std::string number = "A" + std::to_string(100 + id);
    const std::size_t before = driver.dones.size();
    driver.printer.print(JobId{id}, ticket(number));
    REQUIRE(driver.run_until_done(before + 1));
    CHECK(driver.last_is(Outcome::printed, Reason::none));
    const auto papers = fake.take_papers();
    REQUIRE_FALSE(papers.empty());
    CHECK(papers.back() == ticket_text(number));
}

TEST_CASE("a paper is printed and confirmed over USB", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    CHECK(driver.printer.link() == "open");
    for (std::uint64_t id = 1; id <= 3; ++id)
        print_one(driver, fake, id);
    CHECK(fake.count("SETCONFIGURATION") == 0);
}

TEST_CASE("a printer without print confirmation is asked by a barrier over USB", "[usb]") {
    UmockdevPrinter::Options options;
    options.profile = at_once(virtual_printer::generic_80());
    UmockdevPrinter fake{options};
    fake.plug();
    Driver driver{"usb", escpos::generic_80()};
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 1);
}

TEST_CASE("a change of status is told unasked over USB", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 1);  // whose ESC @ has switched the reports off in between
    fake.use([](auto& machine, auto now) { machine.open_cover(now); });
    CHECK(driver.run_until(PrinterState::cover_open));
    fake.use([](auto& machine, auto now) { machine.close_cover(now); });
    CHECK(driver.run_until(PrinterState::ready));
    fake.use([](auto& machine, auto now) { machine.set_paper_left(now, 0); });
    CHECK(driver.run_until(PrinterState::paper_out));
    driver.printer.print(JobId{2}, ticket("A102"));
    REQUIRE(driver.run_until_done(2));
    CHECK(driver.last_is(Outcome::not_printed, Reason::paper_out));
    fake.use([](auto& machine, auto now) { machine.load_paper(now); });
    CHECK(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 3);
}

TEST_CASE("a printer that is unplugged in mid-paper is found again and prints the next one",
          "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 1);
    fake.hold_out_at(fake.bytes_received() + 40);
    driver.printer.print(JobId{2}, ticket("A102"));
    REQUIRE(driver.run([&] { return fake.holds_out(); }));
    fake.unplug();
    REQUIRE(driver.run_until_done(2));
    CHECK(driver.last_is(Outcome::unconfirmed, Reason::gone));
    CHECK(driver.printer.state() == PrinterState::gone);
    driver.printer.print(JobId{3}, ticket("A103"));
    REQUIRE(driver.run_until_done(3));
    CHECK(driver.last_is(Outcome::not_printed, Reason::gone));
    fake.plug();  // under another device number
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 4);
}

TEST_CASE("a printer that is plugged in later is found", "[usb]") {
    UmockdevPrinter fake{epson()};
    Driver driver;
    CHECK_FALSE(driver.run([&] { return driver.printer.state() != PrinterState::gone; }, 0s));
    fake.plug();
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 1);
}

TEST_CASE("a transfer that ends early is continued where it ended", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    for (std::size_t size : {0u, 1u, 5u, 11u}) {
        fake.short_out_once(size);
        print_one(driver, fake, 1 + size);
    }
    // And in the paper itself, which comes after twelve bytes of questions.
    for (std::size_t size : {1u, 30u, 60u}) {
        fake.short_out_at(fake.bytes_received() + 12 + size);
        print_one(driver, fake, 20 + size);
    }
}

TEST_CASE("a stalled paper is unconfirmed and the next one is printed", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    fake.stall_out_after(12 + 30);
    driver.printer.print(JobId{1}, ticket("A101"));
    REQUIRE(driver.run_until_done(1));
    CHECK(driver.last_is(Outcome::unconfirmed, Reason::fault));
    CHECK(fake.count("CLEAR_HALT") == 1);
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, fake, 2);
}

TEST_CASE("a stalled and an empty read are survived", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    fake.stall_in();
    REQUIRE(driver.run([&] { return fake.count("CLEAR_HALT") == 1; }));
    print_one(driver, fake, 1);
    fake.empty_in_once();
    print_one(driver, fake, 2);
}

TEST_CASE("the kernel's printer driver is detached and comes back", "[usb]") {
    auto options = epson();
    options.kernel_driver = "usblp";
    UmockdevPrinter fake{options};
    fake.plug();
    {
        Driver driver;
        REQUIRE(driver.run_until(PrinterState::ready));
        CHECK_FALSE(fake.has_kernel_driver());
        print_one(driver, fake, 1);
    }
    CHECK(fake.has_kernel_driver());
}

TEST_CASE("a printer that another program holds is told of and waited for", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    std::optional<Driver> first;
    first.emplace();
    REQUIRE(first->run_until(PrinterState::ready));
    Driver second;
    REQUIRE(second.run([&] { return second.printer.link().find("in use") != std::string::npos; }));
    CHECK(second.printer.state() == PrinterState::gone);
    first.reset();
    REQUIRE(second.run_until(PrinterState::ready));
    print_one(second, fake, 1);
}

TEST_CASE("the wanted one of two printers is taken", "[usb]") {
    auto options = epson();
    UmockdevPrinter left{options};
    options.port = "1-2";
    options.first_number = 40;
    options.identity.serial = "FAKE0002";
    struct Row {
        std::string address;
        std::uint8_t interface_class;
    };
    // A vendor-specific interface is taken only if its model has been named.
    const auto row = GENERATE(values<Row>(
        {{"usb:04b8:0e15:FAKE0002", 7}, {"usb:04b8:0e15:FAKE0002", 0xff}, {"usb:1-2", 7}}));
    options.identity.interface_class = row.interface_class;
    UmockdevPrinter right{options};
    left.plug();
    right.plug();
    Driver driver{row.address};
    REQUIRE(driver.run_until(PrinterState::ready));
    print_one(driver, right, 1);
    CHECK(left.bytes_received() == 0);
}

TEST_CASE("another configuration is set only when it is not the present one", "[usb]") {
    auto options = epson();
    options.identity.configuration = 2;  // sysfs says 1
    UmockdevPrinter fake{options};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    CHECK(fake.count("SETCONFIGURATION") == 1);
    print_one(driver, fake, 1);
}

TEST_CASE("a resting printer costs next to no system calls", "[usb]") {
    UmockdevPrinter fake{epson()};
    fake.plug();
    Driver driver;
    REQUIRE(driver.run_until(PrinterState::ready));
    driver.run([] { return false; }, 1s);
    const std::size_t before = fake.count("REAPURBNDELAY");
    driver.run([] { return false; }, 2s);
    CHECK(fake.count("REAPURBNDELAY") - before <= 12);
}

}  // namespace
