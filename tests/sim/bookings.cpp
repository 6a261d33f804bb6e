#include "tests/sim/bookings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace antrean::sim {

appointments::Key booking_key() {
    return *appointments::Key::parse("the-booking-system-of-a-mall-of-many-agencies");
}

Bookings draw_bookings(Random& random, const site::Site& site, ServiceDay today,
                       std::chrono::minutes now) {
    Bookings bookings;
    for (auto n = random.between(2, 8); n > 0; --n) {
        Booking booking;
        booking.service = site.services[random.below(site.services.size())].id;
        auto day = today;
        if (random.chance(150)) day += std::chrono::days{random.chance(500) ? 1 : -1};
        const std::chrono::year_month_day date{day};
        booking.day =
            fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
        const auto off = static_cast<int>(random.between(0, random.chance(300) ? 240 : 60));
        const auto minutes = static_cast<int>(now.count()) + (random.chance(500) ? off : -off);
        booking.minute = std::clamp(minutes, 0, 24 * 60 - 1);
        const auto code =
            appointments::make(booking.service, day, std::chrono::minutes{booking.minute},
                               "B" + std::to_string(n), booking_key());
        booking.code = *code;
        bookings[appointments::parse(*code)->appointment] = std::move(booking);
    }
    return bookings;
}

std::string forged(const std::string& code) {
    const auto name = appointments::parse(code)->appointment;
    const auto seal = code.substr(name.size());
    const auto nonce = name.rfind('B');
    return name.substr(0, nonce) + "X" + name.substr(nonce + 1) + seal;
}

}  // namespace antrean::sim
