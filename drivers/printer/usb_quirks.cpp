#include "drivers/printer/usb_quirks.hpp"

#include <algorithm>
#include <array>

namespace antrean::printer {
namespace {

constexpr UsbQuirks vendor_class{.vendor_class = true};
constexpr UsbQuirks never_read{.never_read = true};
constexpr UsbQuirks keep_detached{.keep_detached = true};
constexpr UsbQuirks one_way_bridge{.never_read = true, .keep_detached = true};

constexpr std::string_view usblp = "Linux drivers/usb/class/usblp.c, quirk_printers";
constexpr std::string_view cups = "CUPS backend/org.cups.usb-quirks";

// CUPS marks more printers as one-way, Star's among them. That means that it does not read while it
// writes, not that they cannot answer; those marks are not taken over. Nor is "delay-close": this
// driver closes no printer between papers.
constexpr auto rows = std::to_array<UsbQuirkRow>({
    {0x04b8, 0x0202, vendor_class, usblp},  // any Epson TM in vendor class
    {0x04b8, 0x0001, keep_detached, cups},  {0x04b8, 0x0005, keep_detached, cups},
    {0x067b, 0x2305, one_way_bridge, cups},  // USB to parallel
    {0x1a86, 0x7584, keep_detached, cups},   // USB to parallel
    {0x03f0, 0x0004, never_read, usblp},    {0x03f0, 0x0104, never_read, usblp},
    {0x03f0, 0x0204, never_read, usblp},    {0x03f0, 0x0304, never_read, usblp},
    {0x03f0, 0x0404, never_read, usblp},    {0x03f0, 0x0504, never_read, usblp},
    {0x03f0, 0x0604, never_read, usblp},    {0x03f0, 0x0804, never_read, usblp},
    {0x03f0, 0x1104, never_read, usblp},    {0x0409, 0xbef4, never_read, usblp},
    {0x0409, 0xefbe, never_read, usblp},    {0x0409, 0xf0be, never_read, usblp},
    {0x0409, 0xf1be, never_read, usblp},    {0x0482, 0x0010, never_read, usblp},
    {0x04f9, 0x000d, never_read, usblp},
});

}  // namespace

std::span<const UsbQuirkRow> usb_quirk_rows() {
    return rows;
}

UsbOptions usb_options(const escpos::Profile& profile) {
    UsbOptions options;
    options.zero_length_packets = profile.zero_length_packets;
    if (profile.vendor_class)
        for (const escpos::UsbId& id : profile.usb)
            options.vendor_class.push_back({id.vendor, id.product});
    return options;
}

UsbQuirks usb_quirks(UsbModel model, const UsbOptions& options) {
    UsbQuirks quirks;
    const auto row = std::find_if(rows.begin(), rows.end(), [model](const UsbQuirkRow& r) {
        return r.vendor == model.vendor && r.product == model.product;
    });
    if (row != rows.end()) quirks = row->quirks;
    if (std::find(options.vendor_class.begin(), options.vendor_class.end(), model) !=
        options.vendor_class.end())
        quirks.vendor_class = true;
    quirks.zero_length_packets = quirks.zero_length_packets || options.zero_length_packets;
    return quirks;
}

}  // namespace antrean::printer
