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

// The same for a terminal of COLUMNS: the label in large letters, the keys below.
std::vector<std::string> panel(const Screen& screen, std::size_t columns = 80);

// Whichever of these, or of small.hpp, fits a display.
std::vector<std::string> rows_for(const Screen& screen, display::Room room);

// Why the controller did not do what was asked.
std::string refusal_text(proto::RefusalReason reason);

// Which key does what, in lines of at most 80 columns.
std::vector<std::string> key_help();

}  // namespace antrean::callpad
