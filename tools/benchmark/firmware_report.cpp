#include "tools/benchmark/firmware_report.hpp"

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

constexpr double most_program_bytes = 3'000'000;  // as tools/package has it
constexpr double most_resident_bytes = 16 << 20;
constexpr double longest_start_us = 300'000;
constexpr double most_idle_us_per_second = 1000;  // a thousandth of a core
constexpr double most_written_bytes = 24 * 1024;
constexpr double most_besides_online_us = 3000;
constexpr double most_besides_offline_us = 2000;

}  // namespace

void add_firmware(Out to, const std::optional<Firmware>& firmware, const std::string& file_system) {
    if (!firmware) return;
    fmt::format_to(to,
                   "The kiosk's program: {:.2f} MB stripped; {:.1f} MiB resident ({:.1f} by share, "
                   "{:.1f} at most) after {} presses; {:.1f} KiB written to {} a ticket; idle for "
                   "{:.0f} s: {:.0f} us of CPU a second\n",
                   static_cast<double>(firmware->program_bytes) / 1e6,
                   mib(firmware->memory.resident_bytes), mib(firmware->proportional_bytes),
                   mib(firmware->memory.peak_bytes), firmware->online.papers.count,
                   firmware->written_bytes_per_ticket / 1024, file_system, firmware->idle_seconds,
                   firmware->idle_cpu_us_per_second);
    const auto row = [&](const char* name, const Summary& times) {
        fmt::format_to(to,
                       "  {:28}{:>4} times: p50 {:>7.2f} ms, p99 {:>7.2f} ms, max {:>7.2f} ms\n",
                       name, times.count, ms(times.p50), ms(times.p99), ms(times.max));
    };
    row("start to first press taken", firmware->start);
    row("key to paper", firmware->online.papers);
    row("disk flush between presses", firmware->online.flushes);
    row("key to paper, no controller", firmware->offline.papers);
    row("disk flush between presses", firmware->offline.flushes);
    row("disk flush", firmware->machine.flush);
    row("disk flush, appending", firmware->machine.flush_extending);
    fmt::format_to(to, "\n");
}

void add_promises(std::vector<Promise>& to, const std::optional<Firmware>& firmware) {
    if (!firmware) return;
    const auto promise = [&](const char* text, const char* unit, double measured, double bound) {
        to.push_back({text, unit, measured, bound, true});
    };
    // What a young log takes, which grows: a kiosk's is cut at each start. As seldom as papers.
    const auto bound = [](const Firmware::Presses& presses, double besides_us) {
        return 2 * us(presses.flushes.p99) + besides_us;
    };
    promise("kiosk: the program, stripped", "bytes", static_cast<double>(firmware->program_bytes),
            most_program_bytes);
    promise("kiosk: resident after a day's presses", "KiB",
            static_cast<double>(firmware->memory.resident_bytes) / 1024,
            most_resident_bytes / 1024);
    promise("kiosk: from every start to the first press that is taken", "us",
            us(firmware->start.max), longest_start_us);
    promise("kiosk: CPU a second when idle", "us", firmware->idle_cpu_us_per_second,
            most_idle_us_per_second);
    promise("kiosk: written for a ticket", "bytes", firmware->written_bytes_per_ticket,
            most_written_bytes);
    promise("kiosk: 99 of 100 papers begin within two flushes between presses (p99) and 3 ms", "us",
            us(firmware->online.papers.p99), bound(firmware->online, most_besides_online_us));
    promise(
        "kiosk: without a controller, 99 of 100 within two flushes between presses (p99) and 2 ms",
        "us", us(firmware->offline.papers.p99), bound(firmware->offline, most_besides_offline_us));
}

std::string json(const std::optional<Firmware>& firmware) {
    if (!firmware) return "null";
    return fmt::format(
        R"({{"program_bytes":{},{},"proportional_bytes":{},"written_bytes_per_ticket":{:.0f},)"
        R"("idle_seconds":{:.1f},"idle_cpu_us_per_second":{:.1f},"start":{},"online":{},)"
        R"("online_flush":{},"offline":{},"offline_flush":{},"flush":{},"flush_extending":{},"journal":{{"good":{},"problem":{}}}}})",
        firmware->program_bytes, json(firmware->memory), firmware->proportional_bytes,
        firmware->written_bytes_per_ticket, firmware->idle_seconds,
        firmware->idle_cpu_us_per_second, json(firmware->start), json(firmware->online.papers),
        json(firmware->online.flushes), json(firmware->offline.papers),
        json(firmware->offline.flushes), json(firmware->machine.flush),
        json(firmware->machine.flush_extending), firmware->problem.empty(),
        quoted(firmware->problem));
}

}  // namespace antrean::benchmark
