// The lines by which a person stands in for the world around the printer: paper, cover, cutter,
// power. One table holds names, help and effect. Pure but for what it does to the machine.
#pragma once

#include "tools/virtual_printer/machine.hpp"

#include <string>
#include <string_view>

namespace antrean::virtual_printer {

// Carries out one line such as "paper out". Returns what to tell the person: the result, or that
// the line is not understood. Empty for an empty line, and where the change of state tells enough.
std::string run_hand_command(Machine& machine, std::string_view line, SteadyTime now);

std::string hand_commands_help();

// One line without line end, such as "offline: out of paper".
std::string describe(const Condition& condition);

}  // namespace antrean::virtual_printer
