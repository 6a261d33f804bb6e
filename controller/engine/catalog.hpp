// What the engine knows of a site: which service draws from which series, what each counter serves,
// which device stands where. Made from the site file; a plain value.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proto/types.hpp"

namespace antrean::engine {

struct Series {
    AgencyId agency;
    std::string prefix;  // 1 to 3 characters of A-Z, 0-9; printed before the number
};

struct Service {
    SeriesId series;
    AgencyId agency;
};

struct Counter {
    std::vector<SeriesId> series;  // that it calls from; never empty
};

struct Catalog {
    std::map<SeriesId, Series> series;
    std::map<ServiceId, Service> services;
    std::map<CounterId, Counter> counters;
    std::map<DeviceId, std::vector<ServiceId>> kiosks;  // the services on each kiosk's buttons
    std::map<DeviceId, CounterId> callpads;             // the counter of each callpad
};

}  // namespace antrean::engine
