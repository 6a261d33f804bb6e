// The printer driver on the USB stack of a real Linux kernel: only the printer is not real. The
// faults are those of tests/usb; here the kernel says whether that pretends rightly.
#include "tests/catch.hpp"
#include "tests/usb/driver_bench.hpp"
#include "tests/vm/vhci_printer.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <grp.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace antrean::printer;
using namespace antrean::usb_test;
namespace virtual_printer = antrean::virtual_printer;
namespace fs = std::filesystem;

virtual_printer::Profile epson() {
    return at_once(virtual_printer::epson_tm_t88v());
}

// The sysfs folder of the one printer on the virtual bus.
fs::path printer_folder() {
    for (const auto& entry : fs::directory_iterator{"/sys/bus/usb/devices"}) {
        std::ifstream vendor{entry.path() / "idVendor"};
        std::string id;
        if (vendor >> id && id == "04b8") return entry.path();
    }
    return {};
}
std::string number_in(const fs::path& file) {
    std::ifstream stream{file};
    std::string text;
    stream >> text;
    return text;
}
std::string driver() {
    const fs::path folder = printer_folder();
    std::error_code error;
    const fs::path interface = folder / (folder.filename().string() + ":1.0");
    return fs::read_symlink(interface / "driver", error).filename().string();
}
bool driver_becomes(const std::string& name) {
    for (int i = 0; i < 500 && driver() != name; ++i)
        std::this_thread::sleep_for(10ms);
    return driver() == name;
}

// Plugged in, and taken by the kernel's printer driver first, as on any desktop.
void plug(VhciPrinter& fake) {
    fake.plug();
    REQUIRE(driver_becomes("usblp"));
}

TEST_CASE("a ticket is printed and confirmed, and the kernel's driver is handed back", "[vm]") {
    VhciPrinter fake{epson()};
    plug(fake);
    {
        Driver own;
        REQUIRE(own.run_until(PrinterState::ready));
        CHECK(driver() == "usbfs");
        for (std::uint64_t id = 1; id <= 3; ++id)
            print_one(own, fake, id);
    }
    CHECK(driver_becomes("usblp"));
}

TEST_CASE("open cover and empty roll are told, and end", "[vm][F20]") {
    VhciPrinter fake{epson()};
    plug(fake);
    Driver own;
    REQUIRE(own.run_until(PrinterState::ready));
    fake.use([](auto& machine, auto now) { machine.open_cover(now); });
    CHECK(own.run_until(PrinterState::cover_open));
    fake.use([](auto& machine, auto now) { machine.close_cover(now); });
    CHECK(own.run_until(PrinterState::ready));
    fake.use([](auto& machine, auto now) { machine.set_paper_left(now, 0); });
    CHECK(own.run_until(PrinterState::paper_out));
    own.printer.print(JobId{1}, ticket("A101"));
    REQUIRE(own.run_until_done(1));
    CHECK(own.last_is(Outcome::not_printed, Reason::paper_out));
    fake.use([](auto& machine, auto now) { machine.load_paper(now); });
    CHECK(own.run_until(PrinterState::ready));
    print_one(own, fake, 2);
}

TEST_CASE("pulled in mid-ticket, the printer is found again under another number",
          "[vm][R14][F19]") {
    VhciPrinter fake{epson()};
    plug(fake);
    Driver own;
    REQUIRE(own.run_until(PrinterState::ready));
    print_one(own, fake, 1);
    const std::string before = number_in(printer_folder() / "devnum");
    fake.hold_out_at(fake.bytes_received() + 40);
    own.printer.print(JobId{2}, ticket("A102"));
    REQUIRE(own.run([&] { return fake.holds_out(); }));
    fake.unplug();
    REQUIRE(own.run_until_done(2));
    CHECK(own.last_is(Outcome::unconfirmed, Reason::gone));
    CHECK(own.printer.state() == PrinterState::gone);
    own.printer.print(JobId{3}, ticket("A103"));
    REQUIRE(own.run_until_done(3));
    CHECK(own.last_is(Outcome::not_printed, Reason::gone));
    fake.plug();
    REQUIRE(own.run_until(PrinterState::ready));
    CHECK(number_in(printer_folder() / "devnum") != before);
    print_one(own, fake, 4);
}

TEST_CASE("a stall in a ticket leaves it unconfirmed, and the next one is printed",
          "[vm][F19][F21]") {
    VhciPrinter fake{epson()};
    plug(fake);
    Driver own;
    REQUIRE(own.run_until(PrinterState::ready));
    fake.stall_out_after(12 + 30);
    own.printer.print(JobId{1}, ticket("A101"));
    REQUIRE(own.run_until_done(1));
    CHECK(own.last_is(Outcome::unconfirmed, Reason::fault));
    REQUIRE(own.run_until(PrinterState::ready));
    print_one(own, fake, 2);
    fake.stall_in();
    print_one(own, fake, 3);
}

