// Which presses count where a person has two buttons down at once, or nearly so: the first, and
// none of the others. What was meant by both is not to be known, and the first has been acted on by
// the time that the second comes, for no press waits to see whether it stays alone. One press is
// one paper, and a paper that nobody wanted is a call for nobody; whoever did want two presses
// again.
//
// A press counts if no other key is down, and the last one that counted is not of another key a
// moment ago: a palm closes two contacts within some ten milliseconds, and may leave the first
// before it reaches the second. A key that is stuck is not down for this, or it would silence all
// the others.
//
// It is for push-buttons with a meaning each, not for typing: who types has the next key down
// before the last one is up. Keys may be those of several devices. Pure, one thread.
#pragma once

#include "drivers/buttons/key_states.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

namespace antrean::buttons {

class OneAtATime {
public:
    // Longer than a palm takes, shorter than anybody who has read what stands on two buttons.
    static constexpr std::chrono::milliseconds moment{300};

    struct Id {
        std::size_t device = 0;
        KeyCode key{};
        friend auto operator<=>(const Id&, const Id&) = default;
    };

    // KEY was pressed at NOW; whether that counts.
    [[nodiscard]] bool pressed(Id key, SteadyTime now) {
        const bool is_alone = down_.empty();
        down_.insert(key);
        const bool is_second = last_ && last_->first != key && now - last_->second < moment;
        if (!is_alone || is_second) return false;
        last_ = {key, now};
        return true;
    }
    // KEY was released, or is stuck.
    void released(Id key) { down_.erase(key); }

private:
    std::set<Id> down_;
    std::optional<std::pair<Id, SteadyTime>> last_;  // that counted
};

}  // namespace antrean::buttons
