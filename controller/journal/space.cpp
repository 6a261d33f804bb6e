#include "controller/journal/space.hpp"

namespace antrean::journal {

std::string_view to_string(SpaceLevel level) {
    switch (level) {
        case SpaceLevel::ample:
            return "ample";
        case SpaceLevel::alarm:
            return "alarm";
        case SpaceLevel::low:
            return "low";
    }
    return "";
}

SpaceLevel SpaceWatch::update(std::uint64_t free_bytes, std::uint64_t total_bytes) {
    const double used =
        total_bytes == 0
            ? 100.0
            : 100.0 * (1.0 - static_cast<double>(free_bytes) / static_cast<double>(total_bytes));
    alarmed_ = used >= (alarmed_ ? thresholds_.alarm_over_percent : thresholds_.alarm_percent);
    low_ = free_bytes < (low_ ? thresholds_.low_over_bytes : thresholds_.low_bytes);
    return level_ = low_ ? SpaceLevel::low : alarmed_ ? SpaceLevel::alarm : SpaceLevel::ample;
}

}  // namespace antrean::journal