TEST_CASE("a transfer that ends early is continued where it ended", "[vm]") {
    VhciPrinter fake{epson()};
    plug(fake);
    Driver own;
    REQUIRE(own.run_until(PrinterState::ready));
    for (const std::size_t size : {1u, 30u, 60u}) {
        fake.short_out_at(fake.bytes_received() + 12 + size);
        print_one(own, fake, size);
    }
}

TEST_CASE("a program that holds the printer is named, and waited for", "[vm]") {
    VhciPrinter fake{epson()};
    plug(fake);
    const fs::path folder = printer_folder();
    const auto pad = [](const std::string& number) {
        return std::string(3 - number.size(), '0') + number;
    };
    const std::string node = "/dev/bus/usb/" + pad(number_in(folder / "busnum")) + "/" +
                             pad(number_in(folder / "devnum"));
    const pid_t other = ::fork();
    if (other == 0) {  // nothing but system calls here
        const int file = ::open(node.c_str(), O_RDWR);
        usbdevfs_disconnect_claim claim{};
        ::ioctl(file, USBDEVFS_DISCONNECT_CLAIM, &claim);
        ::pause();
        ::_exit(0);
    }
    REQUIRE(driver_becomes("usbfs"));
    Driver own;
    CHECK(own.run([&] {
        return own.printer.link().find("in use by vm_test (process " + std::to_string(other)) !=
               std::string::npos;
    }));
    CHECK(own.printer.state() == PrinterState::gone);
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    REQUIRE(own.run_until(PrinterState::ready));
    print_one(own, fake, 1);
}

TEST_CASE("without permission the rule to write is told", "[vm]") {
    VhciPrinter fake{epson()};
    plug(fake);
    Driver own;
    constexpr uid_t nobody = 65534;
    REQUIRE(::seteuid(nobody) == 0);
    const bool told = own.run(
        [&] { return own.printer.link().find("ATTR{idVendor}==\"04b8\"") != std::string::npos; });
    REQUIRE(::seteuid(0) == 0);
    CHECK(told);
    REQUIRE(own.run_until(PrinterState::ready));
    print_one(own, fake, 1);
}

TEST_CASE("the rules of the kiosk's package give printers to who is in lp, and keep them awake",
          "[vm]") {
    constexpr gid_t lp = 7;  // as in the guest's /etc/group
    const auto interface_class = GENERATE(std::uint8_t{7}, std::uint8_t{0xff});
    FakePrinter::Identity identity;
    identity.interface_class = interface_class;
    VhciPrinter fake{epson(), identity};
    fake.plug();
    const auto is_given = [] {
        const auto folder = printer_folder();
        const auto number = [&](const char* name) {
            const auto text = number_in(folder / name);
            return std::string(3 - std::min<std::size_t>(text.size(), 3), '0') + text;
        };
        struct stat node {};
        return ::stat(("/dev/bus/usb/" + number("busnum") + "/" + number("devnum")).c_str(),
                      &node) == 0 &&
               node.st_gid == lp && (node.st_mode & 0777) == 0660 &&
               number_in(folder / "power/control") == "on";
    };
    for (int i = 0; i < 500 && !is_given(); ++i)
        std::this_thread::sleep_for(10ms);
    REQUIRE(is_given());
    if (interface_class != 7) return;  // only a profile that says so makes the driver take it

    constexpr uid_t nobody = 65534;
    REQUIRE(::setgroups(1, &lp) == 0);
    REQUIRE(::seteuid(nobody) == 0);
    Driver own;
    const bool ready = own.run_until(PrinterState::ready);
    if (ready) print_one(own, fake, 1);
    REQUIRE(::seteuid(0) == 0);
    REQUIRE(::setgroups(0, nullptr) == 0);
    CHECK(ready);
}

TEST_CASE("that the printer has gone is known at once, and that it is back soon", "[vm]") {
    std::chrono::milliseconds gone{0};
    std::chrono::milliseconds back{0};
    constexpr int rounds = 3;
    for (int round = 0; round < rounds; ++round) {
        VhciPrinter fake{epson()};
        plug(fake);
        Driver own;
        REQUIRE(own.run_until(PrinterState::ready));
        std::chrono::steady_clock::time_point start;
        // The loop runs on while the cable is pulled, which here takes its time.
        std::thread hand{[&] {
            start = std::chrono::steady_clock::now();
            fake.unplug();
        }};
        const bool left = own.run_until(PrinterState::gone);
        const auto took = since(start);
        hand.join();
        REQUIRE(left);
        gone = std::max(gone, took);
        start = std::chrono::steady_clock::now();
        fake.plug();
        REQUIRE(own.run_until(PrinterState::ready));
        back = std::max(back, since(start));
    }
    WARN("the slowest of " << rounds << ": gone known after " << gone.count()
                           << " ms (wanted: 100), back after " << back.count()
                           << " ms (wanted: 2000), on an emulated processor");
    CHECK(gone < 5s);
    CHECK(back < 20s);
}

}  // namespace
