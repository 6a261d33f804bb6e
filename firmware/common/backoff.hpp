// How long a device waits between attempts to connect: doubling from the first to the longest, and
// each wait spread over half to one and a half of that, so that a hall's devices do not all come
// back at once. A connection that lasted makes the next wait the first again; one that did not is
// no reason to hurry, for two devices of one name would otherwise replace each other without a
// pause. Pure: time and the random number are passed in.
#pragma once

#include "proto/types.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace antrean::common {

class Backoff {
public:
    static constexpr std::chrono::milliseconds first{200}, longest{5000};
    static constexpr std::chrono::seconds lasting{5};

    void connected(SteadyTime now) { connected_ = now; }

    // An attempt failed, or the connection has ended. RANDOM: any 32 bits.
    std::chrono::milliseconds next(SteadyTime now, std::uint32_t random) {
        if (connected_ && now - *connected_ >= lasting) next_ = first;
        connected_.reset();
        const auto base = std::exchange(next_, std::min(next_ * 2, longest));
        return base / 2 + base * (random % 1024) / 1024;
    }

private:
    std::chrono::milliseconds next_ = first;
    std::optional<SteadyTime> connected_;
};

}  // namespace antrean::common
