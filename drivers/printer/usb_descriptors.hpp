// Which part of a USB device prints, by its descriptors alone.
//
// Pure, and safe with whatever bytes a device sends. Facts: USB 2.0 chapter 9.6 (descriptors), USB
// printer class specification 1.1; that device class, protocol and endpoint numbers tell little,
// and that a "unidirectional" interface may well answer, from printers in the field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace antrean::printer {

struct UsbModel {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    friend bool operator==(const UsbModel&, const UsbModel&) = default;
};

struct UsbInterface {
    std::uint8_t configuration = 0;        // bConfigurationValue
    std::uint8_t configuration_index = 0;  // from 0, as GET_DEVICE_ID counts
    std::uint8_t number = 0;
    std::uint8_t alternate = 0;
    bool has_alternates = false;  // only then is the alternate setting to be set
    bool vendor_class = false;    // knows no class requests
    std::uint8_t protocol = 0;
    std::uint8_t out = 0;           // the first bulk endpoint of each direction
    std::uint8_t in = 0;            // 0: it cannot answer
    std::uint16_t out_packet = 64;  // bytes
    std::uint16_t in_packet = 64;
    friend bool operator==(const UsbInterface&, const UsbInterface&) = default;
};

// `descriptors`: the device's, then each configuration's with all that belongs to it, as Linux has
// them in sysfs. Those are the only ones that are looked at; nothing is assumed of a device.
[[nodiscard]] std::optional<UsbModel> usb_model(std::span<const std::byte> descriptors);

// The best setting of an interface of class "printer" (or, with `vendor_class`, of a vendor's own
// class) that has a bulk OUT endpoint: of the active configuration before others; bidirectional
// before unidirectional before IEEE 1284.4; the first among equals. `active`: the value of the
// configuration that is set, 0 if none is.
[[nodiscard]] std::optional<UsbInterface> choose_usb_interface(
    std::span<const std::byte> descriptors, std::uint8_t active, bool vendor_class);

}  // namespace antrean::printer
