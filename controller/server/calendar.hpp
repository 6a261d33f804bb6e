// The site's clock and calendar: the one place of the controller that reads the wall clock. It uses
// the C library's zones through the process's TZ, so one process serves one site. One thread.
#pragma once

#include "controller/sessions/hub.hpp"

#include <chrono>
#include <string>

namespace antrean::server {

class Calendar {
public:
    // Sets the process's TZ. ZONE must exist, as the site file's check has seen.
    Calendar(const std::string& zone, std::chrono::minutes day_starts);

    sessions::Moment now();
    // The moment of a given wall time; pure but for the zone.
    engine::Now at(WallTime wall) const;

private:
    struct Local {
        std::chrono::minutes utc_offset{0};
        std::string zone;
    };
    static Local local(std::chrono::sys_seconds second);
    engine::Now at(WallTime wall, std::chrono::minutes utc_offset) const;

    std::chrono::minutes day_starts_;
    // The C library reads the zone's rule at each call, which would be a tenth of a ticket's work.
    std::chrono::sys_seconds cached_for_ = std::chrono::sys_seconds::min();
    Local cached_;
};

}  // namespace antrean::server
