// The printer driver on a loop of its own, for tests with a printer that only USB knows.
#pragma once

#include "drivers/escpos/encode.hpp"
#include "drivers/printer/printer.hpp"
#include "tests/catch.hpp"
#include "tests/usb/fake_printer.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace antrean::usb_test {

using namespace std::chrono_literals;

inline virtual_printer::Profile at_once(virtual_printer::Profile profile) {
    profile.speed_mm_per_s = 0;
    return profile;
}

inline std::vector<std::byte> ticket(const std::string& number) {
    escpos::Encoder encoder{escpos::epson_tm()};
    encoder.init().align(escpos::Align::center).line("Mal Pelayanan Publik");
    encoder.size(2, 2).line(number).size(1, 1).line("Dukcapil").cut();
    return encoder.take();
}
inline std::string ticket_text(const std::string& number) {
    return "Mal Pelayanan Publik\n" + number + "\nDukcapil\n";
}

// Must be destroyed before the fake printer.
struct Driver {
    struct Ended {
        printer::Outcome outcome;
        printer::Reason reason;
    };

    explicit Driver(const std::string& address = "usb",
                    escpos::Profile profile = escpos::epson_tm())
        : printer{io,
                  {address, std::move(profile)},
                  {.on_done =
                       [this](printer::JobId, printer::Outcome outcome, printer::Reason reason) {
                           dones.push_back({outcome, reason});
                       },
                   .on_state = [this](printer::PrinterState state) { states.push_back(state); }}} {}

    // The limit only ends a test that has failed anyway.
    bool run(const std::function<bool()>& done, std::chrono::seconds limit = 30s) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!done() && std::chrono::steady_clock::now() < end)
            io.run_one_for(100ms);
        return done();
    }
    bool run_until(printer::PrinterState state) {
        return run([&] { return printer.state() == state; });
    }
    bool run_until_done(std::size_t count) {
        return run([&] { return dones.size() >= count; });
    }
    bool last_is(printer::Outcome outcome, printer::Reason reason) const {
        return !dones.empty() && dones.back().outcome == outcome && dones.back().reason == reason;
    }

    boost::asio::io_context io;
    std::vector<Ended> dones;
    std::vector<printer::PrinterState> states;
    printer::Printer printer;
};

inline void print_one(Driver& driver, FakePrinter& fake, std::uint64_t id) {
    const std::string number = "A" + std::to_string(100 + id);
    const std::size_t before = driver.dones.size();
    driver.printer.print(printer::JobId{id}, ticket(number));
    REQUIRE(driver.run_until_done(before + 1));
    CHECK(driver.last_is(printer::Outcome::printed, printer::Reason::none));
    const auto papers = fake.take_papers();
    REQUIRE_FALSE(papers.empty());
    CHECK(papers.back() == ticket_text(number));
}

inline std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace antrean::usb_test
