#include "tools/benchmark/press.hpp"

#include "tools/benchmark/printer_port.hpp"
#include "tools/benchmark/site_file.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

constexpr std::size_t warm_up_presses = 5;
constexpr std::chrono::seconds idle_time{3};

// One press; returns the time until its paper began. Ends at INTERVAL after the press, or when the
// paper is through, whichever is later.
Nanoseconds press(PrinterPort& printer, int keys, std::size_t count,
                  std::chrono::milliseconds interval) {
    const char key = static_cast<char>('1' + count % buttons_per_kiosk);
    const auto pressed = Clock::now();
    if (write(keys, &key, 1) != 1) fail("pressing a key");
    const auto began = printer.serve(pressed + patience, &HealthyPrinter::Heard::text);
    if (!began) throw std::runtime_error{"no paper came after a press"};
    if (!printer.confirmed() &&
        !printer.serve(*began + patience, &HealthyPrinter::Heard::confirmed)) {
        throw std::runtime_error{"the kiosk does not ask whether its paper is through"};
    }
    printer.serve(pressed + interval, nullptr);
    return *began - pressed;
}

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
        std::array<int, 2> pipe_ends{};
        if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) fail("making a pipe");
        const Fd keys_read{pipe_ends[0], "making a pipe"};
        const Fd keys{pipe_ends[1], "making a pipe"};
        Child kiosk{
            {press_settings.kiosk.string(), "--press-limit", "1000/0.01", "--device",
             std::string{kiosk_id(0).view()}, "--controller",
             fmt::format("127.0.0.1:{}", site.port()), "--store", (dir / "kiosk.store").string(),
             "--printer", fmt::format("tcp:127.0.0.1:{}", printer.port()), "--profile",
             "epson-tm-t20iii"},
            dir / "kiosk.log",
            keys_read.get()};
        printer.wait_for_client();
        kiosk.wait_for_line("connected to the controller", patience);
        printer.serve(Clock::now() + std::chrono::seconds{1}, nullptr);

        for (std::size_t i = 0; i < warm_up_presses; ++i) {
            press(printer, keys.get(), i, press_settings.interval);
        }
        Sample sample;
        const auto kiosk_begin = kiosk.usage();
        const auto controller_begin = site.controller().usage();
        for (std::size_t i = 0; i < press_settings.presses; ++i) {
            sample.add(press(printer, keys.get(), warm_up_presses + i, press_settings.interval));
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
    auto after = machine.measure();
    baseline.add(after);
    result.machine = times_of(baseline);
    baseline = std::move(after);
    std::filesystem::remove_all(dir);
    return result;
}

}  // namespace antrean::benchmark
