#include "drivers/printer/printer.hpp"

#include "drivers/escpos/profile_match.hpp"
#include "drivers/printer/probe.hpp"
#include "drivers/printer/transports.hpp"
#include "drivers/printer/usb_quirks.hpp"

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

}  // namespace

class Printer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, Config config, Handlers handlers)
        : io_{io},
          handlers_{std::move(handlers)},
          random_{std::random_device{}()},
          on_usb_{is_usb(config.address)},
          usb_options_{usb_options(config.profile)},
          probes_{config.probe},
          paper_mm_{config.paper_mm},
          profile_{std::move(config.profile)},
          tick_timer_{io},
          retry_timer_{io},
          transport_{make_transport(
              io, config.address, usb_options_,
              {.on_open = [this] { opened(); },
               .on_received =
                   [this](std::span<const std::byte> bytes) {
                       if (probe_) {
                           ask([&](Probe::Bytes& out) { probe_->received(bytes, now(), out); });
                       } else {
                           step([&](Actions& out) { machine_->received(bytes, now(), out); });
                       }
                   },
               .on_taken =
                   [this](std::uint64_t total) {
                       if (!probe_) step([&](Actions& out) { machine_->taken(total, now(), out); });
                   },
               .on_closed = [this](Reason why, const std::string& text) { closed(why, text); }})} {
        machine_.emplace(profile_, static_cast<std::uint32_t>(random_()));
        transport_->open();
    }

    void print(JobId job, std::vector<std::byte> paper) {
        machine_->print({job, std::move(paper)}, now(), out_);
        collect();
        // Not at once: no handler is called from inside print().
        asio::post(io_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->perform();
        });
    }

    void clear() {
        assert(!machine_->busy());
        // A probe that is on its way is not disturbed: what follows it begins with clearing.
        if (!probe_) transport_->close();
    }

    void probe(OnProbed on_probed) {
        on_probed_ = std::move(on_probed);
        if (on_probed_) clear();
    }

    const Machine& machine() const { return *machine_; }
    const escpos::Profile& profile() const { return profile_; }
    const std::optional<Done>& last_done() const { return last_done_; }
    const std::string& link() const { return link_; }
    std::optional<UsbIdentity> usb_identity() const { return transport_->usb_identity(); }

