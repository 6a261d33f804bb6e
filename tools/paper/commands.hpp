// What antrean-paper does, one function for each of its commands. Each gives the program's exit
// code and says on standard error what went wrong; profiles and layouts that are wrong are told
// with file, line and remedy.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/layout/layout.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace antrean::paper {

enum ExitCode {
    exit_ok = 0,
    exit_unconfirmed = 4,  // the paper may have come out
    exit_not_printed = 5,
    exit_usage = 64,
    exit_bad_file = 65,
    exit_no_printer = 69,
    exit_cannot_write = 73,
};

struct Look {
    std::filesystem::path layout;     // empty: the standard one
    std::vector<std::string> fields;  // "label=A-025"; the others are those of an example
    bool copy = false;
    std::vector<std::string> fonts;
};

struct Wait {
    std::chrono::seconds most{30};
};

// Draws the paper as the model would print it.
int preview(const Look& look, const escpos::Profile& profile, const std::filesystem::path& output);

int print(const Look& look, const escpos::Profile& profile, const std::string& address, Wait wait);

// WATCH: until Ctrl-C, a line for each change.
int status(const escpos::Profile& profile, const std::string& address, bool watch, Wait wait);

// OUTPUT: where a profile file goes; empty: only tells.
// PAPER_MM: width of the roll, where somebody has said it.
int probe(const std::string& address, bool thorough, std::optional<double> paper_mm,
          const std::filesystem::path& output, Wait wait);

// The bytes of the paper; nullopt after telling why not.
std::optional<std::vector<std::byte>> bytes_of(const Look& look, const escpos::Profile& profile);

bool write_file(const std::filesystem::path& file, const void* data, std::size_t size);

}  // namespace antrean::paper
