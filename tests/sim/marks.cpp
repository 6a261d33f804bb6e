#include "tests/sim/marks.hpp"

namespace antrean::sim {

const char* to_text(Mark mark) {
    switch (mark) {
        case Mark::answer_lost_asked_again:
            return "answer lost, asked again";
        case Mark::answer_repeated_after_rollover:
            return "answer repeated after the day rolled over";
        case Mark::kill_before_append:
            return "controller killed before the flush";
        case Mark::kill_between_commit_and_answer:
            return "controller killed between commit and answer";
        case Mark::power_cut_in_mid_flush:
            return "controller lost power in mid-flush";
        case Mark::kill_in_mid_flush:
            return "controller killed in mid-flush";
        case Mark::batch_of_several:
            return "several requests in one batch";
        case Mark::cut_in_mid_frame:
            return "connection cut in mid-frame";
        case Mark::silent_connection_noticed:
            return "silent connection noticed";
        case Mark::connection_replaced:
            return "device back before its old connection was missed";
        case Mark::unknown_button:
            return "unknown button pressed";
        case Mark::mashed_button:
            return "button mashed";
        case Mark::press_refused_as_busy:
            return "too many presses at once";
        case Mark::press_without_controller:
            return "press while disconnected";
        case Mark::kiosk_killed_between_save_and_send:
            return "kiosk died between saving and sending";
        case Mark::kiosk_killed_between_save_and_print:
            return "kiosk died between saving and printing";
        case Mark::kiosk_died_in_mid_save:
            return "kiosk died in mid-save";
        case Mark::kiosk_died_in_mid_ticket:
            return "kiosk died in mid-ticket";
        case Mark::callpad_killed_before_send:
            return "callpad died between saving and sending";
        case Mark::copy_printed:
            return "copy printed";
        case Mark::copy_beside_its_original:
            return "copy beside its original";
        case Mark::paper_out_in_mid_ticket:
            return "paper out in mid-ticket";
        case Mark::cover_opened_in_mid_ticket:
            return "cover opened in mid-ticket";
        case Mark::printer_power_cut_in_mid_ticket:
            return "printer lost power in mid-ticket";
        case Mark::label_on_a_torn_paper:
            return "number on a torn paper";
        case Mark::printed_reported:
            return "paper reported as printed";
        case Mark::unconfirmed_reported:
            return "paper reported as unconfirmed";
        case Mark::not_printed_reported:
            return "paper reported as not printed";
        case Mark::late_paper_voided:
            return "late paper voided";
        case Mark::doubted_then_reported:
            return "paper doubted, then reported";
        case Mark::called_unconfirmed:
            return "called with its paper unconfirmed";
        case Mark::voided_while_called:
            return "voided while called";
        case Mark::day_rolled_over_with_tickets_waiting:
            return "day rolled over with tickets waiting";
        case Mark::paper_reported_on_a_later_day:
            return "paper reported on a later day";
        case Mark::wall_clock_jumped_back:
            return "wall clock jumped back";
        case Mark::called_by_two_clerks_at_once:
            return "two clerks called at once";
        case Mark::count:
            break;
    }
    return "";
}

}  // namespace antrean::sim
