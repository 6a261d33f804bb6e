// What a seed draws before it begins: the hall, its people, and how often each kind of fault comes.
// Some rates are zero in any seed, so that each fault is also met alone.
#pragma once

#include "controller/site/site.hpp"
#include "tests/sim/controller_node.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/printer_station.hpp"

#include <vector>

namespace antrean::sim {

struct Plan {
    site::Site site;
    std::vector<PrinterStation::Manner> printers;  // one for each kiosk
    ControllerNode::Manner controller;
    Network::Manner network;
    Time length{};          // until the faults are over
    Time since_midnight{};  // local time at the start
    // Mean times between; zero: never.
    Time press{}, key{};
    Time controller_death{}, kiosk_death{}, callpad_death{};
    Time cut{}, stall{}, silence{}, isolation{};
    Time printer_power{}, cover{}, paper{}, jam{}, heat{}, tear{};
    Time wall_jump{};
};

Plan draw_plan(Random& random);

}  // namespace antrean::sim
