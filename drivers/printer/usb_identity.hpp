// Who a printer on USB says it is. Pure.
//
// All texts come from the device: they may be wrong, empty or a copy of another maker's, and must
// be escaped for wherever they are shown.
#pragma once

#include "drivers/printer/usb_descriptors.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace antrean::printer {

struct UsbIdentity {
    UsbModel model;
    std::string port;       // as in sysfs, such as "1-1.4"
    std::string maker;      // its USB strings; empty where it has none
    std::string product;    //
    std::string serial;     //
    std::string device_id;  // IEEE 1284 "KEY:value;" pairs, without the length; empty if not told
    // The answer to GET_PORT_STATUS right after it came: bit 5 paper empty, 4 selected, 3 no error.
    // A hint for people. Many printers say 18 (hexadecimal) whatever happens.
    std::optional<std::uint8_t> port_status;
};

// "1-1.4 (04b8:0e15)"
[[nodiscard]] std::string usb_name(const UsbIdentity& identity);

// The text in an answer to GET_DEVICE_ID: two bytes of length, which counts itself, then the text.
// The length should be big-endian, but some send it the other way round. Empty if the answer makes
// no sense.
[[nodiscard]] std::string device_id_text(std::span<const std::byte> answer);

}  // namespace antrean::printer
