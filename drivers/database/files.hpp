// Files that survive a power cut: a name is durable only once its folder has been synced, content
// only once the file has. Block on the disk; any thread. Errors are of kind storage.
#pragma once

#include "drivers/database/database.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace antrean::database {

// Makes what was made, renamed or removed in the folder of FILE durable.
[[nodiscard]] result<void> sync_folder_of(const std::filesystem::path& file);

// Renames within one folder, replacing what is there.
[[nodiscard]] result<void> rename_durably(const std::filesystem::path& from,
                                          const std::filesystem::path& to);

// Makes or replaces FILE as a whole: after a crash it holds the old text or the new one.
[[nodiscard]] result<void> write_durably(const std::filesystem::path& file, std::string_view text);

// Removes FILE; one that is not there is no error.
[[nodiscard]] result<void> remove_durably(const std::filesystem::path& file);

// "FILE: what the system says, while DOING", for an error number of the system.
DatabaseError file_failure(const std::filesystem::path& file, const char* doing, int system_error);

}  // namespace antrean::database
