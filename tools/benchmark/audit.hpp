// Whether the journal of a controller that has stopped says the same as the tickets that came out
// of it. Reads the file with SQLite alone, so that no code of the controller judges itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace antrean::benchmark {

// What the kiosks were told, over the whole life of one journal.
struct Told {
    std::uint64_t tickets = 0;
    // Of these tickets: tells one set of tickets from another. None where they are not known.
    std::optional<std::uint64_t> sum_of_ids = 0;
    std::uint64_t reports = 0;  // print reports that were answered
};

// Empty: every ticket is on disk, none is there that nobody got, and the numbers of each series
// rise from 1 without a gap and without one twice. Else what is wrong, in a sentence. Events up to
// BEFORE are of days that nobody was told of, and are not looked at.
std::string audit(const std::filesystem::path& journal, const Told& told, std::uint64_t before = 0);

}  // namespace antrean::benchmark
