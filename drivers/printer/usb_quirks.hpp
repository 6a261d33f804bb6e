// What is odd about single printers on USB, as data. Pure.
//
// A row needs a published source; what is only known of a model's whole behaviour belongs into its
// profile.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/printer/usb_descriptors.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace antrean::printer {

struct UsbQuirks {
    bool vendor_class = false;  // prints through an interface of the vendor's own class
    bool never_read = false;    // reading from it does harm, so it counts as one that cannot answer
    bool keep_detached = false;        // the kernel's driver is not handed back on close
    bool zero_length_packets = false;  // needs one behind a transfer of full packets
    friend bool operator==(const UsbQuirks&, const UsbQuirks&) = default;
};

struct UsbQuirkRow {
    std::uint16_t vendor;
    std::uint16_t product;
    UsbQuirks quirks;
    std::string_view source;
};
std::span<const UsbQuirkRow> usb_quirk_rows();

// What the profile of a printer adds to the rows.
struct UsbOptions {
    std::vector<UsbModel> vendor_class;  // models that may be vendor-specific
    bool zero_length_packets = false;
};
[[nodiscard]] UsbOptions usb_options(const escpos::Profile& profile);

[[nodiscard]] UsbQuirks usb_quirks(UsbModel model, const UsbOptions& options);

}  // namespace antrean::printer
