// Coverage marks: situations that the seeds are to reach. A simulator that finds nothing may as
// well have tried nothing; these counts tell the two apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace antrean::sim {

enum class Mark : std::size_t {
    answer_lost_asked_again,
    answer_repeated_after_rollover,
    kill_before_append,
    kill_between_commit_and_answer,
    power_cut_in_mid_flush,
    kill_in_mid_flush,
    batch_of_several,
    cut_in_mid_frame,
    silent_connection_noticed,
    connection_replaced,
    unknown_button,
    mashed_button,
    press_refused_as_busy,
    press_without_controller,
    kiosk_killed_between_save_and_send,
    kiosk_killed_between_save_and_print,
    kiosk_died_in_mid_save,
    kiosk_died_in_mid_ticket,
    callpad_killed_before_send,
    copy_printed,
    copy_beside_its_original,
    paper_out_in_mid_ticket,
    cover_opened_in_mid_ticket,
    printer_power_cut_in_mid_ticket,
    label_on_a_torn_paper,
    printed_reported,
    unconfirmed_reported,
    not_printed_reported,
    late_paper_voided,
    doubted_then_reported,
    called_unconfirmed,
    voided_while_called,
    day_rolled_over_with_tickets_waiting,
    paper_reported_on_a_later_day,
    wall_clock_jumped_back,
    called_by_two_clerks_at_once,
    transferred,
    called_from_another_queue,
    put_at_the_front,
    put_at_the_back,
    visit_went_on,
    hold_resumed,
    no_show_returned,
    no_show_called_again,
    called_by_name,
    only_one_class_called,
    priority_called_ahead,
    appointment_called_ahead,
    regular_took_its_turn,
    guard_called,
    two_clerks_named_the_same_ticket,
    call_undone,
    call_undone_with_its_finish,
    serve_undone,
    finish_undone,
    no_show_undone,
    hold_undone,
    transfer_undone,
    refused_late_undo,
    refused_undo_of_nothing,
    refused_by_recall_limit,
    refused_not_callable,
    refused_without_sign_in,
    refused_wrong_code,
    refused_at_paused_counter,
    signed_out_by_another,
    refused_by_quota,
    refused_by_hours,
    refused_by_break,
    refused_by_hall_limit,
    refused_by_pause,
    refused_by_closing,
    refused_not_in_force,
    voided_by_operator,
    day_closed,
    day_reopened,
    voided_by_closing,
    site_changed_with_people_waiting,
    site_changed_in_mid_flush,
    site_found_changed_at_start,
    agency_left_with_people_waiting,
    device_left_the_site,
    restored_by_sign,
    restored_by_hand,
    restore_noticed_by_device,
    seen_label_skipped,
    forgotten_paper_came_out,
    report_lost_by_restore,
    count  // not a mark
};

inline constexpr std::size_t mark_count = static_cast<std::size_t>(Mark::count);
using MarkCounts = std::array<std::uint64_t, mark_count>;

// "answer lost, asked again"
const char* to_text(Mark mark);

}  // namespace antrean::sim
