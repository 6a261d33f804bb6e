// How long the printer's state machine waits, and for what. Part of machine*.cpp
// only.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace antrean::printer::patience {

using namespace std::chrono_literals;

inline constexpr auto answer_time = 1s;  // a status answer takes milliseconds, but USB may be busy
inline constexpr auto clear_time = 1s;   // DLE DC4 8 up to its answer
inline constexpr auto quiet_time = 250ms;  // nothing arrives for so long: nothing old is on its way
inline constexpr auto poll_time = 2s;    // faster polling fills the buffer of a printer that stands
inline constexpr auto watch_time = 10s;  // polling of a printer that reports by itself
inline constexpr auto soft_time =
    300ms;                              // until a trouble that passes by itself is looked at again
inline constexpr auto begin_time = 5s;  // a job that could not begin by then is not printed
inline constexpr auto expect_time =
    1500ms;                                 // a ticket usually takes less; then status is looked at
inline constexpr auto stall_time = 10s;     // without any byte taken
inline constexpr auto unwatched_time = 2s;  // hands need longer to change a roll
inline constexpr auto paper_time = 15s;     // all taken and no answer behind the paper
inline constexpr auto sync_time = 10s;      // what is left in a buffer may take so long to come out
inline constexpr auto job_time = 60s;       // longest cooling pause included
inline constexpr auto mute_time = 1s;  // a printer that never answers gets this long for its paper
inline constexpr std::size_t longest_command = 1024;  // of those in a paper that are no pictures
inline constexpr int rounds_until_reopen = 15;
inline constexpr int rounds_until_recover = 5;

}  // namespace antrean::printer::patience

namespace antrean::printer {

// Commands one after the other.
template <class... Parts>
std::vector<std::byte> joined(const Parts&... parts) {
    std::vector<std::byte> bytes;
    (bytes.insert(bytes.end(), parts.begin(), parts.end()), ...);
    return bytes;
}

}  // namespace antrean::printer
