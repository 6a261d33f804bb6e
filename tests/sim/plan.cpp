#include "tests/sim/plan.hpp"

#include <algorithm>
#include <string>

namespace antrean::sim {

using namespace std::chrono_literals;

namespace {

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
    plan.length = random.between(80s, 260s);
    const auto midnight = std::chrono::local_days{std::chrono::year{2026} / 1 / 5};
    const std::chrono::minutes day_starts = random.chance(250) ? 4h : 0h;
    plan.since_midnight = random.between(8h, 15h);
    if (random.chance(300)) {  // the day rolls over on the way
        plan.since_midnight = 24h + day_starts - random.between(10s, plan.length);
    }
    const auto now = std::chrono::floor<std::chrono::minutes>(plan.since_midnight);
    const auto base = std::make_shared<site::Site>(draw_site(random, now, day_starts));
    if (random.chance(350)) {
        base->appointment_key = booking_key();
        const ServiceDay today{midnight.time_since_epoch()};
        plan.bookings = draw_bookings(random, *base, today, now);
        plan.check_in = random.between(6s, 25s);
    }
    plan.sites["0"] = base;
    for (std::uint64_t version = 1, count = random.between(1, 4); version <= count; ++version) {
        auto changed = std::make_shared<site::Site>(draw_change(random, *base, now));
        changed->version = std::to_string(version);
        plan.sites[changed->version] = changed;
    }
    for (std::size_t k = 0; k < base->kiosks.size(); ++k) {
        plan.printers.push_back({draw_printer(random)});
        if (random.chance(300)) plan.printers.back().push_back(draw_printer(random));
    }
    plan.controller.utc_offset = 420min;
    plan.controller.starts = WallTime{std::chrono::floor<std::chrono::milliseconds>(
        midnight.time_since_epoch() + plan.since_midnight - plan.controller.utc_offset)};
    static constexpr WallClock clocks[]{WallClock::fast, WallClock::still, WallClock::restless};
    if (random.chance(150)) plan.controller.clock = clocks[random.below(std::size(clocks))];
    plan.controller.flush =
        random.chance(200) ? random.between(50ms, 900ms) : random.between(500us, 20ms);
    plan.network.delay_high = random.chance(300) ? random.between(10ms, 300ms) : Time{3000};
    plan.network.slow_per_mille = random.chance(500) ? 0 : static_cast<unsigned>(random.below(60));
    plan.network.split_per_mille =
        random.chance(300) ? 0 : static_cast<unsigned>(random.below(500));
    plan.network.late_greeting_per_mille =
        random.chance(500) ? 0 : static_cast<unsigned>(random.below(200));

    plan.press = random.between(2s, 15s);
    plan.key = random.between(1s, 14s);
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
    plan.operation = draw_rate(random, 8s, 60s, 350);
    plan.site_change = draw_rate(random, 15s, 90s, 550);
    if (random.chance(200)) {
        plan.backup_at = random.between(5s, plan.length / 2);
        plan.restore_at = plan.backup_at + random.between(1s, plan.length / 2 - 6s);
        plan.restore_leaves_sign = random.chance(600);
    }
    if (random.chance(150)) {
        plan.twin_at = random.between(5s, plan.length * 2 / 3);
        plan.press_both = random.between(2s, 20s);
        plan.twins_printers.push_back(draw_printer(random));
    }
    plan.wall_jump = draw_rate(random, 30s, 200s, 700);
    plan.technician = draw_rate(random, 30s, 150s, 700);
    return plan;
}

Plan without_hours(Plan plan, WallClock clock) {
    for (auto& [version, site] : plan.sites) {
        auto timeless = std::make_shared<site::Site>(*site);
        timeless->day_starts = 0h;
        timeless->holidays.clear();
        timeless->rules.offline = false;
        timeless->appointment_key.reset();
        for (auto& agency : timeless->agencies)
            agency.from = agency.until = std::nullopt;
        for (auto& service : timeless->services)
            service.hours.reset();
        for (auto& counter : timeless->counters)
            counter.shifts.clear();
        site = std::move(timeless);
    }
    plan.bookings.clear();
    plan.check_in = plan.wall_jump = Time{0};
    plan.undo = false;
    // Waits are measured by this clock, for estimates: what says one would be of another length,
    // and take another time.
    plan.network.split_per_mille = 0;
    plan.cut = Time{0};
    const auto leave_out_estimates = [](std::vector<PrinterStation::Manner>& printers) {
        for (auto& printer : printers)
            printer.estimates = false;
    };
    std::for_each(plan.printers.begin(), plan.printers.end(), leave_out_estimates);
    leave_out_estimates(plan.twins_printers);
    plan.controller.starts +=
        std::chrono::floor<std::chrono::milliseconds>(12h - plan.since_midnight);
    plan.controller.clock = clock;
    plan.since_midnight = 12h;
    return plan;
}

}  // namespace antrean::sim
