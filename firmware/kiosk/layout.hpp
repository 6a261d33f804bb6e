// How a ticket looks on paper: its fields as the bytes of an ESC/POS paper. Pure.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "firmware/kiosk/core.hpp"

#include <cstddef>
#include <vector>

namespace antrean::kiosk {

// COPY marks the paper as one whose number may be on another paper already. PARTED cuts off first
// what may hang out of the printer; a copy is always parted.
std::vector<std::byte> lay_out(const Paper& paper, bool copy, const escpos::Profile& profile,
                               bool parted = false);

}  // namespace antrean::kiosk
