// Papers for technicians: what a printer can print, and the report of a self-test. Neither can be
// taken for a ticket. Pure.
#pragma once

#include "drivers/escpos/encode.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace antrean::kiosk {

struct TestPaper {
    std::string device;
    std::string when;  // local time, as text
    // A report; without any, a pattern is printed that shows what the printer can do.
    std::vector<std::string> lines{};
};

// WEAR gets what the paper takes of the printer.
std::vector<std::byte> make(const TestPaper& paper, const escpos::Profile& profile,
                            escpos::Wear& wear);

}  // namespace antrean::kiosk
