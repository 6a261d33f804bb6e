// The disk under the journal: what is free there, and a reserve file beside the journal that holds
// room for the hours in which people make some. The reserve is given up when the level is low, and
// made again when there is room for it above that.
//
// Blocks on the disk, shortly; one thread at a time.
#pragma once

#include "controller/journal/space.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace antrean::journal {

// As last looked at; for metrics.
struct Space {
    std::uint64_t free_bytes = 0;     // of the file system, for this user
    std::uint64_t total_bytes = 0;    // that and what is in use
    std::uint64_t journal_bytes = 0;  // the journal and its log
    std::uint64_t reserve_bytes = 0;  // 0: given up, or never made
    SpaceLevel level = SpaceLevel::ample;
    // Of the last look: the system does not tell, or did not let the reserve be made or removed.
    // The numbers are then those of before, and the level is `alarm` at least.
    std::string problem;
};

class Storage {
public:
    struct Options {
        std::filesystem::path journal;
        SpaceThresholds thresholds{};
        std::uint64_t reserve_bytes = 16 << 20;
    };

    // Touches nothing yet. Throws std::invalid_argument if to give up the reserve could end `low`.
    explicit Storage(Options options);

    // Looks, and makes or gives up the reserve. To be called before the journal is opened, for a
    // start on a full disk needs the reserve's room, and from then on every few seconds.
    const Space& look();
    // Gives up the reserve at once, however much room there is.
    void release_reserve();

    const Space& space() const { return space_; }
    std::filesystem::path reserve_file() const;

private:
    bool measure();
    void make_reserve();

    Options options_;
    SpaceWatch watch_;
    Space space_;
};

}  // namespace antrean::journal
