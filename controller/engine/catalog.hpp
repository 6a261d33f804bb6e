// What the engine knows of a site: which service draws from which series and when it is open, what
// each counter serves, which device stands where. Made from the site file; a plain value. It is
// read by decisions only, never by apply(), so that another may take its place while the day runs.
#pragma once

#include "controller/engine/hours.hpp"
#include "controller/engine/policy.hpp"
#include "proto/types.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace antrean::engine {

// Through how many services one ticket may lead.
inline constexpr std::size_t max_visit = 8;

struct Agency {
    // The service days on which its agreement is in force; no service of it is open on others.
    std::optional<ServiceDay> from, until;  // both included
};

inline constexpr std::size_t max_prefix_size = 3;
struct Series {
    AgencyId agency;
    std::string prefix;  // 1 to max_prefix_size characters of A-Z, 0-9; printed before the number
};

struct Service {
    SeriesId series;
    AgencyId agency;
    std::optional<Hours> hours{};                // none: whenever a day is open
    std::chrono::minutes last_ticket_before{0};  // the end of the day's hours
    std::optional<std::uint32_t> quota{};        // tickets a day
    std::vector<ServiceId> then{};               // where its ticket goes on to, in this order
};

// What a counter calls from at certain hours.
struct Shift {
    Interval hours;
    std::vector<SeriesId> series;
};

struct Counter {
    std::vector<SeriesId> series;  // that it calls from; never empty
    std::vector<Shift> shifts{};   // the first one that holds the time of day stands for SERIES
    Policy policy{};

    const std::vector<SeriesId>& serves(std::chrono::minutes time_of_day) const;
    // At any hour.
    bool ever_serves(const SeriesId& id) const;
};

struct Staff {
    std::string code;                   // that the person types to sign in
    std::vector<CounterId> counters{};  // where the person may; empty: everywhere
};

// Where a ticket that was transferred, or goes on to its next service, takes its place.
enum class Place { front, back, arrival };
// What becomes of those who wait when the day is closed before its end.
enum class Fate { void_all, serve };

struct Rules {
    std::uint32_t recall_limit = 5;     // calls again of one call
    std::uint32_t no_show_returns = 0;  // how often who did not come waits again, at the back
    Place transfer_place = Place::arrival;
    std::optional<std::uint32_t> hall_limit{};  // tickets neither over nor void
    Fate fate = Fate::void_all;
    // How long before and after the time of an appointment its holder may check in.
    std::chrono::minutes check_in_early{60}, check_in_late{30};
    bool offline = true;            // kiosks may give numbers while they have no controller
    bool sign_in_required = false;  // a counter calls only while somebody is signed in
};

struct Catalog {
    std::map<AgencyId, Agency> agencies;
    std::map<SeriesId, Series> series;
    std::map<ServiceId, Service> services;
    std::map<CounterId, Counter> counters;
    std::map<DeviceId, std::vector<ServiceId>> kiosks;  // the services on each kiosk's buttons
    std::map<DeviceId, CounterId> callpads;             // the counter of each callpad
    std::map<StaffId, Staff> staff{};
    std::set<ServiceDay> holidays{};
    Rules rules{};
    std::string version{};  // of the site file; changes with its content
};

}  // namespace antrean::engine
