// The site that the bench measures in: as many kiosks as there are connections, and enough agencies
// and series that numbers are drawn from many runs, as in a large hall. Pure.
#pragma once

#include "proto/types.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace antrean::benchmark {

inline constexpr std::size_t buttons_per_kiosk = 8;

// Kiosk 0 is "bench-0001".
DeviceId kiosk_id(std::size_t kiosk);

// The services on the buttons 1 to buttons_per_kiosk of a kiosk, in that order.
std::vector<ServiceId> services_of(std::size_t kiosk);

// What papers call the service of the button that services_of(KIOSK)[BUTTON] is on.
std::string service_name(std::size_t kiosk, std::size_t button);

// A whole site file (schemas/sites/README.md) with the kiosks 0 to KIOSKS - 1, and behind them IDLE
// more that have the first two of these buttons alone: a file may have 1 MiB.
std::string site_file(std::size_t kiosks, std::size_t idle = 0);

}  // namespace antrean::benchmark
