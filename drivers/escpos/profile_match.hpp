// Finds the profile of a printer by what it says and does.
//
// A model is taken only where the printer's own words name it: by GS I, or by its IEEE 1284 id. A
// USB id never decides, for clones borrow and share them; it can only speak against a name. Who is
// not known gets a generic profile, with what it was seen to answer and nothing more. Pure.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/escpos/profile_identity.hpp"

#include <span>
#include <string>
#include <vector>

namespace antrean::escpos {

struct Match {
    Profile profile;
    bool known = false;  // a model's; otherwise a generic one
    std::string why;     // one sentence for a log or a screen: plain, one line
};

// Among PROFILES, and otherwise of generic_58() and generic_80(). Where nobody said how wide the
// paper is, and the model's name does not either, the narrow one is taken: what it prints is whole
// on any paper, though it is not cut.
Match match_profile(const Identity& identity, std::span<const Profile> profiles);

// Among the profiles that come with the program.
Match match_profile(const Identity& identity);

}  // namespace antrean::escpos
