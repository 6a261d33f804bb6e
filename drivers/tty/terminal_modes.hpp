// The modes of one terminal, changed for reading single keys, and put back whatever happens.
// Private to this folder. At most one at a time in a process, for a signal handler can know only
// of a fixed place; one thread.
#pragma once

#include <termios.h>

namespace antrean::tty {

class TerminalModes {
public:
    // Keeps the modes of FD, a terminal, without changing them yet. Throws std::system_error, or
    // std::logic_error where there is another one.
    explicit TerminalModes(int fd);
    ~TerminalModes();  // puts the modes back if they were changed
    TerminalModes(const TerminalModes&) = delete;
    TerminalModes& operator=(const TerminalModes&) = delete;

    // No echo, no waiting for Enter; signals and output stay. A failure is not told: keys then
    // come line by line, which still works.
    void apply();

    // Whether this process may read the terminal and set its modes without being stopped for it.
    bool foreground() const;

private:
    int fd_;
    termios single_keys_{};
    bool applied_ = false;
};

}  // namespace antrean::tty
