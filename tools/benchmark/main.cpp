// antrean-bench: measures a real controller and a real kiosk on this machine, beside what the
// machine itself takes for a flush and a round trip.
#include "tools/benchmark/crowd.hpp"
#include "tools/benchmark/firmware.hpp"
#include "tools/benchmark/order.hpp"
#include "tools/benchmark/press.hpp"
#include "tools/benchmark/report.hpp"
#include "tools/benchmark/run_dir.hpp"
#include "tools/benchmark/steps.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>

namespace {

using namespace antrean::benchmark;

enum ExitCode {
    exit_ok = 0,
    exit_fell_short = 1,
    exit_wrong_journal = 2,
    exit_usage = 64,
    exit_failed = 70,
};

constexpr const char* exit_codes =
    "Exit codes: 0 all promises kept; 1 one fell short; 2 the journal does not agree with the "
    "tickets\n(please report it); 64 wrong options; 70 nothing could be measured.\n";

struct Options {
    std::vector<std::size_t> connections{1, 16, 64, 256, 1024};
    double seconds = 3;
    std::filesystem::path dir;
    std::filesystem::path controller;
    std::filesystem::path kiosk;
    std::size_t presses = 100;
    std::size_t orders = 200;
    std::size_t waiting = 100'000;
    bool firmware = false;
    bool peers = false;
    std::size_t idle = 0;
    std::uint64_t history = 0;
    bool with_reports = false;
    bool json = false;
};

std::filesystem::path beside_this_program(const char* name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

std::string cpu_name() {
    std::ifstream in{"/proc/cpuinfo"};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown CPU";
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Run describe(const Options& options) {
    Run run;
    run.cpu = cpu_name();
    run.cores = std::thread::hardware_concurrency();
    utsname system{};
    if (uname(&system) == 0) run.kernel = system.release;
    getloadavg(&run.busy_before, 1);
    run.dir = options.dir.string();
    run.file_system = file_system_of(options.dir);
    run.with_reports = options.with_reports;
    run.seconds = options.seconds;
    return run;
}

// Progress goes to standard error, so that standard output is the result alone.
template <class... Args>
void tell(fmt::format_string<Args...> format, Args&&... args) {
    fmt::print(stderr, "{}\n", fmt::format(format, std::forward<Args>(args)...));
}

int measure(const Options& options, const std::filesystem::path& dir) {
    auto run = describe(options);
    if (run.file_system.in_memory) {
        tell("warning: {} is on {}, where a flush reaches no disk; choose another by --dir",
             run.dir, run.file_system.name);
    }
    if (run.busy_before > 0.5 * run.cores) {
        tell(
            "warning: load {:.1f} on {} cores: other programs compete, and the figures are theirs "
            "too",
            run.busy_before, run.cores);
    }
    const Settings settings{options.controller, dir,
                            std::chrono::milliseconds{std::lround(options.seconds * 1000)},
                            options.with_reports};
    Machine machine{dir};
    auto baseline = machine.measure();
    for (const auto connections : options.connections) {
        if (connections == 0) continue;
        tell("{} connections ...", connections);
        run.steps.push_back(run_step(settings, connections, machine, baseline));
    }
    if (options.presses > 0) {
        tell("{} presses ...", options.presses);
        const PressSettings press{options.kiosk, options.presses, std::chrono::milliseconds{150}};
        run.press = run_press(settings, press, machine, baseline);
    }
    if (options.orders > 0) {
        tell("{} orders ...", options.orders);
        run.order = run_orders(options.orders);
    }
    if (options.waiting > 0) {
        tell("{} people who wait ...", options.waiting);
        run.crowd = run_crowd(options.waiting);
    }
    if (options.firmware) {
        tell("the kiosk's program ...");
        run.firmware = run_firmware(settings, options.kiosk, machine, baseline);
    }
    const auto say = [](const std::string& what) { tell("{}", what); };
    if (options.peers) {
        run.scale.peers = compare_with_peers(settings, machine, baseline, say);
    }
    if (options.idle > 0) {
        tell("{} idle devices ...", options.idle);
        run.scale.idle = run_idle(settings, options.idle);
    }
    if (options.history > 0) run.scale.history = run_history(settings, options.history, say);
    std::fputs((options.json ? to_json(run) : to_table(run)).c_str(), stdout);
    for (const auto& step : run.steps) {
        if (!step.problem.empty()) return exit_wrong_journal;
    }
    if (run.press && !run.press->problem.empty()) return exit_wrong_journal;
    if (run.firmware && !run.firmware->problem.empty()) return exit_wrong_journal;
    if (!problems(run.scale).empty()) return exit_wrong_journal;
    for (const auto& promise : promises(run)) {
        if (!promise.kept()) return exit_fell_short;
    }
    return exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    options.controller = beside_this_program("antrean-controller");
    options.kiosk = beside_this_program("antrean-kiosk");
    options.dir = beside_this_program("..").lexically_normal() / "bench";
    CLI::App app{
        "Measures how fast durable tickets come: a real controller, many kiosks over loopback, "
        "and\n"
        "beside each figure what the machine itself takes for a disk flush and a round trip.\n\n"
        "Examples:\n  tools/bench --connections 1,64 --seconds 5\n"
        "  tools/bench --connections 0 --presses 0       # printer driver and engine alone\n"
        "  tools/bench --connections 0 --presses 0 --orders 0 --firmware    # the kiosk's program"};
    app.add_option("--connections", options.connections,
                   "Kiosks at once, one step for each number; 0: no step")
        ->delimiter(',')
        ->check(CLI::Range(0, 2000))
        ->capture_default_str();
    app.add_option("--seconds", options.seconds, "How long each step is measured")
        ->check(CLI::Range(0.2, 600.0))
        ->capture_default_str();
    app.add_option(
           "--presses", options.presses,
           "How often a button is pressed at a kiosk, after the steps; 0: no kiosk is needed")
        ->check(CLI::Range(0, 10'000))
        ->capture_default_str();
    app.add_option("--orders", options.orders,
                   "How often the printer driver alone is given a paper to print, after the "
                   "presses; 0: never")
        ->check(CLI::Range(0, 10'000))
        ->capture_default_str();
    app.add_option(
           "--waiting", options.waiting,
           "How many wait when people are called by the engine alone, after the orders; the "
           "promise is for 100000; 0: nobody is called")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    app.add_flag("--firmware", options.firmware,
                 "Then what the kiosk's program takes, stripped: its size, memory, starts, writes, "
                 "an idle minute, and presses with and without a controller (two minutes)");
    app.add_flag("--peers", options.peers,
                 "Then ours beside Redis, PostgreSQL and beanstalkd, in turn, at 64 and 256 "
                 "connections");
    app.add_option("--idle", options.idle,
                   "Then so many devices that stand idle, and one among them that presses; the "
                   "promise is for 10000; 0: never")
        ->check(CLI::Range(std::size_t{0}, most_idle_devices))
        ->capture_default_str();
    app.add_option("--history", options.history,
                   "Then a controller with so many tickets of ten years on file, beside one "
                   "without; the promise is for 10000000; 0: never")
        ->check(CLI::Range(0, 20'000'000))
        ->capture_default_str();
    app.add_option("--dir", options.dir, "Where the journals go: on the disk to be measured")
        ->capture_default_str();
    app.add_flag("--with-reports", options.with_reports,
                 "Each ticket is followed by the report of its printing, as kiosks do");
    app.add_option("--controller", options.controller, "The controller to measure")
        ->capture_default_str();
    app.add_option("--kiosk", options.kiosk, "The kiosk to press at")->capture_default_str();
    app.add_flag("--json", options.json, "For programs: one JSON object; times in microseconds");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(exit_codes);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    try {
        raise_descriptor_limit();
        return in_run_dir(options.dir, [&](const std::filesystem::path& dir) {
            try {
                return measure(options, dir);
            } catch (const std::exception& error) {
                tell("antrean-bench: {}", error.what());
                return static_cast<int>(exit_failed);
            }
        });
    } catch (const std::exception& error) {
        tell("antrean-bench: {}", error.what());
        return exit_failed;
    }
}
