// The part of the machine that listens: answers behind a paper, counters, the presenter.
#include "drivers/escpos/commands.hpp"
#include "drivers/printer/machine.hpp"
#include "drivers/printer/patience.hpp"
#include "drivers/printer/verdict.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <variant>

namespace antrean::printer {

using namespace patience;

void Machine::heard(const escpos::Reply& reply, SteadyTime now, Actions& out) {
    if (const auto* answer = std::get_if<escpos::StatusReply>(&reply)) {
        if (!round_) return;
        round_->status.apply(*answer);
        if (++round_->answers == 4) round_done(now, out);
    } else if (const auto* change = std::get_if<escpos::AutoStatus>(&reply)) {
        // Beside a full status, half of these reports cannot be told from it: none is believed.
        if (custom()) return;
        told_.apply(*change);
        status_changed(now, out);
    } else if (const auto* star = std::get_if<escpos::StarStatus>(&reply)) {
        told_.apply(*star);
        status_changed(now, out);
    } else if (const auto* full = std::get_if<escpos::FullStatus>(&reply)) {
        // A report of all parts that comes unasked looks like the answer, and is as true.
        if (custom() && round_ && full->complete()) {
            round_->status.apply(*full);
            round_done(now, out);
        } else {
            told_.apply(*full);
            status_changed(now, out);
        }
    } else if (std::holds_alternative<escpos::QueryReply>(reply)) {
        if (phase_ == Phase::syncing) {
            sync_answered_ = true;
            until_ = now + sync_time;  // the leftovers move: the others may follow
        }
        if (parser_.queries_outstanding() == 0 && barrier_ == Barrier::query)
            barrier_answered(now, out);
    } else if (const auto* counter = std::get_if<escpos::CounterReply>(&reply)) {
        if (counter->n == escpos::custom_retracted) retracted_ = counter->count;
        if (counter->n == escpos::custom_cuts) cuts_ = counter->count;
        if (parser_.queries_outstanding() == 0 && counter->n == escpos::custom_cuts)
            counted(now, out);
    } else if (const auto* block = std::get_if<escpos::BlockReply>(&reply)) {
        heard_block(*block, now, out);
    }
}

void Machine::heard_block(const escpos::BlockReply& block, SteadyTime now, Actions& out) {
    if (block.payload.empty()) return;
    const std::string_view payload = block.payload;
    if (block.header == escpos::block_5f && count_awaited_ && !custom()) {
        std::uint64_t cuts = 0;
        const auto [end, error] =
            std::from_chars(payload.data(), payload.data() + payload.size(), cuts);
        if (error != std::errc{} || end != payload.data() + payload.size()) return;
        cuts_ = cuts;
        counted(now, out);
    }
    if (block.header != escpos::block_37) return;
    const std::string_view rest = payload.substr(1);
    if (payload.front() == escpos::cleared_kind && phase_ == Phase::clearing) {
        if (profile_.clear != escpos::ClearCommand::dle_dc4_8) return;
        cleared_ = true;
        parser_.forget_queries();
        start_greeting(now, out);
    } else if (payload.front() == escpos::process_id_kind && barrier_ == Barrier::process_id &&
               std::equal(rest.begin(), rest.end(), process_id_.begin(), process_id_.end())) {
        barrier_answered(now, out);
    }
}

// The printer has told of a change by itself.
void Machine::status_changed(SteadyTime now, Actions& out) {
    status_ = told_.judged(profile_.has_near_end);
    if (round_) round_->overtaken = true;
    silent_rounds_ = 0;
    told_pause_ = told_pause_ || (profile_.has_asb && status_.head_hot);
    watch_output(out);
    // Before a paper only what has been asked for it counts, and during clearing nothing.
    if (phase_ == Phase::clearing || phase_ == Phase::flushing || phase_ == Phase::checking ||
        phase_ == Phase::counting)
        return;
    // The answers to a question on its way are fresher.
    if (round_ && !paper_given()) return;
    const bool no_answer = phase_ == Phase::confirming || phase_ == Phase::trimming;
    if (no_answer && !hard(status_)) return;  // only an answer to our question counts
    judge(now, out);
}

void Machine::barrier_answered(SteadyTime now, Actions& out) {
    if (phase_ == Phase::syncing) {
        // An answer with an id cannot be mistaken for another one. Behind one without, those to
        // older questions may still come.
        if (barrier_ == Barrier::process_id)
            start_trimming(now, out);
        else
            until_ = now + quiet_time;
    } else if (phase_ == Phase::printing) {
        // The last write's completion may be reported after the answer to it.
        barrier_answered_ = true;
        if (all_taken()) start_confirming(now, out);
    }
}

void Machine::ask_counters(Actions& out) {
    count_awaited_ = true;
    if (!custom()) {
        write(joined(escpos::ask_cuts), out);
        return;
    }
    // The cuts last: their answer ends the pair.
    write(joined(escpos::custom_ask_counter(escpos::custom_retracted),
                 escpos::custom_ask_counter(escpos::custom_cuts)),
          out);
    parser_.asked_counter(escpos::custom_retracted);
    parser_.asked_counter(escpos::custom_cuts);
}

// The last counter that was asked for has come.
void Machine::counted(SteadyTime now, Actions& out) {
    count_awaited_ = false;
    if (held_out_ && !status_.in_output && retracted_) {
        const auto before = retracted_before_;
        settle_output(!before                      ? Presenter::left
                      : *retracted_ == *before     ? Presenter::taken
                      : *retracted_ == *before + 1 ? Presenter::retracted
                                                   : Presenter::left,
                      out);
    }
    if (phase_ == Phase::counting) {
        // A cut that is under way is counted when the motor stands.
        start_printing(now, out);
    } else if (phase_ == Phase::confirming) {
        if (concluding_) conclude(now, out);
    } else if (barrier_ == Barrier::counters) {
        barrier_answered(now, out);
    }
}

// The paper is through and the status was clean behind it; the counters, where there are any, have
// been asked for after that.
void Machine::conclude(SteadyTime now, Actions& out) {
    const bool fresh = concluding_ && !count_awaited_;
    const bool counted = fresh && expected_cuts_ > 0 && cuts_ && cuts_before_ &&
                         *cuts_ == *cuts_before_ + expected_cuts_;
    if (!fresh) cuts_.reset();  // the next paper's are not to be counted from there
    const JobId id = job_->id;
    // Nothing but the paper's own end holds it out, if nothing else was cut with it.
    const bool held_out = output_seen_ && status_.in_output && expected_cuts_ == 1;
    if (unwatched_) {
        // Its first part may be lost, and its last, with the cut, may hang out.
        abandon(Reason::no_answer, now, out);
        return;
    }
    if (barrier_ == Barrier::none && !held_out) {
        scrap_ = true;  // for all that is known, it hangs out; a new link cuts it off
        finish(Outcome::unconfirmed, Reason::no_answer, out);
    } else if (barrier_ == Barrier::counters && expected_cuts_ > 0 && !counted) {
        if (fresh && cuts_ < *cuts_before_ + expected_cuts_) {
            // Perhaps the blade has not come so far.
            concluding_ = false;
            clean_rounds_ = 0;
            until_ = confirmed_until_;
            next_ask_ = now + profile_.settle;
            return;
        }
        abandon(fresh ? Reason::fault : Reason::no_answer, now, out);
        return;
    } else {
        finish(Outcome::printed, Reason::none, out,
               evidence_of(barrier_ == Barrier::process_id, counted,
                           barrier_ == Barrier::none || (counted && output_seen_)));
        if (output_seen_) {
            held_out_ = id;
            out.emplace_back(Presented{id, Presenter::held_out});
        }
    }
    start_idle(now, out);
    watch_output(out);
}

// What the sensor of the presenter tells.
void Machine::watch_output(Actions& out) {
    if (paper_given()) {
        output_seen_ = output_seen_ || (output_was_free_ && status_.in_output);
    } else if (held_out_ && status_.paper_jam) {
        settle_output(Presenter::stuck, out);
    } else if (held_out_ && !status_.in_output && phase_ == Phase::idle) {
        if (!custom() || !has_counters())
            settle_output(Presenter::left, out);
        else if (!count_awaited_)
            ask_counters(out);
    }
}

void Machine::settle_output(Presenter what, Actions& out) {
    out.emplace_back(Presented{*held_out_, what});
    held_out_.reset();
}

}  // namespace antrean::printer
