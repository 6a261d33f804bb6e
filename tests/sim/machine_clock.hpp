// The steady clock of one machine, which begins anew with each boot: stored times of another boot
// look like times of this one, and mean nothing.
#pragma once

#include "tests/sim/world.hpp"

#include <string>

namespace antrean::sim {

class MachineClock {
public:
    MachineClock(World& world, Random random) : world_{world}, random_{random} { reboot(); }

    SteadyTime now() const { return SteadyTime{world_.now() - booted_}; }
    // The moment of the world at which now() will be STEADY.
    SteadyTime in_world(SteadyTime steady) const { return booted_ + steady.time_since_epoch(); }
    // As the kernel names it.
    const std::string& boot() const { return boot_; }

    // A power cut: the machine has run for some seconds when its programs start again.
    void reboot() {
        booted_ =
            world_.now() - random_.between(std::chrono::seconds{5}, std::chrono::seconds{120});
        boot_ = fmt::format("{:016x}", random_.next());
    }

private:
    World& world_;
    Random random_;
    SteadyTime booted_;
    std::string boot_;
};

}  // namespace antrean::sim
