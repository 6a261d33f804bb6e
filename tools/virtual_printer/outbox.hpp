// Answers on their way to the host: the printer's own small buffer, and the faults of the way.
//
// The faults are for testing who listens: answers that come late, broken or byte by byte. They
// follow from the time that is passed in and from the seed alone. Not thread-safe; bounded by the
// capacity.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace antrean::virtual_printer {

struct ReplyFaults {
    std::chrono::milliseconds late{0};   // from the answer to when the host can read it
    std::chrono::milliseconds split{0};  // between two bytes, also of the same answer; 0: none
    // About one answer in so many is damaged: a byte is lost, overwritten by noise, or follows some
    // noise. Noise has its highest bit set, which no answer of ESC/POS has, so that whoever checks
    // the fixed bits can tell. 0: none.
    int garbled_one_in = 0;
};

class Outbox {
public:
    explicit Outbox(std::size_t capacity) : capacity_{capacity} {}

    // The time at which answers are given and taken; set before either.
    void set_now(SteadyTime now) { now_ = now; }
    // False, and counted, if it does not fit whole or the printer is muted.
    bool send(std::span<const std::uint8_t> answer);
    bool send(std::initializer_list<std::uint8_t> answer);
    bool send_text(std::string_view text);   // as it is
    bool send_block(std::string_view text);  // 5F text 00
    bool fits(std::size_t count) const { return bytes_.size() + count <= capacity_; }
    void mute(bool muted) { muted_ = muted; }
    bool muted() const { return muted_; }
    void clear();
    std::size_t lost() const { return lost_; }

    std::vector<std::byte> take();                 // what has come by now
    std::optional<SteadyTime> next_event() const;  // when more will have

    void set_faults(const ReplyFaults& faults) { faults_ = faults; }
    const ReplyFaults& faults() const { return faults_; }
    void seed(std::uint64_t seed) { random_ = seed * 2 + 1; }
    std::size_t garbled() const { return garbled_; }

private:
    struct Due {
        SteadyTime time;
        std::byte byte;
    };
    std::uint64_t random();
    void garble(std::vector<std::uint8_t>& answer);

    std::size_t capacity_;
    SteadyTime now_{};
    std::deque<Due> bytes_;
    bool muted_ = false;
    std::size_t lost_ = 0;
    ReplyFaults faults_;
    std::uint64_t random_ = 1;
    std::size_t garbled_ = 0;
};

}  // namespace antrean::virtual_printer
