#include "tests/usb/umockdev_printer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace antrean::usb_test {
namespace {

std::string hexadecimal(const FakePrinter::Bytes& bytes) {
    std::string text;
    for (const auto b : bytes)
        text += fmt::format("{:02X}", b);
    return text;
}

std::string in_testbed(const std::string& path) {
    gchar* root = umockdev_testbed_get_root_dir(testbed());
    std::string full = root + path;
    g_free(root);
    return full;
}

void require(bool success, const char* what) {
    if (!success) throw std::runtime_error(std::string{"umockdev: "} + what);
}

const char* name_of(unsigned long request) {
    switch (request) {
        case USBDEVFS_CLAIMINTERFACE:
            return "CLAIMINTERFACE";
        case USBDEVFS_DISCONNECT_CLAIM:
            return "DISCONNECT_CLAIM";
        case USBDEVFS_CLEAR_HALT:
            return "CLEAR_HALT";
        case USBDEVFS_SETCONFIGURATION:
            return "SETCONFIGURATION";
        case USBDEVFS_SETINTERFACE:
            return "SETINTERFACE";
        case USBDEVFS_SUBMITURB:
            return "SUBMITURB";
        case USBDEVFS_REAPURBNDELAY:
            return "REAPURBNDELAY";
        default:
            return "other";
    }
}

// A local copy of what `argument` points to; written back when the ioctl is completed. `argument`
// keeps it alive.
template <class Value>
Value& pointed_to(UMockdevIoctlData* argument) {
    auto* data = umockdev_ioctl_data_resolve(argument, 0, sizeof(Value), nullptr);
    g_object_unref(data);
    return *reinterpret_cast<Value*>(data->data);
}

}  // namespace

UMockdevTestbed* testbed() {
    static UMockdevTestbed* const made = [] {
        std::signal(SIGHUP, SIG_IGN);
        UMockdevTestbed* bed = umockdev_testbed_new();
        // Not asked before: umockdev remembers a "no".
        require(umockdev_in_mock_environment() != 0, "run this under umockdev-wrapper");
        std::atexit([] { g_object_unref(testbed()); });  // removes its directory
        return bed;
    }();
    return made;
}

UmockdevPrinter::UmockdevPrinter(Options options)
    : FakePrinter{options.identity, options.profile},
      options_{std::move(options)},
      handler_{umockdev_ioctl_base_new()},
      number_{options_.first_number - 1},
      sysfs_path_{fmt::format("/sys/devices/pci0000:00/usb{}/{}", options_.bus, options_.port)} {
    testbed();
    g_signal_connect(handler_, "handle-ioctl", G_CALLBACK(on_ioctl), this);
    g_signal_connect(handler_, "client-connected", G_CALLBACK(on_connected), this);
}

UmockdevPrinter::~UmockdevPrinter() {
    if (present_) unplug();
    {
        std::unique_lock lock{mutex_};  // umockdev notices a close() a little later
        if (!changed_.wait_for(lock, std::chrono::seconds{5}, [&] { return clients_.empty(); })) {
            std::fputs("a fake printer is destroyed while its node is open\n", stderr);
            std::abort();
        }
    }
    g_signal_handlers_disconnect_by_data(handler_, this);
    g_object_unref(handler_);
}

std::size_t UmockdevPrinter::count(const std::string& ioctl) const {
    const std::lock_guard lock{mutex_};
    const auto at = counts_.find(ioctl);
    return at == counts_.end() ? 0 : at->second;
}

bool UmockdevPrinter::has_kernel_driver() const {
    const std::lock_guard lock{mutex_};
    return !driver_.empty();
}

std::set<unsigned> UmockdevPrinter::touched() const {
    const std::lock_guard lock{mutex_};
    return touched_;
}

std::string UmockdevPrinter::node() const {
    return fmt::format("/dev/bus/usb/{:03}/{:03}", options_.bus, number_);
}

std::string UmockdevPrinter::description() const {
    Bytes descriptors = device_descriptor();
    const Bytes config = config_descriptor();
    descriptors.insert(descriptors.end(), config.begin(), config.end());
    return fmt::format(
        "P: {}\n"
        "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: DRIVER=usb\n"
        // Without DEVNAME libusb does not know again what is removed.
        "E: BUSNUM={:03}\nE: DEVNUM={:03}\nE: DEVNAME={}\n"
        "A: busnum={}\\n\nA: devnum={}\\n\nA: speed=12\\n\nA: bConfigurationValue=1\\n\n"
        "A: serial={}\\n\n"
        "H: descriptors={}\n",
        sysfs_path_.substr(4), options_.bus, number_, node(), options_.bus, number_,
        identity().serial, hexadecimal(descriptors));
}

