// The part of the machine that asks the printer for its status and draws conclusions.
#include "drivers/escpos/commands.hpp"
#include "drivers/printer/machine.hpp"
#include "drivers/printer/patience.hpp"
#include "drivers/printer/verdict.hpp"

#include <utility>

namespace antrean::printer {

using namespace patience;

void Machine::ask(int tries, SteadyTime now, Actions& out) {
    std::vector<std::byte> questions;
    if (custom()) {
        questions = joined(escpos::custom_ask_status);
    } else {
        for (int n = 1; n <= 4; ++n) {
            const auto question = escpos::ask_status(n);
            questions.insert(questions.end(), question.begin(), question.end());
            parser_.asked_status(n);
        }
    }
    write(std::move(questions), out);
    // What the answers do not tell of stays as it was told unasked.
    round_ =
        Round{.until = now + answer_time, .phase = phase_count_, .status = told_, .tries = tries};
    next_ask_.reset();
}

void Machine::poll(SteadyTime now, Actions& out) {
    // What waits in front of a question would delay its answer beyond any time limit.
    if (all_taken())
        ask(1, now, out);
    else
        round_failed(now, out);
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
    told_ = round.status;
    status_ = told_.judged(profile_.has_near_end);
    watch_output(out);
    judge(now, out);
}

void Machine::round_failed(SteadyTime now, Actions& out) {
    round_.reset();
    ++silent_rounds_;
    next_ask_ = now + poll_time;
    // A printer without paper may refuse every byte. What it has said last is then still true.
    const bool refuses = !all_taken() && hard(status_);
    if (!refuses && !paper_given()) {
        told_ = status_ = {};
        show(PrinterState::offline, now, out);
    }
    if (phase_ == Phase::printing && !told_pause_) unwatched_ = true;
    if (phase_ == Phase::confirming) {
        abandon(Reason::no_answer, now, out);
    } else if (phase_ == Phase::checking) {
        finish(Outcome::not_printed, Reason::no_answer, out);
        start_idle(now, out);
        next_ask_ = now + poll_time;
    } else if (phase_ == Phase::greeting && job_) {
        finish(Outcome::not_printed, refuses ? reason_of(status_) : Reason::no_answer, out);
    }
    if (silent_rounds_ >= rounds_until_reopen && !refuses && !paper_given()) reopen(now, out);
}

void Machine::judge(SteadyTime now, Actions& out) {
    const bool was_offline = condition_.state == PrinterState::offline;
    // "Ready" is for when a paper can begin.
    const bool preparing =
        phase_ == Phase::greeting || phase_ == Phase::syncing || phase_ == Phase::trimming;
    if (!preparing || !status_.clean()) show(state_of(status_), now, out);
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
                if (!custom() || !has_counters())
                    start_printing(now, out);
                else if (status_.moving)
                    next_ask_ = now + soft_time;  // a cut on its way is not counted yet
                else
                    start_counting(now, out);
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
        case Phase::flushing:
        case Phase::counting:
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
        } else if (phase_ == Phase::trimming && status_.moving) {
            next_ask_ = now + soft_time;
        } else if (phase_ == Phase::trimming) {
            scrap_ = false;
            start_trimming(now, out);
        } else if (profile_.clear == escpos::ClearCommand::dle_dc4_8 && !cleared_ &&
                   clearings_++ < 1) {
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
    if (only_stuck(status_) && ++stuck_rounds_ % rounds_until_recover == 0)
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
    if (concluding_) return;  // only the counters are missing
    if (!status_.clean() || status_.moving) {
        clean_rounds_ = 0;
        next_ask_ = now + soft_time;
        return;
    }
    ++clean_rounds_;
    if (clean_rounds_ < 2 && barrier_ != Barrier::process_id) {
        next_ask_ = now + profile_.settle;
        return;
    }
    // Where only the presenter can tell, it is waited for.
    const bool by_sensor =
        barrier_ == Barrier::none && output_was_free_ && !profile_.present.empty();
    if (custom() && by_sensor && !output_seen_) {
        next_ask_ = now + soft_time;
        return;
    }
    concluding_ = cuts_before_.has_value();
    if (!concluding_) {
        conclude(now, out);
        return;
    }
    ask_counters(out);
    until_ = now + answer_time;
}

// The transport has taken more of the paper.
void Machine::watch_progress(SteadyTime now, Actions& out) {
    if (!all_taken()) {
        until_ = now + stall_time;
        return;
    }
    if (!profile_.answers) {
        until_ = now + mute_time;
        return;
    }
    until_ = now + paper_time;
    next_ask_ = now + expect_time;
    if (barrier_answered_ || barrier_ == Barrier::none) start_confirming(now, out);
}

void Machine::phase_over(SteadyTime now, Actions& out) {
    until_.reset();
    switch (phase_) {
        case Phase::clearing:
            start_greeting(now, out);
            break;
        case Phase::flushing:
            if (!all_taken()) {
                show(PrinterState::offline, now, out);  // it stands, until a person comes
                break;
            }
            scrap_ = half_inside_ = false;
            show(PrinterState::ready, now, out);
            start_idle(now, out);
            break;
        case Phase::syncing:
            start_trimming(now, out);
            break;
        case Phase::counting:
            finish(Outcome::not_printed, Reason::no_answer, out);
            start_idle(now, out);
            break;
        case Phase::printing:
            if (!profile_.answers && all_taken() && !unwatched_) {
                scrap_ = true;  // for all that is known, it hangs out; a new link cuts it off
                finish(Outcome::unconfirmed, Reason::no_answer, out);
                start_idle(now, out);
                break;
            }
            paper_overdue(now, out);  // also of a mute printer that stood: it may have lost a part
            break;
        case Phase::confirming:
            if (concluding_)
                conclude(now, out);
            else
                paper_overdue(now, out);
            break;
        case Phase::closed:
        case Phase::greeting:
        case Phase::trimming:
        case Phase::idle:
        case Phase::checking:
            break;
    }
}

void Machine::paper_overdue(SteadyTime now, Actions& out) {
    if (status_.head_hot && !hard(status_)) {
        until_ = now + paper_time;  // it goes on by itself; the job has an end anyway
        return;
    }
    if (phase_ == Phase::confirming && barrier_ == Barrier::none && status_.clean()) {
        conclude(now, out);  // it prints, and does not tell
        return;
    }
    abandon(hard(status_) ? reason_of(status_) : Reason::no_answer, now, out);
}

}  // namespace antrean::printer
