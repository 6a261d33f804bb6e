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

std::string_view to_string(Evidence evidence) {
    switch (evidence) {
        case Evidence::none:
            return "no evidence";
        case Evidence::barrier:
            return "a barrier";
        case Evidence::counter:
            return "a barrier and the cut counter";
        case Evidence::presenter:
            return "the presenter and the cut counter";
        case Evidence::process_id:
            return "its process id";
        case Evidence::process_id_and_counter:
            return "its process id and the cut counter";
    }
    return "";
}

std::string_view to_string(Presenter presenter) {
    switch (presenter) {
        case Presenter::held_out:
            return "held out";
        case Presenter::taken:
            return "taken";
        case Presenter::retracted:
            return "retracted";
        case Presenter::left:
            return "taken or retracted";
        case Presenter::stuck:
            return "stuck";
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

std::string_view remedy_of(PrinterState state) {
    switch (state) {
        case PrinterState::ready:
            return "";
        case PrinterState::paper_low:
            return "Have a new roll at hand; the printer goes on until this one ends.";
        case PrinterState::paper_out:
            return "Put in a new roll, close the cover, and throw away what comes out of an "
                   "interrupted ticket.";
        case PrinterState::cover_open:
            return "Close the cover until it clicks at both sides.";
        case PrinterState::cutter_jam:
            return "Open the cover, remove the paper at the blade and in the output, move the "
                   "blade back, close the cover; if the error stays, switch the printer off and "
                   "on.";
        case PrinterState::head_hot:
            return "Wait: the printer goes on by itself when it has cooled down.";
        case PrinterState::offline:
            return "Switch the printer off and on; if it stays silent, check its cable, and that "
                   "the kiosk's profile is the one of this model.";
        case PrinterState::gone:
            return "Check that the printer has power and that its cable is plugged in at both "
                   "ends.";
        case PrinterState::faulty:
            return "Switch the printer off, wait ten seconds, switch it on; if the error comes "
                   "back, replace the printer.";
    }
    return "";
}

}  // namespace antrean::printer