void UmockdevPrinter::plug() {
    {
        const std::lock_guard lock{mutex_};
        ++number_;
        present_ = true;
        driver_ = options_.kernel_driver;
        power_on();
    }
    // The "add" message may be acted upon at once, so all else comes before.
    require(umockdev_testbed_attach_ioctl(testbed(), node().c_str(), handler_, nullptr) != 0,
            "attach_ioctl");
    // umockdev's own nodes are plain files, for which poll() always says ready and never error. A
    // terminal can say both: output stopped is not ready, its other end closed is an error.
    std::array<char, 128> terminal{};
    require(::openpty(&pty_master_, &pty_slave_, terminal.data(), nullptr, nullptr) == 0,
            "openpty");
    ::fcntl(pty_master_, F_SETFD, FD_CLOEXEC);
    ::fcntl(pty_slave_, F_SETFD, FD_CLOEXEC);
    ::tcflow(pty_slave_, TCOOFF);
    const std::string path = in_testbed(node());
    g_mkdir_with_parents(path.substr(0, path.rfind('/')).c_str(), 0755);
    ::unlink(path.c_str());
    require(::symlink(terminal.data(), path.c_str()) == 0, "symlink");
    require(umockdev_testbed_add_from_string(testbed(), description().c_str(), nullptr) != 0,
            "add_from_string");
}

void UmockdevPrinter::unplug() {
    {
        const std::lock_guard lock{mutex_};
        present_ = false;
        power_off();
        for (const Urb& urb : take_pending())
            complete(urb, -ESHUTDOWN);
        claims_.clear();
        ::close(std::exchange(pty_master_, -1));
    }
    // The message goes out while sysfs still has the device.
    umockdev_testbed_uevent(testbed(), sysfs_path_.c_str(), "remove");
    umockdev_testbed_detach_ioctl(testbed(), node().c_str(), nullptr);
    umockdev_testbed_remove_device(testbed(), sysfs_path_.c_str());
    ::unlink(in_testbed(node()).c_str());
    const std::lock_guard lock{mutex_};
    ::close(std::exchange(pty_slave_, -1));
}

gboolean UmockdevPrinter::on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self) {
    return static_cast<UmockdevPrinter*>(self)->handle(client);
}

void UmockdevPrinter::on_connected(UMockdevIoctlBase*, UMockdevIoctlClient* client,
                                   gpointer user_data) {
    auto* self = static_cast<UmockdevPrinter*>(user_data);
    const std::lock_guard lock{self->mutex_};
    self->clients_.insert(client);
    // No signal tells reliably that a client has closed; the end of its object does.
    g_object_weak_ref(G_OBJECT(client), on_gone, user_data);
}

// The descriptor was closed: its claims and URBs go with it.
void UmockdevPrinter::on_gone(gpointer user_data, GObject* object) {
    auto* client = reinterpret_cast<UMockdevIoctlClient*>(object);  // only a key by now
    auto* self = static_cast<UmockdevPrinter*>(user_data);
    const std::lock_guard lock{self->mutex_};
    self->clients_.erase(client);
    self->claims_.erase(client);
    std::erase_if(self->flying_, [&](const auto& entry) {
        if (entry.second.client != client) return false;
        self->cancel(entry.first);
        g_object_unref(entry.second.data);
        return true;
    });
    std::erase_if(self->done_, [&](const InFlight& in_flight) {
        if (in_flight.client != client) return false;
        g_object_unref(in_flight.data);
        return true;
    });
    self->update_poll();
    self->changed_.notify_all();
}

