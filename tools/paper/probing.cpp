#include "drivers/escpos/profile_load.hpp"
#include "drivers/escpos/profile_match.hpp"
#include "drivers/printer/probe.hpp"
#include "drivers/printer/transports.hpp"
#include "drivers/tty/escape.hpp"
#include "tools/paper/commands.hpp"
#include "tools/paper/profile_file.hpp"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace antrean::paper {
namespace {

namespace asio = boost::asio;
using printer::Probe;

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

// One probing of the printer at an address; run() ends when it is done, in vain or not.
class Probing {
public:
    Probing(const std::string& address, bool thorough, std::optional<double> paper_mm, Wait wait)
        : address_{address}, thorough_{thorough}, paper_mm_{paper_mm}, wait_{wait} {
        transport_ = printer::make_transport(
            io_, address, {},
            {.on_open = [this] { opened(); },
             .on_received =
                 [this](std::span<const std::byte> bytes) {
                     step([&](Probe::Bytes& out) { probe_->received(bytes, now(), out); });
                 },
             .on_taken = [](std::uint64_t) {},
             .on_closed =
                 [this](printer::Reason, const std::string& text) {
                     fmt::print(stderr, "{}: {}\n", tty::escaped(address_), tty::escaped(text));
                     io_.stop();
                 }});
    }

    // None after telling why.
    const Probe* run() {
        deadline_.expires_after(wait_.most);
        deadline_.async_wait([this](const auto& error) {
            if (error) return;
            fmt::print(stderr, "no printer came to {} in {} s\n", tty::escaped(address_),
                       wait_.most.count());
            io_.stop();
        });
        signals_.async_wait([this](const auto& error, int) {
            if (!error) io_.stop();
        });
        transport_->open();
        io_.run();
        return probe_ && probe_->done() ? probe_.get() : nullptr;
    }

private:
    void opened() {
        escpos::Identity known;
        known.paper_mm = paper_mm_;
        if (const auto usb = transport_->usb_identity()) {
            known.usb = escpos::UsbId{usb->model.vendor, usb->model.product};
            known.maker = usb->maker;
            known.model = usb->product;
            if (const auto id = escpos::parse_device_id(std::string_view{usb->device_id})) {
                known.maker = id->maker;
                known.model = id->model;
            }
        }
        probe_ = std::make_unique<Probe>(std::move(known),
                                         thorough_ ? Probe::Depth::thorough : Probe::Depth::safe);
        step([&](Probe::Bytes& out) { probe_->opened(now(), out); });
    }

    void tick() {
        step([&](Probe::Bytes& out) { probe_->tick(now(), out); });
    }

    template <class Input>
    void step(Input&& input) {
        if (!probe_) return;
        Probe::Bytes out;
        input(out);
        if (!out.empty()) transport_->write(std::move(out));
        if (probe_->done()) {
            io_.stop();
        } else if (const auto due = probe_->deadline()) {
            timer_.expires_at(*due);
            timer_.async_wait([this](const boost::system::error_code& error) {
                if (!error) tick();
            });
        }
    }

    const std::string address_;
    const bool thorough_;
    const std::optional<double> paper_mm_;
    const Wait wait_;
    asio::io_context io_{1};
    asio::steady_timer deadline_{io_}, timer_{io_};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    std::unique_ptr<Probe> probe_;
    std::unique_ptr<printer::Transport> transport_;
};

}  // namespace

int probe(const std::string& address, bool thorough, std::optional<double> paper_mm,
          const std::filesystem::path& output, Wait wait) {
    Probing probing{address, thorough, paper_mm, wait};
    const auto* probe = probing.run();
    if (!probe) return exit_no_printer;
    for (const auto& finding : probe->findings())
        fmt::print("{}\n", tty::escaped(finding));
    const auto match = escpos::match_profile(probe->identity());
    fmt::print("{}: {}\n", match.profile.name, tty::escaped(match.why));
    if (output.empty()) return exit_ok;
    const auto when = fmt::format("{:%Y-%m-%d}", fmt::localtime(std::time(nullptr)));
    const auto text = profile_text(escpos::known_profile_text(match.profile.name), match,
                                   probe->identity(), when);
    if (const auto read = escpos::read_profile(text, output); !read) {
        fmt::print(stderr, "{}", read.error().message());
        return exit_bad_file;
    }
    if (!write_file(output, text.data(), text.size())) return exit_cannot_write;
    fmt::print("written to {}\n", tty::escaped(output.string()));
    return exit_ok;
}

}  // namespace antrean::paper
