// The driver's words for a printer and a paper, in those of the core and the protocol. Pure.
#pragma once

#include "drivers/printer/machine.hpp"
#include "firmware/kiosk/core.hpp"

namespace antrean::kiosk {

inline PrinterReady to_ready(printer::PrinterState state) {
    switch (state) {
        case printer::PrinterState::ready:
        case printer::PrinterState::paper_low:
        case printer::PrinterState::head_hot:
            return PrinterReady::yes;
        case printer::PrinterState::paper_out:
            return PrinterReady::paper_out;
        case printer::PrinterState::cover_open:
            return PrinterReady::cover_open;
        case printer::PrinterState::cutter_jam:
        case printer::PrinterState::offline:
        case printer::PrinterState::gone:
        case printer::PrinterState::faulty:
            break;
    }
    return PrinterReady::trouble;
}

inline proto::PrinterState to_told(printer::PrinterState state) {
    switch (state) {
        case printer::PrinterState::ready:
            return proto::PrinterState::ready;
        case printer::PrinterState::paper_low:
            return proto::PrinterState::paper_low;
        case printer::PrinterState::paper_out:
            return proto::PrinterState::paper_out;
        case printer::PrinterState::cover_open:
            return proto::PrinterState::cover_open;
        case printer::PrinterState::cutter_jam:
            return proto::PrinterState::cutter_jam;
        case printer::PrinterState::head_hot:
            return proto::PrinterState::head_hot;
        case printer::PrinterState::offline:
            return proto::PrinterState::offline;
        case printer::PrinterState::gone:
            return proto::PrinterState::gone;
        case printer::PrinterState::faulty:
            break;
    }
    return proto::PrinterState::faulty;
}

inline proto::PrintOutcome to_outcome(printer::Outcome outcome) {
    switch (outcome) {
        case printer::Outcome::printed:
            return proto::PrintOutcome::printed;
        case printer::Outcome::not_printed:
            return proto::PrintOutcome::not_printed;
        case printer::Outcome::unconfirmed:
            break;
    }
    return proto::PrintOutcome::unconfirmed;
}

inline proto::PrintReason to_reason(printer::Reason reason) {
    switch (reason) {
        case printer::Reason::none:
            return proto::PrintReason::none;
        case printer::Reason::paper_out:
            return proto::PrintReason::paper_out;
        case printer::Reason::cover_open:
            return proto::PrintReason::cover_open;
        case printer::Reason::cutter:
            return proto::PrintReason::cutter;
        case printer::Reason::no_answer:
            return proto::PrintReason::no_answer;
        case printer::Reason::gone:
            return proto::PrintReason::gone;
        case printer::Reason::fault:
        case printer::Reason::busy:
            break;
    }
    return proto::PrintReason::fault;
}

}  // namespace antrean::kiosk
