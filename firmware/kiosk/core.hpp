// The kiosk without its buttons, printer, disk and network: what a press leads to, and what becomes
// of each paper. Events and `now` in, actions out, in the order in which they are to be carried
// out.
//
// What it promises:
//   - a request is stored before it is sent, and sent until it is answered; where it asks for a
//     number, a power cut may take it until its answer is stored: there was no paper of it then;
//   - a paper is stored, as being printed, before the printer gets a byte of it;
//   - what became of each paper is told to the controller, after a power cut as well;
//   - a paper whose press is longer ago than late_after is not printed any more: its person has
//   gone;
//   - a paper that may have come out already is printed again only with the mark of a copy;
//   - a press that leads to no number is answered on the display.
//
// Pure: no clock, no I/O. One thread. ARCHITECTURE.md follows one ticket through it.
#pragma once

#include "firmware/kiosk/press_limit.hpp"
#include "proto/messages.hpp"
#include "proto/requester.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace antrean::kiosk {

inline constexpr std::chrono::seconds late_after{30};
// Who pressed has a number by then, by the kiosk itself if need be.
inline constexpr std::chrono::seconds patience{2};
// After a start a printer is greeted, and has said by then how it is. A press is taken meanwhile,
// and nothing is done for it yet.
inline constexpr std::chrono::milliseconds greeting_time{1000};
inline constexpr std::size_t max_waiting_presses = 4;
inline constexpr std::size_t max_leases = 512;  // in the store, those not yet retired among them
inline constexpr std::chrono::seconds message_time{5};  // that a screen stays which nothing ends
inline constexpr std::chrono::milliseconds mash_guard{1000};  // of one button, press to press
// Of one code, reading to reading: a reader reads what is held before it again and again.
inline constexpr std::chrono::milliseconds reread_guard{3000};

// Everything that a ticket's paper says, so that it can be printed without asking anybody.
struct Paper {
    TicketId ticket;
    std::string label;
    std::string site_name;
    std::string place;
    std::string agency_name;
    std::string service_name;
    ServiceDay service_day{};
    WallTime issued;
    std::chrono::minutes utc_offset{0};
    std::string zone;
    std::uint32_t ahead = 0;
    TicketClass ticket_class = TicketClass::regular;
    std::chrono::seconds estimate{0};  // of the wait; 0: not known
    // Any of these may be empty: there is none.
    std::string bring{};
    std::string wifi_name{};
    std::string wifi_password{};
    std::string link{};    // of the menu: where a phone follows a ticket
    bool offline = false;  // the kiosk gave it: the controller does not know of it yet
    bool timed = true;     // service_day and issued are known
    bool operator==(const Paper&) const = default;
};

// What is known of a paper's way; stored with it.
struct Job {
    enum class State {
        queued,    // the printer has no byte of it
        printing,  // the printer may have any part of it
        settled,   // outcome and reason stand; the controller is to be told
    };
    Paper paper;
    State state = State::queued;
    bool copy = false;  // printed with the mark of a copy
    proto::PrintOutcome outcome = proto::PrintOutcome::unconfirmed;
    proto::PrintReason reason = proto::PrintReason::none;
    std::optional<SteadyTime> pressed;  // none: before this boot, so how long ago is not known
    ButtonNumber button{};  // that was pressed, for its lamp; the store does not keep it
    bool by_code = false;   // an appointment's was read; the store does not keep it
};

const char* to_text(Job::State state);

// The request that is on its way.
struct InFlight {
    proto::Request request;
    std::optional<SteadyTime> pressed;  // of an issue or check-in, as in Job
};

// The highest label of a series that this kiosk was given.
struct Seen {
    ServiceDay service_day{};
    std::string label;
    TicketId newest;  // the last ticket of the series
    bool operator==(const Seen&) const = default;
};

// A lease of numbers that this kiosk may give by itself.
struct Lease {
    proto::Lease terms;
    std::uint32_t given = 0;  // 1 to this, on paper or not
    bool retired = false;     // none is given any more
    bool operator==(const Lease&) const = default;
};

