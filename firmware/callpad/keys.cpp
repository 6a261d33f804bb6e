#include "firmware/callpad/keys.hpp"

#include <array>

#include <linux/input-event-codes.h>

namespace antrean::callpad {
namespace {

struct Meaning {
    Key key;
    char letter;
    char on_pad;  // of the number pad; 0: none
};
constexpr std::array meanings{
    Meaning{Key::next, 'n', '1'},     Meaning{Key::recall, 'r', '2'},
    Meaning{Key::done, 'd', '3'},     Meaning{Key::no_show, 'x', '4'},
    Meaning{Key::serve, 's', '5'},    Meaning{Key::hold, 'h', '6'},
    Meaning{Key::resume, 'b', '7'},   Meaning{Key::transfer, 't', '8'},
    Meaning{Key::undo, 'u', '9'},     Meaning{Key::pause, 'i', '0'},
    Meaning{Key::sign_in, 'm', '*'},  Meaning{Key::next_priority, 'p', '+'},
    Meaning{Key::sign_out, 'k', '/'}, Meaning{Key::by_label, 'c', '\0'},
};

struct Code {
    int code;
    char character;
};
// The kernel numbers letters by the rows of a keyboard.
constexpr std::array codes{
    Code{KEY_A, 'a'},         Code{KEY_B, 'b'},          Code{KEY_C, 'c'},
    Code{KEY_D, 'd'},         Code{KEY_E, 'e'},          Code{KEY_F, 'f'},
    Code{KEY_G, 'g'},         Code{KEY_H, 'h'},          Code{KEY_I, 'i'},
    Code{KEY_J, 'j'},         Code{KEY_K, 'k'},          Code{KEY_L, 'l'},
    Code{KEY_M, 'm'},         Code{KEY_N, 'n'},          Code{KEY_O, 'o'},
    Code{KEY_P, 'p'},         Code{KEY_Q, 'q'},          Code{KEY_R, 'r'},
    Code{KEY_S, 's'},         Code{KEY_T, 't'},          Code{KEY_U, 'u'},
    Code{KEY_V, 'v'},         Code{KEY_W, 'w'},          Code{KEY_X, 'x'},
    Code{KEY_Y, 'y'},         Code{KEY_Z, 'z'},          Code{KEY_0, '0'},
    Code{KEY_1, '1'},         Code{KEY_2, '2'},          Code{KEY_3, '3'},
    Code{KEY_4, '4'},         Code{KEY_5, '5'},          Code{KEY_6, '6'},
    Code{KEY_7, '7'},         Code{KEY_8, '8'},          Code{KEY_9, '9'},
    Code{KEY_KP0, '0'},       Code{KEY_KP1, '1'},        Code{KEY_KP2, '2'},
    Code{KEY_KP3, '3'},       Code{KEY_KP4, '4'},        Code{KEY_KP5, '5'},
    Code{KEY_KP6, '6'},       Code{KEY_KP7, '7'},        Code{KEY_KP8, '8'},
    Code{KEY_KP9, '9'},       Code{KEY_KPPLUS, '+'},     Code{KEY_KPMINUS, '-'},
    Code{KEY_KPSLASH, '/'},   Code{KEY_KPASTERISK, '*'}, Code{KEY_MINUS, '-'},
    Code{KEY_ENTER, '\n'},    Code{KEY_KPENTER, '\n'},   Code{KEY_BACKSPACE, erase_key},
    Code{KEY_ESC, cancel_key}};

}  // namespace

std::optional<Key> key_of(char typed) {
    if (typed == enter_key) return Key::next;
    const char lower = typed >= 'A' && typed <= 'Z' ? static_cast<char>(typed - 'A' + 'a') : typed;
    if (lower == '\0') return std::nullopt;
    for (const auto& meaning : meanings) {
        if (lower == meaning.letter || lower == meaning.on_pad) return meaning.key;
    }
    return std::nullopt;
}

std::optional<char> char_of(buttons::KeyCode code) {
    for (const auto& known : codes) {
        if (known.code == static_cast<int>(code)) return known.character;
    }
    return std::nullopt;
}

}  // namespace antrean::callpad
