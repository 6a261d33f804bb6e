// What works on the files of a controller that does not run. Nothing here talks to a controller.
#pragma once

#include "tools/ctl/exit_code.hpp"

#include <filesystem>

namespace antrean::ctl {

// Checks the whole chain of the journal FILE, or of a backup, and says what it found.
ExitCode verify(const std::filesystem::path& file);

// Puts BACKUP in the place of the journal FILE, which is kept beside it.
ExitCode restore(const std::filesystem::path& backup, const std::filesystem::path& file);

}  // namespace antrean::ctl
