#include "tools/benchmark/report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

const Step* step_of(const Run& run, std::size_t connections) {
    const auto it = std::find_if(run.steps.begin(), run.steps.end(),
                                 [&](const Step& step) { return step.connections == connections; });
    return it == run.steps.end() ? nullptr : &*it;
}

std::string json(const Load& load) {
    return fmt::format(R"({{"cpu_us_per_ticket":{:.2f},"cpu_share":{:.3f},)"
                       R"("written_bytes_per_ticket":{:.0f},{}}})",
                       load.cpu_us_per_ticket, load.cpu_share, load.written_bytes_per_ticket,
                       json(load.memory));
}

std::string json(const MachineTimes& times) {
    return fmt::format(R"({{"flush":{},"flush_extending":{},"round_trip":{}}})", json(times.flush),
                       json(times.flush_extending), json(times.round_trip));
}

std::string json(const Step& step) {
    return fmt::format(
        R"({{"connections":{},"seconds":{:.3f},"tickets":{},"tickets_per_second":{:.1f},)"
        R"("latency":{},"machine":{},"controller":{},"bench":{},)"
        R"("journal":{{"tickets":{},"reports":{},"good":{},"problem":{}}}}})",
        step.connections, step.seconds, step.tickets, step.tickets_per_second, json(step.latency),
        json(step.machine), json(step.controller), json(step.bench), step.told.tickets,
        step.told.reports, step.problem.empty(), quoted(step.problem));
}

std::string json(const Idle& idle) {
    return fmt::format(R"({{"idle_cpu_share":{:.4f},"resident_bytes":{},"peak_bytes":{}}})",
                       idle.cpu_share, idle.memory.resident_bytes, idle.memory.peak_bytes);
}

std::string json(const std::optional<Press>& press) {
    if (!press) return "null";
    return fmt::format(
        R"({{"latency":{},"machine":{},"kiosk_cpu_us":{:.1f},"controller_cpu_us":{:.1f},)"
        R"("kiosk":{},"controller":{},"journal":{{"good":{},"problem":{}}}}})",
        json(press->latency), json(press->machine), press->kiosk_cpu_us, press->controller_cpu_us,
        json(press->kiosk), json(press->controller), press->problem.empty(),
        quoted(press->problem));
}

std::string json(const std::optional<Order>& order) {
    if (!order) return "null";
    return fmt::format(R"({{"first_byte":{},"paper":{}}})", json(order->first_byte),
                       json(order->paper));
}

std::string json(const std::optional<Crowd>& crowd) {
    if (!crowd) return "null";
    return fmt::format(R"({{"waiting":{},"call_next":{}}})", crowd->waiting, json(crowd->call));
}

std::string json(const Promise& promise) {
    return fmt::format(R"({{"text":{},"unit":{},"measured":{:.1f},"{}":{:.1f},"kept":{}}})",
                       quoted(promise.text), quoted(promise.unit), promise.measured,
                       promise.at_most ? "at_most" : "at_least", promise.bound, promise.kept());
}

void add_machine(Out to, const Run& run) {
    fmt::format_to(to, "{}, {} cores, Linux {}, load {:.1f} before\n", run.cpu, run.cores,
                   run.kernel, run.busy_before);
    fmt::format_to(to, "Journals in {} ({}), a fresh one for each step\n", run.dir,
                   run.file_system.name);
    fmt::format_to(to, "{}; each step {:.1f} s after its warm-up\n\n",
                   run.with_reports ? "Each ticket is followed by its print report"
                                    : "Tickets alone, one durable ticket for each request",
                   run.seconds);
}

