// A USB receipt printer apart from how it reaches libusb: descriptors, control requests and two
// bulk pipes with their faults. What it prints and answers is the virtual printer's matter.
//
// Locked by itself: tests call it from their thread, the transport from another.
#pragma once

#include "tools/virtual_printer/machine.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace antrean::usb_test {

class FakePrinter {
public:
    using Bytes = std::vector<std::uint8_t>;

    // What somebody asked on the control pipe.
    struct Setup {
        std::uint8_t type = 0;
        std::uint8_t request = 0;
        std::uint16_t value = 0;
        std::uint16_t index = 0;
    };
    struct Identity {
        std::uint16_t vendor = 0x04b8;
        std::uint16_t product = 0x0e15;
        std::string serial = "FAKE0001";
        std::uint8_t interface_class = 7;
        std::uint8_t configuration = 1;  // the value of its only configuration
        std::uint8_t device_class = 0;
        std::uint8_t out = 0x01;  // endpoints
        std::uint8_t in = 0x82;
        // In place of the configuration above; its endpoints must be `out` and `in` all the same.
        Bytes configuration_bytes;
        // The answer to GET_DEVICE_ID, with its length; a stall if empty.
        Bytes device_id;
        std::uint8_t port_status = 0x18;
    };

    FakePrinter(Identity identity, virtual_printer::Profile profile);
    virtual ~FakePrinter() = default;
    FakePrinter(const FakePrinter&) = delete;
    FakePrinter& operator=(const FakePrinter&) = delete;

    virtual void plug() = 0;    // connects the cable; the printer has power only with it
    virtual void unplug() = 0;  // pulls it, whatever is in flight

    // Hands at the virtual printer, such as: use([](auto& p, auto now) { p.open_cover(now); }).
    void use(const std::function<void(virtual_printer::Machine&, SteadyTime)>& hands);
    // The papers that have been cut since the last call, as text.
    std::vector<std::string> take_papers();

    void hold_out(bool on);                  // takes nothing, for whatever reason
    void stall_out_after(std::size_t size);  // takes so many bytes more, then stalls
    void short_out_once(std::size_t size);   // the next transfer ends early, without an error
    void stall_in();                         // the next read
    void empty_in_once();                    // answers a read with nothing
    void empty_in(bool on);                  // answers every read with nothing, if it has nothing
    void silent_control(bool on);            // class requests are not answered
    void fail_out_once(int status);          // the next transfer; -EPROTO as from a pulled cable
    std::size_t bytes_received() const;      // over bulk, since it was made
    // When `size` bytes have been received: hold, or end the transfer early there.
    void hold_out_at(std::size_t size);
    void short_out_at(std::size_t size);
    bool holds_out() const;
    std::size_t reads() const;                  // that were asked for
    std::size_t read_size() const;              // of the last one
    std::vector<Setup> class_requests() const;  // since it was made
    // The next plug() is of another device. Only while unplugged.
    void change(const std::function<void(Identity&)>& change);

protected:
    struct Urb {
        std::uint64_t key = 0;  // the transport's name for it
        std::uint8_t endpoint = 0;
        std::uint8_t* buffer = nullptr;  // valid until completed
        std::size_t size = 0;
        std::size_t done = 0;
    };

    // All below need mutex_ held.
    virtual void complete(const Urb& urb, int status) = 0;  // status: 0 or -errno
    void submit(const Urb& urb);
    bool cancel(std::uint64_t key, Urb* cancelled = nullptr);  // false: completed before
    int control(const std::uint8_t* setup, std::uint8_t* data, std::size_t* done);
    void clear_halt(std::uint8_t endpoint) { halted_.erase(endpoint); }
    void power_on();
    void power_off();
    void reset_pipes();
    std::vector<Urb> take_pending();
    Bytes device_descriptor() const;
    Bytes config_descriptor() const;
    const Identity& identity() const { return identity_; }
    bool is_silent() const { return silent_control_; }

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;

private:
    void pump();
    void pump_out();
    void pump_in();
    std::size_t consume(const std::uint8_t* bytes, std::size_t size);

    Identity identity_;
    virtual_printer::Machine machine_;
    std::map<std::uint8_t, std::deque<Urb>> pending_;
    std::set<std::uint8_t> halted_;
    std::deque<std::uint8_t> in_;
    std::size_t received_ = 0;
    std::optional<std::size_t> hold_at_;
    std::optional<std::size_t> short_at_;
    bool hold_out_ = false;
    bool empty_in_once_ = false;
    bool empty_in_ = false;
    bool silent_control_ = false;
    int fail_out_ = 0;
    std::size_t reads_ = 0;
    std::size_t read_size_ = 0;
    std::vector<Setup> class_requests_;
    std::optional<std::size_t> stall_after_;
    std::optional<std::size_t> short_once_;
};

}  // namespace antrean::usb_test
