// A transport to a USB printer, by libusb.
//
// open() waits until such a printer is plugged in; when it is pulled, on_closed follows, and the
// next open() finds it again under whatever device number it then has. Once after it has been
// plugged in it is asked who it is; never later, for some printers mix such an answer up with a
// paper. The read side stays armed as long as it is open. While the printer refuses bytes (buffer
// full, no paper) a write just waits.
#pragma once

#include "drivers/printer/address.hpp"
#include "drivers/printer/transport.hpp"
#include "drivers/printer/usb_quirks.hpp"

#include <memory>

namespace boost::asio {
class io_context;
}

namespace antrean::printer {

class UsbTransport final : public Transport {
public:
    // Throws std::runtime_error if libusb does not start.
    UsbTransport(boost::asio::io_context& io, UsbAddress address, Handlers handlers,
                 UsbOptions options = {});
    ~UsbTransport() override;
    UsbTransport(const UsbTransport&) = delete;
    UsbTransport& operator=(const UsbTransport&) = delete;

    void open() override;
    void write(std::vector<std::byte> bytes) override;
    void close() override;
    std::optional<UsbIdentity> usb_identity() const override;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::printer
