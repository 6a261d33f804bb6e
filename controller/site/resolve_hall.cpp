#include "controller/site/resolve.hpp"
#include "controller/site/site_table.hpp"
#include "proto/day.hpp"

#include <utility>

namespace antrean::site {
namespace {

constexpr std::chrono::minutes whole_day = std::chrono::hours{24};

// "08:05"
std::string clock(std::chrono::minutes time) {
    const auto two = [](std::int64_t number) {
        return std::string{number < 10 ? "0" : ""} + std::to_string(number);
    };
    return two(time.count() / 60) + ':' + two(time.count() % 60);
}

void day_starts(const Text& text, Problems& problems, Site& site) {
    if (text.value.empty()) return;
    const std::string& t = text.value;
    const auto digit = [&](std::size_t i) { return t[i] >= '0' && t[i] <= '9'; };
    if (t.size() == 5 && digit(0) && digit(1) && t[2] == ':' && digit(3) && digit(4)) {
        const int hour = (t[0] - '0') * 10 + (t[1] - '0');
        const int minute = (t[3] - '0') * 10 + (t[4] - '0');
        if (hour < 12 && minute < 60) {
            site.day_starts = std::chrono::hours{hour} + std::chrono::minutes{minute};
            return;
        }
    }
    problems.add(text.line, "day_starts " + in_quotes(t) + " is not a time from '00:00' to '11:59'",
                 "write an hour at which nobody is served, such as '03:00'");
}

// Two people with one code could sign in for each other. No problem shows a code.
void check_codes(const std::vector<StaffDraft>& staff, Problems& problems) {
    std::map<std::string_view, const StaffDraft*> by_code;
    for (const StaffDraft& person : staff) {
        if (person.code.value.empty()) continue;
        const auto [first, added] = by_code.emplace(person.code.value, &person);
        if (added) continue;
        problems.add(person.code.line,
                     shown("staff", person.id) + " has the same code as " +
                         shown("staff", first->second->id) + " (line " +
                         std::to_string(first->second->code.line) + ")",
                     "give every person a code of their own");
    }
}

// Where signing in is required, somebody may do so at every counter.
void check_sign_in(const Draft& draft, Problems& problems, const Site& site) {
    if (draft.staff.empty()) {
        problems.add(draft.hall.sign_in_line, "sign_in is required, but there is no [[staff]]",
                     "add one for each person, or write sign_in = 'optional'");
        return;
    }
    std::set<CounterId> staffed;
    for (const Staff& person : site.staff) {
        if (person.counters.empty()) return;
        staffed.insert(person.counters.begin(), person.counters.end());
    }
    for (const CounterDraft& counter : draft.counters) {
        if (counter.id.value.empty() || staffed.contains(id_of<CounterId>(counter.id.value))) {
            continue;
        }
        problems.add(counter.line,
                     shown("counter", counter.id) +
                         " is not among the counters of any [[staff]], and sign_in is required",
                     "add " + in_quotes(counter.id.value) + " to the counters of one");
    }
}

}  // namespace

void resolve_hall(const HallDraft& hall, Problems& problems, Site& site) {
    site.name = hall.name.value;
    site.place = hall.place.value;
    site.time_zone = hall.time_zone.value;
    day_starts(hall.day_starts, problems, site);
    site.rules = hall.rules;
    for (const Given<ServiceDay>& day : hall.holidays) {
        if (!day.value || site.holidays.insert(*day.value).second) continue;
        problems.add(day.line,
                     "[site] names the holiday " + in_quotes(to_iso(*day.value)) + " twice",
                     "remove one of them");
    }
    site.wifi = {hall.wifi_name.value, hall.wifi_password.value};
    if (hall.wifi_password.given() && !hall.wifi_name.given()) {
        problems.add(hall.wifi_password.line, "[site] has a wifi_password, but no wifi_name",
                     "add a line 'wifi_name = ...', or remove the password");
    }
    site.paper_link = hall.paper_link.value;
}

bool within_day(const Given<engine::Interval>& interval, const std::string& what, const Site& site,
                Problems& problems) {
    const auto end = site.day_starts + whole_day;
    if (!interval.value) return false;
    if (interval.value->from >= site.day_starts && interval.value->until <= end) return true;
    problems.add(interval.line,
                 what + " leaves the service day, which lasts from " + clock(site.day_starts) +
                     " to " + clock(end),
                 "write times between these, or change day_starts in [site]");
    return false;
}

HoursById resolve_hours(const std::vector<HoursDraft>& all, const Site& site, Problems& problems) {
    HoursById by_id;
    const Index<HoursDraft> index = index_of("hours", all, problems);
    for (const HoursDraft& draft : all) {
        const std::string who = shown("hours", draft.id);
        engine::Hours hours;
        bool given = false;
        for (std::size_t day = 0; day < weekdays.size(); ++day) {
            const std::string what = "'" + std::string{weekdays.at(day)} + "' of " + who;
            auto& made = hours.week.at(day);
            bool good = true;
            for (const Given<engine::Interval>& interval : draft.week.at(day)) {
                given = true;
                good = within_day(interval, what, site, problems) && good;
                if (good) made.push_back(*interval.value);
            }
            // Nothing can be said of a day of which some is not known.
            if (!good) made.clear();
        }
        if (!given) {
            problems.add(draft.line, who + " opens on no day",
                         "add a line such as 'monday = [\"08:00-12:00\"]'");
        }
        const auto first = index.find(draft.id.value);
        if (first != index.end() && first->second == &draft) {
            by_id.emplace(draft.id.value, std::move(hours));
        }
    }
    return by_id;
}

void check_last_ticket(const engine::Hours& hours, std::chrono::minutes last_ticket_before,
                       const std::string& who, int line, Problems& problems) {
    for (std::size_t day = 0; day < weekdays.size(); ++day) {
        const auto& intervals = hours.week.at(day);
        if (intervals.empty()) continue;
        if (intervals.back().until - last_ticket_before > intervals.front().from) continue;
        problems.add(line,
                     who + " gives no ticket on a " + std::string{weekdays.at(day)} +
                         ": the last one is " + std::to_string(last_ticket_before.count()) +
                         " minutes before the end",
                     "lessen last_ticket_before, or name other hours");
        return;
    }
}

void resolve_staff(const Draft& draft, const Index<CounterDraft>& counters, Problems& problems,
                   Site& site) {
    index_of("staff", draft.staff, problems);
    check_codes(draft.staff, problems);
    bool unclear = false;
    for (const StaffDraft& person : draft.staff) {
        const std::string who = shown("staff", person.id);
        Staff made{id_of<StaffId>(person.id.value), person.name.value, person.code.value, {}};
        unclear = unclear || person.counters.told;
        std::set<std::string_view> seen;
        for (const Text& reference : person.counters.each) {
            if (twice(reference, "counter", who, seen, problems)) continue;
            const auto* counter = look_up(reference, "counter", who, counters, problems);
            if (counter == nullptr) {
                unclear = true;
                continue;
            }
            made.counters.push_back(id_of<CounterId>((*counter)->id.value));
        }
        site.staff.push_back(std::move(made));
    }
    if (draft.hall.rules.sign_in_required && !unclear) check_sign_in(draft, problems, site);
}

}  // namespace antrean::site
