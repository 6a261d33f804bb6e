// What may be asked at the console: a line of JSON becomes a value. README.md lists the requests.
// Pure; any thread. Form is checked here, meaning by the engine.
#pragma once

#include "controller/engine/command.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include <boost/system/result.hpp>

namespace antrean::console {

inline constexpr std::size_t max_line_bytes = 64 << 10;  // of a request, its end included
inline constexpr std::size_t max_text_bytes = 200;       // of a reason, as in the protocol
inline constexpr std::size_t max_path_bytes = 4096;

struct TellStatus {};
struct TellQueue {};
struct TellAlarms {};
struct TellDevices {};
// Every event that becomes durable from now on.
struct Tail {};
// Something that the engine decides. An action on a ticket that names none is for the ticket that
// stands at the counter.
struct Act {
    engine::Action action;
    CounterId counter{};
};
// All services of an agency.
struct PauseAgency {
    AgencyId agency;
    std::string reason;
};
struct ResumeAgency {
    AgencyId agency;
};
struct Reload {};
struct Backup {
    std::string file;  // absolute
};
struct RebuildReports {};

using Request = std::variant<TellStatus, TellQueue, TellAlarms, TellDevices, Tail, Act, PauseAgency,
                             ResumeAgency, Reload, Backup, RebuildReports>;

// Why a line is no request, for people.
struct Mistake {
    std::string text;
};
[[nodiscard]] boost::system::result<Request, Mistake> parse(std::string_view line);

// For the log, such as "finish at loket-1"; empty for what changes nothing. Never holds a code.
std::string describe(const Request& request);

}  // namespace antrean::console
