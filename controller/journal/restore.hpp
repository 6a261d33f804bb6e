// Puts a backup in the place of a journal while the controller is stopped, and leaves a sign of it:
// what was appended after the backup was made is not in it, though devices and people may know of
// it. The controller that finds the sign has to take that into account before it gives out numbers.
//
// Blocks on the disk. Not for a process that has the journal open. A restore that a crash or a full
// disk ends can be run again; until it has been, the journal does not open.
#pragma once

#include "controller/journal/verify.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace antrean::journal {

struct Restored {
    Verified backup;
    std::optional<std::filesystem::path> moved_aside;  // the journal of before, if there was one
};

// Checks the whole BACKUP and takes a copy of it, which is checked too; moves the present JOURNAL
// and its log, damaged or not, aside to JOURNAL.aside-20261122T103000Z (NOW, in UTC); puts the copy
// in its place. Nothing is deleted. Errors: locked, if a controller runs, and those of verify();
// while the backup is not known to be good, nothing is moved.
[[nodiscard]] result<Restored> restore(const std::filesystem::path& backup,
                                       const std::filesystem::path& journal,
                                       std::chrono::sys_seconds now, const Progress& progress = {});

// JOURNAL.restored: a line of text that tells people what was restored. nullopt: there is none.
std::optional<std::string> restored_sign(const std::filesystem::path& journal);
// The highest epoch that the journal of before is known to have reached: to be begun is a later
// one. 0 without a sign.
std::uint32_t restored_epoch(const std::filesystem::path& journal);
// Durably; once what follows from the restore is itself durable in the journal.
[[nodiscard]] result<void> remove_restored_sign(const std::filesystem::path& journal);

// Whether a restore of JOURNAL was begun and not finished.
bool restore_unfinished(const std::filesystem::path& journal);

}  // namespace antrean::journal
