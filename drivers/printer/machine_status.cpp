// The part of the machine that asks the printer for its status and draws conclusions.
#include "drivers/escpos/commands.hpp"
#include "drivers/printer/machine.hpp"
#include "drivers/printer/patience.hpp"
#include "drivers/printer/verdict.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace antrean::printer {

using namespace patience;

void Machine::ask(int tries, SteadyTime now, Actions& out) {
    std::vector<std::byte> questions;
    for (int n = 1; n <= 4; ++n) {
        const auto question = escpos::ask_status(n);
        questions.insert(questions.end(), question.begin(), question.end());
        parser_.asked_status(n);
    }
    write(std::move(questions), out);
    round_ = Round{.until = now + answer_time, .phase = phase_count_, .tries = tries};
    next_ask_.reset();
}

void Machine::poll(SteadyTime now, Actions& out) {
    // What waits in front of a question would delay its answer beyond any time limit.
    if (all_taken())
        ask(1, now, out);
    else
        round_failed(now, out);
}

void Machine::heard(const escpos::Reply& reply, SteadyTime now, Actions& out) {
    if (const auto* answer = std::get_if<escpos::StatusReply>(&reply)) {
        if (!round_) return;
        round_->status.apply(*answer);
        if (++round_->answers == 4) round_done(now, out);
    } else if (const auto* change = std::get_if<escpos::AutoStatus>(&reply)) {
        if (round_) round_->overtaken = true;
        status_.apply(*change);
        silent_rounds_ = 0;
        // Before a paper only what has been asked for it counts, and during clearing nothing.
        if (phase_ == Phase::clearing || phase_ == Phase::checking) return;
        // The answers to a question on its way are fresher.
        if (round_ && !paper_given()) return;
        const bool no_answer = phase_ == Phase::confirming || phase_ == Phase::trimming;
        if (no_answer && !hard(status_)) return;  // only an answer to our question counts
        judge(now, out);
    } else if (std::holds_alternative<escpos::QueryReply>(reply)) {
        if (parser_.queries_outstanding() == 0) barrier_answered(now, out);
    } else if (const auto* block = std::get_if<escpos::BlockReply>(&reply)) {
        if (block->header != escpos::block_37 || block->payload.empty()) return;
        const std::string_view rest = std::string_view{block->payload}.substr(1);
        if (block->payload.front() == escpos::cleared_kind && phase_ == Phase::clearing) {
            cleared_ = true;
            parser_.forget_queries();
            start_greeting(now, out);
        } else if (block->payload.front() == escpos::process_id_kind &&
                   std::equal(rest.begin(), rest.end(), process_id_.begin(), process_id_.end())) {
            barrier_answered(now, out);
        }
    }
}

void Machine::barrier_answered(SteadyTime now, Actions& out) {
    if (phase_ == Phase::syncing) {
        // An answer with an id cannot be mistaken for another one. Behind one without, those to
        // older questions may still come.
        if (profile_.has_process_id)
            start_trimming(now, out);
        else
            until_ = now + quiet_time;
    } else if (phase_ == Phase::printing) {
        // The last write's completion may be reported after the answer to it.
        barrier_answered_ = true;
        if (all_taken()) start_confirming(now, out);
    }
}

void Machine::round_done(SteadyTime now, Actions& out) {
    const Round round = *std::exchange(round_, std::nullopt);
    silent_rounds_ = 0;
    // Answers to a repeated question may be late ones to the first, and then belong to other
    // numbers. After a pause none is on its way any more.
    if (round.tries > 1) {
        next_ask_ = now + quiet_time;
        return;
    }
    const bool asked_for_this = round.phase == phase_count_;
    const bool must_be_fresh =
        phase_ == Phase::trimming || phase_ == Phase::checking || phase_ == Phase::confirming;
    if (round.overtaken) {  // not again at once: some printers report without end
        next_ask_ = now + soft_time;
        return;
    }
    if (must_be_fresh && !asked_for_this) {
        ask(1, now, out);
        return;
    }
    status_ = round.status;
    judge(now, out);
}

