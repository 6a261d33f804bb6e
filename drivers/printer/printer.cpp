#include "drivers/printer/printer.hpp"

#include "drivers/printer/address.hpp"
#include "drivers/printer/tcp_transport.hpp"
#include "drivers/printer/transport.hpp"
#include "drivers/printer/usb_transport.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <deque>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::printer {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_retry{200};
constexpr std::chrono::milliseconds last_retry{5000};
constexpr auto stable_time = 10s;  // a link that lasted so long begins anew with short retries

Address address_of(const std::string& text) {
    auto address = parse_address(text);
    if (address.has_error()) throw std::invalid_argument(address.error());
    return *std::move(address);
}

std::unique_ptr<Transport> make_transport(asio::io_context& io, const Address& address,
                                          Transport::Handlers handlers) {
    if (const auto* tcp = std::get_if<TcpAddress>(&address))
        return std::make_unique<TcpTransport>(io, *tcp, std::move(handlers));
    return std::make_unique<UsbTransport>(io, std::get<UsbAddress>(address), std::move(handlers));
}

}  // namespace

class Printer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, Config config, Handlers handlers)
        : io_{io},
          handlers_{std::move(handlers)},
          random_{std::random_device{}()},
          machine_{std::move(config.profile), static_cast<std::uint32_t>(random_())},
          tick_timer_{io},
          retry_timer_{io},
          transport_{make_transport(
              io, address_of(config.address),
              {.on_open = [this] { opened(); },
               .on_received =
                   [this](std::span<const std::byte> bytes) {
                       step([&](Actions& out) { machine_.received(bytes, now(), out); });
                   },
               .on_taken =
                   [this](std::uint64_t total) {
                       step([&](Actions& out) { machine_.taken(total, now(), out); });
                   },
               .on_closed = [this](Reason why, const std::string& text) { closed(why, text); }})} {
        transport_->open();
    }

    void print(JobId job, std::vector<std::byte> paper) {
        machine_.print({job, std::move(paper)}, now(), out_);
        collect();
        // Not at once: no handler is called from inside print().
        asio::post(io_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->perform();
        });
    }

    const Machine& machine() const { return machine_; }
    const std::string& link() const { return link_; }

private:
    static SteadyTime now() { return std::chrono::steady_clock::now(); }

    void opened() {
        link_ = "open";
        opened_at_ = now();
        step([this](Actions& out) { machine_.opened(now(), out); });
    }

    void closed(Reason why, const std::string& text) {
        link_ = text;
        if (opened_at_ && now() - *opened_at_ >= stable_time) retry_ = first_retry;
        opened_at_.reset();
        step([&](Actions& out) { machine_.closed(why, now(), out); });
        // Jittered, so that kiosks that lost the same network do not all come at once.
        std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter{retry_.count() / 2,
                                                                             retry_.count()};
        retry_timer_.expires_after(std::chrono::milliseconds{jitter(random_)});
        retry_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (!error && self) self->transport_->open();
        });
        retry_ = std::min(retry_ * 2, last_retry);
    }

    template <class Event>
    void step(const Event& event) {
        event(out_);
        collect();
        perform();
    }
    void collect() {
        for (Action& action : out_)
            actions_.push_back(std::move(action));
        out_.clear();
    }

    // In the order of events, also if a handler causes more of them.
    void perform() {
        if (performing_) return;
        performing_ = true;
        while (!actions_.empty()) {
            Action& action = actions_.front();  // stays where it is when others are appended
            if (auto* write = std::get_if<Write>(&action)) {
                transport_->write(std::move(write->bytes));
            } else if (std::holds_alternative<CloseAndReopen>(action)) {
                transport_->close();
            } else if (const auto* done = std::get_if<Done>(&action)) {
                if (handlers_.on_done) handlers_.on_done(done->job, done->outcome, done->reason);
            } else if (handlers_.on_state) {
                handlers_.on_state(std::get<StateChanged>(action).state);
            }
            actions_.pop_front();
        }
        performing_ = false;
        arm_timer();
    }

    void arm_timer() {
        const auto deadline = machine_.deadline();
        if (deadline == armed_) return;
        armed_ = deadline;
        tick_timer_.cancel();
        if (!deadline) return;
        tick_timer_.expires_at(*deadline);
        tick_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (error || !self) return;
            self->armed_.reset();
            self->step([&](Actions& out) { self->machine_.tick(now(), out); });
        });
    }

    asio::io_context& io_;
    const Handlers handlers_;
    std::minstd_rand random_;
    Machine machine_;
    Actions out_;                 // of the event that is being handled
    std::deque<Action> actions_;  // not yet carried out
    bool performing_ = false;
    asio::steady_timer tick_timer_;
    std::optional<SteadyTime> armed_;
    asio::steady_timer retry_timer_;
    std::chrono::milliseconds retry_ = first_retry;
    std::optional<SteadyTime> opened_at_;
    std::string link_ = "connecting";
    std::unique_ptr<Transport> transport_;
};

Printer::Printer(asio::io_context& io, Config config, Handlers handlers)
    : impl_{std::make_shared<Impl>(io, std::move(config), std::move(handlers))} {}
Printer::~Printer() = default;

void Printer::print(JobId job, std::vector<std::byte> paper) {
    impl_->print(job, std::move(paper));
}
bool Printer::busy() const {
    return impl_->machine().busy();
}
PrinterState Printer::state() const {
    return impl_->machine().state();
}
const std::string& Printer::link() const {
    return impl_->link();
}

}  // namespace antrean::printer
