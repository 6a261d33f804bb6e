// A reader of barcodes or QR codes as the kernel offers it: an evdev device, whose coming and going
// is logged. What it reads is not: it may be anything that people hold before it.
//
// Thread rule: everything on the io_context's one thread, which must outlive it.
#pragma once

#include "drivers/buttons/evdev.hpp"
#include "firmware/kiosk/reader.hpp"

#include <functional>
#include <string>

namespace antrean::kiosk {

class ReaderDevice {
public:
    // ON_CODE gets each line that was read, as CodeReader has it.
    ReaderDevice(boost::asio::io_context& io, const std::string& path,
                 std::function<void(const std::string& code)> on_code);
    ReaderDevice(const ReaderDevice&) = delete;
    ReaderDevice& operator=(const ReaderDevice&) = delete;

private:
    CodeReader reader_;
    buttons::EvdevButtons keys_;
};

}  // namespace antrean::kiosk
