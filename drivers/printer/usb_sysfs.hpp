// What Linux knows of the devices on USB without anybody having to open or ask them: it keeps their
// descriptors and strings in /sys/bus/usb/devices, named by port.
//
// Reads small files; errors are empty answers. Any thread.
#pragma once

#include "drivers/printer/usb_identity.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace antrean::printer {

struct SysfsDevice {
    UsbIdentity identity;
    std::vector<std::byte> descriptors;  // as choose_usb_interface() wants them
    std::uint8_t active = 0;             // configuration value; 0: none
};

// Nothing if no device is there, or if it goes at this moment.
[[nodiscard]] std::optional<SysfsDevice> read_sysfs_device(const std::string& port);

// The kernel's driver of an interface, such as "usblp"; "usbfs" if a program has claimed it; empty
// if nobody has.
[[nodiscard]] std::string interface_driver(const std::string& port, const UsbInterface& interface);

// Who has the device's node open, such as "cupsd (process 712)"; empty if nobody has, or nobody
// that this user may see. Not to be asked with the node open.
[[nodiscard]] std::string node_holder(int bus, int address);

}  // namespace antrean::printer
