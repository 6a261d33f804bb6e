// What the engine is to be asked for a request of the console. Pure.
#pragma once

#include "controller/console/request.hpp"
#include "controller/sessions/hub.hpp"

#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::console {

struct Ask {
    engine::Action action;
    CounterId counter;
    ServiceId service{};  // of several that one request is for
};

// The line that refuses the request at once, with its line break.
struct RefusedLine {
    std::string line;
};

// Names the ticket where it is the one that stands at the counter: the one that HUB has on disk, so
// that what is done is done to the ticket that the console has shown.
[[nodiscard]] boost::system::result<std::vector<Ask>, RefusedLine> plan(const Act& act,
                                                                        const sessions::Hub& hub);
[[nodiscard]] boost::system::result<std::vector<Ask>, RefusedLine> plan(const PauseAgency& pause,
                                                                        const sessions::Hub& hub);
[[nodiscard]] boost::system::result<std::vector<Ask>, RefusedLine> plan(const ResumeAgency& resume,
                                                                        const sessions::Hub& hub);

}  // namespace antrean::console