// A number that was given by itself, of which the controller is to be told.
struct Offline {
    LeaseId lease;
    std::uint32_t number = 0;
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;
    RequestId abandoned{};              // the request that was given up for it
    std::optional<SteadyTime> pressed;  // none: before this boot
};

// What the store held at the start.
struct Stored {
    std::uint64_t incarnation = 0;   // of the store, made with it
    std::vector<Lease> leases{};     // by their ids
    std::vector<Offline> offline{};  // oldest first
    RequestId last_request;
    std::optional<InFlight> in_flight;
    std::vector<Job> jobs;  // oldest first
    std::optional<proto::Menu> menu;
    std::uint64_t journal_seq = 0;  // the highest that was told; 0: none
    std::vector<Seen> seen;  // of one day, the series that was given a ticket last at the end
};

// Whether the printer can be given a paper, for a person who wants one.
enum class PrinterReady { yes, paper_out, cover_open, trouble };

// What the display shows; the texts are the shell's.
struct Screen {
    enum class Kind {
        ready,
        ready_offline,   // numbers are given, without the controller
        starting,        // no menu yet: never connected
        disconnected,    // no number can be given now
        unknown_button,  // no service on it
        wait,            // the press was taken
        printing,        // LABEL comes out
        take_paper,      // LABEL has come out
        maybe_printed,   // LABEL may have come out; it is valid if so
        not_printed,     // no paper came, and the number is void: press again
        refused,         // the controller gave none: REFUSAL says why
        no_paper,        // the printer cannot print: PRINTER says why
        busy,            // too many presses wait
        too_many,        // of late: the limit of presses
        one_button,      // another button is held down: let go, and press one
        no_check_in,     // a code was read, and no controller is there to ask
    };
    Kind kind = Kind::starting;
    std::string label;
    PrinterReady printer = PrinterReady::yes;       // only of no_paper
    std::optional<proto::RefusalReason> refusal{};  // only of refused
    std::string text{};                             // only of a pause: the operator's, may be empty
    bool by_code = false;  // of who held a code before the reader, and pressed no button
    bool operator==(const Screen&) const = default;
};

// What the lamp in a button says of it.
enum class Lamp {
    dark,      // it gives no number now
    lit,       // a press gives a paper, as far as is known: a wait of some seconds is not told
    blinking,  // a number of it is asked for, or its paper is being printed
};

// One durable change of the store. All of a Save are made together, or none.
struct PutRequest {
    InFlight in_flight;  // replaces the one before
};
struct DropRequest {};
struct PutJob {
    Job job;  // replaces the one of the same ticket
};
struct DropJob {
    TicketId ticket;
};
struct PutLease {
    Lease lease;
};
struct DropLease {
    LeaseId lease;
};
struct PutOffline {
    Offline offline;
};
struct DropOffline {
    LeaseId lease;
    std::uint32_t number = 0;
};
struct PutMenu {
    proto::Menu menu;
};
struct PutSeen {
    Seen seen;  // replaces the one of the same series
};
struct DropSeen {
    std::string series;
};
struct PutJournalSeq {
    std::uint64_t journal_seq = 0;
};
using Change = std::variant<PutRequest, DropRequest, PutJob, DropJob, PutMenu, PutSeen, DropSeen,
                            PutJournalSeq, PutLease, DropLease, PutOffline, DropOffline>;

struct Save {
    std::vector<Change> changes;
    // False: a power cut may take it, until a later one that is flushed has followed.
    bool flushed = true;
};
struct Send {
    proto::Request request;
};
struct Print {
    Paper paper;
    bool copy = false;
    bool parted =
        false;  // part of an earlier paper may hang out of the printer: it is cut off first
};
struct Show {
    Screen screen;
};
using Action = std::variant<Save, Send, Print, Show>;
using Actions = std::vector<Action>;

