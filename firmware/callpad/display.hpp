// What a callpad shows clerks, in Indonesian. Pure. Names in it are as they came from outside: who
// prints them escapes them.
#pragma once

#include "drivers/display/display.hpp"
#include "firmware/callpad/core.hpp"

#include <string>
#include <vector>

namespace antrean::callpad {

// All of it in one line, for logs and small displays:
// "Loket 3 | Siti | A-025 | KTP elektronik | PRIORITAS | menunggu 4 | ...". What is being asked or
// typed, or went wrong, comes last.
std::string line(const Screen& screen);

// The same for a terminal of COLUMNS: the label in large letters, HELP below.
std::vector<std::string> panel(const Screen& screen, const std::vector<std::string>& help,
                               std::size_t columns = 80);

// Whichever of these, or of small.hpp, fits a display.
std::vector<std::string> rows_for(const Screen& screen, display::Room room,
                                  const std::vector<std::string>& help);

// Why the controller did not do what was asked.
std::string refusal_text(proto::RefusalReason reason);

}  // namespace antrean::callpad
