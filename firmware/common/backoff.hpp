// How long to wait between attempts: doubling from the first to the longest, and each wait spread
// over half to one and a half of that, so that a hall's devices do not all come back at once. Pure:
// the random number is passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace antrean::common {

class Backoff {
public:
    Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest)
        : first_{first}, longest_{longest}, next_{first} {}

    // RANDOM: any 32 bits.
    std::chrono::milliseconds next(std::uint32_t random) {
        const auto base = next_;
        next_ = std::min(next_ * 2, longest_);
        return base / 2 + base * (random % 1024) / 1024;
    }
    void reset() { next_ = first_; }

private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds longest_;
    std::chrono::milliseconds next_;
};

}  // namespace antrean::common
