// What has happened: the only thing that changes the engine's state, live and on restart alike.
// The journal keeps events as rows; replies, boards and reports are derived from them alone.
#pragma once

#include "controller/engine/command.hpp"
#include "proto/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace antrean::engine {

// A ticket as every event about it names it, so that each row of the journal reads by itself.
struct TicketRef {
    TicketId id;  // the sequence number of the event that issued it
    SeriesId series;
    TicketNumber number;
    std::string label;  // as printed: "A-025"
    ServiceId service;
    bool operator==(const TicketRef&) const = default;
};

// What a request asked for, as far as is kept to tell a repeated request from a reused id.
struct Asked {
    enum class Kind { issue, print_report, call_next, recall, finish, no_show };
    Kind kind{};
    ServiceId service;  // of an issue
    TicketId ticket;    // of the others, where they name one
    bool operator==(const Asked&) const = default;
};
Asked asked(const Action& action);

enum class Refusal {
    request_reused,  // the id was decided for another request; never in the journal
    stale_request,   // a newer request was decided since; never in the journal
    unknown_service,
    nobody_waits,
    not_called,
    unknown_ticket,
    series_full,
};

// The answer to a request, the same however often it is asked.
struct TicketAnswer {
    TicketRef ticket;
    Now issued;
    std::uint32_t ahead = 0;
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

struct Issued {
    Origin origin;
    TicketRef ticket;
    std::uint32_t ahead = 0;  // tickets of the series that came before and still wait
    bool operator==(const Issued&) const = default;
};

// The kiosk told what became of the paper. not_printed makes a ticket void that nobody served yet.
struct PaperReported {
    Origin origin;
    TicketRef ticket;
    Outcome outcome{};
    std::string reason;
    bool copy = false;
    bool voids = false;  // the ticket waited or was called, and is void from now on
    bool operator==(const PaperReported&) const = default;
};

// The kiosk has gone without telling: the paper may be out, so its holder is called like others.
struct PaperDoubted {
    TicketRef ticket;
    bool operator==(const PaperDoubted&) const = default;
};

struct Called {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    bool unconfirmed = false;  // it is not known whether the paper came out
    bool operator==(const Called&) const = default;
};

struct Recalled {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    bool operator==(const Recalled&) const = default;
};

struct Finished {
    std::optional<Origin> origin;  // none: by the next call, or by the end of the day
    TicketRef ticket;
    CounterId counter;
    bool operator==(const Finished&) const = default;
};

struct NotShown {
    Origin origin;
    TicketRef ticket;
    CounterId counter;
    bool operator==(const NotShown&) const = default;
};

// The day ended before the ticket was called.
struct Expired {
    TicketRef ticket;
    bool operator==(const Expired&) const = default;
};

struct Refused {
    Origin origin;
    Asked asked;
    Refusal reason{};
    bool operator==(const Refused&) const = default;
};

using Fact = std::variant<DayOpened, Carried, CarriedPaper, Issued, PaperReported, PaperDoubted,
                          Called, Recalled, Finished, NotShown, Expired, Refused>;

struct Event {
    Now stamp;  // stamp.day is the service day that the event belongs to
    Fact fact;
};

}  // namespace antrean::engine