// "A" of "A-025": what stands before the last '-'; empty where LABEL is not of that form.
std::string series_of(const std::string& label);

class Core {
public:
    explicit Core(Stored stored, PressLimit limit = {});

    // Once, first: settles what the last run left behind.
    void started(SteadyTime now, Actions& out);
    void pressed(ButtonNumber button, SteadyTime now, Actions& out);
    // A press that does not count, for another button was down (drivers/buttons/one_at_a_time.hpp):
    // said only where the display is not about a number, for that is then the first button's.
    void pressed_together(SteadyTime now, Actions& out);
    // A reader has read the CODE of an appointment: 1 to proto::max_appointment_code characters
    // from ' ' to '~'. It is asked for like a number by a press, and of the same limit; but never
    // answered without the controller, which alone knows whether it is genuine and unused.
    void scanned(const std::string& code, SteadyTime now, Actions& out);
    void linked(const proto::Welcome& welcome, SteadyTime now, Actions& out);
    void unlinked(SteadyTime now, Actions& out);
    void menu(const proto::Menu& menu, SteadyTime now, Actions& out);
    // Shown, and never decided by: the controller is asked whatever they say.
    void offers(const proto::Offers& offers);
    void leases(const proto::Leases& leases, SteadyTime now, Actions& out);
    void answered(const proto::Answer& answer, SteadyTime now, Actions& out);
    void printer(PrinterReady ready, SteadyTime now, Actions& out);
    // The paper given by the last Print has ended. RESULT's reason is none if it was printed.
    void printed(TicketId ticket, proto::PrintOutcome outcome, proto::PrintReason reason,
                 SteadyTime now, Actions& out);
    void tick(SteadyTime now, Actions& out);
    // When tick() is wanted, if at all.
    std::optional<SteadyTime> deadline() const;

    // Of BUTTON at NOW. It changes with any event, and blinks no longer than late_after from the
    // press, whatever becomes of the number.
    Lamp lamp(ButtonNumber button, SteadyTime now) const;

    // What the store knows, for the controller.
    proto::Hello hello(DeviceId device, std::string software) const;
    const std::optional<proto::Menu>& menu() const { return menu_; }
    // As told over this connection; none without one.
    const std::vector<proto::Offer>& offers() const { return offers_; }
    // The papers of which the controller has not been told, oldest first.
    const std::vector<Job>& jobs() const { return jobs_; }
    // A request whose answer is awaited.
    bool is_asking() const { return requester_.busy(); }
    const std::vector<Lease>& leases() const { return leases_; }
    const std::vector<Offline>& offline() const { return offline_; }  // not told yet

private:
    struct Press {
        ButtonNumber button;  // none: a code was read
        SteadyTime at;
        std::string code{};
    };

