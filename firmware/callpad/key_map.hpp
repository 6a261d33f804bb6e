// What each key of a callpad does: pressed, held, and with another. schemas/keys/README.md tells
// the files that it is read from.
//
// Values; any thread. The lookups are pure, reading is in key_map_file.hpp.
#pragma once

#include "drivers/buttons/key_states.hpp"
#include "firmware/callpad/keys.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace antrean::callpad {

inline constexpr std::size_t max_mapped_keys = 128;
inline constexpr std::size_t max_chords = 32;
// Two fingers that are put down as one come within some 50 ms; longer waits are felt.
inline constexpr std::chrono::milliseconds chord_time{100};
inline constexpr std::chrono::milliseconds default_long_press{800};

struct KeyMap {
    struct Entry {
        buttons::KeyCode code{};
        Push press;
        std::optional<Push> long_press{};  // none: it acts when it is pressed
    };
    struct Chord {
        buttons::KeyCode one{}, other{};
        Push push;
    };

    std::vector<Entry> keys;  // by rising code, no code twice
    std::vector<Chord> chords;
    std::chrono::milliseconds long_press = default_long_press;

    // Null where there is none; valid as long as the map is not changed.
    const Entry* find(buttons::KeyCode code) const;
    const Chord* chord(buttons::KeyCode one, buttons::KeyCode other) const;
    bool is_in_a_chord(buttons::KeyCode code) const;

    // A character of a terminal does what the key does that types it: of several the one with the
    // lowest code. Capitals count as small letters.
    Push of_character(char character) const;
};

}  // namespace antrean::callpad
