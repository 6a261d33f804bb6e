// Keeps papers as files: paper-000001.txt and paper-000001.png, numbered on from what is in the
// folder already. Each file appears whole or not at all: it is written under a temporary name and
// renamed, the text first, so whoever sees the picture finds the text. Not thread-safe.
#pragma once

#include "tools/virtual_printer/render.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace antrean::virtual_printer {

class PaperFiles {
public:
    // Makes the folder if it is not there. Throws std::filesystem::filesystem_error if it cannot
    // be used, and std::runtime_error if the fonts are missing.
    explicit PaperFiles(std::filesystem::path folder);

    // Returns the name without extension, such as "paper-000007". Throws std::runtime_error if
    // the files cannot be written; the number is used up all the same.
    std::string store(const Paper& paper);
    std::uint64_t stored() const { return stored_; }

private:
    void write(const std::string& name, const char* data, std::size_t size);

    std::filesystem::path folder_;
    Renderer renderer_;
    std::uint64_t next_ = 1;
    std::uint64_t stored_ = 0;
};

// Its first words, for one line of a log: "MAL PELAYANAN PUBLIK | A-025 | ...".
std::string summary(const Paper& paper);

}  // namespace antrean::virtual_printer
