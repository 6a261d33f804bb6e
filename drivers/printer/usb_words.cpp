#include "drivers/printer/usb_device.hpp"

#include <array>
#include <cstdio>

namespace antrean::printer {

std::string no_permission_text(const UsbIdentity& identity) {
    std::array<char, 160> rule{};
    std::snprintf(rule.data(), rule.size(),
                  R"(SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="%04x", )"
                  R"(ATTR{idProduct}=="%04x", GROUP="lp", MODE="0660")",
                  identity.model.vendor, identity.model.product);
    return "no permission to open USB " + usb_name(identity) +
           ": write into /etc/udev/rules.d/60-antrean.rules the line " + rule.data() +
           " and plug the printer in again; this service must be of the group lp";
}

std::string no_printer_text(const UsbIdentity& identity) {
    return "USB " + usb_name(identity) +
           " has no printer interface; if it is a printer set to \"vendor class\", set it to "
           "\"printer class\" or choose a profile that allows that for its id";
}

std::string in_use_text(const UsbIdentity& identity, std::string_view holder) {
    const std::string who =
        holder.empty() ? "another program (cups, ipp-usb?)" : std::string{holder};
    return "USB " + usb_name(identity) + " is in use by " + who +
           ": stop it, or keep it off this printer";
}

}  // namespace antrean::printer
