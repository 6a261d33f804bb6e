// An evdev device that umockdev plays: its ioctls are answered here, its events come through a
// FIFO, which wakes epoll as the kernel's device does. For programs that are run under
// umockdev-wrapper.
#pragma once

#include "proto/types.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

namespace antrean::buttons {

// A device with the keys 1 to 9, or with those of a keyboard. umockdev calls handle() and
// handle_read() from a thread of its own, so what they look at is locked.
class FakeDevice {
public:
    static constexpr const char* node = "/dev/input/event7";

    FakeDevice() : bed_{umockdev_testbed_new()}, handler_{umockdev_ioctl_base_new()} {
        g_signal_connect(handler_, "handle-ioctl", G_CALLBACK(&FakeDevice::on_ioctl), this);
        g_signal_connect(handler_, "handle-read", G_CALLBACK(&FakeDevice::on_read), this);
        GError* error = nullptr;
        if (!umockdev_testbed_attach_ioctl(bed_, node, handler_, &error)) {
            throw std::runtime_error(error->message);
        }
        char* root = umockdev_testbed_get_root_dir(bed_);
        path_ = std::string{root} + node;
        g_free(root);
        std::filesystem::create_directories(path_.parent_path());
    }
    ~FakeDevice() {
        unplug();
        umockdev_testbed_detach_ioctl(bed_, node, nullptr);
        g_object_unref(handler_);
        g_object_unref(bed_);
    }
    FakeDevice(const FakeDevice&) = delete;
    FakeDevice& operator=(const FakeDevice&) = delete;

    void plug() {
        const std::lock_guard lock{mutex_};
        gone_ = false;
        if (mkfifo(path_.c_str(), 0600) != 0) throw std::runtime_error("mkfifo failed");
        // Open for reading too, so that the reader never meets an end of file.
        fifo_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fifo_ < 0) throw std::runtime_error("cannot open the FIFO");
    }

    // As a kernel does it: what is open wakes up and fails, and the node vanishes.
    void unplug() {
        const std::lock_guard lock{mutex_};
        gone_ = true;
        std::filesystem::remove(path_);
        if (fifo_ >= 0) ::close(fifo_);
        fifo_ = -1;
    }

    // Ready to read for ever, yet without an error to read: no kernel does it.
    void hang_up() {
        ::close(fifo_);
        fifo_ = -1;
    }

    void hold(std::set<int> keys) {
        const std::lock_guard lock{mutex_};
        down_ = std::move(keys);
    }
    void refuse_grab(int error) {
        const std::lock_guard lock{mutex_};
        grab_error_ = error;
    }
    void without_keys() {
        const std::lock_guard lock{mutex_};
        has_keys_ = false;
    }
    void be_keyboard() {
        const std::lock_guard lock{mutex_};
        last_key_ = KEY_KPDOT;
    }
    bool grabbed() const {
        const std::lock_guard lock{mutex_};
        return grabbed_;
    }

