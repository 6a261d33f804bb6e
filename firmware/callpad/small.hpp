// What a callpad shows on a display of a few short rows: who is called and how many wait, always;
// and what the clerk is to know now. In Indonesian. Pure.
#pragma once

#include "firmware/callpad/core.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace antrean::callpad {

// ROWS texts of at most COLUMNS characters, cut where names are longer; at least 16 and 2.
std::vector<std::string> small(const Screen& screen, std::size_t columns, std::size_t rows);

// Why the controller did not do what was asked, in at most 16 characters.
std::string short_refusal(proto::RefusalReason reason);

}  // namespace antrean::callpad
