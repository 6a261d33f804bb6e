#include "drivers/buttons/evdev.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <unistd.h>

namespace antrean::buttons {
namespace {

using boost::system::error_code;

// One wake-up reads at most so many events, so that a device gone mad does not stop the rest.
constexpr int max_events_at_once = 256;
// A descriptor that keeps waking us without any event is broken: give it up rather than spin.
constexpr int max_empty_wakes = 16;
// A device that fails sooner after it was opened is waited for longer and longer.
constexpr std::chrono::seconds lasting{5};

static_assert(KeyStates::codes == KEY_CNT);

struct FreeDevice {
    void operator()(libevdev* device) const { libevdev_free(device); }
};

std::string text_of(int negative_errno) {
    return std::generic_category().message(-negative_errno);
}

}  // namespace

class EvdevButtons::Device : public std::enable_shared_from_this<Device> {
public:
    Device(boost::asio::io_context& io, EvdevConfig config, EvdevHandlers handlers)
        : descriptor_{io},
          settle_timer_{io},
          retry_timer_{io},
          config_{std::move(config)},
          handlers_{std::move(handlers)},
          keys_{config_.times},
          retry_{config_.retry_first} {}

    void start() {
        boost::asio::post(descriptor_.get_executor(), [self = shared_from_this()] {
            if (!self->stopped_) self->open();
        });
    }

    void stop() {
        stopped_ = true;
        close();
        settle_timer_.cancel();
        retry_timer_.cancel();
    }

    bool has_unread() const {
        return evdev_ != nullptr && libevdev_has_event_pending(evdev_.get()) > 0;
    }

private:
    void open() {
        if (const int error = try_open(); error < 0) {
            const std::string why = error == -ENOTTY ? "this is no input device" : text_of(error);
            fail(why);
            return;
        }
        opened_ = SteadyTime::clock::now();
        empty_wakes_ = 0;
        const char* name = libevdev_get_name(evdev_.get());
        tell_device(true, name == nullptr ? "" : name);
        if (stopped_) return;
        arm_settling();
        wait();
    }

    // 0 or a negative errno.
    int try_open() {
        // Without O_NOCTTY a path that is a terminal by mistake could become ours.
        const int fd = ::open(config_.device.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (fd < 0) return -errno;
        error_code error;
        descriptor_.assign(fd, error);
        if (error) {
            ::close(fd);
            return -error.value();
        }
        const int result = set_up(fd);
        if (result < 0) close();
        return result;
    }

    int set_up(int fd) {
        libevdev* evdev = nullptr;
        if (const int error = libevdev_new_from_fd(fd, &evdev); error < 0) return error;
        evdev_.reset(evdev);
        if (libevdev_has_event_type(evdev, EV_KEY) == 0) return -ENOTTY;
        // Events are then stamped by the clock that SteadyTime counts by, so that bounce is
        // measured as it happened, however late we read it.
        stamped_ = libevdev_set_clock_id(evdev, CLOCK_MONOTONIC) == 0;
        if (config_.grab) {
            if (const int error = libevdev_grab(evdev, LIBEVDEV_GRAB); error < 0) return error;
        }
        const SteadyTime now = SteadyTime::clock::now();
        for (unsigned code = 0; code < KEY_CNT; ++code) {
            if (libevdev_get_event_value(evdev, EV_KEY, code) != 0) keys_.held(KeyCode(code), now);
        }
        return 0;
    }

    void close() {
        evdev_.reset();
        error_code ignored;  // closing cannot fail in a way that matters: nothing was written
        descriptor_.close(ignored);
    }

    void wait() {
        descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                               [self = shared_from_this()](error_code error) {
                                   if (self->stopped_ || self->evdev_ == nullptr) return;
                                   if (error) {
                                       self->fail(error.message());
                                   } else {
                                       self->read();
                                   }
                               });
    }

