// The file of a profile that was found by probing. Pure.
#pragma once

#include "drivers/escpos/profile_identity.hpp"
#include "drivers/escpos/profile_match.hpp"

#include <string>
#include <string_view>

namespace antrean::paper {

// BASE is the text of the file of MATCH's profile: what the printer has said or answered replaces
// what it says there, with "probed" as its source.
std::string profile_text(std::string_view base, const escpos::Match& match,
                         const escpos::Identity& identity, const std::string& when);

}  // namespace antrean::paper
