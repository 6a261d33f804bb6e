// One printer as a state machine: the link to it, its status and the one paper on its way.
//
// What it promises, whatever the printer and the link do:
//   - printed      only after the printer has answered that all of the paper is through, and its
//                  status was clean afterwards, and if it was not out of sight for so long that its
//                  roll could have been changed in the middle of the paper;
//   - not_printed  only if no byte of the paper has been given to the transport;
//   - unconfirmed  in every other case, with the reason. What may be left of that paper inside the
//                  printer is cleared before anything else is printed.
//
// Pure: it has no socket, clock or random source. Each method takes an event and `now`, and appends
// what the shell is to do to `out`, in order. The shell carries all of it out in that order before
// it performs actions of later events, even if a handler of it calls print() meanwhile.
//
// Not thread-safe. Nothing fails: a second print() while one runs is a programming error. `now`
// must not go backwards. The facts about printers are from the Epson ESC/POS reference (DLE EOT,
// GS a, GS r, GS ( H, DLE DC4 fn 8, DLE ENQ) and from service manuals of printers that imitate it.
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

enum class Reason : std::uint8_t {
    none,
    paper_out,
    cover_open,
    cutter,     // the blade is stuck; the text may be complete, but hangs in the printer
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
    cutter_jam,
    head_hot,  // pauses, and goes on by itself
    offline,   // connected, but silent or stopped without a cause that it tells
    gone,
    faulty,
};

std::string_view to_string(Outcome outcome);
std::string_view to_string(Reason reason);
std::string_view to_string(PrinterState state);

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
};
struct StateChanged {
    PrinterState state;
};
using Action = std::variant<Write, CloseAndReopen, Done, StateChanged>;
using Actions = std::vector<Action>;

class Machine {
public:
    // `nonce` should differ from start to start, so that an answer meant for an earlier run of the
    // program is never taken for one of this run.
    Machine(escpos::Profile profile, std::uint32_t nonce);

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
    PrinterState state() const { return state_; }
    const escpos::PrinterStatus& status() const { return status_; }

private:
    enum class Phase : std::uint8_t {
        closed,
        clearing,   // leftovers are being dropped; nothing else is sent until that is answered
        greeting,   // until the printer says that it can print
        syncing,    // a barrier is awaited that proves that no older answer is still to come
        trimming,   // what hangs out of an abandoned paper is being cut off
        idle,       // nothing of ours is inside the printer
        checking,   // status before a paper
        printing,   // the paper is on its way, up to the answer behind it
        confirming  // status after a paper
    };

    // DLE EOT 1 to 4, asked together. They count only when all four answers are in.
    struct Round {
        SteadyTime until{};       // asked again, or given up, then
        std::uint64_t phase = 0;  // the phase it was asked in; older news are not fresh
        escpos::PrinterStatus status{};
        int answers = 0;
        int tries = 1;
        bool overtaken = false;  // the printer reported a change meanwhile
    };

    void enter(Phase phase);
    void start_clearing(SteadyTime now, Actions& out);
    void start_greeting(SteadyTime now, Actions& out);
    void start_syncing(SteadyTime now, Actions& out);
    void start_trimming(SteadyTime now, Actions& out);
    void start_idle(SteadyTime now, Actions& out);
    void start_checking(SteadyTime now, Actions& out);
    void start_printing(SteadyTime now, Actions& out);
    void start_confirming(SteadyTime now, Actions& out);

    void ask(int tries, SteadyTime now, Actions& out);
    void poll(SteadyTime now, Actions& out);
    void round_done(SteadyTime now, Actions& out);
    void round_failed(SteadyTime now, Actions& out);
    void judge(SteadyTime now, Actions& out);
    void judge_resting(SteadyTime now, Actions& out);
    void judge_paper(SteadyTime now, Actions& out);
    void phase_over(SteadyTime now, Actions& out);
    void heard(const escpos::Reply& reply, SteadyTime now, Actions& out);
    void barrier_answered(SteadyTime now, Actions& out);
    void watch_progress(SteadyTime now, Actions& out);

    void write(std::vector<std::byte> bytes, Actions& out);
    void write_barrier(Actions& out);
    void finish(Outcome outcome, Reason reason, Actions& out);
    void abandon(Reason reason, SteadyTime now, Actions& out);
    void reopen(Actions& out);
    void disconnect();
    void show(PrinterState state, Actions& out);

    bool all_taken() const { return taken_ == asked_; }
    bool paper_given() const { return phase_ == Phase::printing || phase_ == Phase::confirming; }
    bool has_barrier() const { return profile_.has_process_id || profile_.has_barrier; }

    const escpos::Profile profile_;
    escpos::ReplyParser parser_;
    escpos::PrinterStatus status_;
    PrinterState state_ = PrinterState::gone;
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
    bool barrier_answered_ = false;
    SteadyTime progressed_{};      // when the transport last took something
    std::uint64_t paper_end_ = 0;  // of asked_: the paper and the barrier behind it
    bool unwatched_ = false;       // hands could do anything to the paper, and nobody was told
    bool reopening_ = false;
    bool scrap_ = false;    // part of an abandoned paper may hang out of the printer
    bool cleared_ = false;  // the printer has confirmed that nothing is left inside
    int clearings_ = 0;     // in a row, without that
    int silent_rounds_ = 0;
    int clean_rounds_ = 0;
    int stuck_rounds_ = 0;
};

}  // namespace antrean::printer
