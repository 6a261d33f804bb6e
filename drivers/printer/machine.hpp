// One printer as a state machine: the link to it, its status and the one paper on its way.
//
// What it promises, whatever the printer and the link do:
//   - printed      only after the printer has answered that all of the paper is through (or its
//                  presenter holds the ticket out), and its status was clean afterwards, and if it
//                  was not out of sight for so long that its roll could have been changed, or it
//                  switched off and on, in the middle of the paper. A Custom printer with
//                  counters must have counted the paper's cuts as well. Done tells what it
//                  rests on;
//   - not_printed  only if no byte of the paper has been given to the transport;
//   - unconfirmed  in every other case, with the reason. What may be left of that paper inside the
//                  printer is cleared before anything else is printed: by the command that the
//                  profile names, or else it is printed to its end, a command that broke off half
//                  way is filled up with NULs, and what hangs out is cut off.
//
// A mute printer, one whose profile says that it answers nothing, is believed nothing: each paper
// is unconfirmed once its bytes are accepted. All that such a printer can tell is that it takes no
// more bytes. Then it is offline and gets no paper, until it has taken what was sent to fill up and
// cut off the paper before; a power cycle, seen as a new link, does the same. So papers that wait
// inside it, without paper or with its cover open, come out late, but each only once.
//
// A printer that is said to answer and does not is offline, and gets no paper: it could as well be
// switched off behind an adapter. Whether a model is mute is for the profile to say.
//
// Pure: it has no socket, clock or random source. Each method takes an event and `now`, and appends
// what the shell is to do to `out`, in order. The shell carries all of it out in that order before
// it performs actions of later events, even if a handler of it calls print() meanwhile.
//
// Not thread-safe. Nothing fails: a second print() while one runs is a programming error. `now`
// must not go backwards. The facts about printers are from the Epson ESC/POS reference (DLE EOT,
// GS a, GS r, GS ( H, GS g, DLE DC4 fn 8, DLE ENQ), the Custom VKP80III manual (full status,
// counters, presenter) and from service manuals of printers that imitate them.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/escpos/status.hpp"
#include "proto/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace antrean::printer {

using JobId = NumberId<struct JobTag>;

struct Job {
    JobId id;
    std::vector<std::byte> paper;  // by escpos::Encoder; at most max_paper_bytes
};

inline constexpr std::size_t max_paper_bytes = 65536;

enum class Outcome : std::uint8_t {
    printed,      // the printer has said so
    unconfirmed,  // it may have come out, in whole, in part or not at all
    not_printed,  // it surely has not
};

// What "printed" rests on, from nothing to the strongest. All but none include that the status was
// clean afterwards.
enum class Evidence : std::uint8_t {
    none,                    // not printed, or not confirmed
    barrier,                 // a question behind the paper was answered: all of it was interpreted
    counter,                 // also, the printer has counted the cuts of the paper
    presenter,               // the presenter was seen to hold the ticket out, which it does behind
                             // the paper; and the cuts were counted, where there are counters
    process_id,              // the printer has answered, by the paper's own id, that it is printed
    process_id_and_counter,  // both
};

enum class Reason : std::uint8_t {
    none,
    paper_out,
    cover_open,
    cutter,     // blade or paper is stuck; the text may be complete, but hangs in the printer
    fault,      // an error that the printer does not explain better
    no_answer,  // the printer said nothing in time
    gone,       // unplugged, switched off or out of reach
    busy,       // could not begin in time, though nobody needs to come: too hot, or still starting
};

// What people are told about a printer.
enum class PrinterState : std::uint8_t {
    ready,
    paper_low,
    paper_out,
    cover_open,
    cutter_jam,  // or paper that is stuck
    head_hot,    // pauses, and goes on by itself
    offline,     // connected, but silent or stopped without a cause that it tells
    gone,
    faulty,
};

// The one state that the printer is in, since when, and what a technician is to do about it.
struct Condition {
    PrinterState state = PrinterState::gone;
    SteadyTime since{};       // the epoch until the first event
    std::string_view remedy;  // an English sentence; empty if nothing is to be done
};

// What the presenter did with a printed ticket. Told after its Done, only by printers whose sensor
// tells it, and until the next paper begins.
enum class Presenter : std::uint8_t {
    held_out,   // waits in the output for its person
    taken,      // somebody took it, or it fell
    retracted,  // nobody took it in time, and the printer took it back
    left,       // no more in the output; the printer does not tell which of both
    stuck,
};

