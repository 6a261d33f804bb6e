#include "controller/server/reports_feed.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

namespace antrean::server {

namespace {

// What is gathered for a commit: reports are to be at most a second behind.
constexpr std::chrono::milliseconds gather{200};
// Events on their way to the reports. More are let go, and read from the journal later.
constexpr std::size_t most_queued = 20'000;
constexpr std::size_t slice = 500;   // events of one look into the journal: 2 to 3 ms
constexpr std::size_t chunk = 2000;  // events of one transaction
constexpr std::chrono::seconds retry{5};
// The counts of the open day are made anew, which takes some 40 ms.
constexpr std::chrono::seconds between_counts{5};
constexpr int niceness = 10;

using Recorded = std::vector<journal::Journal::Recorded>;
using Clock = std::chrono::steady_clock;

// How fast events come, looked at every now and then.
class Rate {
public:
    explicit Rate(std::uint64_t seq) : seq_{seq} {}

    bool is_above(std::uint64_t events_per_s, std::uint64_t seq) {
        const auto now = Clock::now();
        const std::chrono::duration<double> time = now - since_;
        if (time < gather) return above_;
        above_ = static_cast<double>(seq - seq_) > static_cast<double>(events_per_s) * time.count();
        seq_ = seq;
        since_ = now;
        return above_;
    }

private:
    std::uint64_t seq_;
    Clock::time_point since_ = Clock::now();
    bool above_ = false;
};

}  // namespace

reports::Names names_of(const site::Site& site) {
    reports::Names names;
    for (const auto& agency : site.agencies)
        names.agencies.emplace_back(agency.id, agency.name);
    for (const auto& service : site.services) {
        names.services.push_back({service.id, service.agency, service.name});
    }
    for (const auto& counter : site.counters)
        names.counters.emplace_back(counter.id, counter.name);
    for (const auto& person : site.staff)
        names.staff.emplace_back(person.id, person.name);
    return names;
}

struct ReportsFeed::State {
    Config config;
    mutable std::mutex mutex{};
    std::condition_variable wake{};
    std::deque<sessions::Durable> queue{};
    std::size_t queued = 0;  // events
    std::optional<reports::Names> renamed{};
    bool rebuilding = false;
    bool stopping = false;
    Lag lag{};
    std::thread thread{};

    void tell(sessions::Notice::Level level, std::string text) {
        config.on_notice({level, std::move(text)});
    }

    void run() {
        setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
        while (!is_stopping()) {
            try {
                feed();
            } catch (const database::DatabaseError& error) {
                told(error);
            }
        }
    }

    Lag lag_now() const {
        const std::lock_guard lock{mutex};
        return lag;
    }

    bool is_stopping() const {
        const std::lock_guard lock{mutex};
        return stopping;
    }

    // Until the end, or the first error.
    void feed() {
        auto opened = reports::Reports::open(config.file, config.names);
        if (!opened) throw opened.error();
        auto& reports = *opened;
        if (reports.last_seq() > lag_now().journal_seq) {
            tell(sessions::Notice::Level::warning, "the reports know more than the journal does");
            start_anew();
            return;
        }
        bool uncounted = true;
        auto count_at = Clock::now();
        Rate rate{lag_now().journal_seq};
        for (;;) {
            const auto next = reports.last_seq() + 1;
            bool next_is_there = false;
            Recorded events;
            {
                std::unique_lock lock{mutex};
                lag.last_seq = reports.last_seq();
                lag.problem.clear();
                const auto ready = [&] { return has_work(next); };
                if (uncounted) {
                    wake.wait_until(lock, count_at, ready);
                } else {
                    wake.wait(lock, ready);
                }
                // Who is behind has enough to do.
                const bool is_next = !queue.empty() && queue.front().first_seq <= next;
                const auto ends = [&] { return stopping; };
                if (is_next) wake.wait_for(lock, gather, ends);
                if (rate.is_above(config.busy_events_per_s, lag.journal_seq)) {
                    wake.wait_for(lock, config.pause, ends);
                }
                if (stopping) return;
                if (std::exchange(rebuilding, false)) {
                    queue.clear();
                    queued = 0;
                    lock.unlock();
                    start_anew();
                    return;
                }
                if (renamed) {
                    config.names = *std::exchange(renamed, std::nullopt);
                    if (auto done = reports.rename(config.names); !done) throw done.error();
                }
                events = take(next);
                next_is_there = next <= lag.journal_seq;
            }
            if (events.empty() && next_is_there) events = read(next);
            if (auto done = reports.append(events); !done) throw done.error();
            uncounted = uncounted || !events.empty();
            if (!uncounted || Clock::now() < count_at) continue;
            if (auto done = reports.count(); !done) throw done.error();
            uncounted = false;
            count_at = Clock::now() + between_counts;
        }
    }

