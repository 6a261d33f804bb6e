#include "tools/benchmark/scale_report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

constexpr std::uint64_t most_idle_memory = 150 << 20;
constexpr double times_redis = 1.3;
constexpr double longest_start_ms = 2000;
constexpr double a_tenth = 0.1;

double gib(std::uint64_t bytes) {
    return mib(bytes) / 1024;
}

void add_peers(Out to, const std::vector<Compared>& all) {
    if (all.empty()) return;
    fmt::format_to(to,
                   "Beside peers, in turn; of {} rounds the middle one, and the slowest and the "
                   "fastest\n",
                   peer_rounds);
    fmt::format_to(to, "{:>11}  {:12}{:>9}  {:>17}  {:>7}  {:>7}  {:>10}  {:>9}  {:>7}\n",
                   "connections", "", "tickets/s", "slowest..fastest", "p50, ms", "p99, ms",
                   "CPU, us/t.", "disk B/t.", "bench");
    for (const auto& one : all) {
        const auto& step = one.middle();
        fmt::format_to(to,
                       "{:>11}  {:12}{:>9.0f}  {:>8.0f} {:>8.0f}  {:>7.2f}  {:>7.2f}  {:>10.1f}  "
                       "{:>9.0f}  {:>7.2f}\n",
                       one.connections, one.server, step.tickets_per_second, one.slowest(),
                       one.fastest(), ms(step.latency.p50), ms(step.latency.p99),
                       step.cpu_us_per_ticket, step.written_bytes_per_ticket, step.bench_cpu_share);
    }
    for (const auto& one : all) {
        if (one.connections == all[0].connections) {
            fmt::format_to(to, "  {}: {}\n", one.server, one.settings);
        }
    }
    fmt::format_to(to, "\n");
}

void add_idle(Out to, const std::optional<IdleCrowd>& crowd) {
    if (!crowd) return;
    fmt::format_to(to,
                   "{} idle devices, greeted in {:.1f} s: controller {:.1f} MiB ({:.1f} before "
                   "they came), {:.3f} of a core for heartbeats\n",
                   crowd->devices, crowd->greeting_seconds, mib(crowd->memory.resident_bytes),
                   mib(crowd->memory_alone.resident_bytes), crowd->idle_cpu_share);
    const auto row = [&](const char* name, const Summary& times) {
        fmt::format_to(to, "  {:24}p50 {:>6.2f} ms, p99 {:>6.2f} ms, max {:>6.2f} ms\n", name,
                       ms(times.p50), ms(times.p99), ms(times.max));
    };
    row("one that presses, alone", crowd->alone);
    row("among them", crowd->among);
    fmt::format_to(to, "\n");
}

void add_history(Out to, const std::optional<History>& history) {
    if (!history) return;
    const auto& past = history->past;
    fmt::format_to(to,
                   "History: {} tickets of {} days, {:.2f} GiB ({} bytes a ticket), written in "
                   "{:.0f} s\n",
                   past.tickets, past.days, gib(past.bytes), past.bytes / past.tickets,
                   past.seconds);
    fmt::format_to(to, "{:12}{:>9}  {:>22}  {:>22}  {:>8}\n", "", "start, ms",
                   "one ticket, ms p50  p99", "64 connections, t./s", "MiB");
    const auto row = [&](const char* name, const WithPast& side) {
        fmt::format_to(to, "{:12}{:>9.0f}  {:>16.3f}  {:>5.2f}  {:>21.0f}  {:>8.1f}\n", name,
                       side.start_seconds * 1000, ms(side.one.p50), ms(side.one.p99),
                       side.middle_tickets_per_second(), mib(side.memory.resident_bytes));
    };
    row("  empty", history->empty);
    row("  with it", history->full);
    fmt::format_to(
        to, "reports.db: {:.2f} GiB; slowest report of a day {:.0f} ms, of a year {:.0f} ms\n\n",
        gib(past.reports_bytes), history->day_report_seconds * 1000,
        history->year_report_seconds * 1000);
}

const Compared* find(const std::vector<Compared>& all, const char* server,
                     std::size_t connections) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const Compared& one) {
        return one.server == server && one.connections == connections;
    });
    return it == all.end() ? nullptr : &*it;
}

std::string json(const PeerStep& step) {
    return fmt::format(R"({{"tickets_per_second":{:.1f},"latency":{},"cpu_us_per_ticket":{:.2f},)"
                       R"("written_bytes_per_ticket":{:.0f},"bench_cpu_share":{:.3f},)"
                       R"("tickets":{},"good":{},"problem":{}}})",
                       step.tickets_per_second, json(step.latency), step.cpu_us_per_ticket,
                       step.written_bytes_per_ticket, step.bench_cpu_share, step.tickets,
                       step.problem.empty(), quoted(step.problem));
}

