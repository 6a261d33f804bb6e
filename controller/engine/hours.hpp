// Opening hours: a week of intervals. Pure.
#pragma once

#include "proto/types.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace antrean::engine {

// Times of day, from the midnight that the service day begins behind; more than 24 h where a day
// lasts beyond the next midnight.
struct Interval {
    std::chrono::minutes from{0}, until{0};  // until is not in it
    bool holds(std::chrono::minutes time) const { return from <= time && time < until; }
    bool operator==(const Interval&) const = default;
};

// By weekday, Monday first. The intervals of a day rise and do not touch; what lies between two is
// a break. No interval: closed.
struct Hours {
    std::array<std::vector<Interval>, 7> week;
    const std::vector<Interval>& on(ServiceDay day) const;
    bool operator==(const Hours&) const = default;
};

enum class Opening {
    open,
    early,  // before the day's first interval
    in_break,
    too_late,  // within LAST_TICKET_BEFORE of the end of the day's last interval, or behind it
    closed,    // the whole day
};
Opening opening(const Hours& hours, ServiceDay day, std::chrono::minutes time,
                std::chrono::minutes last_ticket_before);

// The time of day as Interval counts it.
std::chrono::minutes time_of_day(WallTime wall, std::chrono::minutes utc_offset, ServiceDay day);

}  // namespace antrean::engine
