// A site: the agencies, services, series, counters and devices of one mall, as its site file says.
// Plain values, complete and consistent: load() returns no site that breaks a rule of the file.
#pragma once

#include "controller/appointments/code.hpp"
#include "controller/engine/catalog.hpp"
#include "drivers/config/problems.hpp"
#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::site {

struct Agency {
    AgencyId id;
    std::string name;        // as printed: "Dinas Kependudukan dan Pencatatan Sipil"
    std::string short_name;  // for the board: "Dukcapil"
    std::optional<ServiceDay> from{}, until{};  // of its agreement; both included
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
    // None: whenever a day is open.
    std::optional<engine::Hours> hours{};
    std::chrono::minutes last_ticket_before{0};  // the end of the day's hours
    std::optional<std::uint32_t> quota{};        // tickets a day
    std::vector<ServiceId> then{};               // where its ticket goes on to, in this order
    std::string bring{};                         // what to bring; may be empty
    std::string fee{};                           // as people read it: "Gratis"; may be empty
    std::optional<std::chrono::minutes> service_time{};   // that it takes as a rule
    std::optional<std::chrono::minutes> waiting_limit{};  // who waits longer, waits too long
};

struct Counter {
    CounterId id;
    std::string name;  // as shown: "Loket 3"
    std::vector<SeriesId> series;
    DeviceId callpad;                     // none where no callpad stands yet
    std::vector<engine::Shift> shifts{};  // by rising hours, never two at a time
    engine::Policy policy{};
};

struct Staff {
    StaffId id;
    std::string name;                   // as shown: "Petugas loket 1"
    std::string code;                   // 4 to 12 digits; no other of the site has it
    std::vector<CounterId> counters{};  // where the person may sign in; empty: everywhere
};

struct Button {
    ButtonNumber number;
    ServiceId service;
    TicketClass ticket_class = TicketClass::regular;  // of the tickets that it gives
};

struct Kiosk {
    DeviceId id;
    std::vector<Button> buttons;  // by rising number
};

// Of the network for visitors, as printed on papers.
struct Wifi {
    std::string name;      // empty: papers say nothing of it
    std::string password;  // empty: it is open
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
    std::vector<Staff> staff{};
    std::set<ServiceDay> holidays{};  // nothing is open on these
    engine::Rules rules{};
    Wifi wifi{};
    std::string paper_link{};  // where the QR code of a paper leads: https://...; empty: no code
    // That appointments are sealed with, from a file of its own; none: nobody checks in.
    std::optional<appointments::Key> appointment_key{};
    // The first 16 hexadecimal digits of the SHA-256 of the file's bytes; empty if of no file. No
    // secret of another file is in it.
    std::string version{};

    // Null where there is none of that id; else valid as long as the site is not changed.
    const Agency* agency(AgencyId id) const;
    const Service* service(ServiceId id) const;
    const Counter* counter(CounterId id) const;
    const Kiosk* kiosk(DeviceId id) const;
    const Staff* person(StaffId id) const;

    // The part that the engine decides by. A service on two buttons of a kiosk appears once.
    engine::Catalog catalog() const;
};

// Why a site file was not loaded: all that is wrong with it, in the order of the file.
using config::LoadError;
using config::Problem;

// Reads and checks FILE, whose keys schemas/sites/README.md describes. Nothing is kept open. Any
// thread. A file that is larger than max_file_bytes, or no regular file, is refused unread.
inline constexpr std::size_t max_file_bytes = 4 * 1024 * 1024;
[[nodiscard]] boost::system::result<Site, LoadError> load(const std::filesystem::path& file);

}  // namespace antrean::site
