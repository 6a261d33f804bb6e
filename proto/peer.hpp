// One end of a connection between a device and the controller, without the socket: bytes and time
// in, messages and bytes out. It greets, keeps the connection alive by heartbeats, notices a silent
// other end, and closes aloud: a goodbye with its reason is sent before the end. It does not know
// what requests mean.
//
// Pure: owned and called by one thread, `now` is passed in. Its owner connects the socket, writes
// what take_output() gives, calls tick() at deadline(), and closes the socket once the peer is
// closed and its output is written. PROTOCOL.md, "A connection", draws the states.
#pragma once

#include "proto/codec.hpp"
#include "proto/frame_reader.hpp"
#include "proto/messages.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace antrean::proto {

inline constexpr std::chrono::seconds greeting_limit{5};      // from connected to greeted
inline constexpr std::chrono::seconds heartbeat_interval{5};  // at most this long without a word
inline constexpr std::chrono::seconds silence_limit{15};      // then the other end counts as gone

class Peer {
public:
    enum class State {
        greeting,  // device: hello sent, no welcome yet; controller: no hello yet
        deciding,  // controller only: hello received, welcome() or close() not called yet
        open,
        closed,
    };

    // The device's end, just connected: HELLO is its first output.
    static Peer device(const Hello& hello, SteadyTime now);
    // The controller's end, just accepted.
    static Peer controller(SteadyTime now);

    // What arrived. Returns the messages for the owner: on the controller's side the hello and
    // then requests, on the device's side the welcome and then answers and views. Heartbeats and
    // goodbyes are handled here. A broken rule closes this end; what came before it in BYTES is
    // returned all the same, so that the owner may be given a hello or a welcome of a peer that is
    // closed by now.
    std::vector<Message> receive(std::span<const std::byte> bytes, SteadyTime now);

    // Answers the hello. Only while deciding; nothing where it is closed already.
    void welcome(const Welcome& welcome, SteadyTime now);

    // Only once open; nothing where it is closed already.
    void send(const Message& message, SteadyTime now);

    // Says goodbye and ends; nothing where it is closed already.
    void close(GoodbyeReason reason, std::string text);

    // Sends the heartbeat that is due, or closes for silence.
    void tick(SteadyTime now);
    // When tick() is wanted next; nullopt once closed.
    std::optional<SteadyTime> deadline() const;

    // What is to be written, in order; it is given once.
    Bytes take_output() { return std::exchange(output_, {}); }
    std::size_t output_bytes() const { return output_.size(); }

    State state() const { return state_; }
    // Why it is closed, and whether the other end said so; only once closed.
    const Goodbye& why() const { return why_; }
    bool closed_by_other() const { return closed_by_other_; }

private:
    enum class Side { device, controller };
    Peer(Side side, SteadyTime now);
    void handle(Message&& message, std::vector<Message>& out);
    void end(Goodbye why, bool by_other);

    Side side_;
    State state_ = State::greeting;
    FrameReader reader_;
    Bytes output_;
    SteadyTime started_;
    SteadyTime heard_;
    SteadyTime spoke_;
    Goodbye why_;
    bool closed_by_other_ = false;
};

const char* to_text(GoodbyeReason reason);
const char* to_text(RefusalReason reason);
const char* to_text(PrintOutcome outcome);
const char* to_text(PrintReason reason);

}  // namespace antrean::proto
