// Reads tickets as the person does who holds the paper: by the words on it, nothing else.
#pragma once

#include "tools/virtual_printer/paper.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace antrean::sim {

// A number on a piece of paper, and how much of its ticket is there.
struct PrintedTicket {
    std::string label;   // "A-025"
    std::string date;    // "5 Januari 2026"; empty where that line is missing
    std::string time;    // "08.04"; likewise
    bool copy = false;   // marked SALINAN beside the number
    bool whole = false;  // from the site's name down to the last sentence
};

// SITE_NAME: the first words of every ticket. From top to bottom; empty for blank paper.
std::vector<PrintedTicket> read_paper(const virtual_printer::Paper& paper,
                                      const std::string& site_name);

// What BYTES would give on a printer without faults.
std::vector<PrintedTicket> read_bytes(std::span<const std::byte> bytes,
                                      const std::string& site_name);

}  // namespace antrean::sim
