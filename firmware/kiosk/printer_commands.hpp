// The console's commands about a kiosk's printers, and the self-test, which prints its report.
// Thread rule: as the Shell's.
#pragma once

#include "firmware/console/desk.hpp"
#include "firmware/kiosk/shell.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace antrean::kiosk {

// DESK, SHELL and IO must outlive the desk's commands. MORE_CHECKS: what self-test looks at beside
// what all devices have, and the printers.
void add_printer_commands(device_console::Desk& desk, boost::asio::io_context& io, Shell& shell,
                          std::function<std::vector<device_console::Record>()> more_checks);

// How each printer is.
device_console::Table printer_table(Shell& shell);

// The printer that the argument AT names, from 1; without it, the first. None after CALL was told
// what is wrong.
std::optional<std::size_t> pick_printer(const std::shared_ptr<device_console::Call>& call,
                                        const Shell& shell, std::size_t at);

// Prints, and answers CALL with FIELDS and what became of the paper; refuses where the printer has
// another one, or cannot print.
void print_for(const std::shared_ptr<device_console::Call>& call, Shell& shell, std::size_t which,
               TechniciansPaper paper, device_console::Answer answer);

}  // namespace antrean::kiosk
