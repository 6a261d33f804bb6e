// What a reader of barcodes or QR codes types: one in its keyboard mode presses keys, as somebody
// at a keyboard of US layout would, and Enter behind each code. Caps Lock is not heeded, for the
// codes of appointments are the same in capitals and small letters.
//
// Pure: no clock. One thread.
#pragma once

#include "drivers/buttons/key_states.hpp"
#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace antrean::kiosk {

class CodeReader {
public:
    static constexpr std::size_t max_size = 96;
    // A reader types a code within a fraction of a second: what comes after a longer pause is
    // another one, and the half of it that was lost is not put before it.
    static constexpr std::chrono::seconds longest_gap{2};

    // KEY went down at AT. The line that Enter ends, of 1 to max_size characters from ' ' to '~';
    // none as long as there is none. A longer line is dropped whole, keys that type nothing are
    // ignored.
    std::optional<std::string> pressed(buttons::KeyCode key, SteadyTime at);
    void released(buttons::KeyCode key);

private:
    std::string line_;
    bool is_too_long_ = false;
    SteadyTime last_{};
    bool left_shift_ = false, right_shift_ = false;
};

}  // namespace antrean::kiosk
