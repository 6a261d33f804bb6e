// A kiosk in the simulated world: the real core, store and layout, and around them what
// firmware/kiosk/shell does with timers, sockets and one or two printers. It can die between any
// two actions, and in the middle of a save.
#pragma once

#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/printers.hpp"
#include "firmware/kiosk/state_report.hpp"
#include "firmware/kiosk/store.hpp"
#include "tests/sim/device_node.hpp"
#include "tests/sim/kiosk_printer.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace antrean::sim {

class KioskNode final : public DeviceNode {
public:
    KioskNode(World& world, Network& network, Checker& checker, const site::Kiosk& kiosk,
              const Box& box, std::size_t device, Random random,
              const std::vector<PrinterStation::Manner>& printers);

    void start();
    bool is_up() const override { return life_ != nullptr; }

    void pressed(ButtonNumber button);
    void scanned(const std::string& code);
    std::size_t printer_count() const { return printers_.size(); }
    PrinterStation& printer(std::size_t which) { return printers_.at(which)->station(); }
    const site::Kiosk& kiosk() const { return kiosk_; }
    // The highest event that it was told of; none while it is down.
    std::optional<std::uint64_t> position() const;
    // What technicians do to it while it is down. The board is replaced, and its disk moved over;
    // the disk is replaced by an empty one; or by a copy of that of OTHER, which is down as well.
    // A twin is not there before it is brought. What was taken away does not start again.
    bool is_there() const { return is_there_; }
    void bring() { is_there_ = true; }
    void take_away();
    void get_new_computer();
    void get_new_disk();
    void get_disk_of(const KioskNode& other);
    // Whether OTHER's disk is an older copy of what this computer had: nothing can tell the two
    // apart there before it connects, so that it gives numbers again. No technician does that.
    bool would_go_back(const KioskNode& other) const { return other.opened_by_ == computer(); }
    // Both are down: each gets the other's.
    static void swap_disks(KioskNode& one, KioskNode& other);
    // Until its driver gives up, what becomes of a paper at its printer may stay unknown.
    bool is_printing() const;
    // Requests that it will need to tell all that it knows by now.
    std::size_t untold() const {
        return life_ ? life_->core.offline().size() + life_->core.jobs().size() : 0;
    }

private:
    struct Life {
        kiosk::Store store;
        kiosk::Core core;
        kiosk::Printers printers;
        kiosk::StateReport state_report;
        std::unique_ptr<Timer> core_timer{};
        std::unique_ptr<Timer> state_timer{};
        bool unlinked = true;
        std::optional<std::size_t> printed_at{};  // the last paper
        bool could_print = false;
    };

    template <class Input>
    void step(Input&& input);
    void perform(const kiosk::Action& action, const kiosk::Action* before);
    void save(const kiosk::Save& save, bool dies);
    void on_message(const proto::Message& message);
    void show(const kiosk::Screen& screen);

    void print(const kiosk::Print& print);
    void look_at_printers();
    void printer_changed();
    void tell_state();

    void cut_off(Death how) override;
    void forget() override { life_.reset(); }

    using Files = std::vector<std::pair<std::string, std::string>>;  // suffix and content
    Files files() const;
    void put(const Files& files, std::string opened_by);

    std::string computer() const { return fmt::format("{} {}", box_.view(), computer_); }

    bool is_there_ = !box_.is_twin();
    std::uint64_t computer_ = 1;
    bool is_of_another_ = false;  // the disk that it got
    std::string opened_by_;       // the computer that its store was opened in last
    std::uint64_t store_ = 1;     // a new disk is a new file's name
    const site::Kiosk kiosk_;     // with all buttons that it ever has
    std::vector<std::unique_ptr<KioskPrinter>> printers_;
    std::unique_ptr<Life> life_;
};

}  // namespace antrean::sim
