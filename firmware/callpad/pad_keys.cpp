#include "firmware/callpad/pad_keys.hpp"

#include "drivers/tty/terminal_keys.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::callpad {
namespace {

std::string meaning(const Push& push) {
    if (push.key) return std::string{to_text(*push.key)};
    switch (push.character) {
        case '\0':
            return {};
        case enter_key:
            return "enter";
        case cancel_key:
            return "cancel";
        case erase_key:
            return "erase";
        default:
            return "types " + std::string(1, push.character);
    }
}

// As it stands on the key: "KEY_N" is n, "KEY_KP1" is 1.
std::string cap_of(buttons::KeyCode code) {
    auto name = buttons::key_name(code);
    for (const std::string_view prefix : {"KEY_KP", "KEY_"}) {
        if (!name.starts_with(prefix)) continue;
        name.erase(0, prefix.size());
        break;
    }
    for (char& c : name)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return name;
}

std::string way_to(Key key, const KeyMap& map) {
    std::string press, held;
    for (const auto& entry : map.keys) {
        const auto cap = cap_of(entry.code);
        const bool is_letter = cap.size() == 1 && cap[0] >= 'a';
        if (entry.press.key == key && (press.empty() || is_letter)) press = cap;
        if (entry.long_press && entry.long_press->key == key && held.empty()) held = cap + " lama";
    }
    if (!press.empty()) return press;
    if (!held.empty()) return held;
    for (const auto& chord : map.chords) {
        if (chord.push.key == key) return cap_of(chord.one) + '+' + cap_of(chord.other);
    }
    return {};
}

}  // namespace

PushText to_text(const Pushed& pushed) {
    auto keys = buttons::key_name(pushed.key);
    if (pushed.how == Pushed::How::long_press) keys += " held";
    if (pushed.how == Pushed::How::chord) keys += " + " + buttons::key_name(pushed.other);
    return {std::move(keys), meaning(pushed.push)};
}

PushText to_text(char character, const Push& push) {
    return {std::string(1, character), push.key ? meaning(push) : std::string{}};
}

std::vector<std::string> key_help(const KeyMap& map) {
    struct Word {
        Key key;
        const char* text;
    };
    static const std::vector<std::vector<Word>> lines{{{Key::next, "berikutnya"},
                                                       {Key::next_priority, "prioritas"},
                                                       {Key::recall, "panggil ulang"},
                                                       {Key::serve, "layani"},
                                                       {Key::done, "selesai"}},
                                                      {{Key::no_show, "tidak hadir"},
                                                       {Key::hold, "tahan"},
                                                       {Key::resume, "panggil yang ditahan"},
                                                       {Key::by_label, "panggil nomor"}},
                                                      {{Key::transfer, "alihkan"},
                                                       {Key::undo, "batalkan"},
                                                       {Key::pause, "jeda/buka"},
                                                       {Key::sign_in, "masuk"},
                                                       {Key::sign_out, "keluar"}}};
    std::vector<std::string> help;
    for (const auto& line : lines) {
        std::string text;
        for (const auto& word : line) {
            const auto way = way_to(word.key, map);
            if (way.empty()) continue;
            text += (text.empty() ? "" : "   ") + way + ": " + word.text;
        }
        if (!text.empty()) help.push_back(std::move(text));
    }
    return help;
}

class PadKeys::Impl {
public:
    Impl(boost::asio::io_context& io, const std::string& buttons, const KeyMap& map,
         Handlers handlers)
        : handlers_{std::move(handlers)}, map_{map_for_keypads(map)}, matcher_{map_}, timer_{io} {
        if (buttons.empty()) {
            terminal_.emplace(
                io, tty::KeyHandlers{.key = [this](char typed) { on(typed); }, .end = [] {}});
            return;
        }
        const auto edge = [this](auto change) {
            return [this, change](buttons::KeyCode code, SteadyTime at) {
                step([&](auto& out) { (matcher_.*change)(code, at, out); });
            };
        };
        evdev_.emplace(io, buttons::EvdevConfig{.device = buttons},
                       buttons::EvdevHandlers{.press = edge(&KeyMatcher::down),
                                              .release = edge(&KeyMatcher::up),
                                              .stuck =
                                                  [this](buttons::KeyCode code, bool is_stuck) {
                                                      handlers_.stuck(buttons::key_name(code),
                                                                      is_stuck);
                                                  },
                                              .device = handlers_.device});
    }

private:
    // A finger that is lifted is told by so much later.
    static KeyMap map_for_keypads(KeyMap map) {
        map.long_press += buttons::KeyTimes{}.debounce;
        return map;
    }

    void on(char typed) {
        const auto push = map_.of_character(typed);
        handlers_.push(push, to_text(typed, push));
    }

    template <class Event>
    void step(const Event& event) {
        std::vector<Pushed> done;
        event(done);
        for (const auto& one : done)
            handlers_.push(one.push, to_text(one));
        arm();
    }

    void arm() {
        const auto deadline = matcher_.deadline();
        if (!deadline) {
            timer_.cancel();
            return;
        }
        wait_until(*deadline);
    }

    void wait_until(SteadyTime time) {
        timer_.expires_at(time);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            const SteadyTime now = SteadyTime::clock::now();
            // Where this loop was held up, the finger may have been lifted long ago.
            if (evdev_->has_unread()) {
                wait_until(now + std::chrono::milliseconds{1});
            } else {
                step([&](auto& out) { matcher_.tick(now, out); });
            }
        });
    }

    Handlers handlers_;
    const KeyMap map_;  // of the keypad
    KeyMatcher matcher_;
    boost::asio::steady_timer timer_;
    std::optional<buttons::EvdevButtons> evdev_;
    std::optional<tty::TerminalKeys> terminal_;
};

PadKeys::PadKeys(boost::asio::io_context& io, const std::string& buttons, const KeyMap& map,
                 Handlers handlers)
    : impl_{std::make_unique<Impl>(io, buttons, map, std::move(handlers))} {}

PadKeys::~PadKeys() = default;

}  // namespace antrean::callpad
