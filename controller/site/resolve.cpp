#include "controller/site/resolve.hpp"

#include "controller/engine/command.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace antrean::site {
namespace {

// A series of the file, or the one that an agency with a prefix gets by itself.
struct Run {
    std::string id;
    std::string agency;
    Text prefix;
    bool own = false;  // of the agency, not a [[series]]
};

class Resolver {
public:
    Resolver(const Draft& draft, Problems& problems)
        : draft_{draft},
          problems_{problems},
          agencies_{index_of("agency", draft.agencies, problems)},
          series_{index_of("series", draft.series, problems)},
          services_{index_of("service", draft.services, problems)},
          counters_{index_of("counter", draft.counters, problems)} {}

    Site run() {
        resolve_hall(draft_.hall, problems_, site_);
        const auto& [key_file, early, late] = draft_.appointments;
        site_.rules.check_in_early = early.value.value_or(site_.rules.check_in_early);
        site_.rules.check_in_late = late.value.value_or(site_.rules.check_in_late);
        hours_ = resolve_hours(draft_.hours, site_, problems_);
        hall_hours();
        series();
        prefixes();
        for (const ServiceDraft& service : draft_.services)
            resolve(service);
        for (const CounterDraft& counter : draft_.counters)
            resolve(counter);
        for (const ShiftDraft& shift : draft_.shifts)
            resolve(shift);
        for (const KioskDraft& kiosk : draft_.kiosks)
            resolve(kiosk);
        resolve_staff(draft_, counters_, problems_, site_);
        shifts();
        devices();
        unused();
        without_effect();
        return std::move(site_);
    }

private:
    template <class Map>
    const typename Map::mapped_type* look_up(const Text& reference, std::string_view kind,
                                             const std::string& who, const Map& index) {
        return site::look_up(reference, kind, who, index, problems_);
    }

