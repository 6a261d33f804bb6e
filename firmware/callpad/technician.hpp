// What a callpad offers technicians at its console beside what all devices do. Thread rule: as the
// Shell's.
#pragma once

#include "firmware/callpad/shell.hpp"
#include "firmware/console/desk.hpp"

#include <optional>
#include <string>

namespace antrean::callpad {

// Adds the commands, and opens the desk. DESK, SHELL and IO must outlive whatever the desk runs.
void open_desk(device_console::Desk& desk, boost::asio::io_context& io, Shell& shell,
               const common::DeviceOptions& options);

// A key as the console shows it. CHARACTER: what it counts as, if anything.
device_console::Record press_of(const std::string& key, std::optional<char> character);

}  // namespace antrean::callpad
