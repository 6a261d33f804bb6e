// From an order to the printer: a real printer::Printer over TCP, whose other end the bench is. The
// time of an order runs from the call of print() to when the other end has read the first bytes; no
// controller, kiosk or disk has a part in it.
//
// Before a paper the driver asks the printer whether it is well, and waits for the answers. So two
// ends are told: the first bytes of all, which are that question, and the first with text for the
// paper, behind the round trip.
#pragma once

#include "tools/benchmark/sample.hpp"

#include <cstddef>

namespace antrean::benchmark {

struct Order {
    Summary first_byte;  // of the question
    Summary paper;       // of the paper
};

// COUNT orders, one after the other, each with a pause before it as between two people. Throws
// where the driver does not call one of the papers printed.
Order run_orders(std::size_t count);

}  // namespace antrean::benchmark
