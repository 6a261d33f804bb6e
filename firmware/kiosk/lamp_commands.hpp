// What a kiosk offers technicians at its console for the lamps in its buttons. Thread rule: as the
// Shell's.
#pragma once

#include "firmware/console/command.hpp"
#include "firmware/kiosk/lamp_board.hpp"

namespace antrean::kiosk {

// LAMPS and IO must outlive COMMANDS.
void add_lamps_command(device_console::Commands& commands, boost::asio::io_context& io,
                       LampBoard& lamps);

}  // namespace antrean::kiosk
