// Finds a printer among the devices on USB, and opens it. Not the bytes: those are usb_transport's.
//
// Nothing but the wanted printer is opened or asked: what the others are is read from the kernel.
// Calls may block for the milliseconds that a control transfer takes. Errors are values with a text
// for people. From the USB printer class specification 1.1, and from what Linux's own printer
// driver has to put up with.
#pragma once

#include "drivers/printer/address.hpp"
#include "drivers/printer/machine.hpp"
#include "drivers/printer/usb_identity.hpp"
#include "drivers/printer/usb_quirks.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

struct libusb_context;
struct libusb_device;
struct libusb_device_handle;

namespace antrean::printer {

// An opened printer whose interface is ours; no other interface of the device is touched. Released
// and closed by its destructor, and the kernel's driver handed back; transfers must have ended
// before.
class UsbDevice {
public:
    UsbDevice(libusb_device_handle* handle, const UsbInterface& interface, UsbIdentity identity,
              const UsbQuirks& quirks);
    ~UsbDevice();
    UsbDevice(const UsbDevice&) = delete;
    UsbDevice& operator=(const UsbDevice&) = delete;

    libusb_device_handle* handle() const { return handle_; }
    libusb_device* device() const;
    const UsbInterface& interface() const { return interface_; }
    bool can_answer() const { return interface_.in != 0 && !quirks_.never_read; }
    const UsbQuirks& quirks() const { return quirks_; }
    UsbIdentity& identity() { return identity_; }
    std::string name() const { return "USB " + usb_name(identity_); }

private:
    libusb_device_handle* const handle_;
    const UsbInterface interface_;
    UsbIdentity identity_;
    const UsbQuirks quirks_;
};

struct UsbFailure {
    Reason reason;  // gone: no such printer is there now
    std::string text;
};

[[nodiscard]] boost::system::result<std::unique_ptr<UsbDevice>, UsbFailure> open_usb_printer(
    libusb_context* context, const UsbAddress& address, const UsbOptions& options);

// Why it could not be opened, and what to do about it. `holder` is who has it, where that is known.
[[nodiscard]] std::string no_permission_text(const UsbIdentity& identity);
[[nodiscard]] std::string no_printer_text(const UsbIdentity& identity);
[[nodiscard]] std::string in_use_text(const UsbIdentity& identity, std::string_view holder);

}  // namespace antrean::printer
