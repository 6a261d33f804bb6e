// Many kiosks at once, on one thread: each is a connection of its own that asks for one ticket,
// waits until it has come, and asks for the next. It speaks the protocol by the same codec as the
// devices do; measured, that is a tenth of what the generator spends, most of which is the
// kernel's work for the sockets.
//
// Owned by one thread. Whatever a kiosk does not expect (a refusal, a goodbye, a lost connection)
// ends the bench by an exception: a figure with errors in it is none.
#pragma once

#include "proto/frame_reader.hpp"
#include "proto/messages.hpp"
#include "tools/benchmark/audit.hpp"
#include "tools/benchmark/sample.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace antrean::benchmark {

class Fleet {
public:
    using Clock = std::chrono::steady_clock;

    // Connects KIOSKS devices of the site file, from the one with index FIRST on, to PORT on
    // loopback and greets with each. With reports, each ticket is followed by the report that it
    // was printed, before the next one is asked for.
    Fleet(std::uint16_t port, std::size_t kiosks, bool with_reports, std::size_t first = 0);
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    // Keeps every kiosk busy until UNTIL. Adds the time of each ticket that came meanwhile, from
    // just before the request was sent until the answer was read, to SAMPLE.
    void press_until(Clock::time_point until, Sample& sample);

    // Asks for nothing until UNTIL, but at least once reads what came and sends the heartbeats that
    // are due. Whoever has more than one fleet calls it
    // for those that rest, in turn with the others; a controller hangs up after 15 s of silence.
    void rest_until(Clock::time_point until);

    // Waits for what is still to be answered; nothing is asked for afterwards.
    void finish();

    // From the first connection on, whether sampled or not.
    const Told& told() const { return told_; }

private:
    struct Kiosk {
        int fd = -1;
        bool greeted = false;
        bool asked = false;
        RequestId request;
        std::vector<ServiceId> services;
        std::size_t button = 0;
        Clock::time_point sent;  // the last message
        proto::FrameReader reader;
    };

    void connect(Kiosk& kiosk, std::uint16_t port, std::size_t index);
    // One round of the loop: handles what is ready, waiting for at most LIMIT.
    void turn(std::chrono::milliseconds limit);
    void read(Kiosk& kiosk);
    void handle(Kiosk& kiosk, const proto::Message& message);
    void got_ticket(Kiosk& kiosk, const proto::Ticket& ticket);
    void press(Kiosk& kiosk);
    void send(Kiosk& kiosk, const proto::Message& message);

    bool with_reports_;
    bool pressing_ = false;
    int epoll_ = -1;
    std::vector<Kiosk> kiosks_;
    std::size_t greeted_ = 0;
    Clock::time_point next_heartbeats_;  // looking through many kiosks takes its time
    std::size_t asked_ = 0;              // kiosks that wait for an answer
    Told told_;
    Sample* sample_ = nullptr;
    Clock::time_point read_at_;  // when the message being handled was read
    std::vector<std::byte> output_;
};

}  // namespace antrean::benchmark