    void read() {
        for (int count = 0; count < max_events_at_once; ++count) {
            input_event event{};
            const unsigned mode = syncing_ ? LIBEVDEV_READ_FLAG_SYNC : LIBEVDEV_READ_FLAG_NORMAL;
            const int status = libevdev_next_event(evdev_.get(), mode, &event);
            if (status == -EAGAIN && syncing_) {
                syncing_ = false;
                continue;
            }
            if (status == -EAGAIN) {
                empty_wakes_ = count == 0 ? empty_wakes_ + 1 : 0;
                if (empty_wakes_ < max_empty_wakes) {
                    arm_settling();
                    wait();
                } else {
                    fail("the device is ready to read, but there is nothing to read");
                }
                return;
            }
            if (status < 0) {
                fail(text_of(status));
                return;
            }
            // SYN_DROPPED; from here on come the differences to the state before it.
            if (status == LIBEVDEV_READ_STATUS_SYNC) syncing_ = true;
            // A value of 2 repeats a key that is held down.
            if (event.type == EV_KEY && (event.value == 0 || event.value == 1)) {
                tell(keys_.changed(KeyCode{event.code}, event.value == 1, time_of(event)));
                if (stopped_) return;
            }
        }
        empty_wakes_ = 0;
        // What libevdev holds already does not make the descriptor ready again.
        boost::asio::post(descriptor_.get_executor(), [self = shared_from_this()] {
            if (!self->stopped_ && self->evdev_ != nullptr) self->read();
        });
    }

    SteadyTime time_of(const input_event& event) const {
        const SteadyTime now = SteadyTime::clock::now();
        if (!stamped_) return now;
        const SteadyTime stamp{std::chrono::seconds{event.input_event_sec} +
                               std::chrono::microseconds{event.input_event_usec}};
        return std::min(stamp, now);
    }

    void arm_settling() {
        const auto deadline = keys_.deadline();
        if (!deadline) return;
        settle_timer_.expires_at(*deadline);
        settle_timer_.async_wait([self = shared_from_this()](error_code error) {
            if (error || self->stopped_ || self->evdev_ == nullptr) return;
            // What happened before the deadline may not have been read yet: it comes first, and its
            // reader arms this again.
            if (self->has_unread()) return;
            self->tell(self->keys_.settle(SteadyTime::clock::now()));
            if (!self->stopped_) self->arm_settling();
        });
    }

    void fail(const std::string& why) {
        close();
        syncing_ = false;
        settle_timer_.cancel();
        const SteadyTime now = SteadyTime::clock::now();
        tell(keys_.lost(now));
        if (stopped_) return;
        if (opened_ && now - *opened_ >= lasting) retry_ = config_.retry_first;
        opened_.reset();
        tell_device(false, why);
        if (stopped_) return;
        retry_timer_.expires_after(retry_);
        retry_ = std::min(2 * retry_, config_.retry_most);
        retry_timer_.async_wait([self = shared_from_this()](error_code error) {
            if (!error && !self->stopped_) self->open();
        });
    }

    void tell(const std::vector<KeyChange>& changes) {
        for (const KeyChange& change : changes) {
            if (stopped_) return;
            switch (change.what) {
                case KeyChange::What::pressed:
                    handlers_.press(change.code, change.at);
                    break;
                case KeyChange::What::released:
                    handlers_.release(change.code, change.at);
                    break;
                case KeyChange::What::stuck:
                    handlers_.release(change.code, change.at);
                    if (!stopped_) handlers_.stuck(change.code, true);
                    break;
                case KeyChange::What::freed:
                    handlers_.stuck(change.code, false);
                    break;
            }
        }
    }

    void tell_device(bool there, const std::string& text) {
        if (there_ == there) return;
        there_ = there;
        handlers_.device(there, text);
    }

    boost::asio::posix::stream_descriptor descriptor_;
    boost::asio::steady_timer settle_timer_;
    boost::asio::steady_timer retry_timer_;
    EvdevConfig config_;
    EvdevHandlers handlers_;
    std::unique_ptr<libevdev, FreeDevice> evdev_;  // null while closed; does not own descriptor_
    KeyStates keys_;
    std::chrono::milliseconds retry_;
    std::optional<SteadyTime> opened_;
    std::optional<bool> there_;  // as told last
    int empty_wakes_ = 0;
    bool stamped_ = false;
    bool syncing_ = false;
    bool stopped_ = false;
};

EvdevButtons::EvdevButtons(boost::asio::io_context& io, EvdevConfig config, EvdevHandlers handlers)
    : device_{std::make_shared<Device>(io, std::move(config), std::move(handlers))} {
    device_->start();
}

EvdevButtons::~EvdevButtons() {
    device_->stop();
}

bool EvdevButtons::has_unread() const {
    return device_->has_unread();
}

std::optional<KeyCode> key_code(std::string_view name) {
    const int code = libevdev_event_code_from_name_n(EV_KEY, name.data(), name.size());
    if (code < 0) return std::nullopt;
    return KeyCode(code);
}

std::string key_name(KeyCode code) {
    const auto number = static_cast<std::uint16_t>(code);
    const char* name = libevdev_event_code_get_name(EV_KEY, number);
    return name == nullptr ? std::to_string(number) : name;
}

}  // namespace antrean::buttons
