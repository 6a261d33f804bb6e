// A site: the agencies, services, series, counters and devices of one mall, as its site file says.
// Plain values, complete and consistent: load() returns no site that breaks a rule of the file.
#pragma once

#include "controller/engine/catalog.hpp"
#include "drivers/config/problems.hpp"
#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::site {

struct Agency {
    AgencyId id;
    std::string name;        // as printed: "Dinas Kependudukan dan Pencatatan Sipil"
    std::string short_name;  // for the board: "Dukcapil"
};

struct Series {
    SeriesId id;
    AgencyId agency;
    std::string prefix;
};

struct Service {
    ServiceId id;
    AgencyId agency;
    SeriesId series;
    std::string name;
};

struct Counter {
    CounterId id;
    std::string name;  // as shown: "Loket 3"
    std::vector<SeriesId> series;
    DeviceId callpad;  // none where no callpad stands yet
};

struct Button {
    ButtonNumber number;
    ServiceId service;
};

struct Kiosk {
    DeviceId id;
    std::vector<Button> buttons;  // by rising number
};

struct Site {
    std::string name;                    // "Mal Pelayanan Publik Kabupaten Jombang"
    std::string place;                   // "Jombang"
    std::string time_zone;               // IANA name; its file was found
    std::chrono::minutes day_starts{0};  // after local midnight: when the service day rolls over
    std::vector<Agency> agencies;
    std::vector<Series> series;
    std::vector<Service> services;
    std::vector<Counter> counters;
    std::vector<Kiosk> kiosks;

    // Null where there is none of that id; else valid as long as the site is not changed.
    const Agency* agency(AgencyId id) const;
    const Service* service(ServiceId id) const;
    const Counter* counter(CounterId id) const;
    const Kiosk* kiosk(DeviceId id) const;

    // The part that the engine decides by. A service on two buttons of a kiosk appears once.
    engine::Catalog catalog() const;
};

// Why a site file was not loaded: all that is wrong with it, in the order of the file.
using config::LoadError;
using config::Problem;

// Reads and checks FILE, whose keys schemas/sites/README.md describes. Nothing is kept open. Any
// thread. A file that is larger than max_file_bytes, or no regular file, is refused unread.
inline constexpr std::size_t max_file_bytes = 1024 * 1024;
[[nodiscard]] boost::system::result<Site, LoadError> load(const std::filesystem::path& file);

}  // namespace antrean::site
