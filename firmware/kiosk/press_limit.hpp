// How many numbers a kiosk asks for in a while, over all of its buttons: some at once, then one
// each few seconds. It stops the child that plays the buttons like a piano, which the guard of each
// button by itself lets through: papers that nobody waits for would be called one after the other.
//
// Pure: no clock. One thread.
#pragma once

#include "proto/types.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace antrean::kiosk {

// A printer needs a second or two for a paper, and it is torn off before the next one is wanted:
// not even an usher who presses for a whole queue needs more than one each 2 s for long. Ten at
// once are for a family, or for somebody with errands at many agencies.
struct PressLimit {
    static constexpr std::uint32_t most_burst = 1000;
    static constexpr std::chrono::milliseconds least_each{1};
    static constexpr std::chrono::milliseconds most_each{60'000};

    std::uint32_t burst = 10;
    std::chrono::milliseconds each{2000};
};

// A bucket of tokens: full at first, one taken for each press, one back each while.
class PressBucket {
public:
    explicit PressBucket(PressLimit limit) : limit_{limit}, tokens_{limit.burst} {}

    // Whether a press at NOW may go on; then a token is taken.
    [[nodiscard]] bool take(SteadyTime now) {
        refill(now);
        if (tokens_ == 0) return false;
        --tokens_;
        return true;
    }

private:
    void refill(SteadyTime now) {
        const auto earned = std::max<std::int64_t>((now - since_) / limit_.each, 0);
        if (earned >= limit_.burst - tokens_) {
            tokens_ = limit_.burst;
            since_ = now;
        } else {
            tokens_ += static_cast<std::uint32_t>(earned);
            since_ += earned * limit_.each;
        }
    }

    PressLimit limit_;
    std::uint32_t tokens_;
    SteadyTime since_{};  // what was earned before is in tokens_
};

}  // namespace antrean::kiosk
