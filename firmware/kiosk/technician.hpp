// What a kiosk offers technicians at its console beside what all devices do: its printers, its
// papers, its buttons. Thread rule: as the Shell's.
#pragma once

#include "firmware/console/desk.hpp"
#include "firmware/kiosk/front.hpp"
#include "firmware/kiosk/lamp_board.hpp"
#include "firmware/kiosk/shell.hpp"

#include <optional>
#include <vector>

namespace antrean::kiosk {

// Adds the commands, and opens the desk. DESK, SHELL, FRONT, LAMPS and IO must outlive whatever the
// desk runs.
void open_desk(device_console::Desk& desk, boost::asio::io_context& io, Shell& shell,
               const Front& front, LampBoard& lamps, const common::DeviceOptions& options);

// What self-test looks at beside what all devices have, and the printers: the menu, that no button
// is stuck at NOW, and, where there are any, the lamps.
std::vector<device_console::Record> own_checks(const std::optional<proto::Menu>& menu,
                                               const std::vector<Front::StuckKey>& stuck,
                                               const std::vector<LampBoard::State>& lamps,
                                               SteadyTime now);

// Writes down what became of a paper. Only of a desk that is open.
void keep_paper(device_console::Desk& desk, const PaperEnd& end);

// A press as the console shows it.
device_console::Record press_of(const std::string& key, std::optional<ButtonNumber> button,
                                const Core& core);

}  // namespace antrean::kiosk
