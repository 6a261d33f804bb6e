#include "tools/benchmark/press.hpp"

#include "tools/benchmark/kiosk_program.hpp"
#include "tools/benchmark/printer_port.hpp"

#include <chrono>
#include <optional>

namespace antrean::benchmark {
namespace {

constexpr std::size_t warm_up_presses = 5;
constexpr std::chrono::seconds idle_time{3};

double share(const Usage& begin, const Usage& end, Clock::duration lasted) {
    return std::chrono::duration<double>{end.cpu - begin.cpu} / lasted;
}

double us_each(const Usage& begin, const Usage& end, std::size_t count) {
    const std::chrono::duration<double, std::micro> cpu = end.cpu - begin.cpu;
    return cpu.count() / static_cast<double>(count);
}

}  // namespace

Press run_press(const Settings& settings, const PressSettings& press_settings, Machine& machine,
                Baseline& baseline) {
    Press result;
    const auto dir = settings.dir / "press";
    {
        ServedSite site{settings.controller, dir, 1};
        PrinterPort printer;
        KioskProgram program{press_settings.kiosk, dir, site.port(), printer};
        auto& kiosk = program.child();
        printer.wait_for_client();
        kiosk.wait_for_line("connected to the controller", patience);
        printer.serve(Clock::now() + std::chrono::seconds{1}, nullptr);

        for (std::size_t i = 0; i < warm_up_presses; ++i) {
            program.press_for_paper(i, press_settings.interval);
        }
        Sample sample;
        const auto kiosk_begin = kiosk.usage();
        const auto controller_begin = site.controller().usage();
        for (std::size_t i = 0; i < press_settings.presses; ++i) {
            sample.add(program.press_for_paper(warm_up_presses + i, press_settings.interval));
        }
        const auto kiosk_end = kiosk.usage();
        const auto controller_end = site.controller().usage();
        result.latency = sample.summary();
        result.kiosk_cpu_us = us_each(kiosk_begin, kiosk_end, press_settings.presses);
        result.controller_cpu_us =
            us_each(controller_begin, controller_end, press_settings.presses);

        printer.serve(Clock::now() + std::chrono::seconds{1}, nullptr);
        const auto idle_begin = Clock::now();
        const auto kiosk_idle = kiosk.usage();
        const auto controller_idle = site.controller().usage();
        printer.serve(idle_begin + idle_time, nullptr);
        const auto idle = Clock::now() - idle_begin;
        result.kiosk = {share(kiosk_idle, kiosk.usage(), idle), kiosk.memory()};
        result.controller = {share(controller_idle, site.controller().usage(), idle),
                             site.controller().memory()};
        kiosk.stop();
        site.controller().stop();
        const auto papers = warm_up_presses + press_settings.presses;
        result.problem = audit(site.journal(), {papers, std::nullopt, papers});
    }
    result.machine = times_around(machine, baseline);
    std::filesystem::remove_all(dir);
    return result;
}

}  // namespace antrean::benchmark
