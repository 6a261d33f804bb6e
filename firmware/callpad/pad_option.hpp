// Further counters at one computer, as options name them: "callpad-2=/dev/input/event3" or
// "callpad-2=/dev/input/event3,hd44780:/dev/i2c-1:0x27:16x2". Pure.
#pragma once

#include "drivers/display/address.hpp"
#include "proto/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace antrean::callpad {

// With the first; a small computer has no more sockets for keypads.
inline constexpr std::size_t max_pads = 9;

struct PadOption {
    std::optional<DeviceId> device{};  // always there in what was parsed without a problem
    std::string buttons{};             // empty, of the first alone: standard input
    display::Address display{};
};

// PROBLEM gets what is wrong with TEXT, for people, and is left alone where nothing is.
PadOption parse_pad(const std::string& text, std::string& problem);

// Why PADS cannot be at one computer, for people: two of one id, keys or display. Empty: they can.
std::string problem_of(const std::vector<PadOption>& pads);

}  // namespace antrean::callpad
