// The messages of antrean.proto as plain C++ values, checked when they are decoded: an id that is
// here is well-formed, an enum is one of its values, a text is within its bound. Field ranges and
// meanings are PROTOCOL.md's. Copyable values; no thread rule.
#pragma once

#include "proto/types.hpp"

#include <array>
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
inline constexpr std::size_t max_buttons = 512;     // of a menu; the longest fits a frame
inline constexpr std::size_t max_seen = 128;        // labels of a hello
inline constexpr std::size_t max_offers = max_buttons;
inline constexpr std::size_t max_held = 20;           // tickets of a counter's view
inline constexpr std::size_t max_leases = 128;        // of a kiosk
inline constexpr std::uint32_t max_lease_size = 250;  // numbers of one
inline constexpr std::size_t max_targets = 64;        // services of a counter's menu
inline constexpr std::size_t max_printers = 4;        // of a kiosk's state
inline constexpr std::size_t max_stuck = 32;          // buttons of a kiosk's state
inline constexpr std::size_t min_code_digits = 4;
inline constexpr std::size_t max_code_digits = 12;
inline constexpr std::size_t max_appointment_code = 96;  // characters

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
    unknown_service,  // not one of this kiosk's, or of the site's
    nobody_waits,
    not_called,      // the ticket is not the one called or served at this counter
    unknown_ticket,  // no such ticket, or none of this kiosk whose paper is unsettled
    // A service is not to be had now; an offer names these alone.
    series_full,  // the series has no number left today
    storage_low,  // no room for new tickets; its answer is not kept
    not_open_yet,
    in_break,
    too_late,  // after the last ticket of the day
    closed,    // this day
    paused,
    not_in_force,  // the agency's agreement
    quota_used,
    hall_full,
    day_closed,
    // At a counter.
    no_counter,  // the callpad stands at none
    not_signed_in,
    unknown_staff,
    counter_paused,
    recall_limit,
    not_callable,
    wrong_state,
    nothing_to_undo,
    too_late_to_undo,
    unknown_lease,  // not one of this kiosk's, or no number of it
    // Of an appointment's code.
    unknown_appointment,  // none of this site's, or its seal is wrong
    wrong_day,
    too_early,
    too_late_for_appointment,
    appointment_used,  // somebody checked in with it
};
inline constexpr RefusalReason first_of_offers = RefusalReason::series_full;
inline constexpr RefusalReason last_of_offers = RefusalReason::day_closed;

enum class Paper { printed = 1, unconfirmed, voided };

// Of the ticket that a counter has before it.
enum class State { called = 1, serving };

// What a counter did last.
enum class Step { none, call, serve, finish, no_show, hold, transfer };

struct Heartbeat {
    bool operator==(const Heartbeat&) const = default;
};

struct Goodbye {
    GoodbyeReason reason{};
    std::string text;  // for the technician's log; never empty
    bool operator==(const Goodbye&) const = default;
};

// A label that a kiosk was given: the highest of its series on that day.
struct Seen {
    ServiceDay service_day{};
    std::string label;
    bool operator==(const Seen&) const = default;
};

// A lease that a kiosk has in its store.
struct KnownLease {
    LeaseId lease;
    SeriesId series;
    std::string label;  // as in a Lease
    bool operator==(const KnownLease&) const = default;
};

struct Hello {
    std::uint32_t protocol = protocol_version;
    Role role{};
    DeviceId device;
    RequestId last_request;  // the highest that the device has stored; none: it has a new store
    std::string software;
    std::uint64_t journal_seq = 0;  // the highest that it was ever told; 0: none
    std::vector<Seen> seen{};
    std::uint64_t incarnation = 0;     // of the store; 0: it takes no leases
    std::vector<KnownLease> leases{};  // at most max_leases
    bool operator==(const Hello&) const = default;
};