// In umockdev's thread, one ioctl per descriptor at a time.
gboolean UmockdevPrinter::handle(UMockdevIoctlClient* client) {
    const std::lock_guard lock{mutex_};
    const unsigned long request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData* argument = umockdev_ioctl_client_get_arg(client);
    ++counts_[name_of(request)];
    const auto answer = [client](int error) {
        umockdev_ioctl_client_complete(client, error != 0 ? -1 : 0, error);
        return TRUE;
    };

    switch (request) {
        case FIONBIO:
        case FIOASYNC:
        case FIOCLEX:
        case FIONCLEX: {  // a kernel answers these for any file; Asio needs the first
            int error = 0;
            const int result = umockdev_ioctl_client_execute(client, &error, nullptr);
            umockdev_ioctl_client_complete(client, result, result < 0 ? error : 0);
            return TRUE;
        }
        case USBDEVFS_REAPURB:
        case USBDEVFS_REAPURBNDELAY:
            if (reap_urb(client)) return TRUE;
            return answer(present_ ? EAGAIN : ENODEV);
        default:
            if (!present_) return answer(ENODEV);
    }

    switch (request) {
        case USBDEVFS_GET_CAPABILITIES:
            pointed_to<std::uint32_t>(argument) =
                USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                USBDEVFS_CAP_REAP_AFTER_DISCONNECT | USBDEVFS_CAP_BULK_SCATTER_GATHER;
            return answer(0);
        case USBDEVFS_CLAIMINTERFACE:
            claim_interface(client, pointed_to<unsigned>(argument), false);
            return TRUE;
        case USBDEVFS_DISCONNECT_CLAIM:
            claim_interface(client, pointed_to<usbdevfs_disconnect_claim>(argument).interface,
                            true);
            return TRUE;
        case USBDEVFS_RELEASEINTERFACE:
            touched_.insert(pointed_to<unsigned>(argument));
            return answer(claims_[client].erase(pointed_to<unsigned>(argument)) != 0 ? 0 : EINVAL);
        case USBDEVFS_GETDRIVER: {
            const bool claimed = std::any_of(claims_.begin(), claims_.end(), [](const auto& entry) {
                return !entry.second.empty();
            });
            if (driver_.empty() && !claimed) return answer(ENODATA);
            auto& reply = pointed_to<usbdevfs_getdriver>(argument);
            std::snprintf(reply.driver, sizeof reply.driver, "%s",
                          driver_.empty() ? "usbfs" : driver_.c_str());
            return answer(0);
        }
        case USBDEVFS_IOCTL:
            return answer(driver_ioctl(pointed_to<usbdevfs_ioctl>(argument)));
        case USBDEVFS_CLEAR_HALT:
            clear_halt(static_cast<std::uint8_t>(pointed_to<unsigned>(argument)));
            return answer(0);
        case USBDEVFS_SETCONFIGURATION:
            return answer(0);
        case USBDEVFS_SETINTERFACE:
            touched_.insert(pointed_to<usbdevfs_setinterface>(argument).interface);
            return answer(0);
        case USBDEVFS_SUBMITURB:
            return answer(submit_urb(client));
        case USBDEVFS_DISCARDURB:
            return answer(discard_urb(client));
        default:
            return answer(ENOTTY);
    }
}

int UmockdevPrinter::driver_ioctl(const usbdevfs_ioctl& request) {
    touched_.insert(static_cast<unsigned>(request.ifno));
    if (static_cast<unsigned>(request.ifno) != options_.printer_interface) return ENODATA;
    if (request.ioctl_code == static_cast<int>(USBDEVFS_DISCONNECT)) {
        if (driver_.empty()) return ENODATA;
        driver_.clear();
        return 0;
    }
    if (request.ioctl_code == static_cast<int>(USBDEVFS_CONNECT)) {
        driver_ = options_.kernel_driver;
        return 0;
    }
    return ENOTTY;
}

bool UmockdevPrinter::claimed_by_other(UMockdevIoctlClient* client, unsigned interface) const {
    return std::any_of(claims_.begin(), claims_.end(), [&](const auto& entry) {
        return entry.first != client && entry.second.count(interface) != 0;
    });
}

int UmockdevPrinter::claim(UMockdevIoctlClient* client, unsigned interface, bool detach) {
    touched_.insert(interface);
    if (interface != options_.printer_interface) return ENOENT;
    if (claimed_by_other(client, interface)) return EBUSY;
    if (detach) driver_.clear();
    if (!driver_.empty()) return EBUSY;
    claims_[client].insert(interface);
    return 0;
}

// Whoever holds it may have closed a moment ago. A kernel would know, here it is told late: then it
// is looked at again shortly.
void UmockdevPrinter::claim_interface(UMockdevIoctlClient* client, unsigned interface,
                                      bool detach) {
    if (!claimed_by_other(client, interface)) {
        const int error = claim(client, interface, detach);
        umockdev_ioctl_client_complete(client, error != 0 ? -1 : 0, error);
        return;
    }
    // The reference keeps the client alive while an answer is owed.
    auto later = std::make_unique<Claim>(
        Claim{this, static_cast<UMockdevIoctlClient*>(g_object_ref(client)), interface, detach});
    GSource* timer = g_timeout_source_new(30);
    g_source_set_callback(timer, on_claim_retry, later.release(), nullptr);
    g_source_attach(timer, g_main_context_get_thread_default());
    g_source_unref(timer);
}

