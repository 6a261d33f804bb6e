// The words that stand for the engine's enumerators on disk, in the journal and in what is made of
// it. A word once written is never renamed or given another meaning.
#pragma once

#include "controller/engine/event.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace antrean::journal {

template <class Enum>
struct Word {
    Enum value;
    std::string_view text;
};

using AskedKind = engine::Asked::Kind;
inline constexpr Word<AskedKind> asked_words[]{{AskedKind::issue, "issue"},
                                               {AskedKind::print_report, "print_report"},
                                               {AskedKind::call_next, "call_next"},
                                               {AskedKind::call_named, "call_named"},
                                               {AskedKind::recall, "recall"},
                                               {AskedKind::serve, "serve"},
                                               {AskedKind::finish, "finish"},
                                               {AskedKind::no_show, "no_show"},
                                               {AskedKind::hold, "hold"},
                                               {AskedKind::transfer, "transfer"},
                                               {AskedKind::undo, "undo"},
                                               {AskedKind::sign_in, "sign_in"},
                                               {AskedKind::sign_out, "sign_out"},
                                               {AskedKind::pause_counter, "pause_counter"},
                                               {AskedKind::open_counter, "open_counter"},
                                               {AskedKind::void_ticket, "void_ticket"},
                                               {AskedKind::pause_service, "pause_service"},
                                               {AskedKind::resume_service, "resume_service"},
                                               {AskedKind::close_day, "close_day"},
                                               {AskedKind::reopen_day, "reopen_day"},
                                               {AskedKind::issue_offline, "issue_offline"},
                                               {AskedKind::retire_lease, "retire_lease"},
                                               {AskedKind::check_in, "check_in"}};

using engine::Refusal;
inline constexpr Word<Refusal> refusal_words[]{
    {Refusal::request_reused, "request_reused"},
    {Refusal::stale_request, "stale_request"},
    {Refusal::storage_low, "storage_low"},
    {Refusal::unknown_service, "unknown_service"},
    {Refusal::nobody_waits, "nobody_waits"},
    {Refusal::not_called, "not_called"},
    {Refusal::unknown_ticket, "unknown_ticket"},
    {Refusal::series_full, "series_full"},
    {Refusal::not_open_yet, "not_open_yet"},
    {Refusal::in_break, "in_break"},
    {Refusal::too_late, "too_late"},
    {Refusal::closed, "closed"},
    {Refusal::paused, "paused"},
    {Refusal::not_in_force, "not_in_force"},
    {Refusal::quota_used, "quota_used"},
    {Refusal::hall_full, "hall_full"},
    {Refusal::day_closed, "day_closed"},
    {Refusal::no_counter, "no_counter"},
    {Refusal::not_signed_in, "not_signed_in"},
    {Refusal::unknown_staff, "unknown_staff"},
    {Refusal::counter_paused, "counter_paused"},
    {Refusal::recall_limit, "recall_limit"},
    {Refusal::not_callable, "not_callable"},
    {Refusal::wrong_state, "wrong_state"},
    {Refusal::nothing_to_undo, "nothing_to_undo"},
    {Refusal::too_late_to_undo, "too_late_to_undo"},
    {Refusal::unknown_lease, "unknown_lease"},
    {Refusal::unknown_appointment, "unknown_appointment"},
    {Refusal::wrong_day, "wrong_day"},
    {Refusal::too_early, "too_early"},
    {Refusal::too_late_for_appointment, "too_late_for_appointment"},
    {Refusal::appointment_used, "appointment_used"}};

using engine::Outcome;
inline constexpr Word<Outcome> outcome_words[]{{Outcome::printed, "printed"},
                                               {Outcome::unconfirmed, "unconfirmed"},
                                               {Outcome::not_printed, "not_printed"}};

inline constexpr Word<TicketClass> class_words[]{{TicketClass::regular, "regular"},
                                                 {TicketClass::priority, "priority"},
                                                 {TicketClass::appointment, "appointment"}};

using engine::Why;
inline constexpr Word<Why> why_words[]{
    {Why::in_order, "in_order"}, {Why::priority, "priority"}, {Why::appointment, "appointment"},
    {Why::turn, "turn"},         {Why::guard, "guard"},       {Why::only, "only"},
    {Why::named, "named"},       {Why::resumed, "resumed"}};

using engine::State;
inline constexpr Word<State> state_words[]{{State::waiting, "waiting"}, {State::called, "called"},
                                           {State::serving, "serving"}, {State::held, "held"},
                                           {State::done, "done"},       {State::no_show, "no_show"},
                                           {State::voided, "voided"}};

using engine::StepKind;
inline constexpr Word<StepKind> step_words[]{
    {StepKind::call, "call"},       {StepKind::serve, "serve"}, {StepKind::finish, "finish"},
    {StepKind::no_show, "no_show"}, {StepKind::hold, "hold"},   {StepKind::transfer, "transfer"}};

using engine::VoidReason;
inline constexpr Word<VoidReason> void_words[]{{VoidReason::day_ended, "day_ended"},
                                               {VoidReason::day_closed, "day_closed"},
                                               {VoidReason::service_left, "service_left"},
                                               {VoidReason::by_operator, "by_operator"},
                                               {VoidReason::abandoned, "abandoned"}};

using engine::LeaseEnd;
inline constexpr Word<LeaseEnd> lease_end_words[]{{LeaseEnd::retired, "retired"},
                                                  {LeaseEnd::lost, "lost"}};

template <class Enum, std::size_t N>
constexpr std::string_view word(const Word<Enum> (&words)[N], Enum value) {
    for (const auto& [known, text] : words) {
        if (known == value) return text;
    }
    throw std::logic_error{"an enumerator without a word"};
}

// None: TEXT is no word of these.
template <class Enum, std::size_t N>
constexpr std::optional<Enum> meaning(const Word<Enum> (&words)[N], std::string_view text) {
    for (const auto& [value, known] : words) {
        if (known == text) return value;
    }
    return std::nullopt;
}

}  // namespace antrean::journal
