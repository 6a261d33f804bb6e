// A kiosk in the simulated world: the real core, store, layout and printer driver, and around them
// what firmware/kiosk/shell and drivers/printer/printer do with timers and sockets. It can die
// between any two actions, and in the middle of a save.
#pragma once

#include "drivers/printer/machine.hpp"
#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/store.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/device_link.hpp"
#include "tests/sim/memory_vfs.hpp"
#include "tests/sim/printer_station.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace antrean::sim {

class KioskNode {
public:
    using Death = DeviceLink::Death;

    KioskNode(World& world, Network& network, Checker& checker, const site::Kiosk& kiosk,
              std::size_t device, Random random, const PrinterStation::Manner& manner);
    KioskNode(const KioskNode&) = delete;
    KioskNode& operator=(const KioskNode&) = delete;

    void start();
    // Called after each death.
    void on_death(std::function<void()> call) { on_death_ = std::move(call); }
    // Dies after ACTIONS more actions of its core or driver, whenever those come; in the middle of
    // the next one if that is a save.
    void die_after(std::uint64_t actions, Death how);
    void die(Death how);
    // No death is planned any more.
    void spare() { doom_.reset(); }
    bool is_up() const { return life_ != nullptr; }

    void pressed(ButtonNumber button);
    PrinterStation& printer() { return station_; }
    const site::Kiosk& kiosk() const { return kiosk_; }
    // Connected, with no request on its way.
    bool is_quiet() const;

private:
    struct Doom {
        std::uint64_t actions = 0;
        Death how{};
    };
    struct Life {
        kiosk::Store store;
        kiosk::Core core;
        printer::Machine driver;
        std::deque<printer::Action> driver_actions;
        bool performing = false;
        std::unique_ptr<DeviceLink> link;
        std::unique_ptr<Timer> core_timer, driver_timer;
        Time retry{std::chrono::milliseconds{200}};
        std::optional<RequestId> unanswered;
        bool unlinked = true;
        std::optional<kiosk::Screen> screen;
    };

    template <class Input>
    void step(Input&& input);
    void perform(const kiosk::Action& action, const kiosk::Action* before);
    void save(const kiosk::Save& save, bool dies);
    void on_message(const proto::Message& message);
    void show(const kiosk::Screen& screen);

    template <class Event>
    void drive(const Event& event);
    void collect(printer::Actions&& actions);
    void perform_driver();
    void open_printer();
    void printer_closed(printer::Reason why);

    // Throws Killed if it is time.
    bool is_doomed();
    [[noreturn]] void fall(Death how);
    void bury(Death how);

    World& world_;
    Network& network_;
    Checker& checker_;
    const site::Kiosk& kiosk_;
    const std::size_t device_;
    Random random_;
    MachineClock clock_;
    MemoryDisk disk_;
    PrinterStation station_;
    std::optional<Doom> doom_;
    std::function<void()> on_death_;
    std::uint64_t lives_ = 0;
    std::unique_ptr<Life> life_;
};

}  // namespace antrean::sim
