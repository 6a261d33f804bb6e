#include "controller/journal/writer.hpp"

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace antrean::journal {

struct Writer::State {
    Journal& journal;
    Done on_done;
    std::mutex mutex;
    std::condition_variable wake;
    std::span<const engine::Event> batch;
    bool busy = false;
    bool stop = false;
    std::thread thread;

    void work() {
        std::unique_lock lock{mutex};
        for (;;) {
            wake.wait(lock, [this] { return busy || stop; });
            if (!busy) return;
            lock.unlock();
            const auto done = journal.append(batch);
            lock.lock();
            busy = false;
            lock.unlock();
            on_done(done);
            lock.lock();
        }
    }
};

Writer::Writer(Journal& journal, Done on_done)
    : state_{new State{journal, std::move(on_done), {}, {}, {}, false, false, {}}} {
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
        const std::lock_guard lock{state_->mutex};
        assert(!state_->busy);
    }
    return state_->journal.append(events);
}

void Writer::submit(std::span<const engine::Event> events) {
    {
        const std::lock_guard lock{state_->mutex};
        assert(!state_->busy);
        state_->batch = events;
        state_->busy = true;
    }
    state_->wake.notify_one();
}

}  // namespace antrean::journal
