// A kiosk in the simulated world: the real core, store, layout and printer driver, and around them
// what firmware/kiosk/shell and drivers/printer/printer do with timers and sockets. It can die
// between any two actions, and in the middle of a save.
#pragma once

#include "drivers/printer/machine.hpp"
#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/store.hpp"
#include "tests/sim/device_node.hpp"
#include "tests/sim/printer_station.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace antrean::sim {

class KioskNode final : public DeviceNode {
public:
    KioskNode(World& world, Network& network, Checker& checker, const site::Kiosk& kiosk,
              std::size_t device, Random random, const PrinterStation::Manner& manner);

    void start();
    bool is_up() const override { return life_ != nullptr; }

    void pressed(ButtonNumber button);
    PrinterStation& printer() { return station_; }
    const site::Kiosk& kiosk() const { return kiosk_; }
    // The highest event that it was told of; none while it is down.
    std::optional<std::uint64_t> position() const;
    // What technicians do to it while it is down. The board is replaced, and its disk moved over;
    // the disk is replaced by an empty one; or by a copy of that of OTHER, which is down as well.
    void get_new_computer();
    void get_new_disk();
    void get_disk_of(const KioskNode& other);
    // Whether OTHER's disk is an older copy of what this computer had: nothing can tell the two
    // apart there before it connects, so that it gives numbers again. No technician does that.
    bool would_go_back(const KioskNode& other) const { return other.opened_by_ == computer(); }
    // Both are down: each gets the other's.
    static void swap_disks(KioskNode& one, KioskNode& other);
    // Requests that it will need to tell all that it knows by now.
    std::size_t untold() const {
        return life_ ? life_->core.offline().size() + life_->core.jobs().size() : 0;
    }

private:
    struct Life {
        kiosk::Store store;
        kiosk::Core core;
        printer::Machine driver;
        std::deque<printer::Action> driver_actions;
        bool performing = false;
        std::unique_ptr<Timer> core_timer, driver_timer;
        Time retry{std::chrono::milliseconds{200}};
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

    void cut_off(Death how) override;
    void forget() override { life_.reset(); }

    using Files = std::vector<std::pair<std::string, std::string>>;  // suffix and content
    Files files() const;
    void put(const Files& files, std::string opened_by);

    std::string computer() const { return fmt::format("{} {}", id_.view(), computer_); }

    std::uint64_t computer_ = 1;
    bool is_of_another_ = false;  // the disk that it got
    std::string opened_by_;  // the computer that its store was opened in last
    std::uint64_t store_ = 1;  // a new disk is a new file's name
    const site::Kiosk kiosk_;  // with all buttons that it ever has
    PrinterStation station_;
    std::uint64_t lives_ = 0;
    std::unique_ptr<Life> life_;
};

}  // namespace antrean::sim
