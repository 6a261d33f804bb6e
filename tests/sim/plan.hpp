// What a seed draws before it begins: the hall, its people, and how often each kind of fault comes.
// Some rates are zero in any seed, so that each fault is also met alone.
#pragma once

#include "tests/sim/bookings.hpp"
#include "tests/sim/controller_node.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/printer_station.hpp"
#include "tests/sim/sites.hpp"

#include <vector>

namespace antrean::sim {

struct Plan {
    Bookings bookings;
    Sites sites;  // the first one holds at the start and at the end, and has all devices
    std::vector<std::vector<PrinterStation::Manner>> printers;  // of each kiosk
    ControllerNode::Manner controller;
    Network::Manner network;
    Time length{};          // until the faults are over
    Time since_midnight{};  // local time at the start
    // Mean times between; zero: never.
    Time press{}, key{}, check_in{};
    Time controller_death{}, kiosk_death{}, callpad_death{};
    Time cut{}, stall{}, silence{}, isolation{};
    Time printer_power{}, cover{}, paper{}, jam{}, heat{}, tear{};
    Time wall_jump{};
    bool undo = true;  // clerks and the operator take steps back
    Time technician{};
    Time operation{}, site_change{};
    // Of the one backup that is put back; zero: none is.
    Time backup_at{}, restore_at{};
    bool restore_leaves_sign = true;
    // When a twin of the first kiosk comes; zero: none does. It has a printer of its own.
    Time twin_at{};
    Time press_both{};  // at the two, where there are two
    std::vector<PrinterStation::Manner> twins_printers;
};

// NOW: the time of day at which the seed begins, for hours that begin or end while it lasts.
site::Site draw_site(Random& random, std::chrono::minutes now, std::chrono::minutes day_starts);
// FROM with another version of some of it; with no device that FROM has not.
site::Site draw_change(Random& random, const site::Site& from, std::chrono::minutes now);

Plan draw_plan(Random& random);
// PLAN where nothing goes by the hour or the date, at noon by CLOCK: no opening hours, shifts and
// terms; no appointments; no undo, which is for ten seconds; and no numbers without the controller,
// whose holders wait by when they came; no estimates on papers. What is left may not depend on what
// any clock shows.
Plan without_hours(Plan plan, WallClock clock);

}  // namespace antrean::sim
