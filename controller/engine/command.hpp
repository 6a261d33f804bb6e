// What the engine can be asked to do. Values; checked for form by whoever makes them (proto does),
// for meaning by the engine.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace antrean::engine {

// The moment of a decision. The engine stores it, opens a new service day when the site's calendar
// has gone on, and reads opening hours by it; it never decides by it who goes first.
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

// The origin of what an operator asks for at the controller itself. No device may be called so.
inline constexpr DeviceId operator_device = *DeviceId::parse("operator");

enum class Outcome {
    printed,      // the printer confirmed the paper
    unconfirmed,  // it may have come out
    not_printed,  // it surely did not
};

// By a kiosk.

struct Issue {
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;
    std::chrono::seconds estimate{0};  // of the wait, to be printed; 0: not known
};

// The code of an appointment was read. Who makes this has read the code's form and checked its
// seal (controller/appointments); the engine knows neither keys nor codes.
struct CheckIn {
    std::string appointment;  // names one for ever; empty: what was read has not the form of a code
    ServiceId service;
    ServiceDay day{};
    std::chrono::minutes time{0};      // of day
    bool genuine = false;              // its seal is right
    std::chrono::seconds estimate{0};  // as of an Issue
};

struct PrintReport {
    TicketId ticket;
    Outcome outcome{};
    std::string_view reason;  // a word of the protocol for the journal; a literal
    bool copy = false;        // the paper carries the mark of a copy
};

// A number of a lease, which the kiosk gave by itself.
struct IssueOffline {
    LeaseId lease;
    std::uint32_t number = 0;
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;
    WallTime arrived;             // its holder, as far as that is known
    bool of_earlier_day = false;  // than the open one
    RequestId abandoned{};        // the request that the kiosk gave up for it; none: it made none
};
// The kiosk has told all numbers of a lease that it gave, and gives no more.
struct RetireLease {
    LeaseId lease;
    std::uint32_t given = 0;  // 1 to this; 0: none
};

// At a counter: that of the callpad that asks, or the one that the operator names.

struct CallNext {
    std::optional<TicketClass> only{};
};
// One that waits, is held or did not show up: by its id, or by its label.
struct CallNamed {
    TicketId ticket;
    std::string label;
};
struct Recall {
    TicketId ticket;
};
// Who was called has come.
struct Serve {
    TicketId ticket;
};
struct Finish {
    TicketId ticket;
};
struct NoShow {
    TicketId ticket;
};
struct Hold {
    TicketId ticket;
};
struct Transfer {
    TicketId ticket;
    ServiceId service;
};
// Takes the counter's last step back.
struct Undo {};
struct SignIn {
    std::string code;
};
struct SignOut {};
struct PauseCounter {
    std::string reason;
};
struct OpenCounter {};

// By the operator.

struct VoidTicket {
    std::string label;
};
struct PauseService {
    ServiceId service;
    std::string reason;  // shown at the kiosks
};
struct ResumeService {
    ServiceId service;
};
// No new tickets from now on; who waits has the fate that the site states.
struct CloseDay {};
struct ReopenDay {};

// A type of its own, as Fact is.
struct Action : std::variant<Issue, CheckIn, PrintReport, IssueOffline, RetireLease, CallNext,
                             CallNamed, Recall, Serve, Finish, NoShow, Hold, Transfer, Undo, SignIn,
                             SignOut, PauseCounter, OpenCounter, VoidTicket, PauseService,
                             ResumeService, CloseDay, ReopenDay> {
    using variant::variant;
    Action();
    Action(const Action& other);
    Action(Action&& other) noexcept;
    Action& operator=(const Action& other);
    Action& operator=(Action&& other) noexcept;
    ~Action();
};

struct Command {
    Origin origin;
    Action action;
    CounterId counter{};  // of an operator's command; a callpad stands at its own
};

}  // namespace antrean::engine
