// Which keys of a device are down, freed from contact bounce, and which of them are stuck. Pure:
// the time is passed in, and nothing here waits; the owner calls settle() when deadline() has come.
// One thread at a time.
//
// A press is told the moment the contact first closes, so that a citizen's ticket does not wait for
// the bounce to end. A release is told once the contact has stayed open for 30 ms, and until then
// whatever the contact does is the same press: a push-button bounces for less than 20 ms, at either
// edge, nobody presses one twice within 30, and a worn one that flickers under a finger gives no
// second press.
//
// A key that has been down for 10 s is stuck: jammed, or something leans on it. It is told so once,
// and what its contact does from then on is nothing until it has stayed open for a second, for a
// key that is just coming loose makes and breaks contact as it likes.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace antrean::buttons {

// A key as the kernel numbers it: KEY_1, BTN_0, ... of linux/input-event-codes.h.
enum class KeyCode : std::uint16_t {};

struct KeyChange {
    enum class What {
        pressed,
        released,
        stuck,  // it was pressed, or held when the device was opened; no release follows
        freed,  // it was stuck; its next press counts
    };
    KeyCode code{};
    What what = What::pressed;
    SteadyTime at{};  // when it came to be so: of a release when the contact had stayed open
    friend bool operator==(const KeyChange&, const KeyChange&) = default;
};

struct KeyTimes {
    std::chrono::milliseconds debounce{30};  // open for as long, and it is released
    std::chrono::milliseconds stuck_after{10'000};
    std::chrono::milliseconds stuck_rest{1'000};  // open for as long, and it is stuck no more
};

class KeyStates {
public:
    // One more than the largest code that is tracked (KEY_CNT); greater ones are ignored.
    static constexpr std::uint16_t codes = 0x300;

    explicit KeyStates(KeyTimes times = {}) : times_{times} {}

    // KEY was down already when the device was opened, at NOW: neither that nor its release is
    // told, for a device that comes back must not turn held keys into presses.
    void held(KeyCode code, SteadyTime now);

    // The contact of KEY closed or opened at NOW; saying the same again changes nothing. Returns
    // what is to be told, in order: first what had come to rest before, of any key. Of one key a
    // press is followed by a release or by stuck and freed, before the next press.
    [[nodiscard]] std::vector<KeyChange> changed(KeyCode code, bool down, SteadyTime now);

    // What has come to rest, or has got stuck, by NOW, the earliest first.
    [[nodiscard]] std::vector<KeyChange> settle(SteadyTime now);

    // When settle() next has something to do; none while all keys are at rest.
    [[nodiscard]] std::optional<SteadyTime> deadline() const;

    // The device is gone at NOW: forgets everything, and returns a release for each key told as
    // pressed, and freed for each that was stuck, so that nobody waits for one for ever.
    [[nodiscard]] std::vector<KeyChange> lost(SteadyTime now);

private:
    struct Key {
        enum class Told {
            pressed,
            nothing,  // held since opening
            stuck,
        };
        bool down = false;  // as the contact stands
        Told told = Told::pressed;
        SteadyTime since{};       // it was pressed, or found held
        SteadyTime open_since{};  // only while it is not down
    };

    std::optional<SteadyTime> due(const Key& key) const;

    KeyTimes times_;
    std::map<KeyCode, Key> keys_;  // those that are not at rest
};

}  // namespace antrean::buttons