private:
    static SteadyTime now() { return std::chrono::steady_clock::now(); }

    void opened() {
        link_ = "open";
        opened_at_ = now();
        if (((probes_ && !known_) || on_probed_) && !machine_->busy()) {
            begin_probe();
        } else {
            step([this](Actions& out) { machine_->opened(now(), out); });
        }
    }

    void begin_probe() {
        escpos::Identity identity;
        identity.paper_mm = paper_mm_;
        if (const auto usb = transport_->usb_identity()) {
            identity.usb = escpos::UsbId{usb->model.vendor, usb->model.product};
            if (const auto id = escpos::parse_device_id(std::string_view{usb->device_id})) {
                identity.maker = id->maker;
                identity.model = id->model;
            }
        }
        probe_.emplace(std::move(identity));
        ask([&](Probe::Bytes& out) { probe_->opened(now(), out); });
    }

    template <class Input>
    void ask(const Input& input) {
        Probe::Bytes out;
        input(out);
        if (!out.empty()) transport_->write(std::move(out));
        if (probe_->done()) {
            // What follows is another conversation: it begins with a link of its own.
            transport_->close();
        } else {
            arm_timer(probe_->deadline());
        }
    }

    // The link has been closed, by us or not. Whoever prints meanwhile is not disturbed.
    void end_probe() {
        const auto probe = *std::exchange(probe_, std::nullopt);
        const auto& identity = probe.identity();
        const bool ready = probe.status().clean();
        arm_timer(std::nullopt);
        if (!probe.done() || machine_->busy()) return;
        auto match = escpos::match_profile(identity);
        // A printer that was not ready has not said all; it is asked again when it comes back.
        if (identity.status == escpos::Heard::answered && !ready) {
            match.why += "; it was not ready, so not all was asked";
        }
        const auto on_probed = std::exchange(on_probed_, nullptr);
        if (probes_) {
            known_ = true;
            profile_ = match.profile;
            // It may be the printer that an earlier paper broke off in.
            const bool scrap = machine_->scrap();
            machine_.emplace(profile_, static_cast<std::uint32_t>(random_()), scrap);
            if (handlers_.on_profile) handlers_.on_profile(profile_, match.why);
        }
        if (on_probed) on_probed(probe, match);
    }

    void closed(Reason why, const std::string& text) {
        link_ = text;
        if (opened_at_ && now() - *opened_at_ >= stable_time) retry_ = first_retry;
        // What has been unplugged is waited for, not tried in vain.
        if (why == Reason::gone && on_usb_) retry_ = first_retry;
        opened_at_.reset();
        if (why == Reason::gone) known_ = false;  // another one may come instead
        const bool asked_all = probe_ && probe_->done();
        if (probe_) {
            end_probe();
        } else {
            step([&](Actions& out) { machine_->closed(why, now(), out); });
        }
        if (asked_all) {
            reopen_after(0ms);
            return;
        }
        // Jittered, so that kiosks that lost the same network do not all come at once.
        std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter{retry_.count() / 2,
                                                                             retry_.count()};
        reopen_after(std::chrono::milliseconds{jitter(random_)});
        retry_ = std::min(retry_ * 2, last_retry);
    }

    void reopen_after(std::chrono::milliseconds wait) {
        retry_timer_.expires_after(wait);
        retry_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (!error && self) self->transport_->open();
        });
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
                last_done_ = *done;
                if (handlers_.on_done) handlers_.on_done(done->job, done->outcome, done->reason);
            } else if (const auto* presented = std::get_if<Presented>(&action)) {
                if (handlers_.on_presented) handlers_.on_presented(presented->job, presented->what);
            } else if (handlers_.on_state) {
                handlers_.on_state(std::get<StateChanged>(action).state);
            }
            actions_.pop_front();
        }
        performing_ = false;
        if (!probe_) arm_timer(machine_->deadline());
    }

    void arm_timer(std::optional<SteadyTime> deadline) {
        if (deadline == armed_) return;
        armed_ = deadline;
        tick_timer_.cancel();
        if (!deadline) return;
        tick_timer_.expires_at(*deadline);
        tick_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (error || !self) return;
            self->armed_.reset();
            self->tick();
        });
    }

    void tick() {
        if (probe_) {
            ask([&](Probe::Bytes& out) { probe_->tick(now(), out); });
        } else {
            step([&](Actions& out) { machine_->tick(now(), out); });
        }
    }

    asio::io_context& io_;
    const Handlers handlers_;
    std::minstd_rand random_;
    const bool on_usb_;
    const UsbOptions usb_options_;
    const bool probes_;
    const std::optional<double> paper_mm_;
    bool known_ = false;  // what the printer is that is there
    escpos::Profile profile_;
    std::optional<Machine> machine_;
    std::optional<Probe> probe_;  // before it the machine has no part in the link
    Actions out_;                 // of the event that is being handled
    std::deque<Action> actions_;  // not yet carried out
    bool performing_ = false;
    asio::steady_timer tick_timer_;
    std::optional<SteadyTime> armed_;
    asio::steady_timer retry_timer_;
    std::chrono::milliseconds retry_ = first_retry;
    std::optional<SteadyTime> opened_at_;
    std::optional<Done> last_done_;
    OnProbed on_probed_;
    std::string link_ = "connecting";
    std::unique_ptr<Transport> transport_;
};

Printer::Printer(asio::io_context& io, Config config, Handlers handlers)
    : impl_{std::make_shared<Impl>(io, std::move(config), std::move(handlers))} {}
Printer::~Printer() = default;

void Printer::print(JobId job, std::vector<std::byte> paper) {
    impl_->print(job, std::move(paper));
}
void Printer::clear() {
    impl_->clear();
}
void Printer::probe(OnProbed on_probed) {
    impl_->probe(std::move(on_probed));
}
bool Printer::busy() const {
    return impl_->machine().busy();
}
PrinterState Printer::state() const {
    return impl_->machine().state();
}
const escpos::Profile& Printer::profile() const {
    return impl_->profile();
}
Condition Printer::condition() const {
    return impl_->machine().condition();
}
const std::optional<Done>& Printer::last_done() const {
    return impl_->last_done();
}
std::optional<UsbIdentity> Printer::usb_identity() const {
    return impl_->usb_identity();
}
const std::string& Printer::link() const {
    return impl_->link();
}

}  // namespace antrean::printer
