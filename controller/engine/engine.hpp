// The queue of one site: who gets which number, who is called next. A decider: decide() and its
// sisters give events and change nothing; apply() is the only way the state changes. It knows
// nothing of devices' connections, of the disk, or of how things look.
//
// Pure: no clock, no I/O, no random source. One thread. The state is a fold of events: two engines
// that applied the same events, and have the same catalog, decide alike.
#pragma once

#include "controller/engine/catalog.hpp"
#include "controller/engine/event.hpp"
#include "controller/engine/ticket_ids.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace antrean::engine {

inline constexpr TicketNumber last_number{999'999};  // of a series in a day

// Of one kiosk, from a day to the next. A kiosk has a few on their way; more are of lost stores.
inline constexpr std::size_t max_carried_papers = 100;

// A counter's last step can be taken back for this long, by the clock that people read.
inline constexpr std::chrono::seconds undo_time{10};

// A series goes on with the next multiple of this after the journal turned out to be an old one:
// more than any series of a hall gives in a day, so that what was given and forgotten lies below.
inline constexpr std::uint32_t skip_to_multiple = 1000;

// More restores than a hall sees; what a device tells beyond is not believed.
inline constexpr std::uint32_t most_epochs = 900;

// What becomes of a command.
struct Decision {
    // To be applied and made durable together, before ANSWER is told. Empty: nothing happened now,
    // ANSWER was decided before (or is one of the refusals that are not kept).
    std::vector<Event> events;
    Answer answer;
};

// Room for new tickets on the disk.
enum class Room { ample, low };

// Whether one may have a ticket of a service now.
struct Offer {
    std::optional<Refusal> refusal;     // none: yes
    std::string text;                   // of a pause
    std::optional<std::uint32_t> left;  // of the day's quota
    std::uint32_t waiting = 0;          // in the queue that its tickets join
};

// Thrown by apply(): the event cannot have followed those before it. On restart it means that the
// journal is not one that this engine wrote; live, that the engine is wrong. Never to be ignored.
struct BrokenHistory : std::logic_error {
    using std::logic_error::logic_error;
};

class Deciding;

class Engine {
public:
    // Empty, as before the first event. NEXT_SEQ is the sequence number that the next event gets.
    explicit Engine(Catalog catalog, std::uint64_t next_seq = 1);

    // Whether the day of NOW has to be opened before anything else is decided: always on the first
    // day, else when the calendar has gone on. A clock that jumps back opens nothing, for the
    // numbers of a day only rise.
    bool day_is_due(const Now& now) const { return !day_ || *day_ < now.day; }
    // The events that close the open day and open that of NOW.
    std::vector<Event> open_day(const Now& now) const;

    // What follows is asked only while a day is open that is not past.

    Decision decide(const Command& command, const Now& now, Room room = Room::ample) const;
    Offer offer(ServiceId service, const Now& now, Room room = Room::ample) const;

    // The kiosk has gone with papers unsettled: they are doubted.
    std::vector<Event> doubt_papers(DeviceId kiosk, const Now& now) const;
    // KIOSK has come, its store the one that it was, and does not know of LOST, which it chose
    // behind all that it knows. It does not flush a request for a number before it sends it: a
    // power cut may have taken the last one, and then no paper was begun. What follows from that;
    // none: LOST is not what it has asked last, or no such request, so that it has lost other
    // things.
    std::optional<std::vector<Event>> forget_request(DeviceId kiosk, RequestId lost,
                                                     const Now& now) const;
    // The kiosks with papers that are neither settled nor doubted, in order of their names.
    std::vector<DeviceId> kiosks_with_pending_papers() const;

    // KIOSK has come, with a store of that INCARNATION, in which are the leases KNOWN. Those that a
    // journal put back from a backup has lost are taken up again; those of another store are lost.
    std::vector<Event> heed_leases(DeviceId kiosk, std::uint64_t incarnation,
                                   const std::vector<LeaseTerms>& known, const Now& now) const;
    // The series of KIOSK's buttons of which it has no number to give by itself, though it may.
    std::set<SeriesId> series_without_lease(DeviceId kiosk, std::uint64_t incarnation) const;
    // What KIOSK has to be granted so that it has numbers of each of these. Nothing for a series of
    // which all tags are taken.
    std::vector<Event> grant_leases(DeviceId kiosk, std::uint64_t incarnation,
                                    const Now& now) const;
    // Those that KIOSK may give numbers of, in order of their ids; the rest it is to retire.
    std::vector<LeaseTerms> leases_of(DeviceId kiosk, std::uint64_t incarnation) const;

    // Whether TICKET came on the day that is open; not one that waits from a day before.
    bool is_of_open_day(TicketId ticket) const;

    // Whether KIOSK was granted leases for another store, and none for this.
    bool is_other_store(DeviceId kiosk, std::uint64_t incarnation) const;

    const Lease* lease(LeaseId id) const;

    // NEXT is to hold from now on. Its events are applied like others, then replace() is called.
    std::vector<Event> change_site(const Catalog& next, const Now& now) const;
    void replace(Catalog next) { catalog_ = std::move(next); }

    // The journal is an old one: no number and no id that it forgot is to be given again, and who
    // waits for a report that it forgot is called all the same.
    // KNOWN: an epoch of which devices or an operator know though this journal may not.
    std::vector<Event> begin_epoch(const Now& now, std::uint32_t known = 0) const;
    // A device was given the ticket LABEL of DAY. No event if that is known. Of a series that is
    // not in the site nothing can be skipped before it comes back: then a new epoch begins.
    std::vector<Event> heed_seen(ServiceDay day, std::string_view label, const Now& now) const;

    void apply(const Event& event);

    std::optional<ServiceDay> day() const { return day_; }
    std::uint64_t next_seq() const { return next_seq_; }
    std::uint32_t epoch() const { return epoch_; }
    const std::string& site_version() const { return site_version_; }
    // The highest request id of DEVICE that was decided; none if there was none.
    RequestId last_request(DeviceId device) const;
    const Catalog& catalog() const { return catalog_; }

private:
    enum class Paper { pending, printed, unconfirmed };
    struct Ticket {
        TicketRef ref;
        DeviceId kiosk;
        RequestId request;        // of the kiosk, that it answers; none of a lease's number
        ServiceId first_service;  // whose quota it counts against
        State state = State::waiting;
        Paper paper = Paper::pending;
        TicketClass ticket_class = TicketClass::regular;
        SeriesId queue;          // where it waits, or waited last
        std::int64_t order = 0;  // its place there
        CounterId counter;       // where it is called, served or held
        std::vector<ServiceId> then;
        std::uint32_t calls = 0;  // since it was called at this counter
        std::uint32_t no_shows = 0;
        std::uint32_t passes = 0;
        std::string appointment;  // that its holder has; empty: none
        WallTime arrived;         // its holder, in the hall
        std::int64_t came = 0;    // its place by that
    };
    struct Place {
        std::int64_t order = 0;
        TicketId ticket;
        friend auto operator<=>(const Place&, const Place&) = default;
    };
    struct SeriesState {
        TicketNumber last;
        std::uint32_t waiting = 0;  // in its queue, pending papers included
        // Who can be called, by class: waiting, and the paper is not pending.
        std::array<std::set<Place>, class_count> lanes;
        std::unordered_map<std::uint32_t, TicketId> tickets;  // of its numbers, that are kept
    };
    struct DeviceState {
        RequestId request;
        Asked asked;
        Answer answer;
        Now stamp;  // of the event that settled it
    };
    // What a step of a counter changed, so that it can be taken back.
    struct Changed {
        Ticket before;
        State state{};  // these behind it
        SeriesId queue;
        std::int64_t order = 0;
        CounterId counter;
    };
    struct Step {
        StepKind kind{};
        Now stamp;
        std::uint64_t seq = 0;  // of its last event
        bool asked = true;      // else it is the first half of a call
        std::vector<Changed> tickets;
        std::uint32_t turn = 0;  // before it
        TicketId passed;         // by a call
    };
    friend class Deciding;

    Offer offer(ServiceId service, const Now& now, Room room, bool by_appointment) const;
    const Ticket& ticket(TicketId id) const { return tickets_.at(id.value()); }
    const Ticket* find(TicketId id) const;
    const Ticket* find(std::string_view label) const;
    bool is_settled(const Ticket& ticket) const;
    Now stamp(const Now& now) const { return {now.wall, now.utc_offset, *day_}; }
    // The place behind all others for what the event SEQ puts into a queue.
    std::int64_t back(std::uint64_t seq) const;

    void on(const DayOpened& fact, const Now& stamp);
    void on(const Carried& fact, const Now& stamp);
    void on(const CarriedPaper& fact, const Now& stamp);
    void on(const CarriedLease& fact, const Now& stamp);
    void on(const Issued& fact, const Now& stamp);
    void on(const LeaseGranted& fact, const Now& stamp);
    void on(const LeaseEnded& fact, const Now& stamp);
    void on(const IssuedOffline& fact, const Now& stamp);
    void on(const Noted& fact, const Now& stamp);
    void on(const PaperReported& fact, const Now& stamp);
    void on(const PaperDoubted& fact, const Now& stamp);
    void on(const PaperAbandoned& fact, const Now& stamp);
    void on(const Called& fact, const Now& stamp);
    void on(const Recalled& fact, const Now& stamp);
    void on(const Served& fact, const Now& stamp);
    void on(const Finished& fact, const Now& stamp);
    void on(const NotShown& fact, const Now& stamp);
    void on(const Held& fact, const Now& stamp);
    void on(const Transferred& fact, const Now& stamp);
    void on(const Undone& fact, const Now& stamp);
    void on(const Voided& fact, const Now& stamp);
    void on(const SignedIn& fact, const Now& stamp);
    void on(const SignedOut& fact, const Now& stamp);
    void on(const CounterPaused& fact, const Now& stamp);
    void on(const CounterOpened& fact, const Now& stamp);
    void on(const ServicePaused& fact, const Now& stamp);
    void on(const ServiceResumed& fact, const Now& stamp);
    void on(const DayClosed& fact, const Now& stamp);
    void on(const DayReopened& fact, const Now& stamp);
    void on(const SiteChanged& fact, const Now& stamp);
    void on(const Restored& fact, const Now& stamp);
    void on(const NumbersSkipped& fact, const Now& stamp);
    void on(const Refused& fact, const Now& stamp);
    void remember(const Origin& origin, Asked asked, Answer answer, const Now& stamp);
    bool has_numbers(const Lease& lease, DeviceId kiosk, std::uint64_t incarnation) const;
    // The place of who ARRIVED then, for an event SEQ.
    std::int64_t place(WallTime arrived, std::uint64_t seq) const;
    // The ticket that answers a REQUEST of KIOSK, if that was decided and its paper not settled.
    const Ticket* orphan(DeviceId kiosk, RequestId request) const;
    // What happens to it, now that KIOSK has no paper of it.
    static std::vector<Fact> give_up(const Ticket& orphan);
    // So that it is found by its label, and no more.
    void list(const TicketRef& ticket);
    void unlist(const TicketRef& ticket);
    Ticket& known(TicketId id);
    Ticket& at_counter(TicketId id, CounterId counter);
    void become_callable(Ticket& ticket);
    void enter_queue(Ticket& ticket, const Onward& where);
    void leave_queue(Ticket& ticket);
    // Takes TICKET out of its queue, or from its counter.
    void leave(Ticket& ticket);
    // It is done or void, or did not show up.
    void end(Ticket& ticket, State state);
    void forget_if_over(TicketId id);
    // Nobody got VOIDED, so it does not count against the day's quota.
    void uncount(const Ticket& voided);
    // Whose ticket is void may check in once more.
    void free_appointment(const Ticket& voided);
    // COUNTER's last step is KIND, by which AFTER became what it is from BEFORE. A call may follow
    // upon the finish that was NOT_ASKED for, and is one step with it.
    void stepped(StepKind kind, CounterId counter, Ticket before, const Ticket& after,
                 const Now& stamp, bool asked = true);

    Catalog catalog_;
    std::uint64_t next_seq_;
    std::uint32_t epoch_ = 0;
    std::uint32_t epochs_today_ = 0;  // that began in the open day
    std::string site_version_;
    std::optional<ServiceDay> day_;
    bool closed_ = false;
    std::map<SeriesId, SeriesState> series_;
    // By id: those that are not over or unsettled, and those that did not show up.
    std::unordered_map<std::uint64_t, Ticket> tickets_;
    std::uint32_t in_hall_ = 0;                     // neither over nor void
    std::map<ServiceId, std::uint32_t> issued_;     // those by appointment apart
    std::map<std::string, TicketId> appointments_;  // checked in today, and not void
    std::map<ServiceId, std::string> paused_services_;
    std::map<CounterId, TicketId> called_;  // called or serving
    std::map<CounterId, StaffId> staff_;
    std::map<CounterId, std::string> paused_counters_;
    std::map<CounterId, Turn> turns_;
    std::map<CounterId, Step> steps_;
    std::map<DeviceId, TicketIds> unsettled_;  // by kiosk
    std::map<LeaseId, Lease> leases_;
    std::map<std::string, LeaseId> lease_labels_;
    std::map<std::string, TicketId, std::less<>> offline_;  // tickets of leases, by label
    std::map<DeviceId, DeviceState> devices_;
};

}  // namespace antrean::engine
