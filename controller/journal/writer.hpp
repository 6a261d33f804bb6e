// Group commit: a thread of its own that carries batches to the journal, so that deciding goes on
// while the disk works. All that waits when the disk is free goes together, in one flush. Where
// nothing waits the thread works off tasks that need the journal, slice by slice.
#pragma once

#include "controller/journal/journal.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>

namespace antrean::journal {

class Writer {
public:
    struct Flush {
        std::size_t batches = 0;  // the oldest that were on their way
        std::size_t events = 0;   // in them
        std::chrono::nanoseconds took{0};
    };
    // Called in the writer's thread when batches are durable, or have failed. After a failure no
    // further batch may be submitted; those that wait fail as well.
    using Done = std::function<void(const result<void>& done, const Flush& flush)>;

    // Does a slice of a task, in the writer's thread, and tells whether there is more of it: the
    // next slice comes when no batch waits. It should be short, for a batch that comes meanwhile
    // waits for its end. It must not throw or call the writer. The journal is its own while it
    // runs, no longer.
    using Task = std::function<bool(Journal&)>;
    static constexpr std::size_t max_tasks = 8;

    Writer(Journal& journal, Done on_done);
    // Waits for the batches on their way, and for the slice. Tasks that are not over are dropped.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Makes a batch durable at once, in the calling thread: for a lone request, for which two hand-
    // overs between threads would cost as much as half a flush. Only while none is on its way.
    // While a slice of a task runs it waits for that.
    [[nodiscard]] result<void> append_here(std::span<const engine::Event> events);
    // Whether append_here() would wait for no slice: while tasks are there, submit() spares the
    // calling thread that.
    bool is_idle() const;

    // Takes a batch, which must stay as it is until it is done. They are done in their order.
    void submit(std::span<const engine::Event> events);

    // Has TASK worked off behind those before it. False, and nothing is done: there are too many,
    // or a batch has failed and the journal must not be used any more; the tasks that are there
    // then are dropped as well. From any thread but the writer's.
    [[nodiscard]] bool run_when_idle(Task task);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace antrean::journal
