// A journal as a busy hall has it after years: every ticket was issued, printed, called and served.
// The engine decides and the journal writes, as in the controller, but by thousands at a time.
#pragma once

#include "proto/types.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace antrean::benchmark {

struct Past {
    std::uint64_t tickets = 0;
    std::uint64_t days = 0;
    std::uint64_t last_seq = 0;  // of the journal's last event
    std::uint64_t bytes = 0;     // of the journal
    std::uint64_t reports_bytes = 0;
    double seconds = 0;
};

// What such a journal takes on the disk for each ticket, at most.
inline constexpr std::uint64_t most_bytes_per_ticket = 1500;  // with its reports

// Where a controller keeps the reports of JOURNAL.
std::filesystem::path reports_of(std::filesystem::path journal);

// Writes the journal FILE, which must not be there, and its reports beside it, as a controller
// does. TICKETS are spread evenly over ten years of service days, the last of which is the one
// before TODAY; a day has a ticket at least. SAY is told from time to time how many are written.
// What fails is an exception.
Past write_past(const std::filesystem::path& file, std::uint64_t tickets, ServiceDay today,
                const std::function<void(std::uint64_t written)>& say);

}  // namespace antrean::benchmark
