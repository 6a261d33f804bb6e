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
    count  // not a mark
};

inline constexpr std::size_t mark_count = static_cast<std::size_t>(Mark::count);
using MarkCounts = std::array<std::uint64_t, mark_count>;

// "answer lost, asked again"
const char* to_text(Mark mark);

}  // namespace antrean::sim
