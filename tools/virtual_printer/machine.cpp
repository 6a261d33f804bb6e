#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {

Machine::Machine(Profile profile)
    : board_{std::move(profile)}, keeps_buffer_{board_.profile.keeps_buffer_without_power} {}

void Machine::begin(SteadyTime now) {
    advance(now);
    // Nothing that is caused from here on may start earlier.
    board_.mechanism.not_before(now);
}

void Machine::end(SteadyTime now) {
    board_.report_changes();
    advance(now);
}

std::size_t Machine::receive(std::span<const std::byte> bytes, SteadyTime now) {
    begin(now);
    std::size_t taken = 0;
    while (taken < bytes.size() && powered_) {
        const bool refuses = board_.profile.refuses_while_offline && board_.mechanism.stopped();
        if (refuses || board_.buffer.space() == 0) break;
        while (taken < bytes.size() && board_.buffer.space() > 0 && powered_) {
            const auto byte = std::to_integer<std::uint8_t>(bytes[taken++]);
            board_.buffer.push(byte);
            if (const auto command = scanner_.add(byte)) carry_out(*command);
            if (script_.idle() || !script_.waits_for_byte(received_ + 1)) {
                ++received_;
                continue;
            }
            // What a script does at a byte comes after all that is due up to it.
            advance(now);
            ++received_;
            break;
        }
        advance(now);
    }
    return taken;
}

void Machine::set_now(SteadyTime now) {
    now_ = now;
    board_.set_now(now);
}

// In the order of time: the paper moves up to the next thing that is to happen, which happens, and
// so on. So it does not matter how often somebody calls.
void Machine::advance(SteadyTime now) {
    now = std::max(now_, now);
    for (;;) {
        const auto timed = script_.next_time();
        const bool due = timed && *timed <= now;
        if (run_to(due ? std::max(*timed, now_) : now)) continue;
        if (!due) return;
        perform(script_.take_timed());
        board_.report_changes();
    }
}

// True: something happened on the way, at now_, and there may be more to come before `now`.
bool Machine::run_to(SteadyTime now) {
    const SteadyTime before = now_;
    set_now(now);
    for (;;) {
        if (powered_) {
            const bool hold_cut =
                !script_.idle() && script_.waits_for_cut(board_.mechanism.partings() + 1);
            board_.mechanism.run(now_, hold_cut);
            board_.report_changes();
        }
        const SteadyTime moment = std::clamp(board_.mechanism.moment(), before, now);
        if (const auto act = take_due(moment)) {
            set_now(moment);
            perform(*act);
            board_.report_changes();
            return true;
        }
        if (!powered_ || board_.mechanism.stopped()) return false;
        answer_process_id(now_);
        if (interpreter_.step(now_) != Interpreter::Step::done) return false;
    }
}

std::optional<Act> Machine::take_due(SteadyTime moment) {
    if (script_.idle()) return std::nullopt;
    const bool cut_begins = powered_ && board_.mechanism.cut_begins(now_);
    return script_.take_due(progress(), cut_begins, moment);
}

Progress Machine::progress() const {
    return {board_.mechanism.lines(now_), received_, board_.mechanism.partings()};
}

void Machine::answer_process_id(SteadyTime now) {
    if (!board_.process_id || !board_.mechanism.idle(now)) return;
    const auto& id = *board_.process_id;
    // Unless the host reads, the printer keeps the answer.
    if (!board_.outbox.muted() && !board_.outbox.fits(7)) return;
    board_.outbox.send({0x37, 0x22, id[0], id[1], id[2], id[3], 0x00});
    board_.process_id.reset();
}

std::optional<SteadyTime> Machine::next_event() const {
    auto next = script_.next_time();
    const auto consider = [&next](std::optional<SteadyTime> time) {
        if (time) next = next ? std::min(*next, *time) : *time;
    };
    if (powered_) {
        consider(board_.mechanism.next_event(now_));
        consider(board_.outbox.next_event());
    }
    return next;
}

std::vector<std::byte> Machine::take_replies() {
    auto replies = board_.outbox.take();
    if (powered_ && !board_.mechanism.stopped()) answer_process_id(now_);
    return replies;
}

std::vector<Paper> Machine::take_papers() {
    return board_.mechanism.take_papers();
}

