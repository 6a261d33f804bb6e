// Many seeds, shared by several processes.
#pragma once

#include "tests/sim/marks.hpp"

#include <cstdint>
#include <optional>

namespace antrean::sim {

struct Campaign {
    std::uint64_t first = 1;
    std::uint64_t count = 100;
    int jobs = 1;
    bool show_progress = false;  // a line on standard error that rewrites itself
    bool need_marks = false;     // a mark that no seed has reached is a failure

    struct Result {
        std::uint64_t done = 0;
        std::optional<std::uint64_t> failed;  // the lowest that did
        MarkCounts marks{};
        bool marks_missing = false;
    };
    // Ends with the first failure that any process meets. Throws std::system_error.
    Result run() const;
};

void print_marks(const Campaign::Result& result);

}  // namespace antrean::sim