    // Queues an event as it happened AFTER the last one, and wakes the reader with send().
    FakeDevice& event(std::uint16_t type, std::uint16_t code, int value,
                      std::chrono::milliseconds after = std::chrono::milliseconds{0}) {
        time_ += after;
        input_event event{};
        const auto since = time_.time_since_epoch();
        event.input_event_sec = std::chrono::duration_cast<std::chrono::seconds>(since).count();
        event.input_event_usec =
            std::chrono::duration_cast<std::chrono::microseconds>(since % std::chrono::seconds{1})
                .count();
        event.type = type;
        event.code = code;
        event.value = value;
        queued_.push_back(event);
        return *this;
    }
    FakeDevice& key(std::uint16_t code, int value,
                    std::chrono::milliseconds after = std::chrono::milliseconds{100}) {
        return event(EV_KEY, code, value, after).event(EV_SYN, SYN_REPORT, 0);
    }
    void send() {
        const auto bytes = static_cast<ssize_t>(queued_.size() * sizeof(input_event));
        if (::write(fifo_, queued_.data(), static_cast<std::size_t>(bytes)) != bytes) {
            throw std::runtime_error("the FIFO took not all");
        }
        queued_.clear();
    }

private:
    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, FakeDevice* self) {
        return self->handle(client);
    }
    static gboolean on_read(UMockdevIoctlBase*, UMockdevIoctlClient* client, FakeDevice* self) {
        const std::lock_guard lock{self->mutex_};
        if (!self->gone_) return FALSE;  // from the FIFO
        umockdev_ioctl_client_complete(client, -1, ENODEV);
        return TRUE;
    }

    gboolean handle(UMockdevIoctlClient* client) {
        const std::lock_guard lock{mutex_};
        const gulong request = umockdev_ioctl_client_get_request(client);
        if (_IOC_TYPE(request) != 'E') {
            int error = 0;
            const int result = umockdev_ioctl_client_execute(client, &error, nullptr);
            umockdev_ioctl_client_complete(client, result, error);
            return TRUE;
        }
        UMockdevIoctlData* arg = umockdev_ioctl_client_get_arg(client);  // not ours to unref
        if (request == EVIOCGRAB) {
            grabbed_ = grab_error_ == 0;
            umockdev_ioctl_client_complete(client, grabbed_ ? 0 : -1, grab_error_);
        } else if (_IOC_DIR(request) == _IOC_READ) {
            std::vector<guint8> bytes(_IOC_SIZE(request));
            const int error = answer(_IOC_NR(request), bytes);
            UMockdevIoctlData* data = umockdev_ioctl_data_resolve(arg, 0, bytes.size(), nullptr);
            umockdev_ioctl_data_update(data, 0, bytes.data(), static_cast<gint>(bytes.size()));
            g_object_unref(data);
            const auto size = static_cast<glong>(bytes.size());
            umockdev_ioctl_client_complete(client, error == 0 ? size : -1, error);
        } else {
            umockdev_ioctl_client_complete(client, 0, 0);  // EVIOCSCLOCKID
        }
        return TRUE;
    }

    // Fills BYTES with what the kernel would; returns an errno.
    int answer(unsigned number, std::vector<guint8>& bytes) const {
        const auto set = [&](unsigned bit) {
            if (bit / 8 < bytes.size()) bytes[bit / 8] |= static_cast<guint8>(1u << (bit % 8));
        };
        if (number == _IOC_NR(EVIOCGNAME(0))) {
            const std::string name = "Nine buttons";
            std::copy(name.begin(), name.end(), bytes.begin());
        } else if (number == _IOC_NR(EVIOCGPHYS(0)) || number == _IOC_NR(EVIOCGUNIQ(0))) {
            return ENOENT;
        } else if (number == _IOC_NR(EVIOCGBIT(0, 0))) {
            set(EV_SYN);
            if (has_keys_) set(EV_KEY);
        } else if (number == _IOC_NR(EVIOCGBIT(EV_KEY, 0)) && has_keys_) {
            for (unsigned code = KEY_1; code <= last_key_; ++code)
                set(code);
        } else if (number == _IOC_NR(EVIOCGKEY(0))) {
            for (const int code : down_)
                set(static_cast<unsigned>(code));
        }
        return 0;
    }

    UMockdevTestbed* bed_;
    UMockdevIoctlBase* handler_;
    std::filesystem::path path_;
    int fifo_ = -1;
    // Long past, so that no key is still within its bounce time when it is read.
    SteadyTime time_ = SteadyTime::clock::now() - std::chrono::seconds{60};
    std::vector<input_event> queued_;

    mutable std::mutex mutex_;
    std::set<int> down_;
    bool has_keys_ = true;
    unsigned last_key_ = KEY_9;
    bool gone_ = true;
    bool grabbed_ = false;
    int grab_error_ = 0;
};

}  // namespace antrean::buttons
