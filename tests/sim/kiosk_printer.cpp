#include "tests/sim/kiosk_printer.hpp"

#include <algorithm>
#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;

KioskPrinter::KioskPrinter(World& world, Checker& checker, const PrinterPlace& place,
                           const MachineClock& clock, Random random,
                           const PrinterStation::Manner& manner, Handlers handlers)
    : world_{world},
      place_{place},
      clock_{clock},
      random_{random},
      station_{world, checker, place, random_.fork(), manner},
      handlers_{std::move(handlers)} {}

void KioskPrinter::start() {
    ++runs_;
    run_ = std::make_unique<Run>(Run{
        printer::Machine{station_.driver_profile(), static_cast<std::uint32_t>(random_.next())}});
    run_->timer = std::make_unique<Timer>(world_, [this] {
        drive([&](printer::Actions& out) { run_->driver.tick(clock_.now(), out); });
    });
    open();
}

void KioskPrinter::stop(bool power_cut) {
    if (!run_) return;
    if (run_->driver.busy() && station_.is_in_mid_ticket()) {
        world_.mark(Mark::kiosk_died_in_mid_ticket);
    }
    run_.reset();
    station_.host_died(power_cut);
}

void KioskPrinter::print(TicketId ticket, std::vector<std::byte> paper) {
    printer::Actions out;
    run_->driver.print({printer::JobId{ticket.value()}, std::move(paper)}, clock_.now(), out);
    collect(std::move(out));
    // Not at once: no handler is called from inside print().
    later(Time{0}, [this] { perform(); });
}

template <class What>
void KioskPrinter::later(Time wait, What what) {
    world_.after(wait, [this, what, run = runs_] {
        if (run_ && run == runs_) what();
    });
}

template <class Event>
void KioskPrinter::drive(const Event& event) {
    printer::Actions out;
    event(out);
    collect(std::move(out));
    perform();
}

void KioskPrinter::collect(printer::Actions&& actions) {
    for (auto& action : actions)
        run_->actions.push_back(std::move(action));
}

void KioskPrinter::perform() {
    if (std::exchange(run_->performing, true)) return;
    while (!run_->actions.empty()) {
        handlers_.before_action();
        perform(run_->actions.front());  // stays when others are appended
        run_->actions.pop_front();
    }
    run_->performing = false;
    const auto deadline = run_->driver.deadline();
    run_->timer->set(deadline ? std::optional{clock_.in_world(*deadline)} : std::nullopt);
}

void KioskPrinter::perform(const printer::Action& action) {
    const auto who = place_.box.view();
    if (const auto* write = std::get_if<printer::Write>(&action)) {
        station_.write(write->bytes);
    } else if (std::holds_alternative<printer::CloseAndReopen>(action)) {
        station_.close();
        later(Time{0}, [this] { closed(printer::Reason::none); });
    } else if (const auto* done = std::get_if<printer::Done>(&action)) {
        world_.tell(who, "{} says of ticket {}: {}, {}", place_.name(), done->job.value(),
                    printer::to_string(done->outcome), printer::to_string(done->reason));
        handlers_.on_done(TicketId{done->job.value()}, done->outcome, done->reason);
    } else if (const auto* presented = std::get_if<printer::Presented>(&action)) {
        world_.tell(who, "its presenter: ticket {} is {}", presented->job.value(),
                    printer::to_string(presented->what));
    } else {
        const auto state = std::get<printer::StateChanged>(action).state;
        world_.tell(who, "{}: {}", place_.name(), printer::to_string(state));
        handlers_.on_state();
    }
}

void KioskPrinter::open() {
    station_.open(
        {.opened = [this] { drive([&](auto& out) { run_->driver.opened(clock_.now(), out); }); },
         .received =
             [this](std::span<const std::byte> bytes) {
                 drive([&](auto& out) { run_->driver.received(bytes, clock_.now(), out); });
             },
         .taken =
             [this](std::uint64_t total) {
                 drive([&](auto& out) { run_->driver.taken(total, clock_.now(), out); });
             },
         .closed = [this](printer::Reason why) { closed(why); }});
}

void KioskPrinter::closed(printer::Reason why) {
    const auto wait = random_.between(run_->retry / 2, run_->retry);
    run_->retry = std::min<Time>(run_->retry * 2, 5s);
    later(wait, [this] { open(); });
    drive([&](auto& out) { run_->driver.closed(why, clock_.now(), out); });
}

}  // namespace antrean::sim
