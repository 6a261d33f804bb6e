#include "controller/site/draft.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace antrean::site {
namespace {

std::string shown(std::string_view kind, const Text& id) {
    return id.value.empty() ? "this [[" + std::string{kind} + "]]"
                            : std::string{kind} + ' ' + in_quotes(id.value);
}

// A series of the file, or the one that an agency with a prefix gets by itself.
struct Run {
    std::string id;
    std::string agency;
    Text prefix;
    bool own = false;  // of the agency, not a [[series]]
};

template <class Id>
Id id_of(std::string_view text) {
    return Id::parse(text).value_or(Id{});
}

class Resolver {
public:
    Resolver(const Draft& draft, Problems& problems) : draft_{draft}, problems_{problems} {}

    Site run() {
        index("agency", draft_.agencies, agencies_);
        index("series", draft_.series, series_);
        std::map<std::string_view, const ServiceDraft*> services;
        std::map<std::string_view, const CounterDraft*> counters;
        index("service", draft_.services, services);
        index("counter", draft_.counters, counters);

        site_.name = draft_.name.value;
        site_.place = draft_.place.value;
        site_.time_zone = draft_.time_zone.value;
        day_starts();
        series();
        prefixes();
        for (const ServiceDraft& service : draft_.services)
            resolve(service);
        for (const CounterDraft& counter : draft_.counters)
            resolve(counter);
        for (const KioskDraft& kiosk : draft_.kiosks)
            resolve(kiosk, services);
        devices();
        unused();
        return std::move(site_);
    }

private:
    template <class Table>
    using Index = std::map<std::string_view, const Table*>;

    template <class Table>
    void index(std::string_view kind, const std::vector<Table>& tables, Index<Table>& index) {
        for (const Table& table : tables) {
            if (table.id.value.empty()) continue;
            const auto [first, added] = index.emplace(table.id.value, &table);
            if (added) continue;
            problems_.add(table.id.line,
                          shown(kind, table.id) + " is in this file twice: the first is in line " +
                              std::to_string(first->second->id.line),
                          "give one of them another id, or remove it");
        }
    }

    // What REFERENCE names. Where it names nothing that is told, and what it most likely means is
    // returned in its stead, so that one slip does not show up as problems elsewhere too; null
    // where there is not even that.
    template <class Map>
    const typename Map::mapped_type* look_up(const Text& reference, std::string_view kind,
                                             const std::string& who, const Map& index) {
        if (reference.value.empty()) return nullptr;
        const auto found = index.find(reference.value);
        if (found != index.end()) return &found->second;
        std::vector<std::string_view> ids;
        // A problem that will not be kept is not worth a search.
        if (!problems_.full()) {
            for (const auto& [id, value] : index) {
                ids.push_back(id);
            }
        }
        const std::string_view near = nearest(reference.value, ids);
        const std::string article = kind == "agency" ? "an " : "a ";
        const std::string add = article + "[[" + std::string{kind} + "]] with that id";
        problems_.add(reference.line,
                      who + " names " + std::string{kind} + ' ' + in_quotes(reference.value) +
                          ", which is not in this file",
                      near.empty() ? "add " + add + ", or name one that is there"
                                   : "write '" + std::string{near} + "', or add " + add);
        return near.empty() ? nullptr : &index.find(near)->second;
    }

    void day_starts() {
        const Text& text = draft_.day_starts;
        if (text.value.empty()) return;
        const std::string& t = text.value;
        const auto digit = [&](std::size_t i) { return t[i] >= '0' && t[i] <= '9'; };
        if (t.size() == 5 && digit(0) && digit(1) && t[2] == ':' && digit(3) && digit(4)) {
            const int hour = (t[0] - '0') * 10 + (t[1] - '0');
            const int minute = (t[3] - '0') * 10 + (t[4] - '0');
            if (hour < 12 && minute < 60) {
                site_.day_starts = std::chrono::hours{hour} + std::chrono::minutes{minute};
                return;
            }
        }
        problems_.add(text.line,
                      "day_starts " + in_quotes(t) + " is not a time from '00:00' to '11:59'",
                      "write an hour at which nobody is served, such as '03:00'");
    }

