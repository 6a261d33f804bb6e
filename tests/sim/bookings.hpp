// The appointments that the people of a seed have: sealed codes, as a booking system gives them.
#pragma once

#include "controller/site/site.hpp"
#include "tests/sim/random.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace antrean::sim {

struct Booking {
    std::string code;
    ServiceId service;
    std::string day;          // "2026-01-05"
    std::int64_t minute = 0;  // of it
};
// By the name of the appointment, which is the code without its seal.
using Bookings = std::map<std::string, Booking>;

appointments::Key booking_key();
// Around NOW of the day TODAY, most of them; some of another hour or day.
Bookings draw_bookings(Random& random, const site::Site& site, ServiceDay today,
                       std::chrono::minutes now);
// CODE with another name: its seal is wrong then.
std::string forged(const std::string& code);

}  // namespace antrean::sim
