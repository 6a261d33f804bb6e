#include "drivers/printer/machine.hpp"

#include "drivers/escpos/commands.hpp"
#include "drivers/printer/patience.hpp"
#include "drivers/printer/verdict.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace antrean::printer {
namespace {

using namespace patience;

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

}  // namespace

Machine::Machine(escpos::Profile profile, std::uint32_t nonce)
    : profile_{std::move(profile)}, process_count_{nonce} {}

void Machine::opened(SteadyTime now, Actions& out) {
    assert(phase_ == Phase::closed);
    parser_.reset();
    asked_ = taken_ = paper_end_ = 0;
    silent_rounds_ = clearings_ = 0;
    reopening_ = false;
    start_clearing(now, out);
}

void Machine::closed(Reason why, SteadyTime, Actions& out) {
    if (why == Reason::none && phase_ == Phase::closed) return;
    const Reason reason = why == Reason::none ? Reason::gone : why;
    const Outcome outcome = paper_given() ? Outcome::unconfirmed : Outcome::not_printed;
    scrap_ = scrap_ || paper_given();
    disconnect();
    reopening_ = false;
    status_ = {};
    show(PrinterState::gone, out);
    if (job_) finish(outcome, reason, out);
}

void Machine::received(std::span<const std::byte> bytes, SteadyTime now, Actions& out) {
    if (phase_ == Phase::closed) return;
    std::vector<escpos::Reply> replies;
    parser_.feed(bytes, now, replies);
    for (const auto& reply : replies) {
        if (phase_ == Phase::closed) return;  // an earlier reply has made us drop the link
        heard(reply, now, out);
    }
}

void Machine::taken(std::uint64_t total, SteadyTime now, Actions& out) {
    if (phase_ == Phase::closed || total <= taken_) return;
    assert(total <= asked_);
    // A printer that stands may refuse every byte, questions too. Only one that reports by itself
    // tells why it stood.
    const bool stood = taken_ < paper_end_ && now - progressed_ >= unwatched_time;
    if (stood && !profile_.has_asb) unwatched_ = true;
    progressed_ = now;
    taken_ = std::min(total, asked_);
    if (phase_ == Phase::printing) watch_progress(now, out);
}

