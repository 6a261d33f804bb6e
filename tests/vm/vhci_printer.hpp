// A FakePrinter as a USB device of the running kernel: the kernel's virtual host controller gets
// one end of a socket pair, and speaks USB/IP to the other, which is served here by a thread.
//
// Needs root, the module vhci-hcd and a running udevd, so it belongs into the guest of guest.py.
// Facts: Documentation/usb/usbip_protocol.rst of Linux 6.1.
#pragma once

#include "tests/usb/fake_printer.hpp"

#include <thread>

namespace antrean::usb_test {

class VhciPrinter final : public FakePrinter {
public:
    explicit VhciPrinter(virtual_printer::Profile profile, Identity identity = {});
    ~VhciPrinter() override;

    void plug() override;
    void unplug() override;  // returns when the kernel has noticed

private:
    struct Pending {
        Bytes data;
        bool in = false;
    };

    void complete(const Urb& urb, int status) override;
    void serve(int socket);
    void serve_submit(const Bytes& header, Bytes data);
    void serve_unlink(const Bytes& header);
    void reply(std::uint32_t number, int status, std::size_t size, const Bytes& data);

    int socket_ = -1;
    int port_ = -1;
    std::thread thread_;
    std::map<std::uint64_t, Pending> buffers_;  // by sequence number
};

}  // namespace antrean::usb_test
