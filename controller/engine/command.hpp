// What the engine can be asked to do. Values; checked for form by whoever makes them (proto does),
// for meaning by the engine.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <string_view>
#include <variant>

namespace antrean::engine {

// The moment of a decision. The engine stores it, and opens a new service day when the site's
// calendar has gone on; it never decides by it who goes first.
struct Now {
    WallTime wall;
    std::chrono::minutes utc_offset{0};
    ServiceDay day{};  // of the site's calendar at that moment
    bool operator==(const Now&) const = default;
};

// Who asks, and under which request id. A device's ids only rise.
struct Origin {
    DeviceId device;
    RequestId request;
    bool operator==(const Origin&) const = default;
};

enum class Outcome {
    printed,      // the printer confirmed the paper
    unconfirmed,  // it may have come out
    not_printed,  // it surely did not
};

struct Issue {
    ServiceId service;
};

struct PrintReport {
    TicketId ticket;
    Outcome outcome{};
    std::string_view reason;  // a word of the protocol for the journal; a literal
    bool copy = false;        // the paper carries the mark of a copy
};

struct CallNext {};

struct Recall {
    TicketId ticket;
};

struct Finish {
    TicketId ticket;
};

struct NoShow {
    TicketId ticket;
};

using Action = std::variant<Issue, PrintReport, CallNext, Recall, Finish, NoShow>;

struct Command {
    Origin origin;
    Action action;
};

}  // namespace antrean::engine
