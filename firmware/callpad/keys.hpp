// Which key of a terminal or of an evdev device means what to a callpad. A device's key counts as
// the character that a terminal would send for it. Pure.
#pragma once

#include "drivers/buttons/key_states.hpp"

#include <cstdint>
#include <optional>

namespace antrean::callpad {

// A number pad does for everything but labels: 1 to 4 are the four keys that a plain callpad has.
enum class Key : std::uint8_t {
    next,           // n, 1 or Enter
    recall,         // r or 2
    done,           // d or 3
    no_show,        // x or 4
    serve,          // s or 5: its person has come
    hold,           // h or 6
    resume,         // b or 7: one of the held, by its number on the display
    transfer,       // t or 8: to a service, by its number on the display
    undo,           // u or 9
    pause,          // i or 0: and opens the counter that is paused
    next_priority,  // p or +
    sign_in,        // m or *: with a code
    sign_out,       // k or /
    by_label,       // c: the number that is typed
};

// What ends a text or a number that is typed, and what takes it back.
inline constexpr char enter_key = '\n';
inline constexpr char cancel_key = '\x1b';  // of a device alone: terminals send more behind it
inline constexpr char erase_key = '\x7f';

std::optional<Key> key_of(char typed);

// Letters in lower case, digits, '-', '+', '*', '/' and the three above.
std::optional<char> char_of(buttons::KeyCode code);

}  // namespace antrean::callpad
