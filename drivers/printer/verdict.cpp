#include "drivers/printer/verdict.hpp"

namespace antrean::printer {

using escpos::PrinterStatus;

bool hard(const PrinterStatus& s) {
    return s.cover_open || s.paper_out || s.stopped || s.cutter_error || s.paper_jam ||
           s.recoverable || s.unrecoverable || (s.error && !s.head_hot);
}

bool only_stuck(const PrinterStatus& s) {
    return (s.cutter_error || s.recoverable || s.paper_jam) && !s.cover_open && !s.paper_out;
}

Reason reason_of(const PrinterStatus& s) {
    if (s.cover_open) return Reason::cover_open;
    if (s.paper_out || s.stopped) return Reason::paper_out;
    if (s.cutter_error || s.paper_jam) return Reason::cutter;
    if (hard(s)) return Reason::fault;
    return s.clean() ? Reason::no_answer : Reason::busy;
}

PrinterState state_of(const PrinterStatus& s) {
    if (s.cover_open) return PrinterState::cover_open;
    if (s.paper_out || s.stopped) return PrinterState::paper_out;
    if (s.cutter_error || s.paper_jam) return PrinterState::cutter_jam;
    if (hard(s)) return PrinterState::faulty;
    if (s.head_hot) return PrinterState::head_hot;
    if (s.offline) return PrinterState::offline;
    return s.paper_low ? PrinterState::paper_low : PrinterState::ready;
}

Evidence evidence_of(bool by_id, bool counted, bool held_out) {
    if (by_id) return counted ? Evidence::process_id_and_counter : Evidence::process_id;
    if (held_out) return Evidence::presenter;
    return counted ? Evidence::counter : Evidence::barrier;
}

}  // namespace antrean::printer
