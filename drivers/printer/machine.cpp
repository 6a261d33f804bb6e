// The events from outside, and the way from one phase to the next.
#include "drivers/printer/machine.hpp"

#include "drivers/escpos/commands.hpp"
#include "drivers/printer/patience.hpp"
#include "drivers/printer/verdict.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace antrean::printer {
namespace {

using namespace patience;

// Half a command may be left inside; these complete a short one. Alone they print nothing.
constexpr std::array<std::byte, 10> short_filling{};

// Four visible characters, different for some 78 million papers in a row.
std::vector<char> process_id_of(std::uint32_t count) {
    constexpr std::uint32_t base = 94;
    std::vector<char> id(4);
    for (char& c : id) {
        c = static_cast<char>(0x21 + count % base);
        count /= base;
    }
    return id;
}

// How often a paper is cut: one with the mark of a copy is cut off from what hangs out as well.
std::uint64_t occurrences(std::span<const std::byte> paper, std::span<const std::byte> command) {
    std::uint64_t count = 0;
    if (command.empty()) return count;
    const auto step = static_cast<std::ptrdiff_t>(command.size());
    for (auto at = paper.begin();; at += step, ++count) {
        at = std::search(at, paper.end(), command.begin(), command.end());
        if (at == paper.end()) return count;
    }
}

}  // namespace

Machine::Machine(escpos::Profile profile, std::uint32_t nonce, bool scrap)
    : profile_{std::move(profile)},
      parser_{profile_.dialect},
      process_count_{nonce},
      scrap_{scrap} {}

Condition Machine::condition() const {
    Condition condition = condition_;
    condition.remedy = remedy_of(condition.state);
    const bool never = condition.state == PrinterState::offline && !heard_ever_;
    if (never && profile_.answers)
        condition.remedy =
            "Switch the printer off and on. It has never answered since the kiosk's start: if this "
            "model answers nothing, choose a profile that says so.";
    return condition;
}

void Machine::opened(SteadyTime now, Actions& out) {
    assert(phase_ == Phase::closed);
    parser_.reset();
    asked_ = taken_ = paper_end_ = 0;
    silent_rounds_ = clearings_ = 0;
    reopening_ = false;
    if (profile_.answers)
        start_clearing(now, out);
    else
        start_flushing(now, out);
}

void Machine::closed(Reason why, SteadyTime now, Actions& out) {
    if (why == Reason::none && phase_ == Phase::closed) return;
    const Reason reason = why == Reason::none ? Reason::gone : why;
    const bool given = paper_given();
    scrap_ = scrap_ || given;
    half_inside_ = half_inside_ || given;
    disconnect();
    reopening_ = false;
    told_ = status_ = {};
    show(PrinterState::gone, now, out);
    if (job_) finish(given ? Outcome::unconfirmed : Outcome::not_printed, reason, out);
}

void Machine::received(std::span<const std::byte> bytes, SteadyTime now, Actions& out) {
    if (phase_ == Phase::closed || !profile_.answers) return;
    std::vector<escpos::Reply> replies;
    parser_.feed(bytes, now, replies);
    for (const auto& reply : replies) {
        if (phase_ == Phase::closed) return;  // an earlier reply has made us drop the link
        heard_ever_ = true;
        heard(reply, now, out);
    }
}

void Machine::taken(std::uint64_t total, SteadyTime now, Actions& out) {
    if (phase_ == Phase::closed || total <= taken_) return;
    assert(total <= asked_);
    // A printer that stands may refuse every byte, questions too. Only one that reports by itself
    // tells why it stood; what stood without a word may have been switched off and on, and lost
    // what it had.
    const bool stood = taken_ < paper_end_ && now - progressed_ >= unwatched_time;
    if (stood && !told_pause_) unwatched_ = true;
    told_pause_ = profile_.has_asb && status_.head_hot;
    progressed_ = now;
    taken_ = std::min(total, asked_);
    if (phase_ == Phase::printing)
        watch_progress(now, out);
    else if (phase_ == Phase::flushing)
        until_ = now + (all_taken() ? quiet_time : unwatched_time);
}

void Machine::tick(SteadyTime now, Actions& out) {
    if (job_ && now >= job_until_) {
        if (paper_given()) {
            abandon(hard(status_) ? reason_of(status_) : Reason::no_answer, now, out);
        } else {
            const bool silent = silent_rounds_ > 0 || !profile_.answers;
            finish(Outcome::not_printed, silent ? Reason::no_answer : Reason::busy, out);
            if (phase_ == Phase::checking || phase_ == Phase::counting) start_idle(now, out);
        }
    }
    if (round_ && now >= round_->until) {
        parser_.forget_status();
        if (round_->tries == 1 && all_taken())
            ask(2, now, out);
        else
            round_failed(now, out);
    }
    if (until_ && now >= *until_) phase_over(now, out);
    if (next_ask_ && !round_ && now >= *next_ask_) poll(now, out);
}

