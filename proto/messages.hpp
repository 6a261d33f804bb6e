// The messages of antrean.proto as plain C++ values, checked when they are decoded: an id that is
// here is well-formed, an enum is one of its values, a text is within its bound. Field ranges and
// meanings are PROTOCOL.md's. Copyable values; no thread rule.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace antrean::proto {

inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t max_text_bytes = 200;  // of any text field
inline constexpr std::size_t max_buttons = 128;     // of a menu; the longest fits a frame

enum class Role { kiosk = 1, callpad = 2 };

enum class GoodbyeReason {
    stopping = 1,         // the sender shuts down
    unsupported_version,  // no protocol version in common
    unknown_device,       // not in the site file
    wrong_role,           // the device is there, in another role
    replaced,             // a newer connection of the same device took over
    malformed,            // bytes that are no frame, or a field out of its range
    out_of_turn,          // a message that this state does not allow
    overloaded,           // too many connections, or the receiver reads too slowly
    silent,               // nothing was heard for too long
};

enum class PrintOutcome { printed = 1, unconfirmed, not_printed };

enum class PrintReason {
    none,
    paper_out,
    cover_open,
    cutter,
    fault,
    no_answer,  // the printer did not answer
    gone,       // the printer's connection was lost
    late,       // the press was too long ago: its person has gone, so nothing was printed
    restarted,  // the kiosk restarted while the paper was being printed
};

enum class RefusalReason {
    stale_request =
        1,  // a newer request of this device has been decided; its answer is no longer kept
    request_reused,   // this id was decided for a different request
    unknown_service,  // not one of this kiosk's services
    nobody_waits,
    not_called,      // the ticket is not the one called at this counter
    unknown_ticket,  // not a ticket of this kiosk whose paper is unsettled
    series_full,     // the series has no number left today
};

enum class Paper { printed = 1, unconfirmed, voided };

struct Heartbeat {
    bool operator==(const Heartbeat&) const = default;
};

struct Goodbye {
    GoodbyeReason reason{};
    std::string text;  // for the technician's log; never empty
    bool operator==(const Goodbye&) const = default;
};

struct Hello {
    std::uint32_t protocol = protocol_version;
    Role role{};
    DeviceId device;
    RequestId last_request;  // the highest that the device has stored; none: it has a new store
    std::string software;
    bool operator==(const Hello&) const = default;
};

struct Welcome {
    std::uint32_t protocol = protocol_version;
    RequestId last_request;  // the highest of this device that the controller has decided
    WallTime now;
    std::optional<ServiceDay> service_day;  // none: no day was opened yet
    std::string software;
    bool operator==(const Welcome&) const = default;
};

struct Issue {
    RequestId request;
    ServiceId service;
    bool operator==(const Issue&) const = default;
};

struct PrintReport {
    RequestId request;
    TicketId ticket;
    PrintOutcome outcome{};
    PrintReason reason = PrintReason::none;
    bool copy = false;  // the paper carries the mark of a copy
    bool operator==(const PrintReport&) const = default;
};

struct CallNext {
    RequestId request;
    bool operator==(const CallNext&) const = default;
};

struct Recall {
    RequestId request;
    TicketId ticket;
    bool operator==(const Recall&) const = default;
};

struct Finish {
    RequestId request;
    TicketId ticket;
    bool operator==(const Finish&) const = default;
};

struct NoShow {
    RequestId request;
    TicketId ticket;
    bool operator==(const NoShow&) const = default;
};

struct Ticket {
    RequestId request;
    TicketId ticket;
    std::string label;  // "A-025"
    ServiceId service;
    WallTime issued;
    std::chrono::minutes utc_offset{0};
    std::uint32_t ahead = 0;   // people of the series who came before and still wait
    ServiceDay service_day{};  // together with the label it names one ticket
    bool operator==(const Ticket&) const = default;
};

struct Called {
    RequestId request;
    TicketId ticket;
    std::string label;
    bool operator==(const Called&) const = default;
};

struct Done {
    RequestId request;
    bool operator==(const Done&) const = default;
};

struct Refused {
    RequestId request;
    RefusalReason reason{};
    bool operator==(const Refused&) const = default;
};

struct MenuButton {
    ButtonNumber number;
    ServiceId service;
    std::string service_name;
    std::string agency_name;
    bool operator==(const MenuButton&) const = default;
};

struct Menu {
    std::string site_name;
    std::string place;
    std::string zone;  // as printed behind a time: "WIB"
    std::vector<MenuButton> buttons;
    bool operator==(const Menu&) const = default;
};

struct CounterView {
    CounterId counter;
    std::string counter_name;
    std::uint32_t waiting = 0;
    TicketId ticket;  // none: nobody is called, and the fields below say nothing
    std::string label;
    std::string service_name;
    Paper paper = Paper::printed;
    std::uint32_t times_called = 0;
    bool operator==(const CounterView&) const = default;
};

using Message =
    std::variant<Heartbeat, Goodbye, Hello, Welcome, Issue, PrintReport, CallNext, Recall, Finish,
                 NoShow, Ticket, Called, Done, Refused, Menu, CounterView>;

// The two kinds of message that carry a request id.
using Request = std::variant<Issue, PrintReport, CallNext, Recall, Finish, NoShow>;
using Answer = std::variant<Ticket, Called, Done, Refused>;

inline RequestId request_id(const Request& request) {
    return std::visit([](const auto& r) { return r.request; }, request);
}
inline RequestId request_id(const Answer& answer) {
    return std::visit([](const auto& a) { return a.request; }, answer);
}

template <class From>
Message to_message(const From& from) {
    return std::visit([](const auto& m) -> Message { return m; }, from);
}

// MESSAGE as a Request or an Answer; nullopt where it is not one.
template <class To>
std::optional<To> message_as(const Message& message) {
    return std::visit(
        [](const auto& m) -> std::optional<To> {
            if constexpr (requires(To to) { to.template emplace<std::decay_t<decltype(m)>>(m); }) {
                return To{m};
            } else {
                return std::nullopt;
            }
        },
        message);
}

}  // namespace antrean::proto
