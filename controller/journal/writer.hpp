// Group commit: a thread of its own that carries one batch at a time to the journal, so that
// deciding goes on while the disk works. What is decided meanwhile makes up the next batch.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "controller/journal/journal.hpp"

namespace antrean::journal {

class Writer {
public:
    // Called in the writer's thread when a batch is durable, or has failed. After a failure no
    // further batch may be submitted.
    using Done = std::function<void(const result<void>& done)>;

    Writer(Journal& journal, Done on_done);
    // Waits for the batch on its way.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Makes a batch durable at once, in the calling thread: for a lone request, for which two hand-
    // overs between threads would cost as much as half a flush. Only while none is on its way.
    [[nodiscard]] result<void> append_here(std::span<const engine::Event> events);

    // Takes a batch, which must stay as it is until it is done. Only while none is on its way.
    void submit(std::span<const engine::Event> events);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace antrean::journal
