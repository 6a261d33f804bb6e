// What a printer's status means for a paper and for people. Pure functions.
#pragma once

#include "drivers/escpos/status.hpp"
#include "drivers/printer/machine.hpp"

namespace antrean::printer {

// It needs a person, or a new start: waiting does not help.
bool hard(const escpos::PrinterStatus& status);

// An error that hands may have removed, which the printer leaves only when it is asked to.
bool only_stuck(const escpos::PrinterStatus& status);

// The one cause to tell. Paper sensors are not live with the cover open, so the cover goes first.
// no_answer if the status is clean, busy if the trouble passes by itself.
Reason reason_of(const escpos::PrinterStatus& status);

PrinterState state_of(const escpos::PrinterStatus& status);

// The rung of a printed paper: `by_id` if its process id was answered, `counted` if its cuts were
// counted, `held_out` if the presenter's sensor vouches for it.
Evidence evidence_of(bool by_id, bool counted, bool held_out);

}  // namespace antrean::printer
