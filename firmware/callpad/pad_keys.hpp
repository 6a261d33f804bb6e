// The keys of one callpad by its key map: those of an evdev device, or of standard input where it
// has none. Whether the device is there is logged. Thread rule: everything on the io_context's one
// thread; the handlers are never called from within the constructor.
#pragma once

#include "drivers/buttons/evdev.hpp"
#include "firmware/callpad/key_matcher.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::callpad {

// A push as people name it: "KEY_1", "KEY_1 held", "KEY_1 + KEY_2"; and what it does: "next".
struct PushText {
    std::string keys;
    std::string means;  // empty: nothing
};
PushText to_text(const Pushed& pushed);
PushText to_text(char character, const Push& push);

// Which key does what, for clerks: "n: berikutnya   p: prioritas". Of several ways the shortest: a
// letter, another key, a key that is held ("2 lama"), two at once ("1+2"). Nothing of what no key
// does.
std::vector<std::string> key_help(const KeyMap& map);

class PadKeys {
public:
    struct Handlers {
        std::function<void(const Push& push, const PushText& text)> push;
        // Of an evdev device alone; TEXT is outside text, as EvdevHandlers has it.
        std::function<void(bool there, const std::string& text)> device;
        // Of one, too: a key that has been held for too long is not heeded until it is free again.
        std::function<void(const std::string& key, bool is_stuck)> stuck;
    };
    // BUTTONS: a path, or empty. IO must outlive it. Throws std::system_error where
    // standard input is needed and closed.
    PadKeys(boost::asio::io_context& io, const std::string& buttons, const KeyMap& map,
            Handlers handlers);
    ~PadKeys();
    PadKeys(const PadKeys&) = delete;
    PadKeys& operator=(const PadKeys&) = delete;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::callpad
