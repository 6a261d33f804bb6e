// One of a kiosk's printers in the simulated world: the real driver, and around it what
// drivers/printer/printer does with timers and the cable. The printer itself outlives the runs of
// the kiosk's program.
#pragma once

#include "drivers/printer/machine.hpp"
#include "tests/sim/machine_clock.hpp"
#include "tests/sim/printer_station.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace antrean::sim {

class KioskPrinter {
public:
    struct Handlers {
        std::function<void()> before_action;  // the kiosk may die by it
        std::function<void(TicketId, printer::Outcome, printer::Reason)> on_done;
        std::function<void()> on_state;
    };

    // CLOCK is the kiosk's, and outlives the printer.
    KioskPrinter(World& world, Checker& checker, const PrinterPlace& place,
                 const MachineClock& clock, Random random, const PrinterStation::Manner& manner,
                 Handlers handlers);

    // A run of the kiosk's program begins, or has ended.
    void start();
    void stop(bool power_cut);

    // Done follows, and not before this has returned. Only while a run lasts.
    void print(TicketId ticket, std::vector<std::byte> paper);
    bool busy() const { return run_->driver.busy(); }
    printer::PrinterState state() const { return run_->driver.state(); }
    PrinterStation& station() { return station_; }

private:
    struct Run {
        printer::Machine driver;
        std::deque<printer::Action> actions{};
        bool performing = false;
        std::unique_ptr<Timer> timer{};
        Time retry{std::chrono::milliseconds{200}};
    };

    template <class Event>
    void drive(const Event& event);
    void collect(printer::Actions&& actions);
    void perform();
    void perform(const printer::Action& action);
    void open();
    void closed(printer::Reason why);
    // Does WHAT after WAIT if this run still lasts then.
    template <class What>
    void later(Time wait, What what);

    World& world_;
    const PrinterPlace place_;
    const MachineClock& clock_;
    Random random_;
    PrinterStation station_;
    const Handlers handlers_;
    std::uint64_t runs_ = 0;
    std::unique_ptr<Run> run_;
};

}  // namespace antrean::sim
