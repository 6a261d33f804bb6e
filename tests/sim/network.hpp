// The network between the devices and the controller: streams of bytes, in order, that take their
// time, arrive split and merged at any byte, stall, break in the middle of a frame, or fall silent
// without a word to either end. It knows nothing of frames.
//
// An endpoint's handlers are called from the world's events alone, and never after its own close().
#pragma once

#include "proto/types.hpp"
#include "tests/sim/world.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace antrean::sim {

using StreamId = NumberId<struct StreamTag>;

enum class End : std::size_t { device, controller };

class Network {
public:
    struct Manner {
        Time delay_low{200};
        Time delay_high{3000};
        unsigned slow_per_mille = 0;   // of the deliveries: these take up to a second longer
        unsigned split_per_mille = 0;  // of the deliveries: these bring only a part
        // Of the streams: what the device says first stalls, so that it may have given the stream
        // up and be back by another when its greeting arrives.
        unsigned late_greeting_per_mille = 0;
    };
    struct Endpoint {
        std::function<void(std::span<const std::byte>)> received;
        std::function<void()> closed;  // the other end, or the network, has ended it
    };
    enum class Listener {
        refuses,  // the machine runs, the program does not
        absent,   // the machine is off: whoever knocks hears nothing
        listens,
    };

    Network(World& world, Random random, const Manner& manner)
        : world_{world}, random_{random}, manner_{manner} {}

    // The controller's side. ACCEPTED attaches its endpoint before it returns.
    void listen(std::function<void(StreamId)> accepted);
    void stop_listening(Listener as);

    // Knocks. CONNECTED gets the stream, or nullopt if refused, or is never called; it attaches its
    // endpoint before it returns. DEVICE counts from 0.
    void connect(std::size_t device, std::function<void(std::optional<StreamId>)> connected);

    void attach(StreamId id, End end, Endpoint endpoint);
    void send(StreamId id, End from, std::span<const std::byte> bytes);
    // What was sent still arrives, then the other end is told.
    void close(StreamId id, End end);
    // END's process was killed: as close(), but now and then what is under way is lost.
    void kill(StreamId id, End end);
    // END's machine has lost power: the other end hears nothing, or late.
    void vanish(StreamId id, End end);

    // Faults, each of a stream drawn from those that are open; nothing where there is none.
    void cut_one();
    void stall_one();
    void silence_one();
    // Nothing of DEVICE passes until then.
    void isolate(std::size_t device, SteadyTime until);
    // Faults are over: what stalls goes on, what is silent ends.
    void heal();

private:
    struct Pipe {
        std::string bytes;
        bool eof = false;
        bool dead = false;  // nothing ever arrives any more
        bool scheduled = false;
        SteadyTime stalled_until{};
    };
    struct Stream {
        std::size_t device = 0;
        std::array<Pipe, 2> to;  // by End
        std::array<Endpoint, 2> ends;
        std::array<bool, 2> open{true, true};
        bool greets_late = false;
    };
    static std::size_t index(End end) { return static_cast<std::size_t>(end); }
    static End other(End end) { return end == End::device ? End::controller : End::device; }
    Stream* find(StreamId id);
    std::optional<StreamId> draw();
    bool has_newer(StreamId id, const Stream& stream) const;
    Time delay();
    void schedule(StreamId id, Stream& stream, End to);
    void deliver(StreamId id, End to);
    void tell_end(StreamId id, End to);
    void forget_if_over(StreamId id);

    World& world_;
    Random random_;
    Manner manner_;
    std::function<void(StreamId)> accepted_;
    Listener listener_ = Listener::absent;
    std::map<StreamId, Stream> streams_;
    std::map<std::size_t, SteadyTime> isolated_until_;
    StreamId last_;
};

}  // namespace antrean::sim
