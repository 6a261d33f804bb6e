// A service day as text: on the wire, in the stores and for people who read logs. Pure.
#pragma once

#include "proto/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace antrean {

std::string to_iso(ServiceDay day);  // "2026-11-22"; of the years 0 to 9999

// Takes what to_iso() gives and nothing else.
std::optional<ServiceDay> parse_day(std::string_view text);

}  // namespace antrean
