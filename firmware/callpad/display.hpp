// What a callpad shows, as lines of text for clerks, and which key does what. Pure.
#pragma once

#include <optional>
#include <string>

#include "drivers/buttons/key_states.hpp"
#include "firmware/callpad/core.hpp"

namespace antrean::callpad {

// One line: "Loket 3 | A-025 | KTP elektronik | menunggu 4 | ...".
std::string line(const Screen& screen);

// A terminal's n or Enter: next; r: recall; d: done; x: no-show. A device's keys of the same letters
// and, for keypads of four keys, 1 to 4 in that order.
std::optional<Key> key_of(char key);
std::optional<Key> key_of(buttons::KeyCode code);

}  // namespace antrean::callpad
