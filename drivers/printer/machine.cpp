#include "drivers/printer/machine.hpp"

#include "drivers/escpos/commands.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <string>
#include <utility>

namespace antrean::printer {
namespace {

using namespace std::chrono_literals;
using escpos::PrinterStatus;

constexpr auto answer_time = 1s;      // a status answer takes milliseconds, but USB may be busy
constexpr auto clear_time = 1s;       // DLE DC4 8 up to its answer
constexpr auto quiet_time = 250ms;    // nothing arrives for so long: nothing old is on its way
constexpr auto poll_time = 2s;        // faster polling fills the buffer of a printer that stands
constexpr auto watch_time = 10s;      // polling of a printer that reports by itself
constexpr auto soft_time = 300ms;     // until a trouble that passes by itself is looked at again
constexpr auto begin_time = 5s;       // a job that could not begin by then is not printed
constexpr auto expect_time = 1500ms;  // a ticket usually takes less; then status is looked at
constexpr auto stall_time = 10s;      // without any byte taken
constexpr auto paper_time = 15s;      // all taken and no answer behind the paper
constexpr auto sync_time = 10s;       // what is left in a buffer may take so long to come out
constexpr auto job_time = 60s;        // longest cooling pause included
constexpr auto mute_time = 1s;        // a printer that never answers gets this long for its paper
constexpr int rounds_until_reopen = 15;
constexpr int rounds_until_recover = 5;

template <class... Parts>
std::vector<std::byte> joined(const Parts&... parts) {
    std::vector<std::byte> bytes;
    (bytes.insert(bytes.end(), parts.begin(), parts.end()), ...);
    return bytes;
}

// It needs a person, or a new start: waiting does not help.
bool hard(const PrinterStatus& s) {
    return s.cover_open || s.paper_out || s.stopped || s.cutter_error || s.recoverable ||
           s.unrecoverable || (s.error && !s.head_hot);
}

// Paper sensors are not live with the cover open, so the cover goes first.
Reason reason_of(const PrinterStatus& s) {
    if (s.cover_open) return Reason::cover_open;
    if (s.paper_out || s.stopped) return Reason::paper_out;
    if (s.cutter_error) return Reason::cutter;
    if (hard(s)) return Reason::fault;
    return s.clean() ? Reason::no_answer : Reason::busy;
}

PrinterState state_of(const PrinterStatus& s) {
    if (s.cover_open) return PrinterState::cover_open;
    if (s.paper_out || s.stopped) return PrinterState::paper_out;
    if (s.cutter_error) return PrinterState::cutter_jam;
    if (hard(s)) return PrinterState::faulty;
    if (s.head_hot) return PrinterState::head_hot;
    if (s.offline) return PrinterState::offline;
    return s.paper_low ? PrinterState::paper_low : PrinterState::ready;
}

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

// --- events

void Machine::opened(SteadyTime now, Actions& out) {
    assert(phase_ == Phase::closed);
    parser_.reset();
    asked_ = taken_ = 0;
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

// --- phases

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
    if (!profile_.has_clear_buffer) {
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
    if (!scrap_) {
        show(state_of(status_), out);
        start_idle(now, out);
        return;
    }
    enter(Phase::trimming);
    write(profile_.cut, out);
    if (profile_.answers) {
        next_ask_ = now + profile_.settle;  // a blade that was stuck may be so again
    } else {
        scrap_ = false;
        start_idle(now, out);
    }
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
    job_until_ = now + job_time;
    until_ = now + stall_time;
    write(std::move(job_->paper), out);
    write_barrier(out);
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

// --- questions and answers

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

// --- what a new status means

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
        } else if (profile_.has_clear_buffer && !cleared_ && clearings_++ < 1) {
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
    if (has_barrier())
        finish(Outcome::printed, Reason::none, out);
    else
        finish(Outcome::unconfirmed, Reason::no_answer, out);
    start_idle(now, out);
}

// --- ends

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

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::printed:
            return "printed";
        case Outcome::unconfirmed:
            return "unconfirmed";
        case Outcome::not_printed:
            return "not printed";
    }
    return "";
}

std::string_view to_string(Reason reason) {
    switch (reason) {
        case Reason::none:
            return "none";
        case Reason::paper_out:
            return "paper out";
        case Reason::cover_open:
            return "cover open";
        case Reason::cutter:
            return "cutter jam";
        case Reason::fault:
            return "fault";
        case Reason::no_answer:
            return "no answer";
        case Reason::gone:
            return "gone";
        case Reason::busy:
            return "busy";
    }
    return "";
}

std::string_view to_string(PrinterState state) {
    switch (state) {
        case PrinterState::ready:
            return "ready";
        case PrinterState::paper_low:
            return "paper low";
        case PrinterState::paper_out:
            return "paper out";
        case PrinterState::cover_open:
            return "cover open";
        case PrinterState::cutter_jam:
            return "cutter jam";
        case PrinterState::head_hot:
            return "head hot";
        case PrinterState::offline:
            return "offline";
        case PrinterState::gone:
            return "gone";
        case PrinterState::faulty:
            return "faulty";
    }
    return "";
}

}  // namespace antrean::printer