struct Welcome {
    std::uint32_t protocol = protocol_version;
    RequestId last_request;  // the highest of this device that the controller has decided
    WallTime now;
    std::optional<ServiceDay> service_day;  // none: no day was opened yet
    std::string software;
    std::uint64_t journal_seq = 0;       // of the last event that is on the controller's disk
    std::chrono::minutes utc_offset{0};  // of the site's zone now
    bool operator==(const Welcome&) const = default;
};

struct Issue {
    RequestId request;
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;
    bool operator==(const Issue&) const = default;
};

// An appointment's code, as a reader read it; schemas/appointments tells of its form.
struct CheckIn {
    RequestId request;
    std::string code;  // 1 to max_appointment_code characters from ' ' to '~'
    bool operator==(const CheckIn&) const = default;
};

struct PrintReport {
    RequestId request;
    TicketId ticket;
    PrintOutcome outcome{};
    PrintReason reason = PrintReason::none;
    bool copy = false;  // the paper carries the mark of a copy
    bool operator==(const PrintReport&) const = default;
};

// A number that the kiosk gave by itself.
struct IssueOffline {
    RequestId request;
    LeaseId lease;
    std::uint32_t number = 0;  // from 1 to max_lease_size
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;
    std::chrono::milliseconds age{0};  // since its press, at least
    RequestId abandoned{};             // given up for it; none: there was none
    bool operator==(const IssueOffline&) const = default;
};

// No number of the lease is given any more, and all that were are told.
struct RetireLease {
    RequestId request;
    LeaseId lease;
    std::uint32_t given = 0;  // 1 to this
    bool operator==(const RetireLease&) const = default;
};