    bool has_work(std::uint64_t next) const {
        return stopping || rebuilding || renamed || !queue.empty() || next <= lag.journal_seq;
    }

    // The events from NEXT on that were offered; none if these are not there.
    Recorded take(std::uint64_t next) {
        Recorded events;
        while (!queue.empty() && events.size() < chunk) {
            auto& first = queue.front();
            const auto end = first.first_seq + first.events.size();
            if (first.first_seq > next) break;
            if (first.first_seq == next) {
                for (auto& event : first.events)
                    events.emplace_back(next++, std::move(event));
            } else if (end > next) {
                break;  // begins in the middle of a batch: read it
            }
            queued -= first.events.size();
            queue.pop_front();
        }
        return events;
    }

    Recorded read(std::uint64_t next) {
        const auto promise = std::make_shared<std::promise<journal::result<Recorded>>>();
        auto future = promise->get_future();
        const bool taken = config.run_when_idle([promise, next](journal::Journal& journal) {
            promise->set_value(journal.read(next, slice));
            return false;
        });
        // A task that is dropped breaks its promise: the journal has failed, or it is the end.
        for (;;) {
            if (taken && future.wait_for(gather) == std::future_status::ready) break;
            std::unique_lock lock{mutex};
            if (stopping) return {};
            if (!taken) {
                wake.wait_for(lock, gather, [&] { return stopping; });
                return {};
            }
        }
        try {
            auto events = future.get();
            if (events) return std::move(*events);
            pause(events.error().text);
        } catch (const std::future_error&) {
            pause("the journal cannot be read now");
        }
        return {};
    }

    void pause(std::string problem) {
        tell(sessions::Notice::Level::warning, "reports: " + problem);
        std::unique_lock lock{mutex};
        lag.problem = std::move(problem);
        wake.wait_for(lock, retry, [&] { return stopping; });
    }

    void start_anew() {
        for (const char* suffix : {"", "-wal", "-shm"}) {
            std::error_code ignored;
            std::filesystem::remove(config.file.string() + suffix, ignored);
        }
        {
            const std::lock_guard lock{mutex};
            lag.last_seq = 0;
        }
        tell(sessions::Notice::Level::info,
             fmt::format("{} is made anew from the journal", config.file.string()));
    }

    void told(const database::DatabaseError& error) {
        // What is damaged, or of another journal, is no loss: it is made again.
        if (error.code == database::database_errc::corrupt) start_anew();
        pause(error.text);
    }
};

ReportsFeed::ReportsFeed(Config config) : state_{new State{std::move(config)}} {
    state_->lag.journal_seq = state_->config.journal_seq;
    state_->thread = std::thread{[state = state_.get()] { state->run(); }};
}

ReportsFeed::~ReportsFeed() {
    {
        const std::lock_guard lock{state_->mutex};
        state_->stopping = true;
    }
    state_->wake.notify_all();
    state_->thread.join();
}

void ReportsFeed::offer(sessions::Durable durable) {
    bool was_empty = false;
    {
        const std::lock_guard lock{state_->mutex};
        state_->lag.journal_seq = durable.first_seq + durable.events.size() - 1;
        was_empty = state_->queue.empty();
        state_->queued += durable.events.size();
        state_->queue.push_back(std::move(durable));
        if (state_->queued > most_queued) {
            state_->queue.clear();
            state_->queued = 0;
        }
    }
    if (was_empty) state_->wake.notify_all();
}

void ReportsFeed::rename(reports::Names names) {
    {
        const std::lock_guard lock{state_->mutex};
        state_->renamed = std::move(names);
    }
    state_->wake.notify_all();
}

void ReportsFeed::rebuild() {
    {
        const std::lock_guard lock{state_->mutex};
        state_->rebuilding = true;
    }
    state_->wake.notify_all();
}

ReportsFeed::Lag ReportsFeed::lag() const {
    return state_->lag_now();
}

}  // namespace antrean::server
