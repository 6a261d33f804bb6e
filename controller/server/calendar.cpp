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
    sessions::Moment moment;
    moment.steady = steady_clock::now();
    moment.now = at(floor<milliseconds>(system_clock::now()), &moment.zone);
    return moment;
}

engine::Now Calendar::at(WallTime wall, std::string* zone_name) const {
    using namespace std::chrono;
    const std::time_t seconds = floor<std::chrono::seconds>(wall).time_since_epoch().count();
    std::tm local{};
    localtime_r(&seconds, &local);
    const auto offset = duration_cast<minutes>(std::chrono::seconds{local.tm_gmtoff});
    if (zone_name) *zone_name = local.tm_zone;
    const local_time<milliseconds> shifted{(wall + offset - day_starts_).time_since_epoch()};
    return {wall, offset, floor<days>(shifted)};
}

}  // namespace antrean::server
