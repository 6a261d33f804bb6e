#include "firmware/kiosk/keys.hpp"

#include <algorithm>
#include <array>

#include <linux/input-event-codes.h>

namespace antrean::kiosk {
namespace {

// In the order of their buttons. The kernel numbers letters by the rows of a keyboard.
constexpr std::array<int, 35> main_block{
    KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_A, KEY_B, KEY_C,
    KEY_D, KEY_E, KEY_F, KEY_G, KEY_H, KEY_I, KEY_J, KEY_K, KEY_L, KEY_M, KEY_N, KEY_O,
    KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T, KEY_U, KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z};
constexpr std::array<int, 9> number_block{KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5,
                                          KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};

constexpr std::array<int, 10> digits{KEY_0, KEY_1, KEY_2, KEY_3, KEY_4,
                                     KEY_5, KEY_6, KEY_7, KEY_8, KEY_9};
constexpr std::array<int, 10> block_digits{KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                           KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
// Of a telephone's keypad.
constexpr std::array<int, 10> phone_digits{
    KEY_NUMERIC_0, KEY_NUMERIC_1, KEY_NUMERIC_2, KEY_NUMERIC_3, KEY_NUMERIC_4,
    KEY_NUMERIC_5, KEY_NUMERIC_6, KEY_NUMERIC_7, KEY_NUMERIC_8, KEY_NUMERIC_9};

template <std::size_t N>
std::optional<ButtonNumber> find(const std::array<int, N>& keys, int code) {
    for (std::size_t i = 0; i < N; ++i) {
        if (keys[i] == code) return ButtonNumber{static_cast<std::uint16_t>(i + 1)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<ButtonNumber> button_of(buttons::KeyCode code) {
    const auto button = find(main_block, static_cast<int>(code));
    return button ? button : find(number_block, static_cast<int>(code));
}

std::optional<ButtonNumber> button_of(char key) {
    const auto number = [](int n) { return ButtonNumber{static_cast<std::uint16_t>(n)}; };
    if (key >= '1' && key <= '9') return number(key - '0');
    if (key >= 'a' && key <= 'z') return number(key - 'a' + 10);
    if (key >= 'A' && key <= 'Z') return number(key - 'A' + 10);
    return std::nullopt;
}

std::optional<ChoiceKey> choice_key_of(buttons::KeyCode code) {
    using Kind = ChoiceKey::Kind;
    const int key = static_cast<int>(code);
    for (const auto* keys : {&digits, &block_digits, &phone_digits}) {
        const auto at = std::find(keys->begin(), keys->end(), key);
        if (at != keys->end()) return ChoiceKey{Kind::digit, static_cast<int>(at - keys->begin())};
    }
    switch (key) {
        case KEY_ENTER:
        case KEY_KPENTER:
        case KEY_NUMERIC_POUND:
            return ChoiceKey{Kind::enter};
        case KEY_BACKSPACE:
        case KEY_DELETE:
        case KEY_KPDOT:
            return ChoiceKey{Kind::erase};
        case KEY_ESC:
        case KEY_KPASTERISK:
        case KEY_NUMERIC_STAR:
            return ChoiceKey{Kind::cancel};
        default:
            return std::nullopt;
    }
}

std::optional<ChoiceKey> choice_key_of(char key) {
    using Kind = ChoiceKey::Kind;
    if (key >= '0' && key <= '9') return ChoiceKey{Kind::digit, key - '0'};
    switch (key) {
        case '\n':
        case '\r':
        case '#':
            return ChoiceKey{Kind::enter};
        case '\x7f':
        case '\b':
        case '.':
            return ChoiceKey{Kind::erase};
        case '*':
            return ChoiceKey{Kind::cancel};
        default:
            return std::nullopt;
    }
}

char key_of(ButtonNumber button) {
    const int n = button.value();
    if (n <= 9) return static_cast<char>('0' + n);
    return n <= 35 ? static_cast<char>('a' + n - 10) : '?';
}

}  // namespace antrean::kiosk
