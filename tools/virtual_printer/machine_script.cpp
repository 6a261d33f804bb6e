// What a script, or a hand that types the same words, does to the printer.
#include "tools/virtual_printer/machine.hpp"

namespace antrean::virtual_printer {
namespace {

constexpr double low_mm = 1'000;

}  // namespace

void Machine::act(const Act& what, SteadyTime now) {
    begin(now);
    perform(what);
    end(now);
}

bool Machine::run_script(const Script& script, SteadyTime now) {
    begin(now);
    const bool begun = script_.begin(script, progress(), now_);
    end(now);
    return begun;
}

// At now_. Nothing is carried out here but the change itself: the caller goes on from it.
void Machine::perform(const Act& what) {
    Mechanism& mechanism = board_.mechanism;
    mechanism.not_before(now_);
    switch (what.deed) {
        case Deed::paper_out:
            mechanism.set_paper_left(0);
            break;
        case Deed::paper_low:
            mechanism.set_paper_left(low_mm);
            break;
        case Deed::paper_left:
            mechanism.set_paper_left(what.amount);
            break;
        case Deed::paper_load:
            mechanism.load_paper(board_.profile.roll_mm);
            break;
        case Deed::tear:
            mechanism.tear_off();
            break;
        case Deed::cover_open:
            mechanism.open_cover(now_);
            break;
        case Deed::cover_close:
            mechanism.close_cover();
            break;
        case Deed::jam:
            mechanism.jam_cutter(true);
            break;
        case Deed::unjam:
            mechanism.jam_cutter(false);
            break;
        case Deed::head_hot:
            mechanism.overheat(true);
            break;
        case Deed::head_cool:
            mechanism.overheat(false);
            break;
        case Deed::board_broken:
            mechanism.break_board();
            break;
        case Deed::power_off:
            lose_power();
            break;
        case Deed::power_on:
            gain_power();
            break;
        case Deed::buffer_lost:
            keeps_buffer_ = false;
            break;
        case Deed::buffer_kept:
            keeps_buffer_ = true;
            break;
        case Deed::ticket_take:
            mechanism.presenter().take(now_);
            break;
        case Deed::ticket_stuck:
            mechanism.presenter().stick(true);
            break;
        case Deed::ticket_free:
            mechanism.presenter().stick(false);
            break;
        case Deed::mute:
        case Deed::unmute:
        case Deed::replies_late:
        case Deed::replies_garbled:
        case Deed::replies_split:
        case Deed::replies_normal:
        case Deed::seed:
            perform_on_replies(what);
            break;
    }
    if (what.lasts) {
        Act end;
        end.deed = what.end;
        script_.schedule(now_ + *what.lasts, end);
    }
}

void Machine::perform_on_replies(const Act& what) {
    Outbox& outbox = board_.outbox;
    ReplyFaults faults = outbox.faults();
    switch (what.deed) {
        case Deed::mute:
            return outbox.mute(true);
        case Deed::unmute:
            return outbox.mute(false);
        case Deed::seed:
            return outbox.seed(static_cast<std::uint64_t>(what.amount));
        case Deed::replies_late:
            faults.late = what.time;
            break;
        case Deed::replies_garbled:
            faults.garbled_one_in = static_cast<int>(what.amount);
            break;
        case Deed::replies_split:
            faults.split = what.time;
            break;
        default:
            faults = {};
    }
    outbox.set_faults(faults);
}

}  // namespace antrean::virtual_printer