struct CallNext {
    RequestId request;
    std::optional<TicketClass> only{};
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

// One that waits, is held or did not show up: by its id or by its label, never by both.
struct CallNamed {
    RequestId request;
    TicketId ticket;
    std::string label;
    bool operator==(const CallNamed&) const = default;
};

struct Serve {
    RequestId request;
    TicketId ticket;
    bool operator==(const Serve&) const = default;
};

struct Hold {
    RequestId request;
    TicketId ticket;
    bool operator==(const Hold&) const = default;
};

struct Transfer {
    RequestId request;
    TicketId ticket;
    ServiceId service;
    bool operator==(const Transfer&) const = default;
};

struct Undo {
    RequestId request;
    bool operator==(const Undo&) const = default;
};

struct SignIn {
    RequestId request;
    std::string code;  // min_code_digits to max_code_digits of 0-9
    bool operator==(const SignIn&) const = default;
};

struct SignOut {
    RequestId request;
    bool operator==(const SignOut&) const = default;
};

struct PauseCounter {
    RequestId request;
    std::string reason;  // may be empty
    bool operator==(const PauseCounter&) const = default;
};

struct OpenCounter {
    RequestId request;
    bool operator==(const OpenCounter&) const = default;
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
    TicketClass ticket_class = TicketClass::regular;
    std::chrono::seconds estimate{0};  // of the wait; 0: not known. 32 bits on the wire
    // As printed, of a ticket of the class appointment; empty: as the menu's button says.
    std::string service_name{};
    std::string agency_name{};
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
    TicketClass ticket_class = TicketClass::regular;  // that the button asks for
    std::string bring{};                              // what people have to bring
    SeriesId series{};  // that its numbers are of; none: it has none without a controller
    bool operator==(const MenuButton&) const = default;
};

struct Menu {
    std::string site_name;
    std::string place;
    std::string zone;  // as printed behind a time: "WIB"
    std::vector<MenuButton> buttons;
    // Any of these may be empty: the hall has none.
    std::string wifi_name{};
    std::string wifi_password{};
    std::string paper_link{};  // where a phone follows the ticket
    bool operator==(const Menu&) const = default;
};

// Whether one may have a ticket of a service now.
struct Offer {
    ServiceId service;
    std::optional<RefusalReason> refusal{};  // none: yes. From first_ to last_of_offers
    std::string text{};                      // of a pause; shown
    std::optional<std::uint32_t> left{};     // of the day's quota; none: it has no quota
    std::uint32_t waiting = 0;
    std::chrono::seconds estimate{0};  // as in a Ticket
    bool operator==(const Offer&) const = default;
};

struct Offers {
    std::uint64_t journal_seq = 0;  // as in a Welcome
    std::vector<Offer> offers;      // at most max_offers
    bool operator==(const Offers&) const = default;
};

// Numbers that a kiosk may give while it has no controller.
struct Lease {
    LeaseId lease;
    SeriesId series;
    std::string label;       // that a number is put behind, of two digits at least: "A-QK"
    std::uint32_t size = 0;  // its numbers are 1 to this; at most max_lease_size
    bool operator==(const Lease&) const = default;
};

// All that a kiosk may use from now on; what it has beside them is retired.
struct Leases {
    std::vector<Lease> leases;  // at most max_leases
    bool operator==(const Leases&) const = default;
};

struct HeldTicket {
    TicketId ticket;
    std::string label;
    TicketClass ticket_class = TicketClass::regular;
    bool operator==(const HeldTicket&) const = default;
};

struct CounterView {
    CounterId counter;
    std::string counter_name;
    std::uint32_t waiting = 0;
    TicketId ticket;  // none: nobody is called, and the fields of a ticket say nothing
    std::string label;
    std::string service_name;
    Paper paper = Paper::printed;
    std::uint32_t times_called = 0;
    State state = State::called;                      // of the ticket
    TicketClass ticket_class = TicketClass::regular;  // of the ticket
    std::array<std::uint32_t, class_count> waiting_by_class{};
    std::vector<HeldTicket> held{};  // at most max_held
    std::string staff{};             // the name of who is signed in; empty: nobody
    bool sign_in_required = false;
    bool paused = false;
    std::string pause_reason{};  // while paused; may be empty
    Step can_undo = Step::none;
    bool operator==(const CounterView&) const = default;
};

struct TransferTarget {
    ServiceId service;
    std::string service_name;
    bool operator==(const TransferTarget&) const = default;
};

// What a callpad needs to know of the site beside its counter's view.
struct CounterMenu {
    std::vector<TransferTarget> targets;  // at most max_targets
    bool operator==(const CounterMenu&) const = default;
};

enum class PrinterState {
    ready = 1,
    paper_low,  // prints still
    paper_out,
    cover_open,
    cutter_jam,  // or paper that is stuck
    head_hot,    // pauses, and goes on by itself
    offline,     // connected, but silent
    gone,        // not connected
    faulty,
};

// What somebody has to see to at a kiosk.
struct KioskState {
    std::vector<PrinterState> printers;  // at most max_printers, in the kiosk's own order
    std::vector<ButtonNumber> stuck{};   // at most max_stuck: held down for too long
    bool operator==(const KioskState&) const = default;
};

// A type of its own, so that copying and the like are compiled once and not by all who include
// this.
struct Message
    : std::variant<Heartbeat, Goodbye, Hello, Welcome, Issue, CheckIn, PrintReport, IssueOffline,
                   RetireLease, CallNext, Recall, Finish, NoShow, CallNamed, Serve, Hold, Transfer,
                   Undo, SignIn, SignOut, PauseCounter, OpenCounter, Ticket, Called, Done, Refused,
                   Menu, CounterView, Offers, CounterMenu, Leases, KioskState> {
    using variant::variant;
    Message();
    Message(const Message& other);
    Message(Message&& other) noexcept;
    Message& operator=(const Message& other);
    Message& operator=(Message&& other) noexcept;
    ~Message();
};

// The two kinds of message that carry a request id.
using Request = std::variant<Issue, CheckIn, PrintReport, IssueOffline, RetireLease, CallNext,
                             Recall, Finish, NoShow, CallNamed, Serve, Hold, Transfer, Undo, SignIn,
                             SignOut, PauseCounter, OpenCounter>;
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
