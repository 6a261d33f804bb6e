// What a callpad offers technicians at its console beside what all devices do. Thread rule: as the
// Pad's.
#pragma once

#include "firmware/callpad/pad.hpp"
#include "firmware/console/desk.hpp"

namespace antrean::callpad {

// Adds the commands, and opens the desk over PADS, the first of which is the options' device. DESK,
// PADS and IO must outlive whatever the desk runs.
void open_desk(device_console::Desk& desk, boost::asio::io_context& io, const Pads& pads,
               const common::DeviceOptions& options);

// A push as the console shows it. IS_ALONE: there is no other pad to tell it from.
device_console::Record press_of(const Pad& pad, const PushText& push, bool is_alone);

}  // namespace antrean::callpad
