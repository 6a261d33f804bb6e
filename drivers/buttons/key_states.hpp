// Which keys of a device are down, freed from contact bounce. Pure: the time is passed in, and
// nothing here waits; the owner calls settle() when deadline() has come. One thread at a time.
//
// A press is told the moment the contact first closes, so that a citizen's ticket does not wait
// for the bounce to end; what the contact does in the next 30 ms is then ignored, and where it
// stands after that is what counts. A push-button bounces for less than 20 ms, and nobody presses
// one twice within 30.
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
    KeyCode code{};
    bool pressed = false;  // false: released
    friend bool operator==(const KeyChange&, const KeyChange&) = default;
};

class KeyStates {
public:
    static constexpr std::chrono::milliseconds default_debounce{30};
    // One more than the largest code that is tracked (KEY_CNT); greater ones are ignored.
    static constexpr std::uint16_t codes = 0x300;

    explicit KeyStates(std::chrono::milliseconds debounce = default_debounce)
        : debounce_{debounce} {}

    // KEY was down already when the device was opened: neither that nor its release is told.
    void held(KeyCode code);

    // The contact of KEY closed or opened at NOW; saying the same again changes nothing. Returns
    // what is to be told, in order: two changes where a settled one had not been told yet. Of one
    // key presses and releases always alternate, beginning with a press.
    [[nodiscard]] std::vector<KeyChange> changed(KeyCode code, bool down, SteadyTime now);

    // What has come to rest by NOW and stands otherwise than was told last.
    [[nodiscard]] std::vector<KeyChange> settle(SteadyTime now);

    // When settle() next has something to do; none while all keys stand as told.
    [[nodiscard]] std::optional<SteadyTime> deadline() const;

    // The device is gone: forgets everything, and returns a release for each key told as pressed,
    // so that nobody waits for one for ever.
    [[nodiscard]] std::vector<KeyChange> lost();

private:
    struct Key {
        bool down = false;       // as the contact stands
        bool told_down = false;  // as was told last
        bool silent = false;     // held since opening: its release is not told
        SteadyTime quiet_until{};
    };

    void tell_settled(KeyCode code, Key& key, SteadyTime now, std::vector<KeyChange>& changes);
    void tell(KeyCode code, Key& key, SteadyTime at, std::vector<KeyChange>& changes);

    std::chrono::milliseconds debounce_;
    std::map<KeyCode, Key> keys_;  // those that are down or were lately
};

}  // namespace antrean::buttons
