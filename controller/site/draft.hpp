// A site file as it was read, before its references are looked up: plain values and line numbers.
// Private to this folder; pure. What was missing or wrong is already among the Problems and is
// left empty here, so that one slip is told once.
#pragma once

#include "controller/site/site.hpp"
#include "drivers/config/problems.hpp"
#include "drivers/config/table_reader.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace antrean::site {

using config::in_quotes;
using config::nearest;
using config::Problems;

using config::Text;

// A value that is no text.
template <class T>
struct Given {
    std::optional<T> value{};  // none: not given, or not usable and told
    int line = 0;              // 0: not given
    bool given() const { return line != 0; }
    bool told() const { return given() && !value; }
};
using Minutes = Given<std::chrono::minutes>;

// References by their ids.
struct Ids {
    std::vector<Text> each;
    int line = 0;
    bool told = false;  // some of it could not be read
};

struct HoursDraft {
    int line = 0;
    Text id;
    std::array<std::vector<Given<engine::Interval>>, 7> week;  // Monday first
};
struct AgencyDraft {
    int line = 0;
    Text id, name, short_name, prefix;
    Given<ServiceDay> from, until;
};
struct SeriesDraft {
    int line = 0;
    Text id, agency, prefix;
};
struct ServiceDraft {
    int line = 0;
    Text id, agency, name, series, hours, bring, fee;
    Minutes last_ticket_before, service_time, waiting_limit;
    Given<std::int64_t> quota;
    Ids then;
};
// What a counter calls from.
struct Serves {
    Ids agencies, series;
};
struct CounterDraft {
    int line = 0;
    Text id, name, callpad;
    Serves serves;
    Given<engine::Policy> policy;  // without most_passes
    Given<std::int64_t> most_passes;
};
struct ShiftDraft {
    int line = 0;
    Text counter;
    Given<engine::Interval> hours;
    Serves serves;
};
struct StaffDraft {
    int line = 0;
    Text id, name, code;
    Ids counters;
};
struct ButtonDraft {
    std::uint16_t number = 0;
    Text service;
    TicketClass ticket_class = TicketClass::regular;
};
struct KioskDraft {
    int line = 0;
    Text id;
    std::vector<ButtonDraft> buttons;
};

// [site]. What is not given is as in engine::Rules.
struct HallDraft {
    Text name, place, time_zone, day_starts, hours, wifi_name, wifi_password, paper_link;
    std::vector<Given<ServiceDay>> holidays;
    Minutes last_ticket_before, waiting_limit;
    Given<engine::Policy> policy;  // without most_passes
    Given<std::int64_t> most_passes;
    int sign_in_line = 0;
    engine::Rules rules;
};

// [appointments].
struct AppointmentsDraft {
    Text key_file;
    Minutes early, late;
};

struct Draft {
    HallDraft hall;
    AppointmentsDraft appointments;
    std::vector<HoursDraft> hours;
    std::vector<AgencyDraft> agencies;
    std::vector<SeriesDraft> series;
    std::vector<ServiceDraft> services;
    std::vector<CounterDraft> counters;
    std::vector<ShiftDraft> shifts;
    std::vector<StaffDraft> staff;
    std::vector<KioskDraft> kiosks;
};

// Reads TEXT as TOML, and checks every key, type and value by itself. None where TEXT is no TOML.
std::optional<Draft> read(std::string_view text, Problems& problems);

// The key in the file that WHERE names, from FOLDER on where it is no absolute path. None where it
// cannot be had, which is told; no problem shows any of it.
std::optional<appointments::Key> read_key(const Text& where, const std::filesystem::path& folder,
                                          Problems& problems);

// Looks up every reference, checks what no single table shows, and makes the site. Where there are
// problems, the site is not usable.
Site resolve(const Draft& draft, Problems& problems);

}  // namespace antrean::site
