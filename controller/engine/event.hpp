// What has happened: the only thing that changes the engine's state, live and on restart alike.
// The journal keeps events as rows; replies, boards and reports are derived from them alone.
#pragma once

#include "controller/engine/command.hpp"
#include "controller/engine/lease.hpp"
#include "controller/engine/policy.hpp"
#include "proto/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace antrean::engine {

// Where a ticket is in its life. PROTOCOL.md draws how one follows from another.
enum class State { waiting, called, serving, held, done, no_show, voided };

// A ticket as every event about it names it, so that each row of the journal reads by itself.
struct TicketRef {
    TicketId id;  // ticket_id() of the event that issued it
    SeriesId series;
    TicketNumber number;
    std::string label;  // as printed: "A-025"
    ServiceId service;  // that it is for at that moment
    bool operator==(const TicketRef&) const = default;
};

// The id of the ticket that the event SEQ issues. An epoch begins when the journal was found to be
// an old one, so that what was given and forgotten is never given again.
inline constexpr unsigned epoch_shift = 40;
constexpr TicketId ticket_id(std::uint32_t epoch, std::uint64_t seq) {
    return TicketId{(std::uint64_t{epoch} << epoch_shift) | seq};
}

// Places in queues: who has the lowest is first. Over all series they follow the ids of tickets,
// and between two of them there is room for those whose numbers become known later.
inline constexpr unsigned place_shift = 22;
constexpr std::int64_t place_of(TicketId ticket) {
    // Room for a thousand million events of an epoch.
    constexpr unsigned seq_bits = 30;
    const auto epoch = ticket.value() >> epoch_shift;
    const auto seq = ticket.value() & ((std::uint64_t{1} << epoch_shift) - 1);
    return static_cast<std::int64_t>(((epoch << seq_bits) + seq) << place_shift);
}

// What a request asked for, as far as is kept to tell a repeated request from a reused id.
struct Asked {
    enum class Kind {
        issue,
        print_report,
        call_next,
        call_named,
        recall,
        serve,
        finish,
        no_show,
        hold,
        transfer,
        undo,
        sign_in,
        sign_out,
        pause_counter,
        open_counter,
        void_ticket,
        pause_service,
        resume_service,
        close_day,
        reopen_day,
        issue_offline,
        retire_lease,
        check_in,
    };
    Kind kind{};
    ServiceId service;   // where it names one
    TicketId ticket;     // likewise
    std::string detail;  // its class, label, reason or appointment; never a code
    bool operator==(const Asked&) const = default;
};
Asked asked(const Action& action);

enum class Refusal {
    request_reused,  // the id was decided for another request; never in the journal
    stale_request,   // a newer request was decided since; never in the journal
    storage_low,     // no room for new tickets; never in the journal
    unknown_service,
    nobody_waits,
    not_called,
    unknown_ticket,
    series_full,
    // A service is not to be had now.
    not_open_yet,
    in_break,
    too_late,  // after the last ticket of the day
    closed,    // this day
    paused,
    not_in_force,  // its agency's agreement
    quota_used,
    hall_full,
    day_closed,
    // At a counter.
    no_counter,  // the device stands at none, or the operator named none
    not_signed_in,
    unknown_staff,
    counter_paused,
    recall_limit,
    not_callable,  // the named ticket is over, at another counter, or not of this one's series
    wrong_state,
    nothing_to_undo,
    too_late_to_undo,
    unknown_lease,  // none of this kiosk's, or no number of it
    // Of an appointment.
    unknown_appointment,  // no code of this site's
    wrong_day,
    too_early,
    too_late_for_appointment,
    appointment_used,
};

// The answer to a request, the same however often it is asked.
struct TicketAnswer {
    TicketRef ticket;
    Now issued;
    std::uint32_t ahead = 0;
    TicketClass ticket_class = TicketClass::regular;
    std::chrono::seconds estimate{0};
    bool operator==(const TicketAnswer&) const = default;
};
struct CalledAnswer {
    TicketRef ticket;
    bool operator==(const CalledAnswer&) const = default;
};
struct DoneAnswer {
    bool operator==(const DoneAnswer&) const = default;
};
using Answer = std::variant<TicketAnswer, CalledAnswer, DoneAnswer, Refusal>;

