// The codes of sysexits.h, which people and scripts know; 1 is a request that was refused.
#pragma once

namespace antrean::ctl {

enum ExitCode {
    exit_ok = 0,
    exit_refused = 1,
    exit_usage = 64,
    exit_bad_file = 65,  // damaged, or of another kind
    exit_no_controller = 69,
    exit_bug = 70,
    exit_storage = 74,      // a file cannot be read or written
    exit_in_use = 75,       // a controller has the journal
    exit_not_allowed = 77,  // the socket is not for this user
};

inline constexpr const char* exit_codes =
    "Exit codes: 0 done; 1 the controller refused it, and says why; 64 wrong options; 65 a file "
    "cannot\n"
    "be used; 69 no controller answers; 70 an invariant broke (please report it); 74 a file cannot "
    "be\n"
    "read or written; 75 a controller has the journal; 77 the socket is not for this user.\n";

}  // namespace antrean::ctl
