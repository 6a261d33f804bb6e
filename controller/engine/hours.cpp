#include "controller/engine/hours.hpp"

namespace antrean::engine {

const std::vector<Interval>& Hours::on(ServiceDay day) const {
    return week.at(std::chrono::weekday{day}.iso_encoding() - 1);
}

Opening opening(const Hours& hours, ServiceDay day, std::chrono::minutes time,
                std::chrono::minutes last_ticket_before) {
    const auto& intervals = hours.on(day);
    if (intervals.empty()) return Opening::closed;
    if (time < intervals.front().from) return Opening::early;
    if (time >= intervals.back().until - last_ticket_before) return Opening::too_late;
    for (const auto& interval : intervals) {
        if (interval.holds(time)) return Opening::open;
    }
    return Opening::in_break;
}

std::chrono::minutes time_of_day(WallTime wall, std::chrono::minutes utc_offset, ServiceDay day) {
    const auto local = wall.time_since_epoch() + utc_offset - day.time_since_epoch();
    return std::chrono::floor<std::chrono::minutes>(local);
}

}  // namespace antrean::engine
