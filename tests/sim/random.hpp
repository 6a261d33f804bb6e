// The simulator's random numbers: xoshiro256** seeded by SplitMix64, and distributions of our own
// in whole numbers, for those of the standard library differ from one to the next. A plain value.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace antrean::sim {

using Time = std::chrono::microseconds;  // a span of virtual time

class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (auto& word : state_) {  // SplitMix64
            std::uint64_t z = seed += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            word = z ^ (z >> 31);
        }
    }

    std::uint64_t next() {
        const auto result = std::rotl(state_[1] * 5, 7) * 9;
        const auto t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }
    // A generator of its own, so that one part's draws do not shift another's.
    Random fork() { return Random{next()}; }

    // 0 to BOUND - 1; BOUND at least 1. The bias of the remainder is far below what shows.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    // LOW to HIGH, both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + below(high - low + 1);
    }
    bool chance(unsigned per_mille) { return below(1000) < per_mille; }
    Time between(Time low, Time high) {
        return Time{static_cast<Time::rep>(between(static_cast<std::uint64_t>(low.count()),
                                                   static_cast<std::uint64_t>(high.count())))};
    }
    // Mostly about MEAN, now and then nearly at once, now and then four times as long.
    Time around(Time mean) {
        switch (below(8)) {
            case 0:
                return between(Time{0}, mean / 8);
            case 1:
                return between(mean, mean * 4);
            default:
                return between(mean / 2, mean * 3 / 2);
        }
    }

private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace antrean::sim