// A service day begins. What stands across days follows as Carried and CarriedPaper events, so
// that a restart folds from here on and needs nothing older.
struct DayOpened {
    std::uint32_t epoch = 0;
    bool operator==(const DayOpened&) const = default;
};

// A device's last answer. Stamped with the time of the event that it carries over.
struct Carried {
    Origin origin;
    Asked asked;
    Answer answer;
    bool operator==(const Carried&) const = default;
};

// A ticket of an earlier day whose kiosk has not yet told what became of its paper.
struct CarriedPaper {
    DeviceId kiosk;
    TicketRef ticket;
    bool operator==(const CarriedPaper&) const = default;
};

// A lease that stands, or whose tag nobody may have yet.
struct CarriedLease {
    Lease lease;
    bool operator==(const CarriedLease&) const = default;
};

struct Issued {
    Origin origin;
    TicketRef ticket;
    std::uint32_t ahead = 0;  // tickets of the series that came before and still wait
    TicketClass ticket_class = TicketClass::regular;
    std::chrono::seconds estimate{0};
    std::vector<ServiceId> then{};  // where it goes on to, in this order
    std::string appointment{};      // that its holder has; empty: none
    bool operator==(const Issued&) const = default;
};

struct LeaseGranted {
    LeaseTerms lease;
    bool operator==(const LeaseGranted&) const = default;
};
struct LeaseEnded {
    std::optional<Origin> origin;  // none: it is lost
    LeaseTerms lease;
    LeaseEnd how{};
    std::uint32_t given = 0;  // as the kiosk told; not known of a lost one
    bool operator==(const LeaseEnded&) const = default;
};
// A kiosk gave a number by itself, and tells now; or its holder came to a counter before it told.
struct IssuedOffline {
    std::optional<Origin> origin;  // none: at a counter, and the paper is there
    TicketRef ticket;              // its number is the lease's
    DeviceId kiosk;
    LeaseId lease;
    std::int64_t order = 0;  // its place in the queue
    WallTime arrived;        // its holder; never behind the event
    TicketClass ticket_class = TicketClass::regular;
    std::vector<ServiceId> then{};
    bool operator==(const IssuedOffline&) const = default;
};
// A kiosk told what was known: nothing happened but that its request is decided.
struct Noted {
    Origin origin;
    Asked asked;
    bool operator==(const Noted&) const = default;
};

// The kiosk told what became of the paper. not_printed makes a ticket void that nobody served yet.
struct PaperReported {
    Origin origin;
    TicketRef ticket;
    Outcome outcome{};
    std::string reason;
    bool copy = false;
    bool voids = false;  // the ticket is void from now on
    bool operator==(const PaperReported&) const = default;
};

// The kiosk has gone without telling: the paper may be out, so its holder is called like others.
struct PaperDoubted {
    TicketRef ticket;
    bool operator==(const PaperDoubted&) const = default;
};

// The kiosk has given up the request that the ticket answers: it was never printed, and the kiosk
// tells nothing more of it.
struct PaperAbandoned {
    TicketRef ticket;
    bool operator==(const PaperAbandoned&) const = default;
};

struct Called {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    bool unconfirmed = false;  // it is not known whether the paper came out
    StaffId staff{};           // who is signed in there
    TicketClass ticket_class = TicketClass::regular;
    Why why = Why::in_order;
    TicketId passed{};       // the first regular ticket of the counter's series, if it came earlier
    std::uint32_t turn = 0;  // of the counter's cycle, from now on
    Asked asked{};           // call_next or call_named
    bool operator==(const Called&) const = default;
};

struct Recalled {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    bool operator==(const Recalled&) const = default;
};

struct Served {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    StaffId staff{};
    bool operator==(const Served&) const = default;
};

// Where a ticket waits anew.
struct Onward {
    ServiceId service;
    SeriesId queue;          // the series in whose queue it waits; its label stays
    std::int64_t order = 0;  // its place there: who has the lowest is first
    bool operator==(const Onward&) const = default;
};

