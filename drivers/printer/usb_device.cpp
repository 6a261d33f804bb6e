#include "drivers/printer/usb_device.hpp"

#include "drivers/printer/usb_sysfs.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <libusb.h>

namespace antrean::printer {
namespace {

using Opened = boost::system::result<std::unique_ptr<UsbDevice>, UsbFailure>;

std::string port_of(libusb_device* device) {
    std::array<std::uint8_t, 8> ports{};
    const int depth = libusb_get_port_numbers(device, ports.data(), ports.size());
    std::string path = std::to_string(libusb_get_bus_number(device));
    for (int i = 0; i < depth; ++i)
        path += (i == 0 ? "-" : ".") + std::to_string(ports[static_cast<std::size_t>(i)]);
    return path;
}

// Who keeps the interface from us: a driver of the kernel that could not be detached, or a program.
std::string holder_of(libusb_device* device, const UsbIdentity& identity,
                      const UsbInterface& interface) {
    const std::string driver = interface_driver(identity.port, interface);
    if (!driver.empty() && driver != "usbfs") return "the kernel's " + driver;
    return node_holder(libusb_get_bus_number(device), libusb_get_device_address(device));
}

UsbFailure failure(libusb_device* device, const UsbIdentity& identity,
                   const UsbInterface& interface, int error) {
    switch (error) {
        case LIBUSB_ERROR_ACCESS:
            return {Reason::busy, no_permission_text(identity)};
        case LIBUSB_ERROR_BUSY:
            return {Reason::busy, in_use_text(identity, holder_of(device, identity, interface))};
        case LIBUSB_ERROR_NO_DEVICE:
        case LIBUSB_ERROR_NOT_FOUND:
            return {Reason::gone, "USB " + usb_name(identity) + " has gone"};
        default:
            return {Reason::fault, "USB " + usb_name(identity) + ": " +
                                       libusb_strerror(static_cast<libusb_error>(error))};
    }
}

// Detach, configure, claim, alternate setting: the order that every printer survives. Setting the
// same configuration again would be a light reset, which has been seen to lose papers.
int take_over(libusb_device_handle* handle, const UsbInterface& wanted, const UsbQuirks& quirks) {
    const auto detach = [&] {
        if (libusb_kernel_driver_active(handle, wanted.number) == 1)
            libusb_detach_kernel_driver(handle, wanted.number);
    };
    if (!quirks.keep_detached) libusb_set_auto_detach_kernel_driver(handle, 1);
    int configuration = 0;
    if (libusb_get_configuration(handle, &configuration) == 0 &&
        configuration != wanted.configuration) {
        detach();
        if (const int error = libusb_set_configuration(handle, wanted.configuration); error != 0)
            return error;
    }
    if (quirks.keep_detached) detach();
    if (const int error = libusb_claim_interface(handle, wanted.number); error != 0) return error;
    if (!wanted.has_alternates) return 0;
    const int error = libusb_set_interface_alt_setting(handle, wanted.number, wanted.alternate);
    if (error != 0) libusb_release_interface(handle, wanted.number);
    return error;
}

// Nothing if it is not the printer that `address` asks for.
std::optional<Opened> try_open(libusb_device* device, const std::string& port,
                               const UsbAddress& address, const UsbOptions& options) {
    libusb_device_descriptor d{};
    if (libusb_get_device_descriptor(device, &d) != 0) return std::nullopt;
    const UsbModel model{d.idVendor, d.idProduct};
    if (address.model && *address.model != model) return std::nullopt;
    if (!address.port.empty() && address.port != port) return std::nullopt;
    auto found = read_sysfs_device(port);
    // Another one may have been plugged in there by now; that will be told, and looked at then.
    if (!found || found->identity.model != model) return std::nullopt;
    if (!address.serial.empty() && address.serial != found->identity.serial) return std::nullopt;
    const UsbQuirks quirks = usb_quirks(model, options);
    const auto interface =
        choose_usb_interface(found->descriptors, found->active, quirks.vendor_class);
    if (!interface) {
        if (!address.model && address.port.empty()) return std::nullopt;
        return UsbFailure{Reason::fault, no_printer_text(found->identity)};
    }
    libusb_device_handle* handle = nullptr;
    if (const int error = libusb_open(device, &handle); error != 0)
        return failure(device, found->identity, *interface, error);
    if (const int error = take_over(handle, *interface, quirks); error != 0) {
        libusb_close(handle);
        return failure(device, found->identity, *interface, error);
    }
    return std::make_unique<UsbDevice>(handle, *interface, std::move(found->identity), quirks);
}

}  // namespace

UsbDevice::UsbDevice(libusb_device_handle* handle, const UsbInterface& interface,
                     UsbIdentity identity, const UsbQuirks& quirks)
    : handle_{handle}, interface_{interface}, identity_{std::move(identity)}, quirks_{quirks} {}

UsbDevice::~UsbDevice() {
    libusb_release_interface(handle_, interface_.number);
    libusb_close(handle_);
}

libusb_device* UsbDevice::device() const {
    return libusb_get_device(handle_);
}

Opened open_usb_printer(libusb_context* context, const UsbAddress& address,
                        const UsbOptions& options) {
    libusb_device** list = nullptr;
    const ssize_t count = libusb_get_device_list(context, &list);
    if (count < 0)
        return UsbFailure{Reason::fault, std::string{"cannot list USB devices: "} +
                                             libusb_strerror(static_cast<libusb_error>(count))};
    // In the order of ports, so that "the first one" is the same one after every start.
    std::vector<std::pair<std::string, libusb_device*>> devices;
    for (libusb_device* device : std::span{list, static_cast<std::size_t>(count)})
        devices.emplace_back(port_of(device), device);
    std::sort(devices.begin(), devices.end());
    Opened result = UsbFailure{Reason::gone, "waiting for a printer on USB"};
    for (const auto& [port, device] : devices) {
        std::optional<Opened> opened = try_open(device, port, address, options);
        if (!opened) continue;
        result = std::move(*opened);
        if (result.has_value()) break;  // otherwise another one may do
    }
    libusb_free_device_list(list, 1);
    return result;
}

}  // namespace antrean::printer
