// libusb on an Asio loop: no thread of ours, no polling.
//
// libusb tells which descriptors it waits for; they are watched by the io_context, and libusb
// handles its events there. (Its own thread for hotplug only passes messages to those descriptors.)
// Thread rule: the io_context's one thread. Must outlive every handle opened on context(). The
// constructor throws std::runtime_error if libusb does not start.
#pragma once

#include <memory>

struct libusb_context;

namespace boost::asio {
class io_context;
}

namespace antrean::printer {

class UsbLoop {
public:
    explicit UsbLoop(boost::asio::io_context& io);
    ~UsbLoop();
    UsbLoop(const UsbLoop&) = delete;
    UsbLoop& operator=(const UsbLoop&) = delete;

    libusb_context* context() const;
    // Time limits of transfers may be nearer now. To be called after transfers have been submitted.
    void update_timer();
    // What has happened by now. Not from a callback of libusb's.
    void handle_events();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::printer