void Machine::tick(SteadyTime now, Actions& out) {
    if (job_ && now >= job_until_) {
        if (paper_given()) {
            abandon(hard(status_) ? reason_of(status_) : Reason::no_answer, now, out);
        } else {
            const bool silent = silent_rounds_ > 0;
            finish(Outcome::not_printed, silent ? Reason::no_answer : Reason::busy, out);
            if (phase_ == Phase::checking) start_idle(now, out);
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
}

void Machine::start_clearing(SteadyTime now, Actions& out) {
    // Half a command may be left as well; these complete it. Alone they print nothing.
    static constexpr std::array<std::byte, 10> fill{};
    enter(Phase::clearing);
    round_.reset();
    parser_.forget_status();
    cleared_ = false;
    if (profile_.clear != escpos::ClearCommand::dle_dc4_8) {
        write(joined(fill, escpos::recover_and_clear), out);
        until_ = now + quiet_time;
        return;
    }
    // An error is left only by DLE ENQ; it does nothing where there is none.
    if (status_.cutter_error || status_.recoverable)
        write(joined(escpos::recover_and_clear, escpos::clear_buffer), out);
    else
        write(joined(escpos::clear_buffer), out);
    until_ = now + clear_time;
}

void Machine::start_greeting(SteadyTime now, Actions& out) {
    enter(Phase::greeting);
    write(joined(escpos::reset, escpos::kanji_off), out);
    if (!profile_.answers) {
        start_syncing(now, out);
        return;
    }
    if (profile_.has_asb) write(joined(escpos::auto_status_on), out);
    ask(1, now, out);
}

void Machine::start_syncing(SteadyTime now, Actions& out) {
    enter(Phase::syncing);
    if (!has_barrier()) {
        start_trimming(now, out);
        return;
    }
    write_barrier(out);
    until_ = now + sync_time;
    next_ask_ = now + poll_time;
}

// The next paper would otherwise hang on to what has come out of the abandoned one.
void Machine::start_trimming(SteadyTime now, Actions& out) {
    if (scrap_) write(profile_.cut, out);
    if (!scrap_ || !profile_.answers) {
        scrap_ = false;
        show(state_of(status_), out);
        start_idle(now, out);
        return;
    }
    enter(Phase::trimming);
    next_ask_ = now + profile_.settle;  // a blade that was stuck may be so again
}

void Machine::start_idle(SteadyTime now, Actions& out) {
    enter(Phase::idle);
    parser_.forget_queries();
    clearings_ = 0;
    if (profile_.answers) next_ask_ = now + (profile_.has_asb ? watch_time : poll_time);
    if (job_) start_checking(now, out);
}

void Machine::start_checking(SteadyTime now, Actions& out) {
    enter(Phase::checking);
    if (!profile_.answers)
        start_printing(now, out);
    else if (!round_)
        ask(1, now, out);
}

void Machine::start_printing(SteadyTime now, Actions& out) {
    enter(Phase::printing);
    barrier_answered_ = false;
    progressed_ = now;
    unwatched_ = false;
    job_until_ = now + job_time;
    until_ = now + stall_time;
    write(std::move(job_->paper), out);
    write_barrier(out);
    paper_end_ = asked_;
}

void Machine::start_confirming(SteadyTime now, Actions& out) {
    enter(Phase::confirming);
    clean_rounds_ = 0;
    until_ = now + paper_time;
    if (!round_) ask(1, now, out);
}

void Machine::phase_over(SteadyTime now, Actions& out) {
    until_.reset();
    switch (phase_) {
        case Phase::clearing:
            start_greeting(now, out);
            break;
        case Phase::syncing:
            start_trimming(now, out);
            break;
        case Phase::printing:
            if (!profile_.answers && all_taken()) {
                finish(Outcome::unconfirmed, Reason::no_answer, out);
                start_idle(now, out);
                break;
            }
            [[fallthrough]];
        case Phase::confirming:
            if (status_.head_hot && !hard(status_)) {
                until_ = now + paper_time;  // it goes on by itself; the job has an end anyway
                break;
            }
            abandon(hard(status_) ? reason_of(status_) : Reason::no_answer, now, out);
            break;
        case Phase::closed:
        case Phase::greeting:
        case Phase::trimming:
        case Phase::idle:
        case Phase::checking:
            break;
    }
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
    if (barrier_answered_ || !has_barrier()) start_confirming(now, out);
}

void Machine::finish(Outcome outcome, Reason reason, Actions& out) {
    const JobId id = job_->id;
    job_.reset();
    out.emplace_back(Done{id, outcome, reason});
}

void Machine::abandon(Reason reason, SteadyTime now, Actions& out) {
    finish(Outcome::unconfirmed, reason, out);
    scrap_ = true;
    clearings_ = 0;
    if (all_taken())
        start_clearing(now, out);
    else
        reopen(out);  // the only way to take back what the transport still holds
}

void Machine::reopen(Actions& out) {
    disconnect();
    reopening_ = true;
    if (!hard(status_)) show(PrinterState::offline, out);
    out.emplace_back(CloseAndReopen{});
}

void Machine::disconnect() {
    enter(Phase::closed);
    round_.reset();
    parser_.reset();
    asked_ = taken_ = 0;
}

void Machine::show(PrinterState state, Actions& out) {
    if (state == state_) return;
    state_ = state;
    out.emplace_back(StateChanged{state});
}

void Machine::write_barrier(Actions& out) {
    if (profile_.has_process_id) {
        process_id_ = process_id_of(process_count_++);
        std::vector<std::byte> request = joined(escpos::process_id);
        for (const char c : process_id_)
            request.push_back(static_cast<std::byte>(c));
        write(std::move(request), out);
    } else if (profile_.has_barrier) {
        write(joined(escpos::barrier), out);
        parser_.asked_query();
    }
}

void Machine::write(std::vector<std::byte> bytes, Actions& out) {
    asked_ += bytes.size();
    out.emplace_back(Write{std::move(bytes)});
}

}  // namespace antrean::printer
