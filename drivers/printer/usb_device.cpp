#include "drivers/printer/usb_device.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <libusb.h>

namespace antrean::printer {
namespace {

using ConfigPtr =
    std::unique_ptr<libusb_config_descriptor, decltype(&libusb_free_config_descriptor)>;
using Opened = boost::system::result<std::unique_ptr<UsbDevice>, UsbFailure>;

constexpr int vendor_class = 0xff;

// The part of a device that prints.
struct PrinterInterface {
    int configuration = 0;
    int number = 0;
    int alternate = 0;
    bool has_alternates = false;
    std::uint8_t out = 0;
    std::uint8_t in = 0;
    int rank = 0;  // the lower the better
};

// Bidirectional, then unidirectional (which often can answer all the same), then IEEE 1284.4.
std::optional<int> rank_of(const libusb_interface_descriptor& d, bool vendor_class_too) {
    if (d.bInterfaceClass == vendor_class && vendor_class_too) return 3;
    if (d.bInterfaceClass != LIBUSB_CLASS_PRINTER) return std::nullopt;
    switch (d.bInterfaceProtocol) {
        case 2:
            return 0;
        case 1:
            return 1;
        case 3:
            return 2;
        default:
            return std::nullopt;
    }
}

std::optional<PrinterInterface> find_interface(libusb_device* device, bool vendor_class_too) {
    libusb_config_descriptor* raw = nullptr;
    if (libusb_get_active_config_descriptor(device, &raw) != 0 &&
        libusb_get_config_descriptor(device, 0, &raw) != 0)
        return std::nullopt;
    const ConfigPtr config{raw, &libusb_free_config_descriptor};
    std::optional<PrinterInterface> best;
    for (const libusb_interface& interface : std::span{config->interface, config->bNumInterfaces}) {
        for (const libusb_interface_descriptor& d :
             std::span{interface.altsetting, static_cast<std::size_t>(interface.num_altsetting)}) {
            const auto rank = rank_of(d, vendor_class_too);
            if (!rank || (best && best->rank <= *rank)) continue;
            PrinterInterface found{config->bConfigurationValue,
                                   d.bInterfaceNumber,
                                   d.bAlternateSetting,
                                   interface.num_altsetting > 1,
                                   0,
                                   0,
                                   *rank};
            for (const libusb_endpoint_descriptor& e : std::span{d.endpoint, d.bNumEndpoints}) {
                if ((e.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK)
                    continue;
                const bool input = (e.bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0;
                std::uint8_t& endpoint = input ? found.in : found.out;
                if (endpoint == 0) endpoint = e.bEndpointAddress;
            }
            if (found.out != 0) best = found;
        }
    }
    return best;
}

std::string port_of(libusb_device* device) {
    std::array<std::uint8_t, 8> ports{};
    const int depth = libusb_get_port_numbers(device, ports.data(), ports.size());
    std::string path = std::to_string(libusb_get_bus_number(device));
    for (int i = 0; i < depth; ++i)
        path += (i == 0 ? "-" : ".") + std::to_string(ports[static_cast<std::size_t>(i)]);
    return path;
}

std::string name_of(libusb_device* device) {
    libusb_device_descriptor d{};
    libusb_get_device_descriptor(device, &d);
    std::array<char, 16> model{};
    std::snprintf(model.data(), model.size(), "%04x:%04x", d.idVendor, d.idProduct);
    return "USB " + port_of(device) + " (" + model.data() + ")";
}

bool has_serial(libusb_device_handle* handle, const std::string& serial) {
    libusb_device_descriptor d{};
    libusb_get_device_descriptor(libusb_get_device(handle), &d);
    std::array<unsigned char, 128> text{};
    const int size = libusb_get_string_descriptor_ascii(handle, d.iSerialNumber, text.data(),
                                                        static_cast<int>(text.size()));
    return size >= 0 && serial == std::string{text.begin(), text.begin() + size};
}

UsbFailure failure(libusb_device* device, int error) {
    const std::string name = name_of(device);
    switch (error) {
        case LIBUSB_ERROR_ACCESS:
            return {Reason::busy, "no permission to open " + name +
                                      ": give its device to this service's group by a udev rule"};
        case LIBUSB_ERROR_BUSY:
            return {Reason::busy, name +
                                      " is in use by another program (cups, ipp-usb?): keep it "
                                      "off this printer"};
        case LIBUSB_ERROR_NO_DEVICE:
        case LIBUSB_ERROR_NOT_FOUND:
            return {Reason::gone, name + " has gone"};
        default:
            return {Reason::fault, name + ": " + libusb_strerror(static_cast<libusb_error>(error))};
    }
}

// Detach, configure, claim, alternate setting: the order that every printer survives. Setting the
// same configuration again would be a light reset, which has been seen to lose papers.
int take_over(libusb_device_handle* handle, const PrinterInterface& wanted) {
    libusb_set_auto_detach_kernel_driver(handle, 1);
    int configuration = 0;
    if (libusb_get_configuration(handle, &configuration) == 0 &&
        configuration != wanted.configuration) {
        if (libusb_kernel_driver_active(handle, wanted.number) == 1)
            libusb_detach_kernel_driver(handle, wanted.number);
        if (const int error = libusb_set_configuration(handle, wanted.configuration); error != 0)
            return error;
    }
    if (const int error = libusb_claim_interface(handle, wanted.number); error != 0) return error;
    if (!wanted.has_alternates) return 0;
    const int error = libusb_set_interface_alt_setting(handle, wanted.number, wanted.alternate);
    if (error != 0) libusb_release_interface(handle, wanted.number);
    return error;
}

// Nothing if it is not the printer that `address` asks for.
std::optional<Opened> try_open(libusb_device* device, const UsbAddress& address) {
    libusb_device_descriptor d{};
    if (libusb_get_device_descriptor(device, &d) != 0) return std::nullopt;
    if (address.model && *address.model != UsbModel{d.idVendor, d.idProduct}) return std::nullopt;
    if (!address.port.empty() && address.port != port_of(device)) return std::nullopt;
    // A vendor-specific interface may be anything, unless somebody has named the model.
    const auto interface = find_interface(device, address.model.has_value());
    if (!interface) return std::nullopt;
    libusb_device_handle* handle = nullptr;
    if (const int error = libusb_open(device, &handle); error != 0) return failure(device, error);
    if (!address.serial.empty() && !has_serial(handle, address.serial)) {
        libusb_close(handle);
        return std::nullopt;
    }
    if (const int error = take_over(handle, *interface); error != 0) {
        const UsbFailure why = failure(device, error);
        libusb_close(handle);
        return why;
    }
    return std::make_unique<UsbDevice>(handle, interface->number, interface->out, interface->in);
}

}  // namespace

UsbDevice::UsbDevice(libusb_device_handle* handle, int interface, std::uint8_t out, std::uint8_t in)
    : handle_{handle}, interface_{interface}, out_{out}, in_{in} {}

UsbDevice::~UsbDevice() {
    libusb_release_interface(handle_, interface_);
    libusb_close(handle_);
}

libusb_device* UsbDevice::device() const {
    return libusb_get_device(handle_);
}
std::string UsbDevice::name() const {
    return name_of(device());
}

Opened open_usb_printer(libusb_context* context, const UsbAddress& address) {
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
        std::optional<Opened> opened = try_open(device, address);
        if (!opened) continue;
        result = std::move(*opened);
        if (result.has_value()) break;  // otherwise another one may do
    }
    libusb_free_device_list(list, 1);
    return result;
}

}  // namespace antrean::printer
