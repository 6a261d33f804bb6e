// Tells presses, long presses and chords from keys that go down and up. Pure: the time is passed
// in, and nothing here waits; the owner calls tick() when deadline() has come. One thread at a
// time.
//
// A key that cannot be held and is in no chord acts when it goes down. One that can be held acts
// when it goes up, or as held once it was down long enough. One of a chord waits for the other for
// chord_time; its release, or a key that is not the other, ends that wait.
#pragma once

#include "firmware/callpad/key_map.hpp"

#include <optional>
#include <vector>

namespace antrean::callpad {

// What was done with which key.
struct Pushed {
    enum class How { press, long_press, chord };
    How how = How::press;
    buttons::KeyCode key{};
    buttons::KeyCode other{};  // of a chord: the one that came second
    Push push{};               // nothing of a key that the map does not have
    bool operator==(const Pushed&) const = default;
};

class KeyMatcher {
public:
    // MAP must outlive it.
    explicit KeyMatcher(const KeyMap& map) : map_{map} {}

    // Of one key down and up alternate, beginning with down. NOW never falls. OUT gets what was
    // done by then, in its order; what a late owner has missed comes first.
    void down(buttons::KeyCode code, SteadyTime now, std::vector<Pushed>& out);
    void up(buttons::KeyCode code, SteadyTime now, std::vector<Pushed>& out);
    void tick(SteadyTime now, std::vector<Pushed>& out);
    std::optional<SteadyTime> deadline() const;

private:
    // A key that is down, and has not acted yet: no more than the map has keys.
    struct Held {
        buttons::KeyCode code{};
        SteadyTime since{};
        bool waits_for_other = false;
        bool can_be_long = false;
    };
    // Whether HELD acts now that no chord will come of it.
    static bool acts_alone(const Held& held) { return !held.waits_for_other && !held.can_be_long; }
    Pushed pressed(buttons::KeyCode code) const;
    // The key that would make a chord with CODE.
    std::vector<Held>::iterator partner_of(buttons::KeyCode code);
    void stop_waiting(std::vector<Pushed>& out);

    const KeyMap& map_;
    std::vector<Held> held_;  // by when they went down
};

}  // namespace antrean::callpad
