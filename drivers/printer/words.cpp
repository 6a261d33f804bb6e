#include "drivers/printer/machine.hpp"

namespace antrean::printer {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::printed:
            return "printed";
        case Outcome::unconfirmed:
            return "unconfirmed";
        case Outcome::not_printed:
            return "not printed";
    }
    return "";
}

std::string_view to_string(Reason reason) {
    switch (reason) {
        case Reason::none:
            return "none";
        case Reason::paper_out:
            return "paper out";
        case Reason::cover_open:
            return "cover open";
        case Reason::cutter:
            return "cutter jam";
        case Reason::fault:
            return "fault";
        case Reason::no_answer:
            return "no answer";
        case Reason::gone:
            return "gone";
        case Reason::busy:
            return "busy";
    }
    return "";
}

std::string_view to_string(PrinterState state) {
    switch (state) {
        case PrinterState::ready:
            return "ready";
        case PrinterState::paper_low:
            return "paper low";
        case PrinterState::paper_out:
            return "paper out";
        case PrinterState::cover_open:
            return "cover open";
        case PrinterState::cutter_jam:
            return "cutter jam";
        case PrinterState::head_hot:
            return "head hot";
        case PrinterState::offline:
            return "offline";
        case PrinterState::gone:
            return "gone";
        case PrinterState::faulty:
            return "faulty";
    }
    return "";
}

}  // namespace antrean::printer
