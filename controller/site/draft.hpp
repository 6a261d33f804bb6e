// A site file as it was read, before its references are looked up: plain text and line numbers.
// Private to this folder; pure. What was missing or wrong is already among the Problems and is
// left empty here, so that one slip is told once.
#pragma once

#include "controller/site/site.hpp"
#include "drivers/config/problems.hpp"
#include "drivers/config/table_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace antrean::site {

using config::in_quotes;
using config::nearest;
using config::Problems;

using config::Text;

struct AgencyDraft {
    int line = 0;
    Text id, name, short_name, prefix;
};
struct SeriesDraft {
    int line = 0;
    Text id, agency, prefix;
};
struct ServiceDraft {
    int line = 0;
    Text id, agency, name, series;
};
struct CounterDraft {
    int line = 0;
    Text id, name, callpad;
    std::vector<Text> agencies, series;
    bool lists_told = false;  // some of what it serves could not be read
};
struct ButtonDraft {
    std::uint16_t number = 0;
    Text service;
};
struct KioskDraft {
    int line = 0;
    Text id;
    std::vector<ButtonDraft> buttons;
};

struct Draft {
    Text name, place, time_zone, day_starts;
    std::vector<AgencyDraft> agencies;
    std::vector<SeriesDraft> series;
    std::vector<ServiceDraft> services;
    std::vector<CounterDraft> counters;
    std::vector<KioskDraft> kiosks;
};

// Reads TEXT as TOML, and checks every key, type and value by itself. None where TEXT is no TOML.
std::optional<Draft> read(std::string_view text, Problems& problems);

// Looks up every reference, checks what no single table shows, and makes the site. Where there are
// problems, the site is not usable.
Site resolve(const Draft& draft, Problems& problems);

}  // namespace antrean::site
