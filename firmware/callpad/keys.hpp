// What the keys of a callpad can ask for and type. Which key does what is data: key_map.hpp. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace antrean::callpad {

enum class Key : std::uint8_t {
    next,
    recall,
    done,
    no_show,
    serve,  // its person has come
    hold,
    resume,    // one of the held, by its number on the display
    transfer,  // to a service, by its number on the display
    undo,
    pause,  // and opens the counter that is paused
    next_priority,
    sign_in,  // with a code
    sign_out,
    by_label,  // the number that is typed
};

// The words of key maps and of the console, in the order of the above.
inline constexpr std::array<std::string_view, 14> key_words{
    "next",     "recall", "done",  "no_show",       "serve",   "hold",     "resume",
    "transfer", "undo",   "pause", "next_priority", "sign_in", "sign_out", "by_label"};
constexpr std::string_view to_text(Key key) {
    return key_words[static_cast<std::size_t>(key)];
}

// What ends a text or a number that is typed, and what takes it back.
inline constexpr char enter_key = '\n';
inline constexpr char cancel_key = '\x1b';  // of a device alone: terminals send more behind it
inline constexpr char erase_key = '\x7f';
// In a list: to the choice behind and before.
inline constexpr char forth_key = '+';
inline constexpr char back_key = '-';

// What a press, a long press or a chord is for. While something is typed the character counts, else
// the key.
struct Push {
    std::optional<Key> key{};
    char character = '\0';  // none
    bool operator==(const Push&) const = default;
};

}  // namespace antrean::callpad