std::optional<SteadyTime> Machine::deadline() const {
    std::optional<SteadyTime> first = until_;
    const auto consider = [&first](SteadyTime at) { first = std::min(first.value_or(at), at); };
    if (round_)
        consider(round_->until);
    else if (next_ask_)
        consider(*next_ask_);
    if (job_) consider(job_until_);
    return first;
}

void Machine::print(Job job, SteadyTime now, Actions& out) {
    assert(!job_);
    assert(!job.paper.empty());
    assert(job.paper.size() <= max_paper_bytes);
    job_ = std::move(job);
    job_until_ = now + begin_time;
    if (phase_ == Phase::closed && !reopening_) {
        finish(Outcome::not_printed, Reason::gone, out);
    } else if (phase_ == Phase::idle) {
        start_checking(now, out);
    } else if (phase_ == Phase::greeting && !round_) {
        poll(now, out);  // it waits for people; perhaps they are done
    }
}

void Machine::enter(Phase phase) {
    phase_ = phase;
    ++phase_count_;
    until_.reset();
    next_ask_.reset();
    concluding_ = false;
}

void Machine::start_clearing(SteadyTime now, Actions& out) {
    enter(Phase::clearing);
    round_.reset();
    parser_.forget_status();
    cleared_ = count_awaited_ = false;
    cuts_.reset();
    // An error is left only by DLE ENQ; it does nothing where there is none.
    const bool stuck = status_.cutter_error || status_.recoverable || status_.paper_jam;
    switch (profile_.clear) {
        case escpos::ClearCommand::dle_dc4_8:
            if (stuck) write(joined(escpos::recover_and_clear), out);
            write(joined(escpos::clear_buffer), out);
            until_ = now + clear_time;
            return;
        case escpos::ClearCommand::dle_enq_2:
            write(joined(short_filling, escpos::recover_and_clear), out);
            break;
        case escpos::ClearCommand::none:
            write(joined(short_filling), out);
            if (stuck) write(joined(escpos::recover_and_clear), out);
            break;
    }
    until_ = now + quiet_time;
}

// All that can be done with a printer that answers nothing: it is ready when it has taken this.
void Machine::start_flushing(SteadyTime now, Actions& out) {
    enter(Phase::flushing);
    if (profile_.clear == escpos::ClearCommand::dle_enq_2)
        write(joined(escpos::recover_and_clear), out);
    write(filling(), out);
    write_setup(out);
    if (scrap_) write(joined(profile_.cut, profile_.present), out);
    until_ = now + unwatched_time;
}

void Machine::start_greeting(SteadyTime now, Actions& out) {
    enter(Phase::greeting);
    write_setup(out);
    ask(1, now, out);
}

void Machine::start_syncing(SteadyTime now, Actions& out) {
    enter(Phase::syncing);
    if (half_inside_ && !cleared_) {
        // The rest of a picture, for instance, is still waited for; it has swallowed the set-up.
        write(filling(), out);
        write_setup(out);
    }
    half_inside_ = false;
    sync_answered_ = false;
    if (plain_barrier() == Barrier::none) {
        start_trimming(now, out);
        return;
    }
    write_barrier(plain_barrier(), out);
    until_ = now + sync_time;
    next_ask_ = now + poll_time;
}

// The next paper would otherwise hang on to what has come out of the abandoned one.
void Machine::start_trimming(SteadyTime now, Actions& out) {
    if (!scrap_) {
        show(state_of(status_), now, out);
        start_idle(now, out);
        return;
    }
    write(joined(profile_.cut, profile_.present), out);
    enter(Phase::trimming);
    next_ask_ = now + profile_.settle;  // a blade that was stuck may be so again
}

void Machine::start_idle(SteadyTime now, Actions& out) {
    enter(Phase::idle);
    // Answers that have not come are lost, if later ones have come. Otherwise all may still come,
    // and each is to be counted off before one is taken for that of the next paper.
    if (barrier_ != Barrier::query || sync_answered_) parser_.forget_queries();
    clearings_ = 0;
    if (profile_.answers) next_ask_ = now + (profile_.has_asb ? watch_time : poll_time);
    // The paper's reset may have ended it.
    if (custom() && profile_.answers && profile_.has_asb)
        write(joined(escpos::custom_auto_status_on), out);
    // Here, so that no press waits for it.
    if (has_counters() && !custom() && !cuts_) ask_counters(out);
    if (job_) start_checking(now, out);
}

