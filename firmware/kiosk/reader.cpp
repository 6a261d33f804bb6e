#include "firmware/kiosk/reader.hpp"

#include <array>
#include <utility>

#include <linux/input-event-codes.h>

namespace antrean::kiosk {
namespace {

struct Typed {
    int key;
    char plain, shifted;
};
// The US layout; the number block as with Num Lock.
constexpr std::array layout{
    Typed{KEY_A, 'a', 'A'},          Typed{KEY_B, 'b', 'B'},
    Typed{KEY_C, 'c', 'C'},          Typed{KEY_D, 'd', 'D'},
    Typed{KEY_E, 'e', 'E'},          Typed{KEY_F, 'f', 'F'},
    Typed{KEY_G, 'g', 'G'},          Typed{KEY_H, 'h', 'H'},
    Typed{KEY_I, 'i', 'I'},          Typed{KEY_J, 'j', 'J'},
    Typed{KEY_K, 'k', 'K'},          Typed{KEY_L, 'l', 'L'},
    Typed{KEY_M, 'm', 'M'},          Typed{KEY_N, 'n', 'N'},
    Typed{KEY_O, 'o', 'O'},          Typed{KEY_P, 'p', 'P'},
    Typed{KEY_Q, 'q', 'Q'},          Typed{KEY_R, 'r', 'R'},
    Typed{KEY_S, 's', 'S'},          Typed{KEY_T, 't', 'T'},
    Typed{KEY_U, 'u', 'U'},          Typed{KEY_V, 'v', 'V'},
    Typed{KEY_W, 'w', 'W'},          Typed{KEY_X, 'x', 'X'},
    Typed{KEY_Y, 'y', 'Y'},          Typed{KEY_Z, 'z', 'Z'},
    Typed{KEY_1, '1', '!'},          Typed{KEY_2, '2', '@'},
    Typed{KEY_3, '3', '#'},          Typed{KEY_4, '4', '$'},
    Typed{KEY_5, '5', '%'},          Typed{KEY_6, '6', '^'},
    Typed{KEY_7, '7', '&'},          Typed{KEY_8, '8', '*'},
    Typed{KEY_9, '9', '('},          Typed{KEY_0, '0', ')'},
    Typed{KEY_MINUS, '-', '_'},      Typed{KEY_EQUAL, '=', '+'},
    Typed{KEY_LEFTBRACE, '[', '{'},  Typed{KEY_RIGHTBRACE, ']', '}'},
    Typed{KEY_SEMICOLON, ';', ':'},  Typed{KEY_APOSTROPHE, '\'', '"'},
    Typed{KEY_GRAVE, '`', '~'},      Typed{KEY_BACKSLASH, '\\', '|'},
    Typed{KEY_COMMA, ',', '<'},      Typed{KEY_DOT, '.', '>'},
    Typed{KEY_SLASH, '/', '?'},      Typed{KEY_SPACE, ' ', ' '},
    Typed{KEY_KP0, '0', '0'},        Typed{KEY_KP1, '1', '1'},
    Typed{KEY_KP2, '2', '2'},        Typed{KEY_KP3, '3', '3'},
    Typed{KEY_KP4, '4', '4'},        Typed{KEY_KP5, '5', '5'},
    Typed{KEY_KP6, '6', '6'},        Typed{KEY_KP7, '7', '7'},
    Typed{KEY_KP8, '8', '8'},        Typed{KEY_KP9, '9', '9'},
    Typed{KEY_KPMINUS, '-', '-'},    Typed{KEY_KPPLUS, '+', '+'},
    Typed{KEY_KPDOT, '.', '.'},      Typed{KEY_KPSLASH, '/', '/'},
    Typed{KEY_KPASTERISK, '*', '*'},
};

}  // namespace

std::optional<std::string> CodeReader::pressed(buttons::KeyCode code, SteadyTime at) {
    const int key = static_cast<int>(code);
    if (at - last_ > longest_gap) {
        line_.clear();
        is_too_long_ = false;
    }
    last_ = at;
    if (key == KEY_LEFTSHIFT) left_shift_ = true;
    if (key == KEY_RIGHTSHIFT) right_shift_ = true;
    if (key == KEY_ENTER || key == KEY_KPENTER) {
        auto line = std::exchange(line_, {});
        if (std::exchange(is_too_long_, false) || line.empty()) return std::nullopt;
        return line;
    }
    for (const auto& typed : layout) {
        if (typed.key != key) continue;
        if (line_.size() == max_size) {
            is_too_long_ = true;
        } else {
            line_ += left_shift_ || right_shift_ ? typed.shifted : typed.plain;
        }
        break;
    }
    return std::nullopt;
}

void CodeReader::released(buttons::KeyCode code) {
    const int key = static_cast<int>(code);
    if (key == KEY_LEFTSHIFT) left_shift_ = false;
    if (key == KEY_RIGHTSHIFT) right_shift_ = false;
}

}  // namespace antrean::kiosk
