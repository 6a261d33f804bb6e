#include "tools/benchmark/order.hpp"

#include "drivers/escpos/encode.hpp"
#include "drivers/escpos/profile_load.hpp"
#include "drivers/printer/printer.hpp"
#include "tools/benchmark/printer_port.hpp"

#include <atomic>
#include <cstdint>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

namespace asio = boost::asio;

constexpr std::size_t warm_up_orders = 5;
constexpr std::chrono::milliseconds pause{20};
constexpr std::chrono::milliseconds slice{1};  // of serving while another thread works

escpos::Profile profile_of_printer() {
    auto profile = escpos::find_profile("epson-tm-t20iii");
    if (!profile) throw std::runtime_error{"the printer's profile cannot be read"};
    return std::move(profile).value();
}

std::vector<std::byte> paper_of(const escpos::Profile& profile, std::size_t number) {
    escpos::Encoder encoder{profile};
    encoder.init().align(escpos::Align::center).bold(true).line("Mal Pelayanan Publik").bold(false);
    encoder.size(4, 4).line(fmt::format("A-{:03}", number % 1000)).size(1, 1);
    encoder.wrapped("Dinas Kependudukan dan Pencatatan Sipil, pembuatan akta kelahiran");
    encoder.feed(1).line("17 Agustus 2024 08:15").cut();
    return encoder.take();
}

// The driver on a thread of its own, as in a kiosk, so that whoever plays the printer only reads.
class Customer {
public:
    explicit Customer(std::uint16_t port)
        : profile_{profile_of_printer()},
          printer_{io_,
                   {.address = fmt::format("tcp:127.0.0.1:{}", port), .profile = profile_},
                   {.on_done = [this](printer::JobId, printer::Outcome outcome,
                                      printer::Reason) { done_.set_value(outcome); },
                    .on_state =
                        [this](printer::PrinterState state) {
                            ready_ = state == printer::PrinterState::ready;
                        }}},
          thread_{[this] { io_.run(); }} {}
    ~Customer() { io_.stop(); }
    Customer(const Customer&) = delete;
    Customer& operator=(const Customer&) = delete;

    bool ready() const { return ready_; }

    // Told of the outcome by the future; ordered_at() is known from then on.
    std::future<printer::Outcome> order(std::size_t number) {
        done_ = {};
        auto done = done_.get_future();
        asio::post(io_, [this, number, paper = paper_of(profile_, number)]() mutable {
            ordered_at_ = Clock::now();
            printer_.print(printer::JobId{number}, std::move(paper));
        });
        return done;
    }
    Clock::time_point ordered_at() const { return ordered_at_; }

private:
    const escpos::Profile profile_;
    asio::io_context io_{1};
    const asio::executor_work_guard<asio::io_context::executor_type> work_ =
        asio::make_work_guard(io_);
    std::promise<printer::Outcome> done_;
    std::atomic<bool> ready_ = false;
    Clock::time_point ordered_at_;
    printer::Printer printer_;
    std::jthread thread_;  // the last, so that all else outlives it
};

template <class Done>
void serve_until(PrinterPort& port, const Done& done, const char* missing) {
    const auto limit = Clock::now() + patience;
    while (!done()) {
        if (Clock::now() >= limit) throw std::runtime_error{missing};
        port.serve(Clock::now() + slice, nullptr);
    }
}

struct Times {
    Nanoseconds first_byte;
    Nanoseconds paper;
};

Times order(PrinterPort& port, Customer& customer, std::size_t number) {
    port.serve(Clock::now() + pause, nullptr);
    auto outcome = customer.order(number);
    const auto paper = port.serve(Clock::now() + patience, &HealthyPrinter::Heard::text);
    if (!paper) throw std::runtime_error{"no paper came after an order"};
    const auto first = *port.first_read();
    serve_until(
        port, [&] { return outcome.wait_for(Nanoseconds{0}) == std::future_status::ready; },
        "an order has no end");
    if (outcome.get() != printer::Outcome::printed) {
        throw std::runtime_error{"a healthy printer's paper is not called printed"};
    }
    return {first - customer.ordered_at(), *paper - customer.ordered_at()};
}

}  // namespace

Order run_orders(std::size_t count) {
    PrinterPort port;
    Customer customer{port.port()};
    port.wait_for_client();
    serve_until(
        port, [&] { return customer.ready(); }, "the driver does not find its printer");
    for (std::size_t i = 0; i < warm_up_orders; ++i)
        order(port, customer, i + 1);
    Sample first_byte{count};
    Sample paper{count};
    for (std::size_t i = 0; i < count; ++i) {
        const auto times = order(port, customer, warm_up_orders + i + 1);
        first_byte.add(times.first_byte);
        paper.add(times.paper);
    }
    return {first_byte.summary(), paper.summary()};
}

}  // namespace antrean::benchmark
