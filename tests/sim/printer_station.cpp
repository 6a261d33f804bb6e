#include "tests/sim/printer_station.hpp"

#include <algorithm>
#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;
using printer::Reason;

namespace {

constexpr std::size_t wire_capacity = 2048;
constexpr double new_roll_mm = 30'000;

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span{text});
}

}  // namespace

PrinterStation::PrinterStation(World& world, Checker& checker, const PrinterPlace& place,
                               Random random, const Manner& manner)
    : world_{world},
      checker_{checker},
      place_{place},
      random_{random},
      manner_{manner},
      machine_{manner.printer},
      timer_{world, [this] {
                 machine_.advance(world_.now());
                 changed();
             }} {}

void PrinterStation::tell(std::string_view what) {
    world_.tell(place_.box.view(), "{} {}", place_.name(), what);
}

void PrinterStation::open(Host host) {
    host_ = std::move(host);
    state_ = State::waiting;
    ++link_;
    severed_ = false;
    offer_opening(random_.between(5ms, 100ms));
}

void PrinterStation::offer_opening(Time wait) {
    world_.after(wait, [this, link = link_] {
        if (link != link_ || state_ != State::waiting) return;
        if (!machine_.condition().powered) {
            // A USB printer is noticed when it comes; a network's does not answer.
            if (manner_.tcp) end_link(Reason::gone, 3s);
            return;
        }
        state_ = State::open;
        taken_ = 0;
        replies_.clear();
        machine_.take_replies();  // what nobody was there to read is gone
        const auto opened = host_.opened;
        opened();
    });
}

void PrinterStation::write(std::span<const std::byte> bytes) {
    if (state_ != State::open) return;
    queue_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    pump_soon();
}

void PrinterStation::close() {
    ++link_;
    state_ = State::closed;
    queue_.clear();
    replies_.clear();
}

void PrinterStation::host_died(bool power_cut) {
    close();
    if (power_cut) wire_.clear();
}

void PrinterStation::pump_soon() {
    if (pumping_ || (queue_.empty() && wire_.empty())) return;
    pumping_ = true;
    world_.after(random_.between(Time{50}, Time{1500}), [this] {
        pumping_ = false;
        pump();
    });
}

void PrinterStation::pump() {
    const auto taken_before = taken_;
    bool moved = false;
    if (manner_.tcp) {
        if (const auto size = std::min(queue_.size(), wire_capacity - wire_.size()); size > 0) {
            if (!severed_) wire_.append(queue_, 0, size);
            queue_.erase(0, size);
            taken_ += size;
        }
        const auto part = wire_.substr(0, random_.between(64, 1024));
        const auto size = machine_.receive(bytes_of(part), world_.now());
        wire_.erase(0, size);
        moved = size > 0;
    } else if (!severed_) {
        const auto part = queue_.substr(0, random_.between(64, 1024));
        const auto size = machine_.receive(bytes_of(part), world_.now());
        queue_.erase(0, size);
        taken_ += size;
        moved = size > 0;
    }
    settle();
    if (moved) pump_soon();
    if (taken_ != taken_before) {
        const auto taken = host_.taken;
        taken(taken_);
    }
}

// Something has happened to the printer: what it refused may go on.
void PrinterStation::changed() {
    settle();
    pump_soon();
}

// Carries on what the printer has done: papers, answers, and when to look again.
void PrinterStation::settle() {
    for (const auto& paper : machine_.take_papers())
        checker_.paper_out(place_, paper);
    const auto answers = machine_.take_replies();
    if (state_ == State::open && !severed_ && !answers.empty()) {
        replies_.append(reinterpret_cast<const char*>(answers.data()), answers.size());
        deliver_replies();
    }
    const bool out = machine_.condition().paper_end;
    if (out && !was_out_) {
        tell("runs out of paper");
        if (is_in_mid_ticket()) world_.mark(Mark::paper_out_in_mid_ticket);
        world_.after(until_reload_, [this] { load_paper(); });
    }
    was_out_ = out;
    timer_.set(machine_.next_event());
}

void PrinterStation::deliver_replies() {
    if (std::exchange(replying_, true)) return;
    world_.after(random_.between(Time{100}, Time{5000}), [this, link = link_] {
        replying_ = false;
        if (link != link_ || state_ != State::open || replies_.empty()) {
            if (!replies_.empty()) deliver_replies();
            return;
        }
        const auto answers = std::exchange(replies_, {});
        const auto received = host_.received;
        received(bytes_of(answers));
    });
}

void PrinterStation::end_link(Reason why, Time wait) {
    world_.after(wait, [this, why, link = link_] {
        if (link != link_ || state_ == State::closed) return;
        const auto closed = host_.closed;
        close();
        closed(why);
    });
}

void PrinterStation::cut_power(Time how_long) {
    if (!machine_.condition().powered) return;
    tell("loses power");
    if (is_in_mid_ticket()) world_.mark(Mark::printer_power_cut_in_mid_ticket);
    machine_.power_off(world_.now());
    wire_.clear();
    severed_ = true;
    if (state_ == State::open)
        end_link(Reason::gone, random_.between(1ms, manner_.tcp ? 3s : 200ms));
    changed();
    world_.after(how_long, [this] {
        if (machine_.condition().powered) return;
        machine_.power_on(world_.now());
        changed();
        if (state_ == State::waiting && !manner_.tcp) offer_opening(random_.between(500ms, 2s));
    });
}

void PrinterStation::open_cover(Time how_long) {
    if (is_in_mid_ticket()) world_.mark(Mark::cover_opened_in_mid_ticket);
    tell("is opened");
    machine_.open_cover(world_.now());
    changed();
    world_.after(how_long, [this] {
        machine_.close_cover(world_.now());
        changed();
    });
}

void PrinterStation::jam(Time how_long) {
    tell("has a jam in its cutter");
    machine_.jam_cutter(world_.now());
    changed();
    world_.after(how_long, [this] {
        machine_.clear_jam(world_.now());
        changed();
    });
}

void PrinterStation::overheat(Time how_long) {
    tell("has too hot a head");
    machine_.overheat(world_.now(), true);
    changed();
    world_.after(how_long, [this] {
        machine_.overheat(world_.now(), false);
        changed();
    });
}

void PrinterStation::run_out(double left_mm, Time how_long) {
    // A roll that was just put in does not end in the middle of the same ticket.
    const bool fresh = reloaded_ && world_.now() - *reloaded_ < 60s;
    if (machine_.condition().paper_end || fresh) return;
    until_reload_ = how_long;
    machine_.set_paper_left(world_.now(), left_mm);
    changed();
}

void PrinterStation::load_paper() {
    if (!machine_.condition().paper_end) return;
    tell("gets a new roll of paper");
    reloaded_ = world_.now();
    machine_.open_cover(world_.now());
    machine_.load_paper(world_.now(), new_roll_mm);
    machine_.close_cover(world_.now());
    changed();
}

void PrinterStation::tear_off() {
    checker_.paper_torn(place_);
    machine_.tear_off(world_.now());
    changed();
}

void PrinterStation::take_ticket() {
    if (manner_.printer.cutter != virtual_printer::Cutter::none) return;
    machine_.tear_off(world_.now());
    changed();
}

void PrinterStation::collect_hanging() {
    machine_.advance(world_.now());
    changed();
    checker_.paper_out(place_, machine_.hanging());
}

}  // namespace antrean::sim
