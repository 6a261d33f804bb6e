#include "tools/benchmark/steps.hpp"

#include "tools/benchmark/fleet.hpp"
#include "tools/benchmark/site_file.hpp"

#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds warm_up{500};
// A disk so slow that the log is not full by then is measured as it is.
constexpr std::chrono::seconds longest_warm_up{15};
constexpr std::chrono::seconds start_limit{10};

std::filesystem::path with_site_file(const std::filesystem::path& dir, std::size_t kiosks,
                                     std::size_t idle_kiosks) {
    std::filesystem::create_directories(dir);
    auto file = dir / "site.toml";
    std::ofstream out{file};
    out << site_file(kiosks, idle_kiosks);
    if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
    return file;
}

// "... devices at 127.0.0.1:PORT, board at ..."
std::uint16_t port_in(const std::string& line) {
    constexpr std::string_view before = "devices at 127.0.0.1:";
    return static_cast<std::uint16_t>(std::stoul(line.substr(line.find(before) + before.size())));
}

}  // namespace

Load load_between(const Usage& begin, const Usage& end, Clock::duration lasted,
                  std::uint64_t tickets, const Memory& memory) {
    const auto count = static_cast<double>(tickets ? tickets : 1);
    const std::chrono::duration<double, std::micro> cpu = end.cpu - begin.cpu;
    const std::chrono::duration<double, std::micro> wall = lasted;
    return {cpu.count() / count, cpu / wall,
            static_cast<double>(end.written_bytes - begin.written_bytes) / count, memory};
}

MachineTimes times_around(Machine& machine, Baseline& baseline) {
    auto after = machine.measure();
    baseline.add(after);
    const MachineTimes times{baseline.overwrite.summary(), baseline.extend.summary(),
                             baseline.round_trip.summary()};
    baseline = std::move(after);
    return times;
}

ServedSite::ServedSite(const std::filesystem::path& controller, std::filesystem::path dir,
                       std::size_t kiosks, std::size_t idle_kiosks)
    : dir_{std::move(dir)},
      journal_{dir_ / "journal"},
      controller_{
          {controller.string(), "--site", with_site_file(dir_, kiosks, idle_kiosks).string(),
           "--journal", journal_.string(), "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"},
          dir_ / "controller.log"} {
    port_ = port_in(controller_.wait_for_line("devices at 127.0.0.1:", start_limit));
}

bool ServedSite::log_is_full() const {
    std::error_code none_yet;
    const auto size = std::filesystem::file_size(journal_.string() + "-wal", none_yet);
    return !none_yet && size >= log_bytes;
}

Step run_step(const Settings& settings, std::size_t connections, Machine& machine,
              Baseline& baseline) {
    Step step;
    step.connections = connections;
    const auto dir = settings.dir / fmt::format("step-{}", connections);
    {
        ServedSite site{settings.controller, dir, connections};
        Fleet fleet{site.port(), connections, settings.with_reports};

        Sample warming;
        const auto started = Clock::now();
        for (auto now = started;
             now < started + warm_up || (!site.log_is_full() && now < started + longest_warm_up);
             now = Clock::now()) {
            fleet.press_until(now + std::chrono::milliseconds{50}, warming);
        }

        // Room for every ticket: growing would stop the generator while it is measured.
        Sample sample{warming.count() + 200'000 * (1 + settings.measure.count() / 1000)};
        const auto controller_begin = site.controller().usage();
        const auto bench_begin = usage_of(getpid());
        const auto begin = Clock::now();
        fleet.press_until(begin + settings.measure, sample);
        const auto lasted = Clock::now() - begin;
        const auto bench_end = usage_of(getpid());
        const auto controller_end = site.controller().usage();

        step.latency = sample.summary();
        step.tickets = sample.count();
        step.seconds = std::chrono::duration<double>{lasted}.count();
        step.tickets_per_second = static_cast<double>(step.tickets) / step.seconds;
        step.controller = load_between(controller_begin, controller_end, lasted, step.tickets,
                                       site.controller().memory());
        step.bench =
            load_between(bench_begin, bench_end, lasted, step.tickets, memory_of(getpid()));
        fleet.finish();
        step.told = fleet.told();
        site.controller().stop();
        step.problem = audit(site.journal(), step.told);
    }
    step.machine = times_around(machine, baseline);
    std::filesystem::remove_all(dir);
    return step;
}

}  // namespace antrean::benchmark
