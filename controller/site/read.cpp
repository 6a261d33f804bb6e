#include "controller/site/site_table.hpp"

#include <string>

namespace antrean::site {
namespace {

constexpr config::IntegerRange up_to_half_a_day{0, 720};  // in minutes
constexpr config::IntegerRange up_to_a_day{1, 1440};
constexpr config::IntegerRange passes{1, 1000};

// Calls READ with a SiteTable for each [[KIND]] of FILE, up to MOST of them.
template <class Read>
void each_table(const config::Table& file, const std::string& kind, std::size_t most,
                Problems& problems, Read read) {
    for (const config::Table* table : config::tables(file, kind, most, "a site", problems)) {
        SiteTable reader{*table, "[[" + kind + "]]", kind, problems};
        read(reader);
        reader.finish();
    }
}

void read_rules(SiteTable& table, HallDraft& hall) {
    static constexpr std::array<config::Word<engine::Place>, 3> places{{
        {"arrival", engine::Place::arrival},
        {"front", engine::Place::front},
        {"back", engine::Place::back},
    }};
    static constexpr std::array<config::Word<engine::Fate>, 2> fates{{
        {"void", engine::Fate::void_all},
        {"serve", engine::Fate::serve},
    }};
    static constexpr std::array<config::Word<bool>, 2> sign_ins{{
        {"required", true},
        {"optional", false},
    }};
    static constexpr std::array<config::Word<bool>, 2> offlines{{
        {"numbers", true},
        {"deny", false},
    }};
    const auto count = [&](std::string_view key, config::IntegerRange range,
                           std::uint32_t otherwise) {
        return static_cast<std::uint32_t>(table.whole(key, range).value.value_or(otherwise));
    };
    engine::Rules& rules = hall.rules;
    if (const auto limit = table.whole("hall_limit", {1, 100'000}).value) {
        rules.hall_limit = static_cast<std::uint32_t>(*limit);
    }
    rules.recall_limit = count("recall_limit", {0, 100}, rules.recall_limit);
    rules.no_show_returns = count("no_show_returns", {0, 10}, rules.no_show_returns);
    rules.transfer_place =
        table.choice("transfer_place", Need::optional, places).value_or(rules.transfer_place);
    rules.fate = table.choice("on_close", Need::optional, fates).value_or(rules.fate);
    rules.offline = table.choice("offline", Need::optional, offlines).value_or(rules.offline);
    if (const config::Value* value = table.take("sign_in", Need::optional)) {
        hall.sign_in_line = value->line;
        rules.sign_in_required = table.choice_of(*value, "sign_in", sign_ins).value_or(false);
    }
}

void read_site(const config::Table& file, HallDraft& hall, Problems& problems) {
    const config::Table* table = config::section(
        file, "site", "add [site] with its name, place and time_zone at the top", problems);
    if (table == nullptr) return;
    SiteTable reader{*table, "[site]", "", problems};
    hall.name = reader.name("name", Need::required);
    hall.place = reader.name("place", Need::required);
    hall.time_zone = reader.filled("time_zone", Need::required);
    hall.day_starts = reader.filled("day_starts", Need::optional);
    hall.hours = reader.filled("hours", Need::optional);
    hall.last_ticket_before = reader.minutes("last_ticket_before", up_to_half_a_day);
    hall.holidays = reader.days("holidays");
    hall.waiting_limit = reader.minutes("waiting_limit", up_to_a_day);
    hall.policy = reader.policy();
    hall.most_passes = reader.whole("most_passes", passes);
    read_rules(reader, hall);
    hall.wifi_name = reader.wifi_name();
    hall.wifi_password = reader.wifi_password();
    hall.paper_link = reader.paper_link();
    reader.finish();
}

void read_appointments(const config::Table& file, AppointmentsDraft& draft, Problems& problems) {
    if (file.find("appointments") == nullptr) return;
    const config::Table* table = config::section(
        file, "appointments", "write [appointments] with a 'key_file' below it", problems);
    if (table == nullptr) return;
    SiteTable reader{*table, "[appointments]", "", problems};
    draft.key_file = reader.filled("key_file", Need::required);
    draft.early = reader.minutes("early_min", up_to_half_a_day);
    draft.late = reader.minutes("late_min", up_to_half_a_day);
    reader.finish();
}

}  // namespace

std::optional<Draft> read(std::string_view text, Problems& problems) {
    const auto file = config::parse(text, problems);
    if (!file) return std::nullopt;
    Draft draft;
    read_site(*file, draft.hall, problems);
    read_appointments(*file, draft.appointments, problems);
    if (file->find("agency") == nullptr) {
        problems.add(0, "the file has no [[agency]]", "add one for each agency of the hall");
    }
    each_table(*file, "hours", 100, problems, [&](SiteTable& table) {
        HoursDraft& hours = draft.hours.emplace_back();
        hours.line = table.line();
        hours.id = table.id();
        for (std::size_t day = 0; day < weekdays.size(); ++day)
            hours.week.at(day) = table.intervals(weekdays.at(day));
    });
    each_table(*file, "agency", 100, problems, [&](SiteTable& table) {
        AgencyDraft& agency = draft.agencies.emplace_back();
        agency.line = table.line();
        agency.id = table.id();
        agency.name = table.name("name", Need::required);
        agency.short_name = table.name("short_name", Need::optional);
        agency.prefix = table.prefix(Need::optional);
        agency.from = table.day("from");
        agency.until = table.day("until");
    });
    each_table(*file, "series", 500, problems, [&](SiteTable& table) {
        SeriesDraft& series = draft.series.emplace_back();
        series.line = table.line();
        series.id = table.id();
        series.agency = table.filled("agency", Need::required);
        series.prefix = table.prefix(Need::required);
    });
    each_table(*file, "service", 1000, problems, [&](SiteTable& table) {
        ServiceDraft& service = draft.services.emplace_back();
        service.line = table.line();
        service.id = table.id();
        service.agency = table.filled("agency", Need::required);
        service.name = table.name("name", Need::required);
        service.series = table.filled("series", Need::optional);
        service.hours = table.filled("hours", Need::optional);
        service.last_ticket_before = table.minutes("last_ticket_before", up_to_half_a_day);
        service.quota = table.whole("quota", {1, 999'999});
        service.then = table.ids("then");
        service.bring = table.remark("bring");
        service.fee = table.name("fee", Need::optional);
        service.service_time = table.minutes("service_time", {1, 480});
        service.waiting_limit = table.minutes("waiting_limit", up_to_a_day);
    });
    each_table(*file, "counter", 500, problems, [&](SiteTable& table) {
        CounterDraft& counter = draft.counters.emplace_back();
        counter.line = table.line();
        counter.id = table.id();
        counter.name = table.name("name", Need::required);
        counter.serves = table.serves();
        counter.callpad = table.checked_id("callpad", Need::optional);
        counter.policy = table.policy();
        counter.most_passes = table.whole("most_passes", passes);
    });
    each_table(*file, "shift", 2000, problems, [&](SiteTable& table) {
        ShiftDraft& shift = draft.shifts.emplace_back();
        shift.line = table.line();
        shift.counter = table.filled("counter", Need::required);
        if (!shift.counter.value.empty()) {
            table.name_by("this shift of counter " + in_quotes(shift.counter.value));
        }
        shift.hours = table.interval();
        shift.serves = table.serves();
    });
    each_table(*file, "staff", 1000, problems, [&](SiteTable& table) {
        StaffDraft& person = draft.staff.emplace_back();
        person.line = table.line();
        person.id = table.id();
        person.name = table.name("name", Need::required);
        person.code = table.code();
        person.counters = table.ids("counters");
    });
    each_table(*file, "kiosk", 12'000, problems, [&](SiteTable& table) {
        KioskDraft& kiosk = draft.kiosks.emplace_back();
        kiosk.line = table.line();
        kiosk.id = table.id();
        kiosk.buttons = table.buttons();
    });
    config::only(*file,
                 {"site", "appointments", "hours", "agency", "series", "service", "counter",
                  "shift", "staff", "kiosk"},
                 problems);
    return draft;
}

}  // namespace antrean::site
