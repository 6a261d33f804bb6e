// Makes codes of appointments: for tests, and for who builds a booking system and compares.
#pragma once

#include "tools/ctl/exit_code.hpp"

#include <filesystem>
#include <string>

namespace antrean::ctl {

// As the options say it.
struct Appointment {
    std::filesystem::path key_file;
    std::string service;
    std::string day;    // "2026-11-23"
    std::string time;   // "09:00"
    std::string nonce;  // empty: by chance
};

// Writes the code to standard output, a line. What is wrong is told on standard error, and nothing
// of the key ever is.
ExitCode make_code(const Appointment& appointment);

}  // namespace antrean::ctl