gboolean UmockdevPrinter::on_claim_retry(gpointer user_data) {
    const std::unique_ptr<Claim> claim{static_cast<Claim*>(user_data)};
    {
        const std::lock_guard lock{claim->self->mutex_};
        const int error = claim->self->present_
                              ? claim->self->claim(claim->client, claim->interface, claim->detach)
                              : ENODEV;
        umockdev_ioctl_client_complete(claim->client, error != 0 ? -1 : 0, error);
    }
    g_object_unref(claim->client);  // unlocked: it may run on_gone()
    return G_SOURCE_REMOVE;
}

int UmockdevPrinter::submit_urb(UMockdevIoctlClient* client) {
    InFlight in_flight{client, umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                                           sizeof(usbdevfs_urb), nullptr)};
    auto* urb = in_flight.urb();
    const auto size = static_cast<std::size_t>(urb->buffer_length);
    if (size > 0) {  // from here on urb->buffer points to local memory, which `data` keeps alive
        auto* buffer = umockdev_ioctl_data_resolve(in_flight.data, offsetof(usbdevfs_urb, buffer),
                                                   size, nullptr);
        if (buffer != nullptr) g_object_unref(buffer);
    }
    auto* bytes = static_cast<std::uint8_t*>(urb->buffer);
    if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {  // eight bytes of setup, then data
        std::size_t done = 0;
        const int status = control(bytes, bytes + 8, &done);
        if (is_silent()) {  // pending on no pipe, until it is discarded
            const std::uint64_t key = next_key_++;
            flying_[key] = in_flight;
            submit({key, 0, bytes, size, 0});
        } else {
            finish(in_flight, status, done);
        }
        return 0;
    }
    if ((urb->flags & USBDEVFS_URB_ZERO_PACKET) != 0) ++counts_["ZERO_PACKET"];
    const bool known = urb->endpoint == identity().out || urb->endpoint == identity().in;
    if (urb->type != USBDEVFS_URB_TYPE_BULK || !known) {
        g_object_unref(in_flight.data);
        return ENOENT;
    }
    const std::uint64_t key = next_key_++;
    flying_[key] = in_flight;
    submit({key, urb->endpoint, bytes, size, 0});
    return 0;
}

int UmockdevPrinter::discard_urb(UMockdevIoctlClient* client) {
    gulong address = 0;
    std::memcpy(&address, umockdev_ioctl_client_get_arg(client)->data, sizeof address);
    for (const auto& [key, in_flight] : flying_) {
        if (in_flight.client != client || in_flight.data->client_addr != address) continue;
        Urb urb;
        if (!cancel(key, &urb)) break;
        complete(urb, -ENOENT);
        return 0;
    }
    return EINVAL;  // completed already, as libusb expects to happen
}

bool UmockdevPrinter::reap_urb(UMockdevIoctlClient* client) {
    const auto at = std::find_if(done_.begin(), done_.end(), [client](const InFlight& in_flight) {
        return in_flight.client == client;
    });
    if (at == done_.end()) return false;
    const InFlight in_flight = *at;
    done_.erase(at);
    update_poll();
    auto* pointer = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                                sizeof(void*), nullptr);
    umockdev_ioctl_data_set_ptr(pointer, 0, in_flight.data);  // becomes the client's own address
    g_object_unref(pointer);
    umockdev_ioctl_client_complete(client, 0, 0);  // also writes status, length and data there
    g_object_unref(in_flight.data);
    return true;
}

void UmockdevPrinter::complete(const Urb& urb, int status) {
    const auto at = flying_.find(urb.key);
    if (at == flying_.end()) return;
    const InFlight in_flight = at->second;
    flying_.erase(at);
    finish(in_flight, status, urb.done);
}

void UmockdevPrinter::finish(InFlight in_flight, int status, std::size_t done) {
    in_flight.urb()->status = status;
    in_flight.urb()->actual_length = static_cast<int>(done);
    done_.push_back(in_flight);
    update_poll();
}

void UmockdevPrinter::update_poll() {
    if (pty_slave_ >= 0) ::tcflow(pty_slave_, done_.empty() ? TCOOFF : TCOON);
}

}  // namespace antrean::usb_test