void add_speed(Out to, const Run& run) {
    if (run.steps.empty()) return;
    fmt::format_to(to, "{:11}  {:>8}  {:>25}    {:>16}  {:>16}\n", "", "tickets", "one ticket, ms",
                   "disk flush, ms", "round trip, us");
    fmt::format_to(to, "{:>11}  {:>8}  {:>7}  {:>7}  {:>7}    {:>7}  {:>7}  {:>7}  {:>7}\n",
                   "connections", "a second", "p50", "p99", "max", "p50", "p99", "p50", "p99");
    for (const auto& step : run.steps) {
        fmt::format_to(to,
                       "{:>11}  {:>8.0f}  {:>7.2f}  {:>7.2f}  {:>7.2f}    {:>7.2f}  {:>7.2f}  "
                       "{:>7.0f}  {:>7.0f}\n",
                       step.connections, step.tickets_per_second, ms(step.latency.p50),
                       ms(step.latency.p99), ms(step.latency.max), ms(step.machine.flush.p50),
                       ms(step.machine.flush.p99), us(step.machine.round_trip.p50),
                       us(step.machine.round_trip.p99));
    }
    fmt::format_to(to, "\n");
}

void add_costs(Out to, const Run& run) {
    if (run.steps.empty()) return;
    fmt::format_to(to, "{:11}  {:>36}  {:>26}  {:>7}\n", "", "controller: CPU", "disk", "bench");
    fmt::format_to(to, "{:>11}  {:>10}  {:>8}  {:>7}  {:>7}  {:>9}  {:>10}  {:>9}\n", "connections",
                   "us/ticket", "of core", "MiB", "peak", "B/ticket", "us/ticket", "of core");
    for (const auto& step : run.steps) {
        fmt::format_to(
            to, "{:>11}  {:>10.1f}  {:>8.2f}  {:>7.1f}  {:>7.1f}  {:>9.0f}  {:>10.1f}  {:>9.2f}\n",
            step.connections, step.controller.cpu_us_per_ticket, step.controller.cpu_share,
            mib(step.controller.memory.resident_bytes), mib(step.controller.memory.peak_bytes),
            step.controller.written_bytes_per_ticket, step.bench.cpu_us_per_ticket,
            step.bench.cpu_share);
    }
    fmt::format_to(to, "\n");
}

void add_audit(Out to, const Run& run) {
    std::uint64_t tickets = 0;
    for (const auto& step : run.steps) {
        tickets += step.told.tickets;
        if (!step.problem.empty()) {
            fmt::format_to(to, "WRONG at {} connections: {}\n", step.connections, step.problem);
        }
    }
    if (run.press && !run.press->problem.empty()) {
        fmt::format_to(to, "WRONG from button to paper: {}\n", run.press->problem);
    }
    if (run.firmware && !run.firmware->problem.empty()) {
        fmt::format_to(to, "WRONG of the kiosk's program: {}\n", run.firmware->problem);
    }
    for (const auto& problem : problems(run.scale))
        fmt::format_to(to, "WRONG {}\n", problem);
    fmt::format_to(to, "{} tickets compared with what is stored\n",
                   tickets + tickets_compared(run.scale));
}

void add_press(Out to, const Run& run) {
    if (!run.press) return;
    const auto& press = *run.press;
    fmt::format_to(to,
                   "Button to paper, {} presses: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms; "
                   "disk flush p50 {:.2f} ms, p99 {:.2f} ms\n",
                   press.latency.count, ms(press.latency.p50), ms(press.latency.p99),
                   ms(press.latency.max), ms(press.machine.flush.p50), ms(press.machine.flush.p99));
    fmt::format_to(to, "{:12}{:>16}{:>16}{:>10}{:>10}\n", "", "CPU, us/press", "idle, of core",
                   "MiB", "peak");
    const auto row = [&](const char* name, double cpu_us, const Idle& idle) {
        fmt::format_to(to, "{:12}{:>16.0f}{:>16.4f}{:>10.1f}{:>10.1f}\n", name, cpu_us,
                       idle.cpu_share, mib(idle.memory.resident_bytes),
                       mib(idle.memory.peak_bytes));
    };
    row("  kiosk", press.kiosk_cpu_us, press.kiosk);
    row("  controller", press.controller_cpu_us, press.controller);
    fmt::format_to(to, "\n");
}