std::string_view to_string(Outcome outcome);
std::string_view to_string(Evidence evidence);
std::string_view to_string(Reason reason);
std::string_view to_string(PrinterState state);
std::string_view to_string(Presenter presenter);
// For technicians: what to do about a state. Empty for ready.
std::string_view remedy_of(PrinterState state);

struct Write {
    std::vector<std::byte> bytes;  // in order after all earlier ones
};
// Drop the link with whatever it has not passed on, and open it again; only then opened() follows.
// The machine counts the link as closed from here on.
struct CloseAndReopen {};
struct Done {
    JobId job;
    Outcome outcome;
    Reason reason;  // none if printed
    Evidence evidence = Evidence::none;
};
struct StateChanged {
    PrinterState state;
};
struct Presented {
    JobId job;
    Presenter what;
};
using Action = std::variant<Write, CloseAndReopen, Done, StateChanged, Presented>;
using Actions = std::vector<Action>;

class Machine {
public:
    // `nonce` should differ from start to start, so that an answer meant for an earlier run of the
    // program is never taken for one of this run. `scrap`: part of a paper may hang out already.
    Machine(escpos::Profile profile, std::uint32_t nonce, bool scrap = false);

    void opened(SteadyTime now, Actions& out);
    // `why`: gone, busy (somebody else owns the printer), fault (the link broke), or none if the
    // machine had asked for it.
    void closed(Reason why, SteadyTime now, Actions& out);
    void received(std::span<const std::byte> bytes, SteadyTime now, Actions& out);
    // The transport has accepted `total` bytes of the writes since opened().
    void taken(std::uint64_t total, SteadyTime now, Actions& out);
    void tick(SteadyTime now, Actions& out);

    // Prints one paper; Done follows, now or later, exactly once. Only while !busy().
    void print(Job job, SteadyTime now, Actions& out);
    bool busy() const { return job_.has_value(); }

    // When tick() is wanted, if at all. An early tick does no harm.
    std::optional<SteadyTime> deadline() const;
    PrinterState state() const { return condition_.state; }
    Condition condition() const;
    const escpos::PrinterStatus& status() const { return status_; }
    // Part of an abandoned paper may hang out, and is still to be cut off.
    bool scrap() const { return scrap_; }

private:
    enum class Phase : std::uint8_t {
        closed,
        clearing,   // leftovers are being dropped; nothing else is sent until that is answered
        flushing,   // instead of clearing and all up to idle, for a mute printer
        greeting,   // until the printer says that it can print
        syncing,    // a barrier is awaited that proves that no older answer is still to come
        trimming,   // what hangs out of an abandoned paper is being cut off
        idle,       // nothing of ours is inside the printer
        checking,   // status before a paper
        counting,   // its counters before a paper
        printing,   // the paper is on its way, up to the answer behind it
        confirming  // status, and counters, after a paper
    };

    // The questions for the whole status, asked together: DLE EOT 1 to 4, or the full status of
    // Custom. They count only when all answers are in.
    struct Round {
        SteadyTime until{};       // asked again, or given up, then
        std::uint64_t phase = 0;  // the phase it was asked in; older news are not fresh
        escpos::PrinterStatus status{};
        int answers = 0;
        int tries = 1;
        bool overtaken = false;  // the printer reported a change meanwhile
    };

    // What is asked behind a paper to learn that it is through.
    enum class Barrier : std::uint8_t { none, query, counters, process_id };

    void enter(Phase phase);
    void start_clearing(SteadyTime now, Actions& out);
    void start_flushing(SteadyTime now, Actions& out);
    void start_greeting(SteadyTime now, Actions& out);
    void start_syncing(SteadyTime now, Actions& out);
    void start_trimming(SteadyTime now, Actions& out);
    void start_idle(SteadyTime now, Actions& out);
    void start_checking(SteadyTime now, Actions& out);
    void start_counting(SteadyTime now, Actions& out);
    void start_printing(SteadyTime now, Actions& out);
    void start_confirming(SteadyTime now, Actions& out);

