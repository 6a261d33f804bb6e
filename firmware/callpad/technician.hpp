// What a callpad offers technicians at its console beside what all devices do. Thread rule: as the
// Shell's.
#pragma once

#include "firmware/callpad/pad_keys.hpp"
#include "firmware/callpad/shell.hpp"
#include "firmware/console/desk.hpp"

namespace antrean::callpad {

// Adds the commands, and opens the desk. DESK, SHELL and IO must outlive whatever the desk runs.
void open_desk(device_console::Desk& desk, boost::asio::io_context& io, Shell& shell,
               const common::DeviceOptions& options);

// A push as the console shows it.
device_console::Record press_of(const PushText& push);

}  // namespace antrean::callpad
