// The console's commands about the configuration file: what is in force, what is to be, and back to
// what was. What is set is a draft in memory until it is saved; what is saved holds from the next
// start. Thread rule: as the Console's.
#pragma once

#include "firmware/common/program.hpp"
#include "firmware/console/command.hpp"

#include <filesystem>

namespace antrean::device_console {

// FILE: empty where there is none. SETUP must outlive COMMANDS.
void add_config_commands(Commands& commands, const std::filesystem::path& file,
                         const common::Program::Setup& setup);

}  // namespace antrean::device_console
