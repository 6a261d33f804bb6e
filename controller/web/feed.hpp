// The newest view of the board, ready to send, changed no oftener than an interval.
// A pure core: it opens no socket and reads no clock. A call that changes many things at once, or
// a busy second, costs the boards one push; what they get is always the newest view.
#pragma once

#include "controller/web/board_view.hpp"
#include "proto/types.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace antrean::web {

class Feed {
public:
    // A whole server-sent event. Shared, so that a hundred streams hold one copy.
    using Frame = std::shared_ptr<const std::string>;

    explicit Feed(std::chrono::milliseconds interval) : interval_{interval} {}

    // Makes a view when it is due, so that what changed in between costs nothing.
    using Source = std::function<BoardView()>;

    // Replaces the view that waits to go out, if one does.
    void publish(Source source) { waiting_ = std::move(source); }
    void publish(BoardView view) {
        waiting_ = [view = std::move(view)] { return view; };
    }

    // When the waiting view may go out; nothing when none waits. The first one may at once.
    std::optional<SteadyTime> due() const;

    // Turns the waiting view into the frame once it is due. True when there is a new frame.
    bool advance(SteadyTime now);

    Frame frame() const { return frame_; }                // null until the first view went out
    std::uint64_t sequence() const { return sequence_; }  // of the frame; 0 until the first

private:
    std::chrono::milliseconds interval_;
    Source waiting_;
    SteadyTime last_ = SteadyTime::min();
    Frame frame_;
    std::uint64_t sequence_ = 0;
};

}  // namespace antrean::web