void Machine::start_checking(SteadyTime now, Actions& out) {
    enter(Phase::checking);
    if (!profile_.answers)
        start_printing(now, out);
    else if (!round_)
        ask(1, now, out);
}

// What was counted before is asked for anew, as "printed" may rest on it.
void Machine::start_counting(SteadyTime now, Actions& out) {
    enter(Phase::counting);
    cuts_.reset();
    ask_counters(out);
    until_ = now + answer_time;
}

void Machine::start_printing(SteadyTime now, Actions& out) {
    enter(Phase::printing);
    barrier_answered_ = false;
    progressed_ = now;
    unwatched_ = told_pause_ = false;
    cuts_before_ = cuts_;
    output_was_free_ = !status_.in_output;
    output_seen_ = false;
    held_out_.reset();
    retracted_before_ = retracted_;
    expected_cuts_ = occurrences(job_->paper, profile_.cut);
    job_until_ = now + job_time;
    until_ = now + stall_time;
    write(std::move(job_->paper), out);
    write_barrier(plain_barrier(), out);
    paper_end_ = asked_;
}

void Machine::start_confirming(SteadyTime now, Actions& out) {
    enter(Phase::confirming);
    clean_rounds_ = 0;
    confirmed_until_ = now + paper_time;
    until_ = confirmed_until_;
    if (!round_) ask(1, now, out);
}

void Machine::finish(Outcome outcome, Reason reason, Actions& out, Evidence evidence) {
    const JobId id = job_->id;
    job_.reset();
    if (planted(Plant::printed_without_proof) && outcome == Outcome::unconfirmed) {
        outcome = Outcome::printed;
    }
    out.emplace_back(Done{id, outcome, reason, evidence});
}

void Machine::abandon(Reason reason, SteadyTime now, Actions& out) {
    finish(Outcome::unconfirmed, reason, out);
    scrap_ = half_inside_ = true;
    clearings_ = 0;
    if (!all_taken())
        reopen(now, out);  // the only way to take back what the transport still holds
    else if (profile_.answers)
        start_clearing(now, out);
    else
        start_flushing(now, out);
}

void Machine::reopen(SteadyTime now, Actions& out) {
    disconnect();
    reopening_ = true;
    if (!hard(status_)) show(PrinterState::offline, now, out);
    out.emplace_back(CloseAndReopen{});
}

void Machine::disconnect() {
    enter(Phase::closed);
    round_.reset();
    parser_.reset();
    asked_ = taken_ = 0;
    cuts_.reset();
    count_awaited_ = false;
    held_out_.reset();
}

void Machine::show(PrinterState state, SteadyTime now, Actions& out) {
    if (state == condition_.state) return;
    condition_.state = state;
    condition_.since = now;
    out.emplace_back(StateChanged{state});
}

// Enough for the rest of the longest command that a paper holds: one band of a picture.
std::vector<std::byte> Machine::filling() const {
    const std::size_t row = (profile_.dots + 7u) / 8;
    return std::vector<std::byte>(
        std::clamp(row * profile_.band_rows, longest_command, max_paper_bytes) + row);
}

void Machine::write_setup(Actions& out) {
    write(joined(escpos::reset, escpos::kanji_off), out);
    if (profile_.answers && profile_.has_asb)
        write(custom() ? joined(escpos::custom_auto_status_on) : joined(escpos::auto_status_on),
              out);
}

void Machine::write(std::vector<std::byte> bytes, Actions& out) {
    asked_ += bytes.size();
    out.emplace_back(Write{std::move(bytes)});
}

Machine::Barrier Machine::plain_barrier() const {
    if (!profile_.answers) return Barrier::none;
    if (profile_.has_process_id) return Barrier::process_id;
    // Not GS r beside them: their answers could be taken for its.
    if (custom() && has_counters()) return Barrier::counters;
    return profile_.has_barrier ? Barrier::query : Barrier::none;
}

void Machine::write_barrier(Barrier barrier, Actions& out) {
    barrier_ = barrier;
    switch (barrier) {
        case Barrier::none:
            break;
        case Barrier::query:
            write(joined(escpos::barrier), out);
            parser_.asked_query();
            break;
        case Barrier::counters:
            ask_counters(out);
            break;
        case Barrier::process_id: {
            process_id_ = process_id_of(process_count_++);
            std::vector<std::byte> request = joined(escpos::process_id);
            for (const char c : process_id_)
                request.push_back(static_cast<std::byte>(c));
            write(std::move(request), out);
            break;
        }
    }
}

}  // namespace antrean::printer
