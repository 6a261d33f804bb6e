// The people of a hall, apart from those who press for a number: clerks at their callpads, and the
// operator at the controller. They see what their screens show, and now and then press what is
// wrong.
#pragma once

#include "tests/sim/callpad_node.hpp"
#include "tests/sim/controller_node.hpp"

#include <memory>
#include <vector>

namespace antrean::sim {

class Clerks {
public:
    Clerks(World& world, Checker& checker, std::vector<std::unique_ptr<CallpadNode>>& callpads,
           Random random)
        : world_{world}, checker_{checker}, callpads_{callpads}, random_{random} {}

    // Whoever sits at CALLPAD does something.
    void act(CallpadNode& callpad);

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
    Random random_;
};

class Operator {
public:
    Operator(World& world, Checker& checker, ControllerNode& controller, Random random)
        : world_{world}, checker_{checker}, controller_{controller}, random_{random} {}

    void act();

private:
    void act_at_a_counter();

    World& world_;
    Checker& checker_;
    ControllerNode& controller_;
    Random random_;
};

}  // namespace antrean::sim
