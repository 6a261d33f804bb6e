// Finds a printer among the devices on USB, and opens it. Not the bytes: those are usb_transport's.
//
// All calls may block for the milliseconds that a control transfer takes (reading a serial number
// from a device that hangs: up to a second). Errors are values with a text for people. From the USB
// printer class specification 1.1, and from what Linux's own printer driver has to put up with.
#pragma once

#include "drivers/printer/address.hpp"
#include "drivers/printer/machine.hpp"

#include <cstdint>
#include <memory>
#include <string>

#include <boost/system/result.hpp>

struct libusb_context;
struct libusb_device;
struct libusb_device_handle;

namespace antrean::printer {

// An opened printer whose interface is ours. Released and closed by its destructor; transfers must
// have ended before.
class UsbDevice {
public:
    UsbDevice(libusb_device_handle* handle, int interface, std::uint8_t out, std::uint8_t in);
    ~UsbDevice();
    UsbDevice(const UsbDevice&) = delete;
    UsbDevice& operator=(const UsbDevice&) = delete;

    libusb_device_handle* handle() const { return handle_; }
    libusb_device* device() const;
    std::uint8_t out() const { return out_; }
    std::uint8_t in() const { return in_; }  // 0: it cannot answer
    std::string name() const;                // such as "USB 1-1.4 (04b8:0e15)"

private:
    libusb_device_handle* const handle_;
    const int interface_;
    const std::uint8_t out_;
    const std::uint8_t in_;
};

struct UsbFailure {
    Reason reason;  // gone: no such printer is there now
    std::string text;
};

[[nodiscard]] boost::system::result<std::unique_ptr<UsbDevice>, UsbFailure> open_usb_printer(
    libusb_context* context, const UsbAddress& address);

}  // namespace antrean::printer
