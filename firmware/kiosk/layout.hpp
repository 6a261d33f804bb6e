// A ticket as the fields of a paper's layout, in Indonesian. Pure.
#pragma once

#include "drivers/layout/layout.hpp"
#include "firmware/kiosk/core.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace antrean::kiosk {

layout::Fields to_fields(const Paper& paper);

// Where a phone follows this ticket: the site's link with its label and its day behind it, as
// schemas/papers/README.md tells. Empty where the site has none.
std::string follow_url(const Paper& paper);

// The paper in the standard layout. COPY marks it as one whose number may be on another paper
// already; PARTED cuts off first what may hang out of the printer; a copy is always parted.
std::vector<std::byte> lay_out(const Paper& paper, bool copy, const escpos::Profile& profile,
                               bool parted = false);

}  // namespace antrean::kiosk