struct Finished {
    std::optional<Origin> origin;  // none: by the next call, or by the end of the day
    TicketRef ticket;
    CounterId counter;
    StaffId staff{};
    std::optional<Onward> next{};  // the next service of its visit
    bool operator==(const Finished&) const = default;
};

struct NotShown {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    StaffId staff{};
    std::optional<Onward> again{};  // it waits once more
    bool operator==(const NotShown&) const = default;
};

// Its holder waits near the counter, and is called again by number.
struct Held {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    StaffId staff{};
    bool operator==(const Held&) const = default;
};

struct Transferred {
    Origin origin;
    TicketRef ticket;  // as it was
    CounterId counter;
    StaffId staff{};
    Onward to;
    bool operator==(const Transferred&) const = default;
};

// A step of a counter that can be taken back.
enum class StepKind { call, serve, finish, no_show, hold, transfer };

// One ticket is again what it was before the counter's last step.
struct Undone {
    std::optional<Origin> origin;  // of one of the tickets that the step changed
    TicketRef ticket;
    CounterId counter;
    StaffId staff{};
    StepKind step{};
    State state{};  // that it is in again
    bool operator==(const Undone&) const = default;
};

enum class VoidReason {
    day_ended,  // before it was called
    day_closed,
    service_left,  // no counter serves it any more
    by_operator,
    abandoned,  // the kiosk gave up waiting for it and gave a number of a lease
};
struct Voided {
    std::optional<Origin> origin;
    TicketRef ticket;
    VoidReason reason{};
    bool operator==(const Voided&) const = default;
};

struct SignedIn {
    Origin origin;
    StaffId staff;
    CounterId counter;
    bool operator==(const SignedIn&) const = default;
};
struct SignedOut {
    std::optional<Origin> origin;  // none: another signed in there, or the same elsewhere
    StaffId staff;
    CounterId counter;
    bool operator==(const SignedOut&) const = default;
};
struct CounterPaused {
    Origin origin;
    CounterId counter;
    std::string reason;
    bool operator==(const CounterPaused&) const = default;
};
struct CounterOpened {
    Origin origin;
    CounterId counter;
    bool operator==(const CounterOpened&) const = default;
};
struct ServicePaused {
    Origin origin;
    ServiceId service;
    std::string reason;
    bool operator==(const ServicePaused&) const = default;
};
struct ServiceResumed {
    Origin origin;
    ServiceId service;
    bool operator==(const ServiceResumed&) const = default;
};
struct DayClosed {
    Origin origin;
    bool operator==(const DayClosed&) const = default;
};
struct DayReopened {
    Origin origin;
    bool operator==(const DayReopened&) const = default;
};

// Another site file holds from now on.
struct SiteChanged {
    std::string version;
    bool operator==(const SiteChanged&) const = default;
};

// The journal is an old one: devices know of what it does not. A new epoch begins.
struct Restored {
    std::uint32_t epoch = 0;
    bool operator==(const Restored&) const = default;
};
// The numbers of a series up to this one may have been given, and are not given again.
struct NumbersSkipped {
    SeriesId series;
    TicketNumber last;
    bool operator==(const NumbersSkipped&) const = default;
};

struct Refused {
    Origin origin;
    Asked asked;
    Refusal reason{};
    bool operator==(const Refused&) const = default;
};

// A type of its own, so that copying and the like are compiled once, not by all who include this.
struct Fact
    : std::variant<DayOpened, Carried, CarriedPaper, CarriedLease, Issued, LeaseGranted, LeaseEnded,
                   IssuedOffline, Noted, PaperReported, PaperDoubted, PaperAbandoned, Called,
                   Recalled, Served, Finished, NotShown, Held, Transferred, Undone, Voided,
                   SignedIn, SignedOut, CounterPaused, CounterOpened, ServicePaused, ServiceResumed,
                   DayClosed, DayReopened, SiteChanged, Restored, NumbersSkipped, Refused> {
    using variant::variant;
    Fact();
    Fact(const Fact& other);
    Fact(Fact&& other) noexcept;
    Fact& operator=(const Fact& other);
    Fact& operator=(Fact&& other) noexcept;
    ~Fact();
};

struct Event {
    Now stamp;  // stamp.day is the service day that the event belongs to
    Fact fact;
};

}  // namespace antrean::engine