    void hall_hours() {
        const HallDraft& hall = draft_.hall;
        if (!hall.hours.given()) return;
        hall_hours_ = look_up(hall.hours, "hours", "[site]", hours_);
        if (hall_hours_ == nullptr || !hall.last_ticket_before.value) return;
        check_last_ticket(*hall_hours_, *hall.last_ticket_before.value, "[site]",
                          hall.last_ticket_before.line, problems_);
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
                 one.short_name.given() ? one.short_name.value : one.name.value, one.from.value,
                 one.until.value});
            const std::string who = shown("agency", one.id);
            if (one.from.value && one.until.value && *one.until.value < *one.from.value) {
                problems_.add(one.until.line, who + " has an agreement that ends before it begins",
                              "write an 'until' that is not before its 'from'");
            }
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
        Service made{id_of<ServiceId>(service.id.value), id_of<AgencyId>(agency),
                     id_of<SeriesId>(series), service.name.value};
        hours(service, who, made);
        then(service, who, made);
        if (service.quota.value) made.quota = static_cast<std::uint32_t>(*service.quota.value);
        made.bring = service.bring.value;
        made.fee = service.fee.value;
        made.service_time = service.service_time.value;
        made.waiting_limit = service.waiting_limit.value ? service.waiting_limit.value
                                                         : draft_.hall.waiting_limit.value;
        site_.services.push_back(std::move(made));
    }

    void hours(const ServiceDraft& service, const std::string& who, Service& made) {
        const Minutes& last = service.last_ticket_before;
        const Minutes& otherwise = draft_.hall.last_ticket_before;
        const auto* hours =
            service.hours.given() ? look_up(service.hours, "hours", who, hours_) : hall_hours_;
        if (service.hours.given() || draft_.hall.hours.given()) {
            has_hours_ = true;
        } else if (last.given()) {
            problems_.add(last.line, who + " has last_ticket_before, but no hours",
                          "name its hours, or those of all services in [site], or remove this");
        }
        if (hours == nullptr) return;
        made.hours = *hours;
        made.last_ticket_before =
            last.value.value_or(otherwise.value.value_or(std::chrono::minutes{0}));
        // What [site] says alone was checked there.
        if (!service.hours.given() && !last.given()) return;
        check_last_ticket(*hours, made.last_ticket_before, who,
                          last.given() ? last.line : service.hours.line, problems_);
    }

    void then(const ServiceDraft& service, const std::string& who, Service& made) {
        std::set<std::string_view> seen;
        for (const Text& reference : service.then.each) {
            if (reference.value == service.id.value) {
                problems_.add(reference.line, who + " leads to itself",
                              "name only other services in 'then'");
                continue;
            }
            if (twice(reference, "service", who, seen, problems_)) continue;
            const auto* next = look_up(reference, "service", who, services_);
            if (next != nullptr) made.then.push_back(id_of<ServiceId>((*next)->id.value));
        }
        if (service.then.each.size() >= engine::max_visit) {
            problems_.add(
                service.then.line,
                who + " leads to " + std::to_string(service.then.each.size()) + " services more",
                "name at most " + std::to_string(engine::max_visit - 1) + " in 'then'");
        }
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
        Counter made{id_of<CounterId>(counter.id.value), counter.name.value,
                     series_of(counter.serves, who, counter.line),
                     id_of<DeviceId>(counter.callpad.value)};
        const HallDraft& hall = draft_.hall;
        if (counter.policy.value) {
            made.policy = *counter.policy.value;
        } else if (hall.policy.value) {
            made.policy = *hall.policy.value;
        }
        const auto most = counter.most_passes.value ? counter.most_passes : hall.most_passes;
        if (most.value) made.policy.most_passes = static_cast<std::uint32_t>(*most.value);
        if (counter.policy.told() || hall.policy.told() ||
            made.policy.kind != engine::Policy::Kind::arrival) {
            has_policy_ = true;
        } else if (counter.most_passes.given()) {
            problems_.add(counter.most_passes.line,
                          who + " has most_passes, but nobody is passed over by policy 'arrival'",
                          "add a line 'policy = ...', such as 'interleave 2:1', or remove this");
        }
        site_.counters.push_back(std::move(made));
    }

    // The series that SERVES names, each once; WHO has it in LINE.
    std::vector<SeriesId> series_of(const Serves& serves, const std::string& who, int line) {
        std::vector<SeriesId> named;
        const auto serve = [&](const std::string& series) {
            served_.insert(series);
            const auto id = id_of<SeriesId>(series);
            if (std::ranges::find(named, id) == named.end()) named.push_back(id);
        };
        const bool told = serves.agencies.told || serves.series.told;
        if (told) counters_unclear_ = true;
        std::set<std::string_view> seen;
        for (const Text& reference : serves.agencies.each) {
            if (twice(reference, "agency", who, seen, problems_)) continue;
            const auto* agency = look_up(reference, "agency", who, agencies_);
            if (agency == nullptr) {
                counters_unclear_ = true;
                continue;
            }
            for (const std::string& series : runs_of_[(*agency)->id.value])
                serve(series);
        }
        seen.clear();
        for (const Text& reference : serves.series.each) {
            if (twice(reference, "series", who, seen, problems_)) continue;
            const Run* run = look_up(reference, "series", who, runs_);
            if (run == nullptr) {
                counters_unclear_ = true;
                continue;
            }
            serve(run->id);
        }
        if (serves.agencies.each.empty() && serves.series.each.empty() && !told) {
            problems_.add(line, who + " serves nothing",
                          "add 'agencies = [...]' or 'series = [...]' below it");
        }
        return named;
    }

    void resolve(const ShiftDraft& shift) {
        const std::string who = shift.counter.value.empty()
                                    ? "this [[shift]]"
                                    : "this shift of counter " + in_quotes(shift.counter.value);
        const auto* counter = look_up(shift.counter, "counter", who, counters_);
        auto series = series_of(shift.serves, who, shift.line);
        if (!within_day(shift.hours, who, site_, problems_) || counter == nullptr) return;
        auto& others = shifts_of_[*counter];
        for (const auto& [other, line] : others) {
            if (other.hours.until <= shift.hours.value->from ||
                shift.hours.value->until <= other.hours.from) {
                continue;
            }
            problems_.add(shift.hours.line,
                          who + " overlaps with the one in line " + std::to_string(line),
                          "let one end before the other begins");
            return;
        }
        others.push_back({{*shift.hours.value, std::move(series)}, shift.line});
    }

    void shifts() {
        for (std::size_t i = 0; i < draft_.counters.size(); ++i) {
            const auto found = shifts_of_.find(&draft_.counters[i]);
            if (found == shifts_of_.end()) continue;
            std::vector<engine::Shift>& shifts = site_.counters[i].shifts;
            for (auto& [shift, line] : found->second)
                shifts.push_back(std::move(shift));
            std::ranges::sort(shifts, {}, [](const engine::Shift& s) { return s.hours.from; });
        }
    }

    void resolve(const KioskDraft& kiosk) {
        const std::string who = shown("kiosk", kiosk.id);
        Kiosk made{id_of<DeviceId>(kiosk.id.value), {}};
        for (const ButtonDraft& button : kiosk.buttons) {
            const std::string which = "button " + std::to_string(button.number) + " of " + who;
            const auto* service = look_up(button.service, "service", which, services_);
            if (service == nullptr) continue;
            made.buttons.push_back({ButtonNumber{button.number},
                                    id_of<ServiceId>((*service)->id.value), button.ticket_class});
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
            if (place.device->value == engine::operator_device.view()) {
                problems_.add(place.device->line,
                              "device " + in_quotes(place.device->value) + " is here " + place.at +
                                  ", but that id is the controller's own",
                              "write another, such as 'kiosk-1' or 'callpad-1'");
                continue;
            }
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

    // What [site] sets for others, where there are none that it could count for.
    void without_effect() {
        const HallDraft& hall = draft_.hall;
        if (hall.last_ticket_before.given() && !has_hours_) {
            problems_.add(hall.last_ticket_before.line,
                          "[site] has last_ticket_before, but no service has hours",
                          "add a line 'hours = ...' to [site], or remove this");
        }
        if (hall.most_passes.given() && !has_policy_) {
            problems_.add(hall.most_passes.line,
                          "[site] has most_passes, but nobody is passed over by policy 'arrival'",
                          "add a line 'policy = ...', such as 'interleave 2:1', or remove this");
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

    struct ShiftInLine {
        engine::Shift shift;
        int line;
    };

    const Draft& draft_;
    Problems& problems_;
    Index<AgencyDraft> agencies_;
    Index<SeriesDraft> series_;
    Index<ServiceDraft> services_;
    Index<CounterDraft> counters_;
    HoursById hours_;
    const engine::Hours* hall_hours_ = nullptr;  // of those
    std::map<const CounterDraft*, std::vector<ShiftInLine>> shifts_of_;
    Site site_;
    std::map<std::string, Run, std::less<>> runs_;
    std::map<std::string, std::vector<std::string>> runs_of_;  // by agency, in file order
    std::vector<Prefix> prefixes_;
    std::set<std::string> with_service_;
    std::set<std::string> series_with_service_;
    std::set<std::string> served_;
    std::vector<Resolved> resolved_;
    bool services_unclear_ = false;
    bool counters_unclear_ = false;
    bool has_hours_ = false;   // some service
    bool has_policy_ = false;  // some counter, but arrival
};

}  // namespace

Site resolve(const Draft& draft, Problems& problems) {
    return Resolver{draft, problems}.run();
}

}  // namespace antrean::site
