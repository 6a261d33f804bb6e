// The lines by which a person stands in for the world around the printer: paper, cover, cutter,
// power. They are those of a script (script.hpp), and two more. Pure but for what they do to the
// machine.
#pragma once

#include "tools/virtual_printer/machine.hpp"

#include <string>
#include <string_view>

namespace antrean::virtual_printer {

// Carries out one line such as "paper out", or keeps "at cut 2: jam" for later. Returns what to
// tell the person: the result, or that the line is not understood and why. Empty for an empty line,
// and where the change of state tells enough.
std::string run_hand_command(Machine& machine, std::string_view line, SteadyTime now);

std::string hand_commands_help();

// One line without line end, such as "offline: out of paper".
std::string describe(const Condition& condition);

}  // namespace antrean::virtual_printer
