#include "tools/benchmark/firmware.hpp"

#include "tools/benchmark/kiosk_program.hpp"
#include "tools/benchmark/printer_port.hpp"
#include "tools/benchmark/site_file.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t warm_up_presses = 5;
constexpr milliseconds interval{150};
constexpr std::chrono::seconds idle_time{60};
constexpr std::size_t starts = 10;
constexpr std::size_t offline_presses = 100;
constexpr milliseconds between_first_keys{20};
// A button is not heard twice within a kiosk's guard against mashing.
constexpr milliseconds before_next_round{1200};
constexpr milliseconds settling{1000};  // what follows a paper is done by then

std::filesystem::path stripped(const std::filesystem::path& program,
                               const std::filesystem::path& dir) {
    auto copy = dir / "antrean-kiosk";
    Child strip{{"/usr/bin/strip", "-o", copy.string(), program.string()}, dir / "strip.log"};
    strip.wait(std::chrono::seconds{30});
    return copy;
}

void greet(KioskProgram& kiosk, PrinterPort& printer) {
    printer.wait_for_client();
    kiosk.child().wait_for_line("connected to the controller", patience);
    printer.serve(Clock::now() + settling, nullptr);
}

void warm_up(KioskProgram& kiosk) {
    for (std::size_t i = 0; i < warm_up_presses; ++i)
        kiosk.press_for_paper(i, interval);
}

Firmware::Presses press(KioskProgram& kiosk, PrinterPort& printer, std::size_t count,
                        Machine& machine) {
    Sample papers{count}, flushes{count};
    for (std::size_t i = 0; i < count; ++i) {
        papers.add(kiosk.press_for_paper(warm_up_presses + i, interval / 2));
        flushes.add(machine.flush_extending());
        printer.serve(Clock::now() + interval / 2, nullptr);
    }
    return {papers.summary(), flushes.summary()};
}

// The first day, from an empty store on; leaves a store of a usual size.
void run_day(const Settings& settings, const std::filesystem::path& program,
             const std::filesystem::path& dir, Machine& machine, Firmware& result) {
    ServedSite site{settings.controller, dir, 1};
    PrinterPort printer;
    KioskProgram kiosk{program, dir, site.port(), printer};
    greet(kiosk, printer);
    warm_up(kiosk);
    const auto begin = kiosk.child().usage();
    result.online = press(kiosk, printer, firmware_presses, machine);
    printer.serve(Clock::now() + settling, nullptr);
    const auto end = kiosk.child().usage();
    result.written_bytes_per_ticket =
        static_cast<double>(end.written_bytes - begin.written_bytes) / firmware_presses;
    result.memory = kiosk.child().memory();
    result.proportional_bytes = proportional_bytes_of(kiosk.child().pid());

    const auto idle_begin = Clock::now();
    const auto before = kiosk.child().usage();
    printer.serve(idle_begin + idle_time, nullptr);
    const auto after = kiosk.child().usage();
    result.idle_seconds = std::chrono::duration<double>{Clock::now() - idle_begin}.count();
    result.idle_cpu_us_per_second =
        std::chrono::duration<double, std::micro>{after.cpu - before.cpu}.count() /
        result.idle_seconds;
    kiosk.child().stop();
    site.controller().stop();
    const auto papers = warm_up_presses + firmware_presses;
    result.problem = audit(site.journal(), {papers, std::nullopt, papers});
}

// Presses one button after the other from the start on, and returns when the one was pressed whose
// paper came first: those before it were not taken.
Nanoseconds start_until_taken(const std::filesystem::path& program,
                              const std::filesystem::path& dir, std::uint16_t controller) {
    PrinterPort printer;
    const auto began = Clock::now();
    KioskProgram kiosk{program, dir, controller, printer};
    printer.wait_for_client();
    const auto limit = began + patience;
    std::vector<Clock::time_point> pressed;
    std::optional<Clock::time_point> paper;
    while (!paper && Clock::now() < limit) {
        pressed.clear();
        while (!paper && pressed.size() < buttons_per_kiosk) {
            pressed.push_back(Clock::now());
            kiosk.press(pressed.size() - 1);
            paper =
                printer.serve(pressed.back() + between_first_keys, &HealthyPrinter::Heard::text);
        }
        if (!paper) {
            paper = printer.serve(pressed.back() + before_next_round, &HealthyPrinter::Heard::text);
        }
    }
    printer.serve(Clock::now() + settling, nullptr);
    kiosk.child().stop();
    std::optional<std::size_t> first;
    auto first_at = printer.heard().npos;
    for (std::size_t button = 0; button < pressed.size(); ++button) {
        const auto at = printer.heard().find(service_name(0, button));
        if (at < first_at) {
            first = button;
            first_at = at;
        }
    }
    if (!paper || !first) throw std::runtime_error{"a kiosk that was started takes no press"};
    return pressed[*first] - began;
}

}  // namespace

Firmware run_firmware(const Settings& settings, const std::filesystem::path& kiosk,
                      Machine& machine, Baseline& baseline) {
    if (file_system_of(settings.dir).in_memory) {
        throw std::runtime_error{settings.dir.string() +
                                 " is in memory: nothing is written to a disk there. Choose "
                                 "another place by --dir"};
    }
    Firmware result;
    const auto dir = settings.dir / "firmware";
    std::filesystem::create_directories(dir);
    const auto program = stripped(kiosk, dir);
    result.program_bytes = std::filesystem::file_size(program);
    run_day(settings, program, dir, machine, result);
    {
        ServedSite site{settings.controller, dir, 1};
        Sample sample{starts};
        for (std::size_t i = 0; i < starts; ++i)
            sample.add(start_until_taken(program, dir, site.port()));
        result.start = sample.summary();

        PrinterPort printer;
        KioskProgram last{program, dir, site.port(), printer};
        greet(last, printer);
        site.controller().stop();
        last.child().wait_for_line("controller 127.0.0.1:", patience);
        warm_up(last);
        result.offline = press(last, printer, offline_presses, machine);
        last.child().stop();
    }
    result.machine = times_around(machine, baseline);
    std::filesystem::remove_all(dir);
    return result;
}

}  // namespace antrean::benchmark
