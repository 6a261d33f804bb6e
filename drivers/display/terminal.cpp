#include "drivers/display/terminal.hpp"

#include "drivers/tty/escape.hpp"

#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace antrean::display {

Terminal::Terminal(std::string name) : name_{std::move(name)} {}

Room Terminal::room() const {
    winsize size{};
    const bool is_window =
        name_.empty() && isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    if (!is_window) return {0, 1};
    return {size.ws_col == 0 ? 80u : size.ws_col, 0};
}

void Terminal::show(const std::vector<std::string>& rows) {
    const bool is_window = room().rows != 1;
    if (is_window) fmt::print("\x1b[H\x1b[2J");  // ECMA-48: the cursor to the corner, all empty
    for (const auto& row : rows)
        fmt::print("{}{}{}\n", is_window ? "" : "> ", tty::escaped(name_), tty::escaped(row));
    std::fflush(stdout);
}

}  // namespace antrean::display
