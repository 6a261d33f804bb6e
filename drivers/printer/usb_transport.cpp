#include "drivers/printer/usb_transport.hpp"

#include "drivers/printer/usb_device.hpp"
#include "drivers/printer/usb_loop.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <libusb.h>
#include <sys/time.h>

namespace antrean::printer {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Fresh firmware needs a moment, and stalls the first requests.
constexpr auto settle_time = 500ms;
// A device whose "plugged in" message was missed is looked for every now and then.
constexpr auto rescan_time = 2s;
constexpr unsigned ask_ms = 1000;  // for one answer about the device; most need a few
// A transfer is cut into such slices of time, so that progress is seen while a printer takes its
// bytes slowly. Each ends with the exact count of what has been taken.
constexpr unsigned write_slice_ms = 2000;
constexpr std::size_t write_size = 4096;
constexpr std::size_t read_size = 1024;  // about; it has to be whole packets
// Some printers answer every read with nothing, as fast as they are asked.
constexpr auto first_empty_pause = 50ms;
constexpr auto last_empty_pause = 250ms;
constexpr int most_read_stalls = 3;
// A pulled cable shows as broken transfers a moment before anybody says that the device has gone.
constexpr auto error_grace = 60ms;

struct FreeTransfer {
    void operator()(libusb_transfer* transfer) const { libusb_free_transfer(transfer); }
};
using TransferPtr = std::unique_ptr<libusb_transfer, FreeTransfer>;

}  // namespace

