// A receipt printer without the printer: bytes of ESC/POS in, answers and papers out.
//
// Time, space and faults are those of a real one. The receive buffer is small, and the head has a
// speed: what does not fit is refused and must be offered again. Real-time commands are answered
// the moment they are received, as long as they get into the buffer. Everything else waits its
// turn. A fault stops the head within 24 dots, the rest of the ticket stays in the buffer, and is
// printed when the fault is gone, unless the host or a power cycle cleared it.
//
// Faults come by hand, or by a script (script.hpp) that says at which line, byte, cut or time.
//
// It has no clock, file, socket, thread or random source: time is passed in and must not go back,
// the same calls give the same papers. With a profile whose speed is 0 all is done at once.
// Not thread-safe. Neither copied nor moved. Nothing here fails; memory is bounded whatever comes.
//
// Lengths of paper are in millimetres.
#pragma once

#include "proto/types.hpp"
#include "tools/virtual_printer/interpreter.hpp"
#include "tools/virtual_printer/paper.hpp"
#include "tools/virtual_printer/profile.hpp"
#include "tools/virtual_printer/real_time.hpp"
#include "tools/virtual_printer/script_runner.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace antrean::virtual_printer {

// What a person in front of the printer would see, and a little more.
struct Condition {
    bool powered = true;
    bool online = true;
    bool cover_open = false;
    bool paper_near_end = false;
    bool paper_end = false;
    bool cutter_error = false;  // latched: needs a hand, then DLE ENQ or a power cycle
    bool recovering = false;    // head too hot, or cover opened while printing
    bool broken = false;
    bool muted = false;
    bool busy = false;             // a movement, or an unfinished ticket, is under way
    bool ticket_inside = false;    // cut, and not offered yet: with a presenter alone
    bool ticket_in_mouth = false;  // a hand can take it
    bool ticket_stuck = false;
    std::size_t buffered = 0;
    double paper_left_mm = 0;

    friend bool operator==(const Condition&, const Condition&) = default;
};

class Machine {
public:
    explicit Machine(Profile profile);
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // The host's side.

    // Returns how many of the bytes were taken, from the front: 0 when the buffer is full or the
    // power is off. Offer the rest again after next_event(), or when a fault was mended.
    std::size_t receive(std::span<const std::byte> bytes, SteadyTime now);
    // Carries out what is due by `now`.
    void advance(SteadyTime now);
    // When advance() has something to do, if nothing else happens before. It may be `now`'s past.
    std::optional<SteadyTime> next_event() const;
    // Answers in the order in which the host reads them, as far as they have come by the last
    // `now`. Unread ones beyond the profile's reply_buffer are lost, as on a real printer.
    std::vector<std::byte> take_replies();

    // The paper's side.

    // Cut, and torn, papers since the last call, oldest first. Up to 128 wait to be taken; then the
    // oldest fall down. With a presenter, where a paper is follows from take_fates().
    std::vector<Paper> take_papers();
    // What became of the tickets that left the presenter since the last call.
    std::vector<TicketFate> take_fates() { return board_.mechanism.presenter().take_fates(); }
    std::uint64_t tickets_retracted() const { return board_.mechanism.presenter().retracted(); }
    std::size_t papers_fallen() const { return board_.mechanism.papers_fallen(); }
    // What hangs out of the printer, not cut yet. Valid until the next non-const call.
    const Paper& hanging() const { return board_.mechanism.hanging(); }

    // Hands and faults. Each first carries out what is due by `now`.

    void open_cover(SteadyTime now);
    void close_cover(SteadyTime now);
    // A new roll. The end of the old one is pulled out; if something was printed on it, it becomes
    // a paper that is not complete.
    void load_paper(SteadyTime now);
    void load_paper(SteadyTime now, double length_mm);
    // The length that is left on the roll, without touching the paper: 0 is out of paper.
    void set_paper_left(SteadyTime now, double length_mm);
    void tear_off(SteadyTime now);  // what hangs out becomes a paper that is not complete
    // The next cut fails and stops the printer. Clearing the jam mends the cause; the error itself
    // stays until DLE ENQ 1 or 2, or a power cycle.
    void jam_cutter(SteadyTime now);
    void clear_jam(SteadyTime now);
    void overheat(SteadyTime now, bool hot);  // pauses; goes on alone when cold again
    void break_board(SteadyTime now);         // an unrecoverable error, until a power cycle
    // Buffers, modes and answers are lost; the half-printed paper stays and hangs out. After
    // keep_buffer(true) only the answers are lost, and the rest is printed when the power is back.
    void power_off(SteadyTime now);
    void power_on(SteadyTime now);
    void keep_buffer(bool keep) { keeps_buffer_ = keep; }
    void mute(bool muted) { board_.outbox.mute(muted); }  // prints, and answers nothing
    void set_reply_faults(const ReplyFaults& faults) { board_.outbox.set_faults(faults); }
    bool take_ticket(SteadyTime now);  // out of the presenter's mouth; false: there is none
    void stick_ticket(SteadyTime now, bool stuck);  // in the presenter; false pulls it out

    // Anything that a script can say, at once.
    void act(const Act& what, SteadyTime now);
    // Adds the statements to those that are still to come. False: these are too many.
    bool run_script(const Script& script, SteadyTime now);

    // What to look at.

    Condition condition() const;
    const Profile& profile() const { return board_.profile; }
    // The first 64 things that were not understood or were out of place, and how many there were.
    const std::vector<UnknownCommand>& unknown_commands() const { return interpreter_.unknown(); }
    std::size_t unknown_count() const { return interpreter_.unknown_count(); }
    std::size_t beeps() const { return interpreter_.beeps(); }
    std::uint64_t cuts() const { return board_.mechanism.cuts(); }
    std::size_t lost_replies() const { return board_.outbox.lost(); }
    std::size_t garbled_replies() const { return board_.outbox.garbled(); }
    Progress progress() const;
    // What the host has set last; nullopt: the default.
    const Settings& settings() const { return interpreter_.settings(); }

private:
    void begin(SteadyTime now);
    void end(SteadyTime now);
    void set_now(SteadyTime now);
    bool run_to(SteadyTime now);
    std::optional<Act> take_due(SteadyTime moment);
    void perform(const Act& what);
    void perform_on_replies(const Act& what);
    void lose_power();
    void gain_power();
    void carry_out(const RealTimeCommand& command);
    void forget_all();
    void clear_buffers();
    void answer_process_id(SteadyTime now);

    Board board_;
    Interpreter interpreter_{board_};
    RealTimeScanner scanner_;
    ScriptRunner script_;
    std::uint64_t received_ = 0;
    bool powered_ = true;
    bool keeps_buffer_ = false;
    SteadyTime now_{};
};

}  // namespace antrean::virtual_printer