    // machine_status.cpp
    void ask(int tries, SteadyTime now, Actions& out);
    void poll(SteadyTime now, Actions& out);
    void round_done(SteadyTime now, Actions& out);
    void round_failed(SteadyTime now, Actions& out);
    void judge(SteadyTime now, Actions& out);
    void judge_resting(SteadyTime now, Actions& out);
    void judge_paper(SteadyTime now, Actions& out);
    void watch_progress(SteadyTime now, Actions& out);
    void phase_over(SteadyTime now, Actions& out);
    void paper_overdue(SteadyTime now, Actions& out);

    // machine_answers.cpp
    void heard(const escpos::Reply& reply, SteadyTime now, Actions& out);
    void status_changed(SteadyTime now, Actions& out);
    void heard_block(const escpos::BlockReply& block, SteadyTime now, Actions& out);
    void barrier_answered(SteadyTime now, Actions& out);
    void ask_counters(Actions& out);
    void counted(SteadyTime now, Actions& out);
    void conclude(SteadyTime now, Actions& out);
    void watch_output(Actions& out);
    void settle_output(Presenter what, Actions& out);

    void write(std::vector<std::byte> bytes, Actions& out);
    void write_setup(Actions& out);
    void write_barrier(Barrier barrier, Actions& out);
    void finish(Outcome outcome, Reason reason, Actions& out, Evidence evidence = Evidence::none);
    void abandon(Reason reason, SteadyTime now, Actions& out);
    void reopen(SteadyTime now, Actions& out);
    void disconnect();
    void show(PrinterState state, SteadyTime now, Actions& out);

    bool all_taken() const { return taken_ == asked_; }
    bool paper_given() const { return phase_ == Phase::printing || phase_ == Phase::confirming; }
    bool custom() const { return profile_.dialect == escpos::Dialect::custom; }
    // Without a cutter there is nothing that is counted once for each paper.
    bool has_counters() const {
        return profile_.answers && profile_.has_counters && profile_.cutter != escpos::Cutter::none;
    }
    Barrier plain_barrier() const;
    std::vector<std::byte> filling() const;

    const escpos::Profile profile_;
    escpos::ReplyParser parser_;
    escpos::PrinterStatus told_;    // all that the printer has said
    escpos::PrinterStatus status_;  // what of it can be believed
    Condition condition_;
    Phase phase_ = Phase::closed;
    std::uint64_t phase_count_ = 0;
    std::optional<SteadyTime> until_;  // when the phase is over, or its patience
    std::optional<SteadyTime> next_ask_;
    std::optional<Round> round_;
    std::optional<Job> job_;
    SteadyTime job_until_{};   // whatever happens, the job has ended by then
    std::uint64_t asked_ = 0;  // bytes written since opened()
    std::uint64_t taken_ = 0;  // of these, accepted by the transport
    std::uint32_t process_count_;
    std::vector<char> process_id_;  // awaited
    Barrier barrier_ = Barrier::none;
    bool barrier_answered_ = false;
    SteadyTime progressed_{};       // when the transport last took something
    std::uint64_t paper_end_ = 0;   // of asked_: the paper and the barrier behind it
    SteadyTime confirmed_until_{};  // the patience of confirming
    bool unwatched_ = false;        // hands could do anything to the paper, and nobody was told
    bool told_pause_ = false;       // the printer has said by itself that it pauses
    bool sync_answered_ = false;    // anything was answered since the barrier behind leftovers
    bool reopening_ = false;
    bool scrap_;               // part of an abandoned paper may hang out of the printer
    bool half_inside_ = true;  // a command that broke off half way may wait for its rest
    bool cleared_ = false;     // the printer has confirmed that nothing is left inside
    bool heard_ever_ = false;  // it has answered anything since the start
    int clearings_ = 0;        // in a row, without that
    int silent_rounds_ = 0;
    int clean_rounds_ = 0;
    int stuck_rounds_ = 0;

    // Counters, of printers that have them. Each is known only from the last answer.
    std::optional<std::uint64_t> cuts_;
    std::optional<std::uint64_t> cuts_before_;  // the paper on its way
    std::uint64_t expected_cuts_ = 0;           // of that paper
    std::optional<std::uint64_t> retracted_;
    bool count_awaited_ = false;
    bool concluding_ = false;  // the counters after a paper are awaited; all else is well

    // The presenter.
    bool output_was_free_ = false;                   // before the paper on its way
    bool output_seen_ = false;                       // that paper was seen there
    std::optional<JobId> held_out_;                  // the ticket in the output
    std::optional<std::uint64_t> retracted_before_;  // that paper
};

}  // namespace antrean::printer
