// How fast a queue moves: the time between calls, measured while somebody waits, and robust against
// few data and odd ones. An estimate for people, never a rule. Pure.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace antrean::projections {

class Pace {
public:
    // Somebody was called from the queue; WAITED: others were left behind in it.
    void called(WallTime at, bool others_wait);

    // How long the one behind AHEAD others will wait, if the queue goes on as it did. EXPECTED is
    // what lies between two calls as a rule: at first it counts as much as prior_weight measured
    // ones, and nothing any more once `kept` were measured.
    std::chrono::seconds wait(std::uint32_t ahead, std::chrono::seconds expected) const;

    static constexpr std::size_t kept = 20;  // intervals
    static constexpr int prior_weight = 4;
    // A longer gap says that nobody served: a break, not the pace.
    static constexpr std::chrono::minutes longest{45};

private:
    std::optional<WallTime> busy_since_;  // the last call, if it left others behind
    std::deque<std::chrono::milliseconds> intervals_;
};

}  // namespace antrean::projections