void Machine::carry_out(const RealTimeCommand& command) {
    using Kind = RealTimeCommand::Kind;
    const Profile& profile = board_.profile;
    Mechanism& mechanism = board_.mechanism;
    const bool custom = profile.dialect == Dialect::custom;
    const bool star = profile.dialect == Dialect::star;
    switch (command.kind) {
        case Kind::status:
            if (profile.answers_dle_eot) {
                board_.outbox.send({board_.real_time_status(command.operand)});
            }
            break;
        case Kind::motor_status:
            if (custom && profile.answers_dle_eot) board_.outbox.send({board_.motor_status()});
            break;
        case Kind::full_status:
            if (custom && profile.answers_dle_eot) {
                const auto [paper, user, recoverable, unrecoverable] = board_.full_status(3);
                board_.outbox.send({0x10, 0x0f, paper, user, recoverable, unrecoverable});
            }
            break;
        case Kind::star_status:
            if (star && profile.answers_dle_eot) board_.send_star_status();
            break;
        case Kind::custom_reset:
            if (custom) forget_all();
            break;
        case Kind::retry:
            mechanism.retry();
            break;
        case Kind::forget: {
            const bool had_error = mechanism.forget_error();
            if (had_error || (mechanism.stopped() && !profile.enq_needs_error)) clear_buffers();
            break;
        }
        case Kind::tell_status:
            if (profile.has_asb) board_.outbox.send(board_.automatic_status());
            break;
        case Kind::clear_buffers:
            if (!profile.has_clear) break;
            clear_buffers();
            board_.outbox.send({0x37, 0x25, 0x00});
            break;
        case Kind::power_down:
            if (profile.has_power_command) lose_power();
            break;
    }
    board_.report_changes();
}

void Machine::clear_buffers() {
    board_.buffer.clear();
    board_.process_id.reset();
    interpreter_.clear();
    // What the head is doing goes on to its end; what a fault holds up is forgotten.
    if (board_.mechanism.stopped()) board_.mechanism.drop_movement();
    board_.mechanism.interrupt();
}

void Machine::open_cover(SteadyTime now) {
    begin(now);
    board_.mechanism.open_cover(now_);
    end(now);
}

void Machine::close_cover(SteadyTime now) {
    begin(now);
    board_.mechanism.close_cover();
    end(now);
}

void Machine::load_paper(SteadyTime now) {
    load_paper(now, board_.profile.roll_mm);
}

void Machine::load_paper(SteadyTime now, double length_mm) {
    begin(now);
    board_.mechanism.load_paper(length_mm);
    end(now);
}

void Machine::set_paper_left(SteadyTime now, double length_mm) {
    begin(now);
    board_.mechanism.set_paper_left(length_mm);
    end(now);
}

void Machine::tear_off(SteadyTime now) {
    begin(now);
    board_.mechanism.tear_off();
    end(now);
}

void Machine::jam_cutter(SteadyTime now) {
    begin(now);
    board_.mechanism.jam_cutter(true);
    end(now);
}

void Machine::clear_jam(SteadyTime now) {
    begin(now);
    board_.mechanism.jam_cutter(false);
    end(now);
}

void Machine::overheat(SteadyTime now, bool hot) {
    begin(now);
    board_.mechanism.overheat(hot);
    end(now);
}

void Machine::break_board(SteadyTime now) {
    begin(now);
    board_.mechanism.break_board();
    end(now);
}

void Machine::power_off(SteadyTime now) {
    begin(now);
    lose_power();
}

void Machine::power_on(SteadyTime now) {
    begin(now);
    gain_power();
    end(now);
}

void Machine::lose_power() {
    if (!std::exchange(powered_, false)) return;
    if (!keeps_buffer_) return forget_all();
    board_.outbox.clear();
    board_.reset_reports();
    board_.mechanism.power_off(true);
    scanner_.reset();
}

void Machine::gain_power() {
    if (!std::exchange(powered_, true)) ++board_.power_ons;
}

void Machine::forget_all() {
    board_.buffer.clear();
    board_.outbox.clear();
    board_.reset_reports();
    board_.mechanism.power_off(false);
    interpreter_.reset();
    scanner_.reset();
}

bool Machine::take_ticket(SteadyTime now) {
    begin(now);
    const bool taken = board_.mechanism.presenter().take(now_);
    end(now);
    return taken;
}

void Machine::stick_ticket(SteadyTime now, bool stuck) {
    begin(now);
    board_.mechanism.presenter().stick(stuck);
    end(now);
}

Condition Machine::condition() const {
    const Mechanism& m = board_.mechanism;
    Condition c;
    c.powered = powered_;
    c.online = powered_ && !m.stopped();
    c.cover_open = m.cover_open();
    c.paper_near_end = m.near_end();
    c.paper_end = m.paper_end();
    c.cutter_error = m.cutter_error();
    c.recovering = m.recovering();
    c.broken = m.broken();
    c.muted = board_.outbox.muted();
    c.busy = !m.idle(now_) || interpreter_.in_ticket() || !board_.buffer.empty();
    c.ticket_inside = m.presenter().inside();
    c.ticket_in_mouth = m.presenter().in_mouth();
    c.ticket_stuck = m.presenter().jammed();
    c.buffered = board_.buffer.size();
    c.paper_left_mm = m.paper_left_mm();
    return c;
}

}  // namespace antrean::virtual_printer
