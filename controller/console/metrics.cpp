#include "controller/console/metrics.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

#include <fmt/format.h>

namespace antrean::console {

namespace {

// The kinds of events as the journal names them, in the order of engine::Fact.
constexpr std::array<std::string_view, std::variant_size_v<engine::Fact::variant>> kinds{
    "day_opened",     "carried",         "carried_paper",  "carried_lease",  "issued",
    "lease_granted",  "lease_ended",     "issued_offline", "noted",          "paper_reported",
    "paper_doubted",  "paper_abandoned", "called",         "recalled",       "served",
    "finished",       "no_show",         "held",           "transferred",    "undone",
    "voided",         "signed_in",       "signed_out",     "counter_paused", "counter_opened",
    "service_paused", "service_resumed", "day_closed",     "day_reopened",   "site_changed",
    "restored",       "numbers_skipped", "refused"};

template <class Fact, std::size_t at = 0>
constexpr std::size_t index_of() {
    if constexpr (std::is_same_v<std::variant_alternative_t<at, engine::Fact::variant>, Fact>) {
        return at;
    } else {
        return index_of<Fact, at + 1>();
    }
}

class Text {
public:
    void counter(std::string_view name, std::string_view help, std::uint64_t value) {
        head(name, help, "counter");
        add("{} {}\n", name, value);
    }
    void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
        head(name, help, "gauge");
        add("{} {}\n", name, value);
    }
    void head(std::string_view name, std::string_view help, std::string_view type) {
        add("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    template <class... Values>
    void add(fmt::format_string<Values...> format, Values&&... values) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>{time}.count();
}

void add_flushes(Text& text, const Histogram::Counts& flushes) {
    constexpr std::string_view name = "antrean_flush_seconds";
    text.head(name, "How long the disk took for a batch.", "histogram");
    for (std::size_t i = 0; i < Histogram::bounds.size(); ++i) {
        text.add("{}_bucket{{le=\"{}\"}} {}\n", name, seconds(Histogram::bounds[i]),
                 flushes.up_to[i]);
    }
    text.add("{}_bucket{{le=\"+Inf\"}} {}\n", name, flushes.all);
    text.add("{}_sum {}\n{}_count {}\n", name, seconds(flushes.sum), name, flushes.all);
}

}  // namespace

void Histogram::observe(Nanoseconds took) {
    const auto step = std::lower_bound(bounds.begin(), bounds.end(), took);
    steps_[static_cast<std::size_t>(step - bounds.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(took.count(), std::memory_order_relaxed);
}

Histogram::Counts Histogram::counts() const {
    Counts counts;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        counts.all += steps_[i].load(std::memory_order_relaxed);
        counts.up_to[i] = counts.all;
    }
    counts.all += steps_.back().load(std::memory_order_relaxed);
    counts.sum = Nanoseconds{sum_ns_.load(std::memory_order_relaxed)};
    return counts;
}

std::string metrics_text(const Meters& meters) {
    using engine::State;
    const auto& stats = meters.stats;
    const auto in_state = [&](State state) -> std::uint64_t {
        const auto it = meters.tickets.find(state);
        return it == meters.tickets.end() ? 0 : it->second;
    };
    Text text;
    text.head("antrean_build_info", "The version that runs.", "gauge");
    text.add("antrean_build_info{{version=\"{}\"}} 1\n", ANTREAN_VERSION);
    text.gauge("antrean_up", "1 if the controller is well, 0 if /healthz says why it is not.",
               meters.vitals.trouble.empty() ? 1 : 0);
    text.gauge("antrean_uptime_seconds", "Since the start.",
               static_cast<std::uint64_t>(meters.vitals.uptime.count()));
    text.counter(
        "antrean_tickets_issued_total", "Tickets issued since the start.",
        stats.facts[index_of<engine::Issued>()] + stats.facts[index_of<engine::IssuedOffline>()]);
    text.gauge("antrean_tickets_waiting", "Tickets that wait.", in_state(State::waiting));
    text.gauge("antrean_tickets_called", "Tickets that are called to a counter.",
               in_state(State::called));
    text.gauge("antrean_tickets_serving", "Tickets that are served.", in_state(State::serving));
    text.gauge("antrean_tickets_held", "Tickets that are held at a counter.",
               in_state(State::held));
    text.gauge("antrean_alarms", "Services whose limit of waiting is broken, or about to be.",
               meters.alarms);
    text.head("antrean_events_total", "Durable events since the start, by kind.", "counter");
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        text.add("antrean_events_total{{kind=\"{}\"}} {}\n", kinds[i], stats.facts[i]);
    }
    text.gauge("antrean_connections", "Open connections of devices.", stats.connections);
    text.head("antrean_devices", "Devices that are connected, by role.", "gauge");
    text.add("antrean_devices{{role=\"kiosk\"}} {}\n", stats.kiosks);
    text.add("antrean_devices{{role=\"callpad\"}} {}\n", stats.callpads);
    text.gauge("antrean_journal_seq", "The last durable event of the journal.", stats.journal_seq);
    text.counter("antrean_journal_batches_total", "Batches made durable since the start.",
                 stats.batches);
    add_flushes(text, meters.flushes);
    if (const auto free = meters.vitals.storage_free_bytes) {
        text.gauge("antrean_storage_free_bytes", "Free space for the journal.", *free);
    }
    if (const auto lag = meters.vitals.reports_lag_events) {
        text.gauge("antrean_reports_lag_events", "Durable events that reports.db lacks yet.", *lag);
    }
    return text.take();
}

}  // namespace antrean::console
