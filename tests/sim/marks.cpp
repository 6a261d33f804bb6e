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
        case Mark::greeting_came_late:
            return "greeting came after that of a newer connection";
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
        case Mark::second_printer_stood_in:
            return "a paper went to the second printer";
        case Mark::first_printer_came_back:
            return "a paper went to the first printer again";
        case Mark::both_printers_failed:
            return "both printers failed";
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
        case Mark::transferred:
            return "sent on to another service";
        case Mark::called_from_another_queue:
            return "called from the queue of another series";
        case Mark::put_at_the_front:
            return "put at the front of a queue";
        case Mark::put_at_the_back:
            return "put at the back of a queue";
        case Mark::visit_went_on:
            return "visit went on to its next service";
        case Mark::hold_resumed:
            return "held, then called again";
        case Mark::no_show_returned:
            return "did not come, and waits once more";
        case Mark::no_show_called_again:
            return "did not come, then called by name";
        case Mark::called_by_name:
            return "called by name before others";
        case Mark::only_one_class_called:
            return "called by class before others";
        case Mark::priority_called_ahead:
            return "priority called before who came earlier";
        case Mark::appointment_called_ahead:
            return "appointment called before who came earlier";
        case Mark::regular_took_its_turn:
            return "regular called by its turn";
        case Mark::guard_called:
            return "passed over as often as may be, then called";
        case Mark::two_clerks_named_the_same_ticket:
            return "two clerks named the same ticket";
        case Mark::call_undone:
            return "call undone";
        case Mark::call_undone_with_its_finish:
            return "call undone together with its finish";
        case Mark::serve_undone:
            return "serve undone";
        case Mark::finish_undone:
            return "finish undone";
        case Mark::no_show_undone:
            return "no-show undone";
        case Mark::hold_undone:
            return "hold undone";
        case Mark::transfer_undone:
            return "transfer undone";
        case Mark::refused_late_undo:
            return "undo refused as too late";
        case Mark::refused_undo_of_nothing:
            return "undo refused as others have gone on";
        case Mark::refused_by_recall_limit:
            return "recall refused by its limit";
        case Mark::refused_not_callable:
            return "call by name refused";
        case Mark::refused_without_sign_in:
            return "call refused without sign-in";
        case Mark::refused_wrong_code:
            return "sign-in refused";
        case Mark::refused_at_paused_counter:
            return "call refused at a paused counter";
        case Mark::signed_out_by_another:
            return "signed out by who signed in";
        case Mark::refused_by_quota:
            return "ticket refused by its quota";
        case Mark::refused_by_hours:
            return "ticket refused outside of the hours";
        case Mark::refused_by_break:
            return "ticket refused in a break";
        case Mark::refused_by_hall_limit:
            return "ticket refused by the hall's limit";
        case Mark::refused_by_pause:
            return "ticket refused by a pause";
        case Mark::refused_by_closing:
            return "ticket refused after closing";
        case Mark::refused_not_in_force:
            return "ticket refused before its agency's agreement";
        case Mark::voided_by_operator:
            return "voided by the operator";
        case Mark::day_closed:
            return "day closed";
        case Mark::day_reopened:
            return "day reopened";
        case Mark::voided_by_closing:
            return "voided by closing the day";
        case Mark::site_changed_with_people_waiting:
            return "site changed with people waiting";
        case Mark::site_changed_in_mid_flush:
            return "site changed in mid-flush";
        case Mark::site_found_changed_at_start:
            return "site found changed at the start";
        case Mark::agency_left_with_people_waiting:
            return "agency left with people waiting";
        case Mark::device_left_the_site:
            return "device left the site";
        case Mark::restored_by_sign:
            return "journal put back, with its sign";
        case Mark::restored_by_hand:
            return "journal put back by hand";
        case Mark::restore_noticed_by_device:
            return "old journal noticed by a device";
        case Mark::seen_label_skipped:
            return "label skipped that a kiosk had seen";
        case Mark::forgotten_paper_came_out:
            return "paper of a forgotten number came out";
        case Mark::report_lost_by_restore:
            return "report of a paper lost by the restore";
        case Mark::lease_granted:
            return "lease granted";
        case Mark::lease_retired:
            return "lease retired";
        case Mark::lease_lost:
            return "lease lost with its kiosk's store";
        case Mark::checked_in:
            return "appointment checked in";
        case Mark::checked_in_again_after_void:
            return "appointment checked in again, for its ticket was void";
        case Mark::check_in_refused_as_used:
            return "check-in refused as used";
        case Mark::check_in_refused_as_forged:
            return "check-in refused as forged";
        case Mark::check_in_refused_by_time:
            return "check-in refused by its day or time";
        case Mark::check_in_without_controller:
            return "check-in without the controller";
        case Mark::kiosk_got_new_computer:
            return "a kiosk got a new computer";
        case Mark::kiosk_got_new_disk:
            return "a kiosk got a new disk";
        case Mark::kiosk_disk_cloned:
            return "a kiosk got a copy of another's disk";
        case Mark::kiosk_disks_swapped:
            return "two kiosks swapped their disks";
        case Mark::another_kiosks_store_put_aside:
            return "a kiosk did not take the store of another for its own";
        case Mark::twin_brought:
            return "a kiosk's twin began to run beside it";
        case Mark::twins_connected_by_turns:
            return "a kiosk and its twin replaced each other's connection";
        case Mark::twins_request_refused:
            return "a request refused whose id a twin had used up";
        case Mark::original_taken_away:
            return "a kiosk was taken away, and its twin stayed";
        case Mark::paper_lost_with_its_store:
            return "a paper was not told of, for its store was lost";
        case Mark::offline_number_printed:
            return "number printed without the controller";
        case Mark::offline_number_told:
            return "number told that was given without the controller";
        case Mark::offline_number_claimed:
            return "number called before its kiosk told of it";
        case Mark::offline_number_void_at_once:
            return "number told when it was over";
        case Mark::offline_number_told_again:
            return "number told again that was known";
        case Mark::abandoned_number_voided:
            return "number void whose request was given up";
        case Mark::count:
            break;
    }
    return "";
}

}  // namespace antrean::sim
