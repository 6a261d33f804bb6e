#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {

Machine::Machine(Profile profile) : board_{std::move(profile)} {}

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
            if (const auto command = scanner_.add(byte)) carry_out(*command, now);
        }
        advance(now);
    }
    return taken;
}

void Machine::advance(SteadyTime now) {
    now_ = std::max(now_, now);
    if (!powered_) return;
    for (;;) {
        board_.mechanism.run(now_);
        board_.report_changes();
        if (board_.mechanism.stopped()) return;
        answer_process_id(now_);
        if (interpreter_.step(now_) != Interpreter::Step::done) return;
    }
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
    if (!powered_) return std::nullopt;
    return board_.mechanism.next_event(now_);
}

std::vector<std::byte> Machine::take_replies() {
    auto replies = board_.outbox.take();
    if (powered_ && !board_.mechanism.stopped()) answer_process_id(now_);
    return replies;
}

std::vector<Paper> Machine::take_papers() {
    return board_.mechanism.take_papers();
}

void Machine::carry_out(const RealTimeCommand& command, SteadyTime now) {
    using Kind = RealTimeCommand::Kind;
    const Profile& profile = board_.profile;
    Mechanism& mechanism = board_.mechanism;
    switch (command.kind) {
        case Kind::status:
            if (profile.answers_dle_eot) {
                board_.outbox.send({board_.real_time_status(command.operand)});
            }
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
            if (profile.has_power_command) power_off(now);
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
    powered_ = false;
    board_.buffer.clear();
    board_.outbox.clear();
    board_.reset_reports();
    board_.mechanism.power_off();
    interpreter_.reset();
    scanner_.reset();
}

void Machine::power_on(SteadyTime now) {
    now_ = std::max(now_, now);
    if (std::exchange(powered_, true)) return;
    board_.mechanism.not_before(now_);
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
    c.buffered = board_.buffer.size();
    c.paper_left_mm = m.paper_left_mm();
    return c;
}

}  // namespace antrean::virtual_printer
