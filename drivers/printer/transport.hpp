// A byte pipe to one printer that opens, breaks and opens again. Knows nothing of ESC/POS.
//
// Thread rule: everything on the thread of the io_context that the transport was made with.
// Handlers are called from there, never from inside open(), write(), close() or the destructor;
// after the destructor none is called. A handler may call any method, but must not destroy the
// transport.
#pragma once

#include "drivers/printer/machine.hpp"
#include "drivers/printer/usb_identity.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace antrean::printer {

class Transport {
public:
    struct Handlers {
        std::function<void()> on_open;
        std::function<void(std::span<const std::byte>)> on_received;
        // So many bytes since on_open have been accepted by the other side; after a write that
        // ended half way it tells exactly how far it came.
        std::function<void(std::uint64_t total)> on_taken;
        // `why` as for Machine::closed(); `text` says it to people, with a remedy where there is
        // one.
        std::function<void(Reason why, const std::string& text)> on_closed;
    };

    virtual ~Transport() = default;

    // Only while closed. on_closed follows exactly once for each open(), with or without on_open
    // before it. May take for ever: a USB transport waits for the printer to be plugged in.
    virtual void open() = 0;
    // Only between on_open and on_closed or close(). Bytes are passed on in order, and none twice.
    virtual void write(std::vector<std::byte> bytes) = 0;
    // What has not been passed on is dropped; on_closed follows, and no other handler before it.
    // Does nothing if closed or closing.
    virtual void close() = 0;

    // Who the printer says it is, from on_open on; stays when it goes, until another one is opened.
    virtual std::optional<UsbIdentity> usb_identity() const { return std::nullopt; }
};

}  // namespace antrean::printer
