#include "controller/journal/writer.hpp"

#include <cassert>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <sys/syscall.h>
#include <unistd.h>

namespace antrean::journal {

namespace {

// The thread runs little and often, and everybody waits for it: a short slice lets it in ahead of
// who computes for longer. Linux before 6.12 takes no such wish, and it is only one.
void ask_for_short_slices() {
    struct {
        std::uint32_t size, policy;
        std::uint64_t flags;
        std::int32_t nice;
        std::uint32_t priority;
        std::uint64_t runtime_ns, deadline_ns, period_ns;
    } wish{};
    wish.size = sizeof wish;
    wish.runtime_ns = 100'000;
    syscall(SYS_sched_setattr, 0, &wish, 0);
}

}  // namespace

struct Writer::State {
    Journal& journal;
    Done on_done;
    std::mutex mutex{};
    std::condition_variable wake{};  // the thread: there is work, or the end
    std::condition_variable free{};  // append_here(): no slice runs
    std::vector<Journal::Batch> waiting{};
    std::vector<Journal::Batch> flying{};  // of the thread alone
    std::deque<Task> tasks{};
    bool writing = false;  // a flush is on its way
    bool here = false;     // append_here() has the journal, or waits for it
    bool slicing = false;  // a slice has the journal
    bool failed = false;
    bool stop = false;
    std::thread thread{};

    void work() {
        ask_for_short_slices();
        std::unique_lock lock{mutex};
        for (;;) {
            wake.wait(lock, [this] { return !waiting.empty() || stop || may_slice(); });
            if (!waiting.empty()) {
                write(lock);
            } else if (stop) {
                return;
            } else {
                slice(lock);
            }
        }
    }
    bool may_slice() const { return !tasks.empty() && !here; }

    bool is_busy() const { return writing || !waiting.empty(); }

    void write(std::unique_lock<std::mutex>& lock) {
        flying.clear();
        flying.swap(waiting);
        writing = true;
        lock.unlock();
        Flush flush{flying.size(), 0, {}};
        for (const auto& batch : flying)
            flush.events += batch.size();
        const auto began = std::chrono::steady_clock::now();
        const auto done = journal.append(flying);
        flush.took = std::chrono::steady_clock::now() - began;
        lock.lock();
        writing = false;
        const auto dropped = note(done);
        lock.unlock();
        on_done(done, flush);
        lock.lock();
    }

    void slice(std::unique_lock<std::mutex>& lock) {
        // Taken out while it runs: what comes meanwhile may move the others.
        Task task = std::move(tasks.front());
        tasks.pop_front();
        slicing = true;
        lock.unlock();
        const bool more = task(journal);
        if (!more)
            task = nullptr;  // with the lock free, for it may hold a file that is closed here
        lock.lock();
        slicing = false;
        free.notify_one();
        if (more) tasks.push_front(std::move(task));
    }

    // Gives the tasks that are over because of DONE, for them to go when the caller likes.
    std::deque<Task> note(const result<void>& done) {
        if (done) return {};
        failed = true;
        return std::exchange(tasks, {});
    }
};

Writer::Writer(Journal& journal, Done on_done) : state_{new State{journal, std::move(on_done)}} {
    state_->thread = std::thread{[state = state_.get()] { state->work(); }};
}

Writer::~Writer() {
    {
        const std::lock_guard lock{state_->mutex};
        state_->stop = true;
    }
    state_->wake.notify_one();
    state_->thread.join();
}

result<void> Writer::append_here(std::span<const engine::Event> events) {
    {
        // The thread has seen its last batch through: the journal is ours until the next submit().
        std::unique_lock lock{state_->mutex};
        assert(!state_->is_busy());
        state_->here = true;
        state_->free.wait(lock, [this] { return !state_->slicing; });
    }
    auto done = state_->journal.append(events);
    std::deque<Task> dropped;
    {
        const std::lock_guard lock{state_->mutex};
        state_->here = false;
        dropped = state_->note(done);
        if (state_->tasks.empty()) return done;
    }
    state_->wake.notify_one();
    return done;
}

bool Writer::is_idle() const {
    const std::lock_guard lock{state_->mutex};
    return !state_->is_busy() && !state_->slicing && state_->tasks.empty();
}

void Writer::submit(std::span<const engine::Event> events) {
    {
        const std::lock_guard lock{state_->mutex};
        state_->waiting.push_back(events);
    }
    state_->wake.notify_one();
}

bool Writer::run_when_idle(Task task) {
    {
        const std::lock_guard lock{state_->mutex};
        const auto there = state_->tasks.size() + (state_->slicing ? 1 : 0);
        if (state_->failed || there >= max_tasks) return false;
        state_->tasks.push_back(std::move(task));
    }
    state_->wake.notify_one();
    return true;
}

}  // namespace antrean::journal
