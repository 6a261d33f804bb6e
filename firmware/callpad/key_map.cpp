#include "firmware/callpad/key_map.hpp"

#include <algorithm>

namespace antrean::callpad {

const KeyMap::Entry* KeyMap::find(buttons::KeyCode code) const {
    const auto found = std::lower_bound(
        keys.begin(), keys.end(), code,
        [](const Entry& entry, buttons::KeyCode wanted) { return entry.code < wanted; });
    return found != keys.end() && found->code == code ? &*found : nullptr;
}

const KeyMap::Chord* KeyMap::chord(buttons::KeyCode one, buttons::KeyCode other) const {
    const auto found = std::find_if(chords.begin(), chords.end(), [&](const Chord& chord) {
        return (chord.one == one && chord.other == other) ||
               (chord.one == other && chord.other == one);
    });
    return found == chords.end() ? nullptr : &*found;
}

bool KeyMap::is_in_a_chord(buttons::KeyCode code) const {
    return std::any_of(chords.begin(), chords.end(), [&](const Chord& chord) {
        return chord.one == code || chord.other == code;
    });
}

Push KeyMap::of_character(char character) const {
    const bool is_capital = character >= 'A' && character <= 'Z';
    const char small = is_capital ? static_cast<char>(character - 'A' + 'a') : character;
    if (character == '\0') return {};
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const Entry& entry) {
        return entry.press.character == small;
    });
    if (found == keys.end()) return {std::nullopt, character};
    return {found->press.key, character};
}

}  // namespace antrean::callpad
