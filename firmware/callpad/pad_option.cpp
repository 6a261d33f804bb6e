#include "firmware/callpad/pad_option.hpp"

#include "drivers/tty/escape.hpp"

namespace antrean::callpad {

PadOption parse_pad(const std::string& text, std::string& problem) {
    const auto equals = text.find('=');
    const auto comma = text.find(',', equals == std::string::npos ? 0 : equals);
    const auto tell = [&](const std::string& why) {
        problem = "--pad '" + tty::escaped(text) + "': " + why;
    };
    PadOption pad;
    if (equals == std::string::npos) {
        tell("write ID=EVDEV, such as callpad-2=/dev/input/by-path/...-event-kbd");
        return pad;
    }
    pad.device = DeviceId::parse(text.substr(0, equals));
    if (!pad.device) tell("before the '=' stands no id of 1 to 31 of a-z, 0-9, '-' and '.'");
    pad.buttons = text.substr(equals + 1, comma == std::string::npos ? comma : comma - equals - 1);
    if (!pad.buttons.starts_with('/')) tell("the keys are a device such as /dev/input/event3");
    if (comma != std::string::npos) {
        std::string why;
        pad.display = display::parse_address(text.substr(comma + 1), why);
        if (!why.empty()) tell(why);
    }
    return pad;
}

std::string problem_of(const std::vector<PadOption>& pads) {
    if (pads.size() > max_pads)
        return "there are " + std::to_string(pads.size()) + " pads; leave at most " +
               std::to_string(max_pads);
    for (auto one = pads.begin(); one != pads.end(); ++one) {
        for (auto other = pads.begin(); other != one; ++other) {
            const auto both =
                std::string{other->device->view()} + " and " + std::string{one->device->view()};
            if (one->device == other->device)
                return "two pads are " + std::string{one->device->view()} +
                       "; each has an id of its own in the site file";
            if (one->buttons == other->buttons)
                return both + " have the same keys; give each an evdev device of its own";
            const auto* glass = std::get_if<display::Hd44780Address>(&one->display);
            const auto* another = std::get_if<display::Hd44780Address>(&other->display);
            if (glass && another && glass->bus == another->bus &&
                glass->address == another->address) {
                return both + " have the same display; set another address by its jumpers";
            }
        }
    }
    return {};
}

}  // namespace antrean::callpad
