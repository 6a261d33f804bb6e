#include "drivers/tty/terminal_modes.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

namespace antrean::tty {
namespace {

// What the signal handler works with. The fields are written before `to_restore` is set.
int kept_fd = -1;
termios kept_modes{};
std::atomic<bool> in_use{false};
std::atomic<bool> to_restore{false};
static_assert(std::atomic<bool>::is_always_lock_free);

constexpr std::array fatal{SIGHUP,  SIGINT, SIGQUIT, SIGTERM, SIGABRT,
                           SIGSEGV, SIGBUS, SIGFPE,  SIGILL};

// tcsetattr() and raise() are safe in a signal handler (POSIX.1-2017, section 2.4.3).
void restore_and_die(int signal) {
    if (to_restore.exchange(false)) tcsetattr(kept_fd, TCSANOW, &kept_modes);
    // SA_RESETHAND has put the default action back, which ends the process as it would have.
    raise(signal);
}

bool handler_is(const struct sigaction& action, void (*handler)(int)) {
    return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == handler;
}

// Signals that the program handles itself are left to it: it then destroys what it built.
void catch_fatal_signals() {
    struct sigaction ours {};
    ours.sa_handler = restore_and_die;
    ours.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&ours.sa_mask);
    for (const int signal : fatal) {
        struct sigaction present {};
        sigaction(signal, nullptr, &present);
        if (handler_is(present, SIG_DFL)) sigaction(signal, &ours, nullptr);
    }
}

void release_fatal_signals() {
    struct sigaction none {};
    none.sa_handler = SIG_DFL;
    sigemptyset(&none.sa_mask);
    for (const int signal : fatal) {
        struct sigaction present {};
        sigaction(signal, nullptr, &present);
        if (handler_is(present, restore_and_die)) sigaction(signal, &none, nullptr);
    }
}

}  // namespace

TerminalModes::TerminalModes(int fd) : fd_{fd} {
    if (in_use.exchange(true)) throw std::logic_error("two terminals are read at once");
    if (tcgetattr(fd, &kept_modes) != 0) {
        const int error = errno;
        in_use = false;
        throw std::system_error(error, std::generic_category(), "terminal modes");
    }
    kept_fd = fd;
    single_keys_ = kept_modes;
    single_keys_.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    single_keys_.c_lflag |= ISIG;
    single_keys_.c_iflag |= ICRNL;
    single_keys_.c_cc[VMIN] = 1;
    single_keys_.c_cc[VTIME] = 0;
}

TerminalModes::~TerminalModes() {
    if (applied_) {
        release_fatal_signals();
        // Nobody can be told of a failure here, and a terminal that is gone needs nothing back.
        if (to_restore.exchange(false) && foreground()) tcsetattr(fd_, TCSANOW, &kept_modes);
    }
    in_use = false;
}

void TerminalModes::apply() {
    if (!applied_) {
        applied_ = true;
        to_restore = true;
        catch_fatal_signals();
    }
    tcsetattr(fd_, TCSANOW, &single_keys_);
}

bool TerminalModes::foreground() const {
    const pid_t group = tcgetpgrp(fd_);
    // A terminal that does not control this process stops nobody.
    return group < 0 || group == getpgrp();
}

}  // namespace antrean::tty
