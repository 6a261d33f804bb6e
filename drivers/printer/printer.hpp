// A printer of the real world: a Machine over USB or TCP that reconnects for ever.
//
// Thread rule: everything on the one thread that runs the io_context; handlers are called there,
// never from inside print() or the constructor. A handler may call print(). The io_context and
// whatever the handlers use must outlive the Printer. Errors after construction are not thrown,
// they are outcomes and states.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/escpos/profile_match.hpp"
#include "drivers/printer/machine.hpp"
#include "drivers/printer/probe.hpp"
#include "drivers/printer/usb_identity.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::printer {

struct Config {
    std::string address = "usb";  // see address.hpp
    escpos::Profile profile = escpos::generic_80();
    // Asks each printer that comes what it is, and takes the profile that fits; `profile` until
    // then.
    bool probe = false;
    std::optional<double> paper_mm{};  // width of its roll, where somebody said it; for the probe
};

class Printer {
public:
    struct Handlers {
        std::function<void(JobId, Outcome, Reason)> on_done;
        std::function<void(PrinterState)> on_state;  // on change; gone at first
        // After on_done, where a presenter tells it.
        std::function<void(JobId, Presenter)> on_presented = nullptr;
        // A printer was asked what it is; WHY is a sentence for a log. Not from inside print().
        std::function<void(const escpos::Profile&, const std::string& why)> on_profile = nullptr;
    };

    // Begins to connect at once. Throws std::invalid_argument with a text for people if the address
    // cannot be understood, std::runtime_error if libusb does not start.
    Printer(boost::asio::io_context& io, Config config, Handlers handlers);
    // Not from a handler. A paper on its way is not waited for, and no handler is called any more.
    ~Printer();
    Printer(const Printer&) = delete;
    Printer& operator=(const Printer&) = delete;

    // One at a time: only while !busy(). on_done follows exactly once.
    void print(JobId job, std::vector<std::byte> paper);
    bool busy() const;

    // For a technician, and only while !busy(): what may be left inside the printer is cleared, by
    // a link of its own.
    void clear();
    // Likewise: asks what it is as soon as there is a link, and tells once. The profile changes
    // only where Config::probe wants that. Null: the asking is given up.
    using OnProbed = std::function<void(const Probe&, const escpos::Match&)>;
    void probe(OnProbed on_probed);

    // What the printer is taken for at present. A paper is to be laid out for it.
    const escpos::Profile& profile() const;
    PrinterState state() const;
    // The same, with since when, and what a technician is to do.
    Condition condition() const;
    // The paper that ended last, with what its outcome rests on; in on_done the one it is called
    // for.
    const std::optional<Done>& last_done() const;
    // The link in words for a console, such as "open", or why it is not.
    const std::string& link() const;
    // Who it says it is, from its first opening on; nothing of a printer that is not on USB.
    std::optional<UsbIdentity> usb_identity() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;  // also held, weakly, by work that is queued on the io_context
};

}  // namespace antrean::printer
