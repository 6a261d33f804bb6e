#include "controller/server/calendar.hpp"

#include <cstdlib>
#include <ctime>

namespace antrean::server {

Calendar::Calendar(const std::string& zone, std::chrono::minutes day_starts)
    : day_starts_{day_starts} {
    // The colon keeps a zone's name from being read as a POSIX rule.
    setenv("TZ", (":" + zone).c_str(), 1);
    tzset();
}

sessions::Moment Calendar::now() {
    using namespace std::chrono;
    const auto wall = floor<milliseconds>(system_clock::now());
    if (const auto second = floor<seconds>(wall); second != cached_for_) {
        cached_ = local(second);
        cached_for_ = second;
    }
    return {steady_clock::now(), at(wall, cached_.utc_offset), cached_.zone};
}

engine::Now Calendar::at(WallTime wall) const {
    return at(wall, local(std::chrono::floor<std::chrono::seconds>(wall)).utc_offset);
}

engine::Now Calendar::at(WallTime wall, std::chrono::minutes utc_offset) const {
    using namespace std::chrono;
    const local_time<milliseconds> shifted{(wall + utc_offset - day_starts_).time_since_epoch()};
    return {wall, utc_offset, floor<days>(shifted)};
}

Calendar::Local Calendar::local(std::chrono::sys_seconds second) {
    const std::time_t seconds = second.time_since_epoch().count();
    std::tm local{};
    localtime_r(&seconds, &local);
    return {std::chrono::duration_cast<std::chrono::minutes>(std::chrono::seconds{local.tm_gmtoff}),
            local.tm_zone};
}

}  // namespace antrean::server
