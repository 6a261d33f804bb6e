// Reads a table or view of reports.db for a spreadsheet or a person. The file may be in use by a
// running controller; it is not changed.
#pragma once

#include "tools/ctl/exit_code.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace antrean::ctl {

// More rows than these are for programs; a person is told that there are more.
inline constexpr std::size_t max_shown_rows = 1000;

struct Export {
    std::filesystem::path reports;
    std::string table;             // a table or view of the file
    std::string day;               // only its rows; empty: all
    bool csv = false;              // RFC 4180, with a line of names; else an aligned table
    std::filesystem::path output;  // empty: standard output
};

// Says to standard error what is wrong.
ExitCode export_table(const Export& what, bool coloured);

// One field of RFC 4180: in quotes where it has to be.
std::string csv_field(std::string_view text);

}  // namespace antrean::ctl
