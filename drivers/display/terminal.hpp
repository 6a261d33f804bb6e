// Standard output as a display. Where people look at it, a terminal whose rows are drawn anew each
// time; otherwise, and where several displays share it, a line for each change: "> TEXT".
#pragma once

#include "drivers/display/display.hpp"

#include <string>
#include <vector>

namespace antrean::display {

class Terminal final : public Display {
public:
    // NAME: what each line begins with, "callpad-2: ", where displays share standard output; empty
    // where this one has it for itself.
    explicit Terminal(std::string name);

    // {0, 1} where it is lines; a window's columns, and 0 rows: it scrolls.
    Room room() const override;
    // Rows are escaped (drivers/tty/escape.hpp).
    void show(const std::vector<std::string>& rows) override;
    Status status() const override { return {true, "standard output"}; }

private:
    std::string name_;
};

}  // namespace antrean::display
