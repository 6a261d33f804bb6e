// The buttons of a kiosk or callpad as the kernel offers them: an evdev device, read through
// libevdev. It tells presses and releases, keys that are stuck, and whether the device is there;
// what a key means is not its business. A key that repeats because it is held (autorepeat) is one
// press.
//
// Everything runs on the thread of the io_context, the handlers too, which are never called from
// within the constructor. The io_context must outlive the object. The object may be destroyed at
// any time on that thread, also by one of its own handlers; none is called afterwards.
//
// Where events were lost because nobody read for too long (SYN_DROPPED, see
// Documentation/input/event-codes.rst of the kernel), the keys' present state counts: one that was
// pressed and released meanwhile was not pressed at all, one that is down now is pressed now.
#pragma once

#include "drivers/buttons/key_states.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace antrean::buttons {

struct EvdevConfig {
    std::string device;  // "/dev/input/event3", or better a link of /dev/input/by-id, by-path
    bool grab = true;    // nobody else, such as a login console, gets its events
    KeyTimes times{};
    // Between attempts to open the device: the first wait, doubled up to the last.
    std::chrono::milliseconds retry_first{250};
    std::chrono::milliseconds retry_most{2000};
};

struct EvdevHandlers {
    // AT: when the contact closed, as the kernel saw it; what is read together was not for that
    // pressed together.
    std::function<void(KeyCode, SteadyTime at)> press;
    // After each press one, also when the device goes, and when the key gets stuck. AT: when the
    // contact had stayed open for the debounce time, which may be earlier than this is told.
    std::function<void(KeyCode, SteadyTime at)> release;
    // The key has been held for too long: its presses are not told until it is not IS_STUCK.
    std::function<void(KeyCode, bool is_stuck)> stuck;
    // The device was opened (TEXT is its name), or is gone or cannot be opened (TEXT says why).
    // Told once for each change and once after the start; TEXT is outside text, to be escaped.
    std::function<void(bool there, const std::string& text)> device;
};

class EvdevButtons {
public:
    // Opens the device as soon as IO runs, and again whenever it comes back. All HANDLERS
    // must be set. A key that is down when the device is opened is no press.
    EvdevButtons(boost::asio::io_context& io, EvdevConfig config, EvdevHandlers handlers);
    ~EvdevButtons();
    EvdevButtons(const EvdevButtons&) = delete;
    EvdevButtons& operator=(const EvdevButtons&) = delete;

    // Something has happened that no handler was told of, for nobody has had the time to read it.
    bool has_unread() const;

private:
    class Device;
    std::shared_ptr<Device> device_;
};

// The code of a key by its name in linux/input-event-codes.h ("KEY_F1", "BTN_0"), none where it
// names no key; and its name, or its number where it has no name.
std::optional<KeyCode> key_code(std::string_view name);
std::string key_name(KeyCode code);

}  // namespace antrean::buttons
