// What resolve.cpp and resolve_hall.cpp share. Private to this folder; pure.
#pragma once

#include "controller/site/draft.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::site {

inline std::string shown(std::string_view kind, const Text& id) {
    return id.value.empty() ? "this [[" + std::string{kind} + "]]"
                            : std::string{kind} + ' ' + in_quotes(id.value);
}

template <class Id>
Id id_of(std::string_view text) {
    return Id::parse(text).value_or(Id{});
}

// The tables of one kind by their ids; the first one where an id is there twice.
template <class Table>
using Index = std::map<std::string_view, const Table*>;

template <class Table>
Index<Table> index_of(std::string_view kind, const std::vector<Table>& tables, Problems& problems) {
    Index<Table> index;
    for (const Table& table : tables) {
        if (table.id.value.empty()) continue;
        const auto [first, added] = index.emplace(table.id.value, &table);
        if (added) continue;
        problems.add(table.id.line,
                     shown(kind, table.id) + " is in this file twice: the first is in line " +
                         std::to_string(first->second->id.line),
                     "give one of them another id, or remove it");
    }
    return index;
}

// What REFERENCE names, of which WHO speaks. Where it names nothing that is told, and what it most
// likely means is returned in its stead, so that one slip does not show up as problems elsewhere
// too; null where there is not even that.
template <class Map>
const typename Map::mapped_type* look_up(const Text& reference, std::string_view kind,
                                         const std::string& who, const Map& index,
                                         Problems& problems) {
    if (reference.value.empty()) return nullptr;
    const auto found = index.find(reference.value);
    if (found != index.end()) return &found->second;
    std::vector<std::string_view> ids;
    // A problem that will not be kept is not worth a search.
    if (!problems.full()) {
        for (const auto& [id, value] : index) {
            ids.push_back(id);
        }
    }
    const std::string_view near = nearest(reference.value, ids);
    const std::string article = kind == "agency" || kind == "hours" ? "an " : "a ";
    const std::string add = article + "[[" + std::string{kind} + "]] with that id";
    problems.add(reference.line,
                 who + " names " + std::string{kind} + ' ' + in_quotes(reference.value) +
                     ", which is not in this file",
                 near.empty() ? "add " + add + ", or name one that is there"
                              : "write '" + std::string{near} + "', or add " + add);
    return near.empty() ? nullptr : &index.find(near)->second;
}

// Whether a list of WHO names REFERENCE again, which is told.
inline bool twice(const Text& reference, std::string_view kind, const std::string& who,
                  std::set<std::string_view>& seen, Problems& problems) {
    if (seen.insert(reference.value).second) return false;
    problems.add(reference.line,
                 who + " names " + std::string{kind} + ' ' + in_quotes(reference.value) + " twice",
                 "remove one of them");
    return true;
}

using HoursById = std::map<std::string_view, engine::Hours>;

// What [site] says but its hours and its policy, which are those of services and counters.
void resolve_hall(const HallDraft& hall, Problems& problems, Site& site);

// SITE: its day_starts. The hours are of a service day, so they lie between two of these.
HoursById resolve_hours(const std::vector<HoursDraft>& hours, const Site& site, Problems& problems);

// Whether INTERVAL, which WHAT names, lies within a service day of SITE; told where it does not.
bool within_day(const Given<engine::Interval>& interval, const std::string& what, const Site& site,
                Problems& problems);

// Tells where no ticket is ever given on a day that WHO is open.
void check_last_ticket(const engine::Hours& hours, std::chrono::minutes last_ticket_before,
                       const std::string& who, int line, Problems& problems);

void resolve_staff(const Draft& draft, const Index<CounterDraft>& counters, Problems& problems,
                   Site& site);

}  // namespace antrean::site
