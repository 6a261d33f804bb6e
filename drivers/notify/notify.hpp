// Tells the service manager how the program is, by the datagrams of sd_notify(3), without a
// library: a word a line, to the Unix socket that NOTIFY_SOCKET names. Without a manager, or once
// it is gone, nothing is told and nothing fails. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace antrean::notify {

class Notifier {
public:
    // SOCKET as in NOTIFY_SOCKET: a path, or "@" and a name that is not in the file system; empty:
    // nobody is told. WATCHDOG: how often it wants to hear watchdog() at least.
    explicit Notifier(const std::string& socket = {},
                      std::optional<std::chrono::microseconds> watchdog = {});
    // Of NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which are taken out of the environment, so
    // that no child speaks for the program.
    static Notifier from_environment();
    Notifier(Notifier&& other) noexcept;
    Notifier& operator=(Notifier&&) = delete;
    ~Notifier();

    bool is_heard() const { return socket_ >= 0; }
    // Who pings at half of it is in time.
    std::optional<std::chrono::microseconds> watchdog_interval() const { return watchdog_; }

    // The program does what it is there for.
    void ready() { tell("READY=1"); }
    // What it works by is read anew; ready() is to follow.
    void reloading();
    void stopping() { tell("STOPPING=1"); }
    void watchdog() { tell("WATCHDOG=1"); }
    // One line for people, shown by `systemctl status`; a line break in it becomes a space.
    void status(std::string_view text);

private:
    void tell(std::string_view words);

    int socket_ = -1;
    std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace antrean::notify
