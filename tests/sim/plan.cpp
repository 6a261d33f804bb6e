#include "tests/sim/plan.hpp"

#include <string>

namespace antrean::sim {

using namespace std::chrono_literals;

namespace {

template <class Id>
Id id(const std::string& text) {
    return *Id::parse(text);
}

site::Site draw_site(Random& random) {
    site::Site site;
    site.name = "Mal Uji";
    site.place = "Uji";
    site.time_zone = "Asia/Jakarta";
    site.day_starts = random.chance(250) ? 4h : 0h;
    const auto series_count = random.between(2, 3);
    for (std::size_t s = 0; s < series_count; ++s) {
        const std::string letter(1, static_cast<char>('a' + s));
        const std::string prefix(1, static_cast<char>('A' + s));
        const auto agency = id<AgencyId>("agency-" + letter);
        const auto series = id<SeriesId>(letter);
        site.agencies.push_back({agency, "Dinas " + prefix, prefix});
        site.series.push_back({series, agency, prefix});
        const auto services = random.between(1, 2);
        for (std::size_t n = 1; n <= services; ++n) {
            const auto number = std::to_string(n);
            site.services.push_back(
                {id<ServiceId>(letter + number), agency, series, "Layanan " + prefix + number});
        }
    }
    const auto counter_count = random.between(2, 4);
    for (std::size_t c = 1; c <= counter_count; ++c) {
        const auto number = std::to_string(c);
        site::Counter counter;
        counter.id = id<CounterId>("loket-" + number);
        counter.name = "Loket " + number;
        counter.callpad = id<DeviceId>("callpad-" + number);
        // Every series has a counter as long as there are as many.
        for (std::size_t s = 0; s < series_count; ++s) {
            if (s == (c - 1) % series_count || random.chance(300)) {
                counter.series.push_back(site.series[s].id);
            }
        }
        site.counters.push_back(std::move(counter));
    }
    const auto kiosk_count = random.between(1, 3);
    for (std::size_t k = 1; k <= kiosk_count; ++k) {
        site::Kiosk kiosk;
        kiosk.id = id<DeviceId>("kiosk-" + std::to_string(k));
        std::uint16_t button = 0;
        for (const auto& service : site.services) {
            if (random.chance(800)) kiosk.buttons.push_back({ButtonNumber{++button}, service.id});
        }
        if (kiosk.buttons.empty()) kiosk.buttons.push_back({ButtonNumber{1}, site.services[0].id});
        site.kiosks.push_back(std::move(kiosk));
    }
    return site;
}

PrinterStation::Manner draw_printer(Random& random) {
    PrinterStation::Manner manner;
    switch (random.below(6)) {
        case 0:
            manner.driver = escpos::generic_58();
            manner.printer = virtual_printer::generic_58();
            break;
        case 1:
        case 2:
            manner.driver = escpos::epson_tm();
            manner.printer = virtual_printer::epson_tm_t88v();
            // The profile is of the models that print 48 columns.
            manner.printer.head_dots = 576;
            manner.printer.dpi = 203;
            break;
        default:
            manner.driver = escpos::generic_80();
            manner.printer = virtual_printer::generic_80();
            manner.printer.has_process_id = false;
    }
    manner.printer.roll_mm = virtual_printer::Profile::endless_roll;
    if (random.chance(300)) manner.printer.speed_mm_per_s = 0;
    manner.printer.refuses_while_offline = random.chance(300);
    manner.tcp = random.chance(400);
    return manner;
}

// About half of all seeds do without a given fault.
Time draw_rate(Random& random, Time low, Time high, unsigned never_per_mille = 500) {
    const auto mean = random.between(low, high);
    return random.chance(never_per_mille) ? Time{0} : mean;
}

}  // namespace

Plan draw_plan(Random& random) {
    Plan plan;
    plan.site = draw_site(random);
    for (std::size_t k = 0; k < plan.site.kiosks.size(); ++k) {
        plan.printers.push_back(draw_printer(random));
    }
    plan.length = random.between(90s, 300s);
    const auto midnight = std::chrono::local_days{std::chrono::year{2026} / 1 / 5};
    plan.since_midnight = random.between(8h, 15h);
    if (random.chance(400)) {  // the day rolls over on the way
        plan.since_midnight = 24h + plan.site.day_starts - random.between(10s, plan.length);
    }
    plan.controller.utc_offset = 420min;
    plan.controller.starts = WallTime{std::chrono::floor<std::chrono::milliseconds>(
        midnight.time_since_epoch() + plan.since_midnight - plan.controller.utc_offset)};
    plan.controller.flush =
        random.chance(200) ? random.between(50ms, 900ms) : random.between(500us, 20ms);
    plan.network.delay_high = random.chance(300) ? random.between(10ms, 300ms) : Time{3000};
    plan.network.slow_per_mille = random.chance(500) ? 0 : static_cast<unsigned>(random.below(60));
    plan.network.split_per_mille =
        random.chance(300) ? 0 : static_cast<unsigned>(random.below(500));

    plan.press = random.between(2s, 15s);
    plan.key = random.between(3s, 20s);
    plan.controller_death = draw_rate(random, 15s, 120s);
    plan.kiosk_death = draw_rate(random, 10s, 90s, 350);
    plan.callpad_death = draw_rate(random, 15s, 120s);
    plan.cut = draw_rate(random, 5s, 60s);
    plan.stall = draw_rate(random, 10s, 90s);
    plan.silence = draw_rate(random, 15s, 120s);
    plan.isolation = draw_rate(random, 20s, 150s);
    plan.printer_power = draw_rate(random, 15s, 120s);
    plan.cover = draw_rate(random, 15s, 120s);
    plan.paper = draw_rate(random, 15s, 120s);
    plan.jam = draw_rate(random, 30s, 200s, 700);
    plan.heat = draw_rate(random, 30s, 200s, 700);
    plan.tear = draw_rate(random, 20s, 120s);
    plan.wall_jump = draw_rate(random, 30s, 200s, 700);
    return plan;
}

}  // namespace antrean::sim
