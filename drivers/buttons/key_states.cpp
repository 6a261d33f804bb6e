#include "drivers/buttons/key_states.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace antrean::buttons {
namespace {

using What = KeyChange::What;

bool tracked(KeyCode code) {
    return static_cast<std::uint16_t>(code) < KeyStates::codes;
}

}  // namespace

void KeyStates::held(KeyCode code, SteadyTime now) {
    if (!tracked(code)) return;
    keys_[code] = {.down = true, .told = Key::Told::nothing, .since = now, .open_since = {}};
}

std::vector<KeyChange> KeyStates::changed(KeyCode code, bool down, SteadyTime now) {
    // The owner's timer may be late: what had settled before this event comes first.
    auto changes = settle(now);
    if (!tracked(code)) return changes;
    const auto known = keys_.find(code);
    if (known == keys_.end()) {
        if (!down) return changes;
        keys_[code] = {.down = true, .told = Key::Told::pressed, .since = now, .open_since = {}};
        changes.push_back({code, What::pressed, now});
        return changes;
    }
    Key& key = known->second;
    if (key.down && !down) key.open_since = now;
    key.down = down;
    return changes;
}

std::vector<KeyChange> KeyStates::settle(SteadyTime now) {
    std::vector<KeyChange> settled;
    for (auto at = keys_.begin(); at != keys_.end();) {
        auto& [code, key] = *at;
        const auto when = due(key);
        if (!when || *when > now) {
            ++at;
            continue;
        }
        if (key.down) {
            key.told = Key::Told::stuck;
            settled.push_back({code, What::stuck, *when});
            ++at;
            continue;
        }
        if (key.told != Key::Told::nothing) {
            const bool was_stuck = key.told == Key::Told::stuck;
            settled.push_back({code, was_stuck ? What::freed : What::released, *when});
        }
        at = keys_.erase(at);
    }
    std::stable_sort(settled.begin(), settled.end(),
                     [](const KeyChange& a, const KeyChange& b) { return a.at < b.at; });
    return settled;
}

std::optional<SteadyTime> KeyStates::due(const Key& key) const {
    const bool is_stuck = key.told == Key::Told::stuck;
    if (!key.down) return key.open_since + (is_stuck ? times_.stuck_rest : times_.debounce);
    if (is_stuck) return std::nullopt;
    return key.since + times_.stuck_after;
}

std::optional<SteadyTime> KeyStates::deadline() const {
    std::optional<SteadyTime> soonest;
    for (const auto& [code, key] : keys_) {
        const auto when = due(key);
        if (when) soonest = soonest ? std::min(*soonest, *when) : *when;
    }
    return soonest;
}

std::vector<KeyChange> KeyStates::lost(SteadyTime now) {
    std::vector<KeyChange> changes;
    for (const auto& [code, key] : keys_) {
        if (key.told == Key::Told::nothing) continue;
        const bool was_stuck = key.told == Key::Told::stuck;
        changes.push_back({code, was_stuck ? What::freed : What::released, now});
    }
    keys_.clear();
    return changes;
}

}  // namespace antrean::buttons