class UsbTransport::Impl {
public:
    Impl(asio::io_context& io, UsbAddress address, Handlers handlers, UsbOptions options)
        : io_{io},
          address_{std::move(address)},
          options_{std::move(options)},
          handlers_{std::move(handlers)},
          loop_{io},
          timer_{io},
          read_timer_{io},
          out_{libusb_alloc_transfer(0)},
          in_{libusb_alloc_transfer(0)},
          control_{libusb_alloc_transfer(0)} {
        constexpr int events =
            LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
        // Without it (no udev) the rescan finds what is plugged in, and transfers fail when it
        // goes.
        if (libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) != 0)
            libusb_hotplug_register_callback(loop_.context(), events, 0, LIBUSB_HOTPLUG_MATCH_ANY,
                                             LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                                             &Impl::on_hotplug, this, &hotplug_);
    }

    ~Impl() {
        handlers_ = {};
        state_ = State::closing;
        cancel_transfers();
        // Cancelling ends at once on Linux; the limit is for a kernel that hangs.
        for (int i = 0; i < 20 && in_flight_ > 0; ++i) {
            timeval wait{0, 100'000};
            libusb_handle_events_timeout_completed(loop_.context(), &wait, nullptr);
        }
        if (in_flight_ > 0) {  // the kernel still has them: leaked rather than freed under it
            static_cast<void>(out_.release());
            static_cast<void>(in_.release());
            static_cast<void>(control_.release());
            static_cast<void>(device_.release());
        }
        libusb_hotplug_deregister_callback(loop_.context(), hotplug_);
    }

    void open() {
        assert(state_ == State::closed);
        state_ = State::waiting;
        post([this] { scan(); });
    }

    void write(std::vector<std::byte> bytes) {
        if (state_ != State::open) return;
        queue_.insert(queue_.end(), bytes.begin(), bytes.end());
        if (!out_busy_) submit_out();
    }

    // Not over before `grace`: somebody may still tell that the device has gone.
    void close(Reason why, std::string text, std::chrono::milliseconds grace = 0ms) {
        if (state_ == State::closed || state_ == State::closing) return;
        state_ = State::closing;
        why_ = why;
        text_ = std::move(text);
        timer_.cancel();
        read_timer_.cancel();
        cancel_transfers();
        in_grace_ = grace > 0ms;
        if (in_grace_)
            after(timer_, grace, [this] { end_grace(); });
        else if (in_flight_ == 0)
            post([this] { finish_close(); });
    }

    const std::optional<UsbIdentity>& identity() const { return identity_; }

private:
    enum class State : std::uint8_t { closed, waiting, asking, open, closing };

    void post(std::function<void()> work) {
        asio::post(io_, [alive = std::weak_ptr{alive_}, work = std::move(work)] {
            if (!alive.expired()) work();
        });
    }
    void after(asio::steady_timer& timer, std::chrono::milliseconds time,
               std::function<void()> work) {
        timer.expires_after(time);
        timer.async_wait([alive = std::weak_ptr{alive_},
                          work = std::move(work)](boost::system::error_code error) {
            if (!error && !alive.expired()) work();
        });
    }

    // --- coming and going

    // Called by libusb in the middle of its work, where nearly nothing is allowed.
    static int on_hotplug(libusb_context*, libusb_device* device, libusb_hotplug_event event,
                          void* user_data) {
        auto* self = static_cast<Impl*>(user_data);
        if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED) {
            self->settled_at_ = std::chrono::steady_clock::now() + settle_time;
            self->post([self] { self->scan(); });
        } else if (self->device_ && self->device_->device() == device) {
            self->post([self, device] {
                if (self->device_ && self->device_->device() == device) self->left();
            });
        }
        return 0;
    }

    void left() {
        close(Reason::gone, "unplugged");
        if (!in_grace_) return;
        why_ = Reason::gone;
        text_ = "unplugged";
        end_grace();
    }

    void scan() {
        if (state_ != State::waiting) return;
        loop_.handle_events();  // somebody may have arrived, and not have been told of yet
        // Each further arrival begins the wait anew: a printer that starts may come and go.
        const auto wait = settled_at_ - std::chrono::steady_clock::now();
        if (wait > 0ms) {
            after(timer_, std::chrono::ceil<std::chrono::milliseconds>(wait), [this] { scan(); });
            return;
        }
        auto opened = open_usb_printer(loop_.context(), address_, options_);
        if (!opened.has_value()) {
            if (opened.error().reason == Reason::gone)
                after(timer_, rescan_time, [this] { scan(); });
            else
                close(opened.error().reason, opened.error().text);
            return;
        }
        timer_.cancel();
        device_ = std::move(*opened);
        queue_.clear();
        total_ = 0;
        out_busy_ = false;
        read_stalls_ = 0;
        empty_pause_ = first_empty_pause;
        const std::size_t packet = device_->interface().in_packet;
        in_buffer_.resize(std::max(read_size / packet, std::size_t{1}) * packet);
        const std::pair<int, int> number{libusb_get_bus_number(device_->device()),
                                         libusb_get_device_address(device_->device())};
        if (identity_ && asked_ == number) {
            start();
            return;
        }
        asked_ = number;
        identity_ = device_->identity();
        if (device_->interface().vendor_class)  // knows none of these requests
            start();
        else
            ask_device_id();
    }

    void start() {
        state_ = State::open;
        submit_in();
        if (state_ == State::open) call(handlers_.on_open);
    }

    // --- asking who it is

    void ask_device_id() {
        state_ = State::asking;
        const UsbInterface& interface = device_->interface();
        ask(0, interface.configuration_index,
            static_cast<std::uint16_t>(interface.number << 8 | interface.alternate),
            static_cast<std::uint16_t>(control_buffer_.size() - LIBUSB_CONTROL_SETUP_SIZE));
    }

    void ask(std::uint8_t request, std::uint16_t value, std::uint16_t index, std::uint16_t length) {
        constexpr std::uint8_t type = std::uint8_t{LIBUSB_ENDPOINT_IN} |
                                      std::uint8_t{LIBUSB_REQUEST_TYPE_CLASS} |
                                      std::uint8_t{LIBUSB_RECIPIENT_INTERFACE};
        libusb_fill_control_setup(control_buffer_.data(), type, request, value, index, length);
        libusb_fill_control_transfer(control_.get(), device_->handle(), control_buffer_.data(),
                                     &Impl::on_control, this, ask_ms);
        control_in_flight_ = submit(control_.get());
    }

    static void LIBUSB_CALL on_control(libusb_transfer* transfer) {
        auto* self = static_cast<Impl*>(transfer->user_data);
        self->control_in_flight_ = false;
        self->ended([self, transfer] { self->control_ended(*transfer); });
    }

    // A printer that stalls, is silent or talks nonsense here may print as well as any other.
    void control_ended(const libusb_transfer& transfer) {
        if (transfer.status == LIBUSB_TRANSFER_NO_DEVICE) {
            close(Reason::gone, "unplugged");
            return;
        }
        const std::span answer{control_buffer_.data() + LIBUSB_CONTROL_SETUP_SIZE,
                               static_cast<std::size_t>(std::max(transfer.actual_length, 0))};
        const bool answered = transfer.status == LIBUSB_TRANSFER_COMPLETED;
        if (control_buffer_[1] == 0) {
            if (answered) identity_->device_id = device_id_text(std::as_bytes(answer));
            if (transfer.status != LIBUSB_TRANSFER_TIMED_OUT) {
                ask(1, 0, device_->interface().number, 1);
                return;
            }
        } else if (answered && !answer.empty()) {
            identity_->port_status = answer[0];
        }
        start();
    }

    // --- closing

    void end_grace() {
        in_grace_ = false;
        finish_close();
    }

    void finish_close() {
        if (state_ != State::closing || in_flight_ > 0 || in_grace_) return;
        device_.reset();
        queue_.clear();
        state_ = State::closed;
        call(handlers_.on_closed, why_, text_);
    }

    void cancel_transfers() {
        if (out_in_flight_) libusb_cancel_transfer(out_.get());
        if (in_in_flight_) libusb_cancel_transfer(in_.get());
        if (control_in_flight_) libusb_cancel_transfer(control_.get());
    }

    // --- writing

    void submit_out() {
        if (state_ != State::open || queue_.empty()) return;
        const std::size_t size = std::min(queue_.size(), out_buffer_.size());
        std::transform(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size),
                       out_buffer_.begin(),
                       [](std::byte b) { return std::to_integer<unsigned char>(b); });
        libusb_fill_bulk_transfer(out_.get(), device_->handle(), device_->interface().out,
                                  out_buffer_.data(), static_cast<int>(size), &Impl::on_out, this,
                                  write_slice_ms);
        // Only where it is known to be needed: such a packet has been seen to wedge a printer.
        const bool full_packets = size % device_->interface().out_packet == 0;
        out_->flags = full_packets && device_->quirks().zero_length_packets
                          ? std::uint8_t{LIBUSB_TRANSFER_ADD_ZERO_PACKET}
                          : std::uint8_t{0};
        out_busy_ = out_in_flight_ = submit(out_.get());
    }

    static void LIBUSB_CALL on_out(libusb_transfer* transfer) {
        auto* self = static_cast<Impl*>(transfer->user_data);
        self->out_in_flight_ = false;
        self->ended([self, transfer] { self->out_ended(*transfer); });
    }

    void out_ended(const libusb_transfer& transfer) {
        // Whatever the status says, so many bytes have gone, and are never sent again.
        const auto size = static_cast<std::size_t>(std::max(transfer.actual_length, 0));
        out_busy_ = false;
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
        total_ += size;
        const auto status = transfer.status;  // before a handler starts the next one
        if (size > 0) call(handlers_.on_taken, total_);
        switch (status) {
            case LIBUSB_TRANSFER_COMPLETED:
            case LIBUSB_TRANSFER_TIMED_OUT:
                if (!out_busy_) submit_out();  // a handler may have written meanwhile
                break;
            case LIBUSB_TRANSFER_STALL:
                // What the printer has made of the bytes before is anybody's guess.
                clear_halt(device_->interface().out);
                close(Reason::fault, device_->name() + " refused data");
                break;
            case LIBUSB_TRANSFER_NO_DEVICE:
                close(Reason::gone, "unplugged");
                break;
            default:
                close(Reason::fault, device_->name() + ": writing failed", error_grace);
        }
    }

    // --- reading

    void submit_in() {
        if (state_ != State::open || !device_->can_answer() || in_in_flight_) return;
        libusb_fill_bulk_transfer(in_.get(), device_->handle(), device_->interface().in,
                                  in_buffer_.data(), static_cast<int>(in_buffer_.size()),
                                  &Impl::on_in, this, 0);
        in_in_flight_ = submit(in_.get());
    }

    static void LIBUSB_CALL on_in(libusb_transfer* transfer) {
        auto* self = static_cast<Impl*>(transfer->user_data);
        self->in_in_flight_ = false;
        self->ended([self, transfer] { self->in_ended(*transfer); });
    }

    void in_ended(const libusb_transfer& transfer) {
        switch (transfer.status) {
            case LIBUSB_TRANSFER_COMPLETED: {
                read_stalls_ = 0;
                const auto size = static_cast<std::size_t>(transfer.actual_length);
                if (size == 0) {
                    after(read_timer_, empty_pause_, [this] { submit_in(); });
                    empty_pause_ =
                        std::min<std::chrono::milliseconds>(2 * empty_pause_, last_empty_pause);
                    break;
                }
                empty_pause_ = first_empty_pause;
                received_.resize(size);
                std::transform(in_buffer_.begin(),
                               in_buffer_.begin() + static_cast<std::ptrdiff_t>(size),
                               received_.begin(), [](unsigned char c) { return std::byte{c}; });
                submit_in();  // armed again before anybody writes a question
                call(handlers_.on_received, std::span<const std::byte>{received_});
                break;
            }
            case LIBUSB_TRANSFER_STALL:
                if (++read_stalls_ > most_read_stalls) {
                    close(Reason::fault, device_->name() + " refuses to be read");
                    break;
                }
                clear_halt(device_->interface().in);
                submit_in();
                break;
            case LIBUSB_TRANSFER_NO_DEVICE:
                close(Reason::gone, "unplugged");
                break;
            default:
                close(Reason::fault, device_->name() + ": reading failed", error_grace);
        }
    }

    // --- both

    bool submit(libusb_transfer* transfer) {
        const int error = libusb_submit_transfer(transfer);
        if (error == 0) {
            ++in_flight_;
            loop_.update_timer();
            return true;
        }
        const bool gone = error == LIBUSB_ERROR_NO_DEVICE;
        close(gone ? Reason::gone : Reason::fault,
              gone ? "unplugged"
                   : device_->name() + ": " + libusb_strerror(static_cast<libusb_error>(error)));
        return false;
    }

    // The transfer is over; inside libusb's callback only the count is changed. What follows may
    // call libusb in ways that it does not allow there.
    void ended(std::function<void()> consequence) {
        --in_flight_;
        if (is_ours()) {
            post([this, consequence = std::move(consequence)] {
                if (is_ours()) consequence();
            });
        } else if (in_flight_ == 0) {
            post([this] { finish_close(); });
        }
    }

    bool is_ours() const { return state_ == State::asking || state_ == State::open; }

    void clear_halt(std::uint8_t endpoint) { libusb_clear_halt(device_->handle(), endpoint); }

    template <class Handler, class... Arguments>
    void call(const Handler& handler, Arguments&&... arguments) {
        if (handler) handler(std::forward<Arguments>(arguments)...);
    }

    asio::io_context& io_;
    const UsbAddress address_;
    const UsbOptions options_;
    Handlers handlers_;
    UsbLoop loop_;
    asio::steady_timer timer_;
    asio::steady_timer read_timer_;
    const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    libusb_hotplug_callback_handle hotplug_ = 0;

    State state_ = State::closed;
    std::unique_ptr<UsbDevice> device_;
    TransferPtr out_;
    TransferPtr in_;
    TransferPtr control_;
    std::array<unsigned char, write_size> out_buffer_{};
    std::vector<unsigned char> in_buffer_;
    std::array<unsigned char, LIBUSB_CONTROL_SETUP_SIZE + 1024> control_buffer_{};
    std::deque<std::byte> queue_;  // not yet taken
    std::vector<std::byte> received_;
    std::uint64_t total_ = 0;
    int in_flight_ = 0;
    bool out_in_flight_ = false;
    bool out_busy_ = false;  // in flight, or its end is still to be looked at
    bool in_in_flight_ = false;
    bool control_in_flight_ = false;
    int read_stalls_ = 0;
    std::chrono::milliseconds empty_pause_ = first_empty_pause;
    std::chrono::steady_clock::time_point settled_at_{};  // the last device that was plugged in
    std::optional<UsbIdentity> identity_;
    std::pair<int, int> asked_{};  // bus and device number of whom identity_ is
    bool in_grace_ = false;
    Reason why_ = Reason::none;
    std::string text_;
};

UsbTransport::UsbTransport(asio::io_context& io, UsbAddress address, Handlers handlers,
                           UsbOptions options)
    : impl_{std::make_unique<Impl>(io, std::move(address), std::move(handlers),
                                   std::move(options))} {}
UsbTransport::~UsbTransport() = default;
void UsbTransport::open() {
    impl_->open();
}
void UsbTransport::write(std::vector<std::byte> bytes) {
    impl_->write(std::move(bytes));
}
void UsbTransport::close() {
    impl_->close(Reason::none, "closed");
}
std::optional<UsbIdentity> UsbTransport::usb_identity() const {
    return impl_->identity();
}

}  // namespace antrean::printer
