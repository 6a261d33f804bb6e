// The halls of a seed: the one that it begins with, and those that its site file says later.
#include "tests/sim/plan.hpp"

#include <algorithm>
#include <string>

namespace antrean::sim {

using namespace std::chrono_literals;

namespace {

using std::chrono::minutes;

constexpr ServiceDay first_day{std::chrono::year{2026} / 1 / 5};

template <class Id>
Id id(const std::string& text) {
    return *Id::parse(text);
}

template <class Value>
Value one_of(Random& random, std::initializer_list<Value> values) {
    return values.begin()[random.below(values.size())];
}

engine::Policy draw_policy(Random& random) {
    using Kind = engine::Policy::Kind;
    engine::Policy policy;
    policy.kind = one_of(random, {Kind::arrival, Kind::strict, Kind::interleave});
    policy.ahead = static_cast<std::uint32_t>(random.between(1, 3));
    policy.regular = static_cast<std::uint32_t>(random.between(1, 2));
    policy.most_passes = static_cast<std::uint32_t>(random.between(1, 4));
    return policy;
}

engine::Rules draw_rules(Random& random) {
    using engine::Place;
    engine::Rules rules;
    rules.recall_limit = one_of(random, {1U, 2U, 5U});
    rules.no_show_returns = one_of(random, {0U, 0U, 1U, 2U});
    rules.transfer_place = one_of(random, {Place::front, Place::back, Place::arrival});
    if (random.chance(250)) rules.hall_limit = static_cast<std::uint32_t>(random.between(3, 12));
    rules.fate = random.chance(500) ? engine::Fate::void_all : engine::Fate::serve;
    rules.sign_in_required = random.chance(300);
    return rules;
}

// Around NOW, so that a seed meets its opening, its break or its end.
engine::Hours draw_hours(Random& random, minutes now) {
    const auto soon = now + minutes{random.between(1, 4)};
    std::vector<engine::Interval> intervals;
    switch (random.below(4)) {
        case 0:  // opens soon
            intervals = {{soon, soon + 2h}};
            break;
        case 1:  // closes soon
            intervals = {{now - 1h, soon}};
            break;
        case 2:  // a break begins soon
            intervals = {{now - 1h, soon}, {soon + minutes{random.between(1, 2)}, soon + 2h}};
            break;
        default:  // a break ends soon
            intervals = {{now - 2h, now - 1h}, {soon, soon + 2h}};
    }
    engine::Hours hours;
    // What holds on the first day is not that of the next.
    const std::vector<engine::Interval> next{{0min, 30h}};
    hours.week.fill(random.chance(800) ? next : std::vector<engine::Interval>{});
    hours.week[0] = intervals;
    return hours;
}

engine::Interval draw_shift(Random& random, minutes now) {
    const auto from = now + minutes{random.below(3)};
    return {from, from + minutes{random.between(1, 3)}};
}

std::vector<SeriesId> draw_series(Random& random, const site::Site& site, std::size_t sure) {
    std::vector<SeriesId> series;
    for (std::size_t s = 0; s < site.series.size(); ++s) {
        if (s == sure % site.series.size() || random.chance(300)) {
            series.push_back(site.series[s].id);
        }
    }
    return series;
}

void draw_agencies(Random& random, site::Site& site, minutes now) {
    const auto count = random.between(2, 3);
    for (std::size_t s = 0; s < count; ++s) {
        const std::string letter(1, static_cast<char>('a' + s));
        const std::string prefix(1, static_cast<char>('A' + s));
        site::Agency agency{id<AgencyId>("agency-" + letter), "Dinas " + prefix, prefix};
        if (random.chance(40)) agency.from = first_day + std::chrono::days{1};
        if (random.chance(40)) agency.until = first_day;
        site.agencies.push_back(agency);
        site.series.push_back({id<SeriesId>(letter), agency.id, prefix});
        for (std::size_t n = 1, services = random.between(1, 2); n <= services; ++n) {
            const auto number = std::to_string(n);
            site::Service service;
            service.id = id<ServiceId>(letter + number);
            service.agency = agency.id;
            service.series = site.series.back().id;
            service.name = "Layanan " + prefix + number;
            if (random.chance(250)) service.hours = draw_hours(random, now);
            service.last_ticket_before = minutes{random.below(2)};
            if (random.chance(150))
                service.quota = static_cast<std::uint32_t>(random.between(2, 8));
            site.services.push_back(std::move(service));
        }
    }
    if (random.chance(40)) site.holidays.insert(first_day + std::chrono::days{random.below(2)});
    for (auto& service : site.services) {
        if (!random.chance(350)) continue;
        for (const auto& other : site.services) {
            if (other.id != service.id && random.chance(400)) service.then.push_back(other.id);
        }
        if (random.chance(500)) std::reverse(service.then.begin(), service.then.end());
    }
}

void draw_counters(Random& random, site::Site& site, minutes now) {
    const auto policy = draw_policy(random);
    for (std::size_t c = 1, count = random.between(2, 4); c <= count; ++c) {
        const auto number = std::to_string(c);
        site::Counter counter;
        counter.id = id<CounterId>("loket-" + number);
        counter.name = "Loket " + number;
        counter.callpad = id<DeviceId>("callpad-" + number);
        counter.series = draw_series(random, site, c - 1);
        if (random.chance(200)) {
            counter.shifts.push_back(
                {draw_shift(random, now), draw_series(random, site, random.below(3))});
        }
        counter.policy = random.chance(700) ? policy : draw_policy(random);
        site.counters.push_back(std::move(counter));
    }
}

void draw_kiosks(Random& random, site::Site& site) {
    for (std::size_t k = 1, count = random.between(1, 3); k <= count; ++k) {
        site::Kiosk kiosk;
        kiosk.id = id<DeviceId>("kiosk-" + std::to_string(k));
        std::uint16_t button = 0;
        const auto add = [&](ServiceId service, TicketClass ticket_class) {
            kiosk.buttons.push_back({ButtonNumber{++button}, service, ticket_class});
        };
        for (const auto& service : site.services) {
            if (!random.chance(800)) continue;
            add(service.id, TicketClass::regular);
            if (random.chance(450)) add(service.id, TicketClass::priority);
            if (random.chance(250)) add(service.id, TicketClass::appointment);
        }
        if (kiosk.buttons.empty()) add(site.services[0].id, TicketClass::regular);
        site.kiosks.push_back(std::move(kiosk));
    }
}

// So that every series has a counter, and every kiosk a button.
void mend(site::Site& site) {
    for (auto& counter : site.counters) {
        std::erase_if(counter.shifts, [](const auto& shift) { return shift.series.empty(); });
    }
    auto& counters = site.counters;
    if (counters.front().series.empty()) counters.front().series.push_back(site.series[0].id);
    std::erase_if(counters, [](const auto& counter) { return counter.series.empty(); });
    for (const auto& series : site.series) {
        const auto serves = [&](const site::Counter& counter) {
            return std::find(counter.series.begin(), counter.series.end(), series.id) !=
                   counter.series.end();
        };
        if (std::none_of(counters.begin(), counters.end(), serves)) {
            counters.front().series.push_back(series.id);
        }
    }
    for (auto& kiosk : site.kiosks) {
        if (kiosk.buttons.empty()) kiosk.buttons.push_back({ButtonNumber{1}, site.services[0].id});
    }
}

void remove_agency(Random& random, site::Site& site) {
    const auto gone = site.agencies[random.below(site.agencies.size())].id;
    const auto of_gone = [&](const auto& thing) { return thing.agency == gone; };
    std::set<SeriesId> series;
    std::set<ServiceId> services;
    for (const auto& one : site.series) {
        if (of_gone(one)) series.insert(one.id);
    }
    for (const auto& one : site.services) {
        if (of_gone(one)) services.insert(one.id);
    }
    std::erase_if(site.agencies, [&](const auto& agency) { return agency.id == gone; });
    std::erase_if(site.series, of_gone);
    std::erase_if(site.services, of_gone);
    const auto has_left = [&](const auto& service) { return services.contains(service); };
    for (auto& service : site.services)
        std::erase_if(service.then, has_left);
    for (auto& kiosk : site.kiosks) {
        std::erase_if(kiosk.buttons,
                      [&](const auto& button) { return services.contains(button.service); });
    }
    const auto no_more = [&](const SeriesId& one) { return series.contains(one); };
    const bool keep_counters = random.chance(500);
    for (auto& counter : site.counters) {
        std::erase_if(counter.series, no_more);
        for (auto& shift : counter.shifts)
            std::erase_if(shift.series, no_more);
        if (counter.series.empty() && keep_counters) {
            counter.series.push_back(site.series[random.below(site.series.size())].id);
        }
    }
}

}  // namespace

site::Site draw_site(Random& random, minutes now, minutes day_starts) {
    site::Site site;
    site.name = "Mal Uji";
    site.place = "Uji";
    site.time_zone = "Asia/Jakarta";
    site.day_starts = day_starts;
    draw_agencies(random, site, now);
    draw_counters(random, site, now);
    draw_kiosks(random, site);
    site.rules = draw_rules(random);
    for (std::size_t p = 1, count = random.between(2, 4); p <= count; ++p) {
        const auto number = std::to_string(p);
        site::Staff person{id<StaffId>("petugas-" + number), "Petugas " + number, "100" + number};
        if (random.chance(250)) {
            person.counters.push_back(site.counters[random.below(site.counters.size())].id);
        }
        site.staff.push_back(std::move(person));
    }
    mend(site);
    site.version = "0";
    return site;
}

site::Site draw_change(Random& random, const site::Site& from, minutes now) {
    auto site = from;
    if (random.chance(400)) remove_agency(random, site);
    if (random.chance(400)) {
        auto& counter = site.counters[random.below(site.counters.size())];
        counter.series = draw_series(random, site, random.below(3));
    }
    if (random.chance(150)) {
        site.counters.erase(site.counters.begin() +
                            static_cast<std::ptrdiff_t>(random.below(site.counters.size())));
    }
    if (random.chance(150) && site.counters.size() > 1) {
        std::swap(site.counters.front().callpad, site.counters.back().callpad);
    }
    if (random.chance(200)) {
        site.counters.front().shifts = {
            {draw_shift(random, now + 1min), draw_series(random, site, random.below(3))}};
    }
    if (random.chance(300)) site.counters.back().policy = draw_policy(random);
    if (random.chance(300)) site.rules = draw_rules(random);
    if (random.chance(200)) site.staff.pop_back();
    if (random.chance(200)) site.services.back().hours = draw_hours(random, now);
    mend(site);
    for (auto& person : site.staff) {
        std::erase_if(person.counters, [&](const auto& at) { return !site.counter(at); });
    }
    return site;
}

}  // namespace antrean::sim
