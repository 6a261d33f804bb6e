#include "drivers/printer/printer.hpp"
#include "drivers/tty/escape.hpp"
#include "tools/paper/commands.hpp"

#include <csignal>
#include <cstdio>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace antrean::paper {
namespace {

namespace asio = boost::asio;
using printer::Printer;
using printer::PrinterState;

bool can_print(PrinterState state) {
    return state == PrinterState::ready || state == PrinterState::paper_low;
}

void tell(const Printer& driver) {
    const auto condition = driver.condition();
    fmt::print("{:%H:%M:%S} {}{}{} [{}]\n", fmt::localtime(std::time(nullptr)),
               printer::to_string(condition.state), condition.remedy.empty() ? "" : ": ",
               condition.remedy, tty::escaped(driver.link()));
    std::fflush(stdout);
}

}  // namespace

int print(const Look& look, const escpos::Profile& profile, const std::string& address, Wait wait) {
    auto bytes = bytes_of(look, profile);
    if (!bytes) return exit_bad_file;
    asio::io_context io{1};
    asio::steady_timer deadline{io, wait.most};
    asio::signal_set signals{io, SIGINT, SIGTERM};
    std::optional<Printer> driver;
    bool sent = false;
    int code = exit_no_printer;
    const auto stop = [&] { io.stop(); };
    const auto send = [&] {
        if (sent || !can_print(driver->state()) || driver->busy()) return;
        sent = true;
        driver->print(printer::JobId{1}, std::move(*bytes));
    };
    driver.emplace(io, printer::Config{address, profile},
                   Printer::Handlers{
                       .on_done =
                           [&](printer::JobId, printer::Outcome outcome, printer::Reason reason) {
                               const auto& done = driver->last_done();
                               const bool printed = outcome == printer::Outcome::printed;
                               fmt::print("{}: {}\n", printer::to_string(outcome),
                                          printed ? printer::to_string(done->evidence)
                                                  : printer::to_string(reason));
                               code = printed                                    ? exit_ok
                                      : outcome == printer::Outcome::unconfirmed ? exit_unconfirmed
                                                                                 : exit_not_printed;
                               stop();
                           },
                       .on_state =
                           [&](PrinterState) {
                               tell(*driver);
                               send();
                           }});
    deadline.async_wait([&](const auto& error) {
        if (error) return;
        if (!sent) {
            fmt::print(stderr, "the printer at {} did not become ready in {} s; it is: {}\n",
                       tty::escaped(address), wait.most.count(),
                       printer::to_string(driver->state()));
            stop();
        }
        // A paper that has begun is waited for: the driver ends it by itself.
    });
    signals.async_wait([&](const auto& error, int) {
        if (!error) stop();
    });
    io.run();
    driver.reset();
    return code;
}

int status(const escpos::Profile& profile, const std::string& address, bool watch, Wait wait) {
    asio::io_context io{1};
    asio::steady_timer deadline{io};
    asio::signal_set signals{io, SIGINT, SIGTERM};
    std::optional<Printer> driver;
    int code = exit_no_printer;
    const auto is_known = [](PrinterState state) { return state != PrinterState::gone; };
    driver.emplace(io, printer::Config{address, profile},
                   Printer::Handlers{.on_done = [](auto...) {},
                                     .on_state =
                                         [&](PrinterState state) {
                                             if (is_known(state)) code = exit_ok;
                                             if (watch) {
                                                 tell(*driver);
                                             } else if (is_known(state)) {
                                                 tell(*driver);
                                                 io.stop();
                                             }
                                         }});
    if (watch) {
        tell(*driver);
    } else {
        deadline.expires_after(wait.most);
        deadline.async_wait([&](const auto& error) {
            if (error) return;
            tell(*driver);
            io.stop();
        });
    }
    signals.async_wait([&](const auto& error, int) {
        if (!error) io.stop();
    });
    io.run();
    driver.reset();
    return watch ? int{exit_ok} : code;
}

}  // namespace antrean::paper