void Machine::round_failed(SteadyTime now, Actions& out) {
    round_.reset();
    ++silent_rounds_;
    next_ask_ = now + poll_time;
    // A printer without paper may refuse every byte. What it has said last is then still true.
    const bool refuses = !all_taken() && hard(status_);
    if (!refuses && !paper_given()) {
        status_ = {};
        show(PrinterState::offline, out);
    }
    if (phase_ == Phase::printing && !profile_.has_asb) unwatched_ = true;
    if (phase_ == Phase::confirming) {
        abandon(Reason::no_answer, now, out);
    } else if (phase_ == Phase::checking) {
        finish(Outcome::not_printed, Reason::no_answer, out);
        start_idle(now, out);
        next_ask_ = now + poll_time;
    } else if (phase_ == Phase::greeting && job_) {
        finish(Outcome::not_printed, refuses ? reason_of(status_) : Reason::no_answer, out);
    }
    if (silent_rounds_ >= rounds_until_reopen && !refuses && !paper_given()) reopen(out);
}

void Machine::judge(SteadyTime now, Actions& out) {
    const bool was_offline = state_ == PrinterState::offline;
    // "Ready" is for when a paper can begin.
    const bool preparing =
        phase_ == Phase::greeting || phase_ == Phase::syncing || phase_ == Phase::trimming;
    if (!preparing || !status_.clean()) show(state_of(status_), out);
    switch (phase_) {
        case Phase::idle:
            if (was_offline && status_.clean()) {
                start_clearing(now, out);  // it may have been switched off behind an adapter
                break;
            }
            [[fallthrough]];
        case Phase::greeting:
        case Phase::syncing:
        case Phase::trimming:
            judge_resting(now, out);
            break;
        case Phase::checking:
            if (status_.clean()) {
                start_printing(now, out);
            } else if (hard(status_)) {
                finish(Outcome::not_printed, reason_of(status_), out);
                start_idle(now, out);
                next_ask_ = now + poll_time;
            } else {
                next_ask_ = now + soft_time;
            }
            break;
        case Phase::printing:
        case Phase::confirming:
            judge_paper(now, out);
            break;
        case Phase::closed:
        case Phase::clearing:
            break;
    }
}

void Machine::judge_resting(SteadyTime now, Actions& out) {
    if (status_.clean()) {
        stuck_rounds_ = 0;
        if (phase_ == Phase::idle) {
            next_ask_ = now + (profile_.has_asb ? watch_time : poll_time);
        } else if (phase_ == Phase::syncing) {
            next_ask_ = now + poll_time;
        } else if (phase_ == Phase::trimming) {
            scrap_ = false;
            start_trimming(now, out);
        } else if (profile_.clear == escpos::ClearCommand::dle_dc4_8 && !cleared_ && clearings_++ < 1) {
            start_clearing(now, out);
        } else {
            start_syncing(now, out);
        }
        return;
    }
    if (phase_ != Phase::idle && hard(status_)) {
        if (job_) finish(Outcome::not_printed, reason_of(status_), out);
        // Whatever happens to the printer until it is ready again, it is cleared anew then.
        enter(Phase::greeting);
        cleared_ = false;
    }
    next_ask_ = now + poll_time;
    // An error that hands have removed is left only when asked to; not too often, for the blade
    // moves.
    const bool only_stuck =
        (status_.cutter_error || status_.recoverable) && !status_.cover_open && !status_.paper_out;
    if (only_stuck && ++stuck_rounds_ % rounds_until_recover == 0)
        write(joined(escpos::recover_and_clear), out);
}

void Machine::judge_paper(SteadyTime now, Actions& out) {
    if (hard(status_)) {
        abandon(reason_of(status_), now, out);
        return;
    }
    if (phase_ == Phase::printing) {
        if (all_taken()) next_ask_ = now + poll_time;
        return;
    }
    if (!status_.clean()) {
        clean_rounds_ = 0;
        next_ask_ = now + soft_time;
        return;
    }
    ++clean_rounds_;
    if (clean_rounds_ < 2 && !profile_.has_process_id) {
        next_ask_ = now + profile_.settle;
        return;
    }
    if (has_barrier() && !unwatched_)
        finish(Outcome::printed, Reason::none, out);
    else
        finish(Outcome::unconfirmed, Reason::no_answer, out);
    start_idle(now, out);
}

}  // namespace antrean::printer
