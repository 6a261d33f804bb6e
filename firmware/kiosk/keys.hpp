// Which button a key is. Keys of an evdev device (a keypad, or gpio-keys of the device tree) and
// of a terminal count alike: 1 to 9, then a to z for 10 to 35; on keypads the digits of the number
// block as well. Pure.
#pragma once

#include "drivers/buttons/key_states.hpp"
#include "firmware/kiosk/choice.hpp"
#include "proto/types.hpp"

#include <optional>

namespace antrean::kiosk {

// Where the keys are for a choice (choice.hpp), the digits are what they say; Enter or '#' enters,
// Backspace, Delete or the number block's point erases, Esc or '*' cancels.
std::optional<ChoiceKey> choice_key_of(buttons::KeyCode code);
std::optional<ChoiceKey> choice_key_of(char key);

std::optional<ButtonNumber> button_of(buttons::KeyCode code);
std::optional<ButtonNumber> button_of(char key);
// The terminal key of BUTTON; '?' for one beyond 35.
char key_of(ButtonNumber button);

}  // namespace antrean::kiosk
