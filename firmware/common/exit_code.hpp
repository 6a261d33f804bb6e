// How a device's program ends: codes of sysexits.h, which service managers and people know.
#pragma once

#include "drivers/database/database.hpp"

namespace antrean::common {

enum ExitCode {
    exit_restart = -1,  // to run_program() alone
    exit_ok = 0,
    exit_usage = 64,
    exit_store_unusable = 65,  // damaged, of a newer version, or no store
    exit_bug = 70,             // an invariant broke
    exit_storage = 74,         // the disk failed
    exit_locked = 75,          // another process has the store
};

inline constexpr const char* exit_codes_help =
    "Exit codes: 0 stopped as asked; 64 wrong options; 65 the store cannot be used; 70 an "
    "invariant\n"
    "broke (please report it); 74 the disk failed; 75 another process has the store.\n";

inline ExitCode exit_code(database::database_errc error) {
    switch (error) {
        case database::database_errc::locked:
            return exit_locked;
        case database::database_errc::storage:
            return exit_storage;
        case database::database_errc::newer:
        case database::database_errc::not_ours:
        case database::database_errc::corrupt:
            break;
    }
    return exit_store_unusable;
}

}  // namespace antrean::common