    void series() {
        std::set<std::string> with_series;
        bool unclear = false;
        for (const SeriesDraft& one : draft_.series) {
            const std::string who = shown("series", one.id);
            const auto* agency = look_up(one.agency, "agency", who, agencies_);
            // A series of nobody is kept, so that what names it is not accused as well.
            const std::string of = agency == nullptr ? "" : (*agency)->id.value;
            if (agency == nullptr) {
                unclear = true;
                counters_unclear_ = true;  // one that serves all of an agency may serve it
            } else {
                with_series.insert(of);
            }
            add_run({one.id.value, of, one.prefix, false});
        }
        for (const AgencyDraft& one : draft_.agencies) {
            site_.agencies.push_back(
                {id_of<AgencyId>(one.id.value), one.name.value,
                 one.short_name.given() ? one.short_name.value : one.name.value});
            const std::string who = shown("agency", one.id);
            const bool has_series = with_series.contains(one.id.value);
            if (one.prefix.given() && has_series) {
                problems_.add(one.prefix.line,
                              who + " has a prefix and [[series]] too, so nothing would carry it",
                              "remove the prefix here, or all [[series]] of this agency");
            } else if (one.prefix.given()) {
                const auto same = series_.find(one.id.value);
                if (same != series_.end() && !one.id.value.empty()) {
                    problems_.add(same->second->id.line,
                                  shown("series", same->second->id) +
                                      " has the id of the series that agency " +
                                      in_quotes(one.id.value) + " has of its own (line " +
                                      std::to_string(one.line) + ")",
                                  "give this series another id");
                } else {
                    add_run({one.id.value, one.id.value, one.prefix, true});
                }
            } else if (!has_series && !unclear) {
                problems_.add(one.line, who + " has neither a prefix nor a [[series]]",
                              "add a prefix, such as 'A', to the agency");
            }
        }
    }

    void add_run(Run run) {
        if (!run.prefix.value.empty()) prefixes_.push_back({run.prefix, run.own, run.id});
        if (run.id.empty()) return;
        if (!runs_.emplace(run.id, run).second) return;
        runs_of_[run.agency].push_back(run.id);
        site_.series.push_back(
            {id_of<SeriesId>(run.id), id_of<AgencyId>(run.agency), run.prefix.value});
    }

    void prefixes() {
        std::ranges::stable_sort(prefixes_, {}, [](const Prefix& p) { return p.text.line; });
        std::map<std::string_view, int> first_lines;
        for (const Prefix& prefix : prefixes_) {
            const auto [first, added] = first_lines.emplace(prefix.text.value, prefix.text.line);
            if (added) continue;
            problems_.add(prefix.text.line,
                          "prefix " + in_quotes(prefix.text.value) + " of " +
                              (prefix.own ? "agency " : "series ") + in_quotes(prefix.id) +
                              " is taken since line " + std::to_string(first->second),
                          "choose one that no other series of the site has");
        }
    }

    void resolve(const ServiceDraft& service) {
        const std::string who = shown("service", service.id);
        const auto* found = look_up(service.agency, "agency", who, agencies_);
        if (found == nullptr) {
            services_unclear_ = true;
            return;
        }
        const std::string& agency = (*found)->id.value;
        with_service_.insert(agency);
        const std::string series = series_of(service, agency, who);
        if (series.empty()) {
            services_unclear_ = true;
            return;
        }
        series_with_service_.insert(series);
        resolved_.push_back({&service, series});
        site_.services.push_back({id_of<ServiceId>(service.id.value), id_of<AgencyId>(agency),
                                  id_of<SeriesId>(series), service.name.value});
    }

    // The series whose numbers SERVICE gives out; empty where that is not clear, and told.
    std::string series_of(const ServiceDraft& service, const std::string& agency,
                          const std::string& who) {
        const std::vector<std::string>& runs = runs_of_[agency];
        if (service.series.given()) {
            const Run* run = look_up(service.series, "series", who, runs_);
            if (run == nullptr) return {};
            if (!run->agency.empty() && run->agency != agency) {
                problems_.add(service.series.line,
                              who + " is of agency " + in_quotes(agency) + ", but series " +
                                  in_quotes(run->id) + " is of agency " + in_quotes(run->agency),
                              runs.empty() ? "name a series of the same agency"
                                           : "name a series of the same agency, such as " +
                                                 in_quotes(runs.front()));
            }
            return run->id;
        }
        if (runs.size() == 1) return runs.front();
        if (runs.size() > 1) {
            problems_.add(service.line,
                          who + " does not say which series it draws from, and agency " +
                              in_quotes(agency) + " has " + std::to_string(runs.size()),
                          "add a line 'series = ...', such as " + in_quotes(runs.front()));
        }
        return {};
    }

    void resolve(const CounterDraft& counter) {
        const std::string who = shown("counter", counter.id);
        Counter made{id_of<CounterId>(counter.id.value),
                     counter.name.value,
                     {},
                     id_of<DeviceId>(counter.callpad.value)};
        const auto serve = [&](const std::string& series) {
            served_.insert(series);
            const auto id = id_of<SeriesId>(series);
            if (std::ranges::find(made.series, id) == made.series.end()) made.series.push_back(id);
        };
        if (counter.lists_told) counters_unclear_ = true;
        std::set<std::string_view> seen;
        for (const Text& reference : counter.agencies) {
            if (twice(reference, "agency", who, seen)) continue;
            const auto* agency = look_up(reference, "agency", who, agencies_);
            if (agency == nullptr) {
                counters_unclear_ = true;
                continue;
            }
            for (const std::string& series : runs_of_[(*agency)->id.value])
                serve(series);
        }
        seen.clear();
        for (const Text& reference : counter.series) {
            if (twice(reference, "series", who, seen)) continue;
            const Run* run = look_up(reference, "series", who, runs_);
            if (run == nullptr) {
                counters_unclear_ = true;
                continue;
            }
            serve(run->id);
        }
        if (counter.agencies.empty() && counter.series.empty() && !counter.lists_told) {
            problems_.add(counter.line, who + " serves nothing",
                          "add 'agencies = [...]' or 'series = [...]' below it");
        }
        site_.counters.push_back(std::move(made));
    }

