// A site: the agencies, services, series, counters and devices of one mall, as its site file says.
// Plain values, complete and consistent: load() returns no site that breaks a rule of the file.
#pragma once

#include "controller/engine/catalog.hpp"
#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/assert/source_location.hpp>
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

// One thing that is wrong with a site file. Both texts are plain, one line, safe for a terminal.
struct Problem {
    int line = 0;  // 0: the file as a whole
    std::string
        text;  // what is wrong: "service 'ktp' names agency 'dukcapl', which is not in this file"
    std::string remedy;  // what to do: "write 'dukcapil', or add an [[agency]] with that id"
};

// Why a site file was not loaded: all that is wrong with it, in the order of the file.
struct LoadError {
    std::filesystem::path file;
    std::vector<Problem> problems;  // never empty
    // One line per problem: "FILE:LINE: TEXT; REMEDY".
    std::string message() const;
};

// What result::value() throws for a LoadError: std::runtime_error with its message(), so that a
// program that cannot start without its site says why in one place.
[[noreturn]] void throw_exception_from_error(const LoadError& error,
                                             const boost::source_location& where);

// Reads and checks FILE, whose keys schemas/sites/README.md describes. Nothing is kept open. Any
// thread. A file that is larger than max_file_bytes, or no regular file, is refused unread.
inline constexpr std::size_t max_file_bytes = 1024 * 1024;
[[nodiscard]] boost::system::result<Site, LoadError> load(const std::filesystem::path& file);

}  // namespace antrean::site
