#include "firmware/callpad/display.hpp"

#include <linux/input-event-codes.h>

#include <fmt/format.h>

namespace antrean::callpad {
namespace {

std::string called(const proto::CounterView& view) {
    if (!view.ticket) return "tidak ada yang dipanggil";
    std::string text = view.label + " | " + view.service_name;
    if (view.times_called > 1) text += fmt::format(" | panggilan ke-{}", view.times_called);
    if (view.paper == proto::Paper::unconfirmed) text += " | tiket mungkin tidak tercetak";
    if (view.paper == proto::Paper::voided) text += " | BATAL: tiket tidak tercetak";
    return text;
}

const char* text(Screen::Note note) {
    switch (note) {
        case Screen::Note::none: return "";
        case Screen::Note::disconnected: return " | TERPUTUS dari pengendali";
        case Screen::Note::working: return " | ...";
        case Screen::Note::nobody_waits: return " | tidak ada yang menunggu";
        case Screen::Note::nobody_called: return " | belum ada yang dipanggil";
        case Screen::Note::refused: return " | ditolak";
    }
    return "";
}

}  // namespace

std::string line(const Screen& screen) {
    if (!screen.view) return std::string{"belum tersambung"} + text(screen.note);
    return fmt::format("{} | {} | menunggu {}{}", screen.view->counter_name, called(*screen.view),
                       screen.view->waiting, text(screen.note));
}

std::optional<Key> key_of(char key) {
    switch (key) {
        case 'n':
        case 'N':
        case '1':
        case '\n': return Key::next;
        case 'r':
        case 'R':
        case '2': return Key::recall;
        case 'd':
        case 'D':
        case '3': return Key::done;
        case 'x':
        case 'X':
        case '4': return Key::no_show;
        default: return std::nullopt;
    }
}

std::optional<Key> key_of(buttons::KeyCode code) {
    switch (static_cast<int>(code)) {
        case KEY_N:
        case KEY_1:
        case KEY_KP1:
        case KEY_ENTER:
        case KEY_KPENTER: return Key::next;
        case KEY_R:
        case KEY_2:
        case KEY_KP2: return Key::recall;
        case KEY_D:
        case KEY_3:
        case KEY_KP3: return Key::done;
        case KEY_X:
        case KEY_4:
        case KEY_KP4: return Key::no_show;
        default: return std::nullopt;
    }
}

}  // namespace antrean::callpad