    bool twice(const Text& reference, std::string_view kind, const std::string& who,
               std::set<std::string_view>& seen) {
        if (seen.insert(reference.value).second) return false;
        problems_.add(
            reference.line,
            who + " names " + std::string{kind} + ' ' + in_quotes(reference.value) + " twice",
            "remove one of them");
        return true;
    }

    void resolve(const KioskDraft& kiosk, const Index<ServiceDraft>& services) {
        const std::string who = shown("kiosk", kiosk.id);
        Kiosk made{id_of<DeviceId>(kiosk.id.value), {}};
        for (const ButtonDraft& button : kiosk.buttons) {
            const std::string which = "button " + std::to_string(button.number) + " of " + who;
            const auto* service = look_up(button.service, "service", which, services);
            if (service == nullptr) continue;
            made.buttons.push_back(
                {ButtonNumber{button.number}, id_of<ServiceId>((*service)->id.value)});
        }
        std::ranges::sort(made.buttons, {}, &Button::number);
        site_.kiosks.push_back(std::move(made));
    }

    void devices() {
        struct Place {
            const Text* device;
            std::string at;
        };
        std::vector<Place> places;
        for (const CounterDraft& counter : draft_.counters) {
            if (counter.callpad.value.empty()) continue;
            places.push_back({&counter.callpad, "as callpad of " + shown("counter", counter.id)});
        }
        for (const KioskDraft& kiosk : draft_.kiosks) {
            if (!kiosk.id.value.empty()) places.push_back({&kiosk.id, "as kiosk"});
        }
        std::ranges::stable_sort(places, {}, [](const Place& p) { return p.device->line; });
        std::map<std::string_view, const Place*> firsts;
        for (const Place& place : places) {
            const auto [first, added] = firsts.emplace(place.device->value, &place);
            if (added) continue;
            problems_.add(place.device->line,
                          "device " + in_quotes(place.device->value) + " is here " + place.at +
                              ", and in line " + std::to_string(first->second->device->line) + ' ' +
                              first->second->at,
                          "give every kiosk and callpad of the site an id of its own");
        }
    }

    // What is in the file but can never be reached. Each check waits until what it counts is
    // clear: after a reference that could not even be guessed it would accuse the innocent.
    void unused() {
        if (!services_unclear_) {
            for (const AgencyDraft& agency : draft_.agencies) {
                if (agency.id.value.empty() || with_service_.contains(agency.id.value)) continue;
                problems_.add(agency.line, shown("agency", agency.id) + " has no service",
                              "add a [[service]] with agency = " + in_quotes(agency.id.value));
            }
            for (const SeriesDraft& one : draft_.series) {
                const auto run = runs_.find(one.id.value);
                if (run == runs_.end() || series_with_service_.contains(one.id.value)) continue;
                if (!with_service_.contains(run->second.agency)) continue;
                problems_.add(one.line, shown("series", one.id) + " has no service",
                              "name it in a [[service]], or remove it");
            }
        }
        if (counters_unclear_) return;
        for (const auto& [service, series] : resolved_) {
            if (served_.contains(series)) continue;
            problems_.add(service->line,
                          shown("service", service->id) + " has no counter that serves it",
                          "add " + in_quotes(runs_[series].agency) +
                              " to the agencies of a [[counter]], or " + in_quotes(series) +
                              " to its series");
        }
    }

    struct Prefix {
        Text text;
        bool own;
        std::string id;
    };
    struct Resolved {
        const ServiceDraft* service;
        std::string series;
    };

    const Draft& draft_;
    Problems& problems_;
    Site site_;
    Index<AgencyDraft> agencies_;
    Index<SeriesDraft> series_;
    std::map<std::string, Run, std::less<>> runs_;
    std::map<std::string, std::vector<std::string>> runs_of_;  // by agency, in file order
    std::vector<Prefix> prefixes_;
    std::set<std::string> with_service_;
    std::set<std::string> series_with_service_;
    std::set<std::string> served_;
    std::vector<Resolved> resolved_;
    bool services_unclear_ = false;
    bool counters_unclear_ = false;
};

}  // namespace

Site resolve(const Draft& draft, Problems& problems) {
    return Resolver{draft, problems}.run();
}

}  // namespace antrean::site
