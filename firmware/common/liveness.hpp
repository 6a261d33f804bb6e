// Tells the service manager that a device's program lives: ready once its loop runs, and from then
// on that it goes on, by what it has really done.
//
// What feeds the watchdog is the loop's own thread, in its turn. Everything of a device happens
// there, a save to the store among it, which returns when the disk has flushed it: so a turn says
// that no handler and no flush hangs. It is not taken while the store could not be written, which
// is asked without writing: a disk that has failed is mounted read-only, and flash is not to be
// worn by signs of life. A controller or a printer that is away is no reason: a restart would not
// bring it back.
//
// Without a manager nothing happens, and without a watchdog the program sleeps until it is needed.
// Thread rule: everything on the io_context's one thread.
#pragma once

#include "drivers/notify/notify.hpp"

#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::common {

class Liveness {
public:
    // READY=1 is said in the first turn of IO, which must outlive it. STORE: the device's, open by
    // now.
    Liveness(boost::asio::io_context& io, notify::Notifier notifier, std::filesystem::path store);
    Liveness(const Liveness&) = delete;
    Liveness& operator=(const Liveness&) = delete;

    // The program was asked to stop.
    void stopping() { notifier_.stopping(); }

private:
    void feed();

    notify::Notifier notifier_;
    std::filesystem::path store_;
    boost::asio::steady_timer timer_;
    bool could_write_ = true;
};

}  // namespace antrean::common
