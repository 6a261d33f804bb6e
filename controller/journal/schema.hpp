// The journal's schema, as schemas/journal has it: entry N brings a file from version N to N + 1.
// Shipped entries never change.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace antrean::journal {

std::span<const std::string_view> schema();

// The columns of events in the order of Row::for_each(), without seq and hash.
inline constexpr std::array column_names{
    "day",           "at_ms",        "utc_offset_min", "kind",       "device",  "request",
    "ticket",        "series",       "number",         "label",      "service", "class",
    "counter",       "staff",        "ahead",          "estimate_s", "plan",    "outcome",
    "reason",        "copy",         "voids",          "why",        "passed",  "turn",
    "to_service",    "queue",        "place",          "step",       "state",   "asked",
    "asked_service", "asked_ticket", "answer",         "issued_day", "detail",  "epoch",
    "site",          "lease",        "incarnation",    "given",      "days",    "arrived_ms",
    "appointment"};

}  // namespace antrean::journal