    void go_on(SteadyTime now, Actions& out);
    // Tells of the oldest number that was given without the controller.
    void tell_offline(SteadyTime now, Actions& out);
    // Since its press, as far as is known.
    static std::chrono::milliseconds age_of(const Offline& offline, SteadyTime now);
    void tell_retired(Actions& out);
    void answered_offline(const proto::Request& asked, const proto::Answer& answer, Actions& out);
    // Gives numbers by itself to those who have waited long enough for the controller.
    void serve_the_patient(SteadyTime now, Actions& out);
    // No printer has said anything since the start, and one may still.
    bool is_greeting(SteadyTime now) const {
        return greeting_since_ && now - *greeting_since_ < greeting_time;
    }
    // Whoever pressed before is told now if there is no printer.
    void end_greeting(SteadyTime now, Actions& out);
    void give_offline(const proto::MenuButton& button, SteadyTime pressed, RequestId abandoned,
                      Actions& out);
    // One with a number left for it; null: none.
    const Lease* lease_for(const proto::MenuButton& button) const;
    bool has_leases() const;
    // Whether something can be asked now.
    bool is_online() const { return requester_.is_linked() && !abandoned_; }
    // Whether a press is worth waiting for the controller.
    bool is_hopeful() const;
    // Numbers that were given without the controller are told before what became of any paper. And
    // no id is used before the first welcome since the start: which is the next one is known then.
    bool may_report() const { return offline_.empty() && !abandoned_ && was_linked_; }
    // When somebody who pressed has waited long enough, and a number can be given; none: nobody.
    std::optional<SteadyTime> patience_ends() const;
    void report_settled(Actions& out);
    void print_queued(SteadyTime now, Actions& out);
    void ask_for_presses(SteadyTime now, Actions& out);
    void ask(proto::Request request, std::optional<SteadyTime> pressed, std::vector<Change> with,
             Actions& out);
    void forget_answered_report(RequestId controllers_last, Actions& out);
    // The request in flight, over a new connection.
    void send_due(SteadyTime now, Actions& out);
    void take(const proto::Ticket& ticket, bool by_code, SteadyTime now, Actions& out);
    // Whether it waits for an answer, or to be asked for.
    bool is_checking(const std::string& code) const;
    void print_or_queue(Job job, std::vector<Change> changes, Actions& out);
    void note_label(const proto::Ticket& ticket, std::vector<Change>& changes);
    Screen refusal_screen(const proto::Request& asked, const proto::Answer& answer) const;
    void start_printing(Job& job, std::vector<Change> with, Actions& out);
    void settle(Job& job, proto::PrintOutcome outcome, proto::PrintReason reason);
    void settle_late(Job& job);
    bool is_late(const std::optional<SteadyTime>& pressed, SteadyTime now) const;
    void save(std::vector<Change> changes, Actions& out, bool flushed = true);
    bool is_on_its_way(const proto::MenuButton& button, SteadyTime now) const;
    const proto::MenuButton* find(ButtonNumber button) const;
    const proto::MenuButton* find(ServiceId service, TicketClass ticket_class) const;
    Job* first(Job::State state);
    void show(Screen screen, std::optional<SteadyTime> until, Actions& out);
    Screen resting_screen() const;
    void fill(Paper& paper, const proto::MenuButton* button) const;

    proto::Requester requester_;
    std::optional<SteadyTime> in_flight_pressed_;
    // The answer to a request that was given up is still to come over this connection: until then
    // nothing can be asked.
    RequestId abandoned_;
    std::uint64_t incarnation_ = 0;
    std::vector<Lease> leases_;     // by their ids
    std::vector<Offline> offline_;  // oldest first, not told yet
    // What the wall clock showed at a moment of the steady one; none before the controller told.
    std::optional<std::pair<WallTime, SteadyTime>> clock_;
    std::chrono::minutes utc_offset_{0};
    bool was_linked_ = false;   // since the start
    bool link_failed_ = false;  // since the start; before, it may come any moment
    std::vector<Job> jobs_;     // oldest first
    std::optional<TicketId> at_printer_;
    bool parted_ = false;  // of the next Print
    std::optional<proto::Menu> menu_;
    std::vector<proto::Offer> offers_;
    std::vector<Seen> seen_;     // as in Stored, at most proto::max_seen
    RequestId stored_request_;   // the last id that the store has
    RequestId flushed_request_;  // and that a power cut leaves there
    std::uint64_t journal_seq_ = 0;
    std::uint64_t stored_seq_ = 0;  // of it, what the store has
    PrinterReady printer_ = PrinterReady::trouble;
    PressBucket bucket_;                        // one token for each press that is taken
    std::optional<SteadyTime> greeting_since_;  // none: over
    std::deque<Press> presses_;                 // taken, not asked for yet
    std::vector<Press> last_presses_;           // of each button, no longer ago than mash_guard
    std::optional<Press> last_code_;            // that was read, whatever became of it
    std::optional<Screen> screen_;              // as shown last
    std::optional<SteadyTime> screen_until_;    // then the resting screen comes back
};

}  // namespace antrean::kiosk