void add_order(Out to, const Run& run) {
    if (!run.order) return;
    const auto row = [&](const char* name, const Summary& time) {
        fmt::format_to(to, "  {:20}p50 {:>6.0f} us, p99 {:>6.0f} us, max {:>6.0f} us\n", name,
                       us(time.p50), us(time.p99), us(time.max));
    };
    fmt::format_to(to, "Order to printer, {} orders\n", run.order->paper.count);
    row("first byte", run.order->first_byte);
    row("first of the paper", run.order->paper);
    fmt::format_to(to, "\n");
}

void add_crowd(Out to, const Run& run) {
    if (!run.crowd) return;
    const auto& call = run.crowd->call;
    fmt::format_to(to,
                   "Call of the next, {} waiting: p50 {:.1f} us, p99 {:.1f} us, max {:.1f} us\n\n",
                   run.crowd->waiting, us(call.p50), us(call.p99), us(call.max));
}

void add_promises(Out to, const Run& run) {
    for (const auto& promise : promises(run)) {
        fmt::format_to(to, "{:10}  {}: {:.0f} {}, {} {:.0f}\n",
                       promise.kept() ? "pass" : "FALL SHORT", promise.text, promise.measured,
                       promise.unit, promise.at_most ? "at most" : "at least", promise.bound);
    }
}

}  // namespace

std::vector<Promise> promises(const Run& run) {
    std::vector<Promise> out;
    if (run.press) {
        const auto flush = us(run.press->machine.flush.p99);
        out.push_back({"button to paper: 99 of 100 within a flush (p99) and 3 ms", "us",
                       us(run.press->latency.p99), flush + 3000, true});
    }
    if (run.order) {
        out.push_back({"order to printer: 99 of 100 papers begin within 1 ms, status asked first",
                       "us", us(run.order->paper.p99), 1000, true});
    }
    if (run.crowd && run.crowd->waiting >= 100'000) {
        out.push_back({fmt::format("{} waiting: 99 of 100 calls of the next decided within 50 us",
                                   run.crowd->waiting),
                       "us", us(run.crowd->call.p99), 50, true});
    }
    add_promises(out, run.firmware);
    add_promises(out, run.scale);
    const auto* one = step_of(run, 1);
    if (!one) return out;
    out.push_back({"1 connection: half of the tickets within 1.25 x (flush + round trip)", "us",
                   us(one->latency.p50),
                   1.25 * us(one->machine.flush.p50 + one->machine.round_trip.p50), true});
    for (const auto& [connections, times] : {std::pair<std::size_t, double>{64, 4}, {256, 5}}) {
        if (const auto* many = step_of(run, connections)) {
            out.push_back(
                {fmt::format("{} connections: {} x the tickets of one", connections, times),
                 "tickets/s", many->tickets_per_second, times * one->tickets_per_second, false});
        }
    }
    return out;
}

std::string to_table(const Run& run) {
    std::string out;
    const auto to = std::back_inserter(out);
    add_machine(to, run);
    add_speed(to, run);
    add_costs(to, run);
    add_press(to, run);
    add_order(to, run);
    add_crowd(to, run);
    add_firmware(to, run.firmware, run.file_system.name);
    add_scale(to, run.scale);
    add_audit(to, run);
    add_promises(to, run);
    return out;
}

std::string to_json(const Run& run) {
    return fmt::format(
        R"({{"version":{},"cpu":{},"cores":{},"kernel":{},"busy_before":{:.2f},"dir":{},)"
        R"("file_system":{},"mode":{},"seconds":{:.1f},"steps":{},"press":{},"order":{},"crowd":{},"firmware":{},{},)"
        R"("promises":{}}})"
        "\n",
        quoted(ANTREAN_VERSION), quoted(run.cpu), run.cores, quoted(run.kernel), run.busy_before,
        quoted(run.dir), quoted(run.file_system.name),
        quoted(run.with_reports ? "issue_and_report" : "issue"), run.seconds,
        json_list(run.steps, [](const Step& step) { return json(step); }), json(run.press),
        json(run.order), json(run.crowd), json(run.firmware), json(run.scale),
        json_list(promises(run), [](const Promise& promise) { return json(promise); }));
}

}  // namespace antrean::benchmark
