#include "drivers/buttons/key_states.hpp"

#include <algorithm>

namespace antrean::buttons {
namespace {

bool tracked(KeyCode code) {
    return static_cast<std::uint16_t>(code) < KeyStates::codes;
}

}  // namespace

void KeyStates::held(KeyCode code) {
    if (!tracked(code)) return;
    keys_[code] = {.down = true, .told_down = true, .silent = true, .quiet_until = {}};
}

std::vector<KeyChange> KeyStates::changed(KeyCode code, bool down, SteadyTime now) {
    std::vector<KeyChange> changes;
    if (!tracked(code)) return changes;
    const auto known = keys_.find(code);
    if (known == keys_.end() && !down) return changes;
    Key& key = known == keys_.end() ? keys_[code] : known->second;
    // The owner's timer may be late: what had settled before this event comes first.
    tell_settled(code, key, now, changes);
    key.down = down;
    if (key.down != key.told_down && key.quiet_until <= now) tell(code, key, now, changes);
    return changes;
}

std::vector<KeyChange> KeyStates::settle(SteadyTime now) {
    std::vector<KeyChange> changes;
    for (auto at = keys_.begin(); at != keys_.end();) {
        Key& key = at->second;
        tell_settled(at->first, key, now, changes);
        const bool at_rest = !key.down && !key.told_down && key.quiet_until <= now;
        at = at_rest ? keys_.erase(at) : std::next(at);
    }
    return changes;
}

// A key that stands otherwise than told came to rest when its quiet time ended, not when somebody
// looked: so the next one ends no later for it.
void KeyStates::tell_settled(KeyCode code, Key& key, SteadyTime now,
                             std::vector<KeyChange>& changes) {
    if (key.down != key.told_down && key.quiet_until <= now) {
        tell(code, key, key.quiet_until, changes);
    }
}

void KeyStates::tell(KeyCode code, Key& key, SteadyTime at, std::vector<KeyChange>& changes) {
    key.told_down = key.down;
    key.quiet_until = at + debounce_;
    if (!key.silent) changes.push_back({code, key.down});
    key.silent = false;
}

std::optional<SteadyTime> KeyStates::deadline() const {
    std::optional<SteadyTime> soonest;
    for (const auto& [code, key] : keys_) {
        if (key.down == key.told_down) continue;
        soonest = soonest ? std::min(*soonest, key.quiet_until) : key.quiet_until;
    }
    return soonest;
}

std::vector<KeyChange> KeyStates::lost() {
    std::vector<KeyChange> changes;
    for (const auto& [code, key] : keys_) {
        if (key.told_down && !key.silent) changes.push_back({code, false});
    }
    keys_.clear();
    return changes;
}

}  // namespace antrean::buttons
