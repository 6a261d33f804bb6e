#include "drivers/printer/usb_loop.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <libusb.h>
#include <poll.h>
#include <sys/time.h>

namespace antrean::printer {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

}  // namespace

class UsbLoop::Impl {
public:
    explicit Impl(asio::io_context& io) : io_{io}, timer_{io} {
        if (const int error = libusb_init(&context); error != 0)
            throw std::runtime_error(std::string{"libusb does not start: "} +
                                     libusb_strerror(static_cast<libusb_error>(error)));
        keeps_time_ = libusb_pollfds_handle_timeouts(context) == 1;
        libusb_set_pollfd_notifiers(
            context,
            [](int fd, short events, void* self) { static_cast<Impl*>(self)->add(fd, events); },
            [](int fd, void* self) { static_cast<Impl*>(self)->remove(fd); }, this);
        const libusb_pollfd** list = libusb_get_pollfds(context);
        for (int i = 0; list != nullptr && list[i] != nullptr; ++i)
            add(list[i]->fd, list[i]->events);
        libusb_free_pollfds(list);
    }
    ~Impl() {
        libusb_set_pollfd_notifiers(context, nullptr, nullptr, nullptr);
        while (!descriptors_.empty())
            remove(descriptors_.begin()->first);
        libusb_exit(context);
    }

    void update_timer() {
        if (keeps_time_) return;  // a timerfd among the descriptors does
        timeval left{};
        if (libusb_get_next_timeout(context, &left) != 1) return;
        timer_.expires_after(std::chrono::seconds{left.tv_sec} +
                             std::chrono::microseconds{left.tv_usec});
        timer_.async_wait([this, alive = std::weak_ptr{alive_}](boost::system::error_code error) {
            if (!error && !alive.expired()) handle_events();
        });
    }

    void handle_events() {
        timeval now{};
        libusb_handle_events_timeout_completed(context, &now, nullptr);
        update_timer();
    }

    libusb_context* context = nullptr;

private:
    struct Watch {
        Descriptor descriptor;
        std::uint64_t id;  // libusb reuses the numbers of descriptors
    };

    void add(int fd, short events) {
        remove(fd);
        descriptors_.emplace(fd, Watch{Descriptor{io_, fd}, ++last_id_});
        watch(fd, last_id_, events);
    }
    void remove(int fd) {
        const auto at = descriptors_.find(fd);
        if (at == descriptors_.end()) return;
        at->second.descriptor.release();  // libusb closes it
        descriptors_.erase(at);
    }
    // A device's descriptor becomes writable when a transfer has ended, others readable.
    void watch(int fd, std::uint64_t id, short events) {
        const auto at = descriptors_.find(fd);
        if (at == descriptors_.end() || at->second.id != id) return;
        at->second.descriptor.async_wait(
            (events & POLLOUT) != 0 ? Descriptor::wait_write : Descriptor::wait_read,
            [this, alive = std::weak_ptr{alive_}, fd, id, events](boost::system::error_code error) {
                if (error || alive.expired()) return;
                handle_events();
                watch(fd, id, events);
            });
    }
    asio::io_context& io_;
    asio::steady_timer timer_;
    // Waits that have ended may still be queued when this is destroyed.
    const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::map<int, Watch> descriptors_;
    std::uint64_t last_id_ = 0;
    bool keeps_time_ = false;
};

UsbLoop::UsbLoop(asio::io_context& io) : impl_{std::make_unique<Impl>(io)} {}
UsbLoop::~UsbLoop() = default;
libusb_context* UsbLoop::context() const {
    return impl_->context;
}
void UsbLoop::update_timer() {
    impl_->update_timer();
}
void UsbLoop::handle_events() {
    impl_->handle_events();
}

}  // namespace antrean::printer
