// The people of a hall, apart from those who press for a number: clerks at their callpads, and the
// operator at the controller. They see what their screens show, and now and then press what is
// wrong.
#pragma once

#include "tests/sim/bookings.hpp"
#include "tests/sim/callpad_node.hpp"
#include "tests/sim/controller_node.hpp"
#include "tests/sim/kiosk_node.hpp"

#include <memory>
#include <vector>

namespace antrean::sim {

class Clerks {
public:
    Clerks(World& world, Checker& checker, std::vector<std::unique_ptr<CallpadNode>>& callpads,
           bool may_undo)
        : world_{world}, checker_{checker}, callpads_{callpads}, may_undo_{may_undo} {}

    // Whoever sits at CALLPAD does something, which RANDOM alone draws.
    void act(CallpadNode& callpad, Random random);

private:
    void act_on_somebody(CallpadNode& callpad);
    void act_on_nobody(CallpadNode& callpad);
    void undo_soon(CallpadNode& callpad);
    void name_somebody(CallpadNode& callpad);
    std::string some_choice() { return std::to_string(random_.between(1, 3)); }
    std::string some_code() { return "100" + std::to_string(random_.between(1, 5)); }

    World& world_;
    Checker& checker_;
    std::vector<std::unique_ptr<CallpadNode>>& callpads_;
    Random random_{0};  // of what is done now
    const bool may_undo_;
};

// Those who come with an appointment. They hold it before a reader once more where no paper comes,
// or go to another kiosk; some have made it themselves.
class Visitors {
public:
    Visitors(World& world, const Bookings& bookings,
             std::vector<std::unique_ptr<KioskNode>>& kiosks)
        : world_{world}, bookings_{bookings}, kiosks_{kiosks} {}

    void act(Random random);

private:
    KioskNode& some_kiosk() { return *kiosks_[random_.below(kiosks_.size())]; }

    World& world_;
    const Bookings& bookings_;
    std::vector<std::unique_ptr<KioskNode>>& kiosks_;
    Random random_{0};  // of what is done now
};

class Operator {
public:
    Operator(World& world, Checker& checker, ControllerNode& controller, bool may_undo)
        : world_{world}, checker_{checker}, controller_{controller}, may_undo_{may_undo} {}

    void act(Random random);

private:
    void act_at_a_counter();

    World& world_;
    Checker& checker_;
    ControllerNode& controller_;
    Random random_{0};  // of what is done now
    const bool may_undo_;
};

}  // namespace antrean::sim