std::string json(const Compared& one) {
    return fmt::format(R"({{"server":{},"connections":{},"settings":{},"middle":{},"rounds":{}}})",
                       quoted(one.server), one.connections, quoted(one.settings),
                       json(one.middle()),
                       json_list(one.rounds, [](const PeerStep& step) { return json(step); }));
}

std::string json(const std::optional<IdleCrowd>& crowd) {
    if (!crowd) return "null";
    return fmt::format(R"({{"devices":{},"greeting_seconds":{:.3f},{},"resident_bytes_alone":{},)"
                       R"("idle_cpu_share":{:.4f},"alone":{},"among":{},"good":{},"problem":{}}})",
                       crowd->devices, crowd->greeting_seconds, json(crowd->memory),
                       crowd->memory_alone.resident_bytes, crowd->idle_cpu_share,
                       json(crowd->alone), json(crowd->among), crowd->problem.empty(),
                       quoted(crowd->problem));
}

std::string json(const WithPast& side) {
    return fmt::format(R"({{"start_seconds":{:.3f},"one":{},"tickets_per_second":{:.1f},{},)"
                       R"("good":{},"problem":{}}})",
                       side.start_seconds, json(side.one), side.middle_tickets_per_second(),
                       json(side.memory), side.problem.empty(), quoted(side.problem));
}

std::string json(const std::optional<History>& history) {
    if (!history) return "null";
    const auto& past = history->past;
    return fmt::format(R"({{"tickets":{},"days":{},"bytes":{},"writing_seconds":{:.1f},)"
                       R"("reports_bytes":{},"day_report_seconds":{:.3f},)"
                       R"("year_report_seconds":{:.3f},"connections":{},"empty":{},"full":{}}})",
                       past.tickets, past.days, past.bytes, past.seconds, past.reports_bytes,
                       history->day_report_seconds, history->year_report_seconds,
                       history_connections, json(history->empty), json(history->full));
}

}  // namespace

void add_scale(Out to, const Scale& scale) {
    add_peers(to, scale.peers);
    add_idle(to, scale.idle);
    add_history(to, scale.history);
}

void add_promises(std::vector<Promise>& to, const Scale& scale) {
    for (const auto connections : peer_connections) {
        const auto* ours = find(scale.peers, "antrean", connections);
        const auto* redis = find(scale.peers, "redis", connections);
        if (!ours || !redis) continue;
        to.push_back({fmt::format("{} connections: {} x Redis", connections, times_redis),
                      "tickets/s", ours->middle().tickets_per_second,
                      times_redis * redis->middle().tickets_per_second, false});
    }
    if (scale.idle) {
        to.push_back({fmt::format("{} idle devices: the controller's memory", scale.idle->devices),
                      "MiB", mib(scale.idle->memory.resident_bytes), mib(most_idle_memory), true});
    }
    if (!scale.history) return;
    const auto& [past, day_report, year_report, empty, full] = *scale.history;
    const auto name = fmt::format("{} tickets on file", past.tickets);
    to.push_back({name + ": the controller starts within 2 s", "ms", full.start_seconds * 1000,
                  longest_start_ms, true});
    to.push_back({name + ": a day's report within 0.5 s", "ms", day_report * 1000, 500, true});
    to.push_back({name + ": a year's report within 5 s", "ms", year_report * 1000, 5000, true});
    to.push_back({name + ": 1 connection, half of the tickets within a tenth more", "us",
                  us(full.one.p50), (1 + a_tenth) * us(empty.one.p50), true});
    to.push_back({fmt::format("{}: {} connections, within a tenth less", name, history_connections),
                  "tickets/s", full.middle_tickets_per_second(),
                  (1 - a_tenth) * empty.middle_tickets_per_second(), false});
}

std::vector<std::string> problems(const Scale& scale) {
    std::vector<std::string> found;
    for (const auto& one : scale.peers) {
        for (const auto& round : one.rounds) {
            if (round.problem.empty()) continue;
            found.push_back(fmt::format("{} at {} connections: {}", one.server, one.connections,
                                        round.problem));
        }
    }
    const auto add = [&](const char* where, const std::string& problem) {
        if (!problem.empty()) found.push_back(fmt::format("{}: {}", where, problem));
    };
    if (scale.idle) add("among idle devices", scale.idle->problem);
    if (scale.history) {
        add("behind the history", scale.history->full.problem);
        add("beside the history", scale.history->empty.problem);
    }
    return found;
}

std::uint64_t tickets_compared(const Scale& scale) {
    std::uint64_t sum = 0;
    for (const auto& one : scale.peers) {
        for (const auto& round : one.rounds)
            sum += round.tickets;
    }
    if (scale.idle) sum += scale.idle->tickets;
    if (scale.history) sum += scale.history->empty.tickets + scale.history->full.tickets;
    return sum;
}

std::string json(const Scale& scale) {
    return fmt::format(R"("peers":{},"idle":{},"history":{})",
                       json_list(scale.peers, [](const Compared& one) { return json(one); }),
                       json(scale.idle), json(scale.history));
}

}  // namespace antrean::benchmark
