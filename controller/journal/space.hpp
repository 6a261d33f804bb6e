// How much room the disk has left for the journal, as a level with which the controller deals ahead
// of need: a journal that cannot be written to ends the process. Pure, and without SQLite; for
// whoever has to refuse.
#pragma once

#include <cstdint>
#include <string_view>

namespace antrean::journal {

enum class SpaceLevel {
    ample,
    alarm,  // people should make room; nothing is refused
    low,    // new tickets are refused, calls, reports and the closing of what is open go on
};

std::string_view to_string(SpaceLevel level);

struct SpaceThresholds {
    // From so much of the file system in use, in hundredths, `alarm`; over once less than the
    // second.
    unsigned alarm_percent = 80;
    unsigned alarm_over_percent = 78;
    // With less than so many bytes free, `low`; over once at least the second are. Between the two
    // lies more than the reserve holds: to free that must not end the level that it is freed for.
    std::uint64_t low_bytes = 64 << 20;
    std::uint64_t low_over_bytes = 96 << 20;
};

// The level with a memory, so that it does not flutter where a file comes and goes.
class SpaceWatch {
public:
    explicit SpaceWatch(const SpaceThresholds& thresholds = {}) : thresholds_{thresholds} {}

    // FREE_BYTES: what this user may still write; TOTAL_BYTES: that and what is in use.
    SpaceLevel update(std::uint64_t free_bytes, std::uint64_t total_bytes);
    SpaceLevel level() const { return level_; }
    const SpaceThresholds& thresholds() const { return thresholds_; }

private:
    SpaceThresholds thresholds_;
    SpaceLevel level_ = SpaceLevel::ample;
    bool alarmed_ = false;
    bool low_ = false;
};

}  // namespace antrean::journal
