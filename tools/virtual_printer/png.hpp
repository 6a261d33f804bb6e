// Writes a picture of few colours as a PNG, in memory. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace antrean::virtual_printer {

// Fresh thermal paper is not quite white, and its black not quite black.
enum class Ink : std::uint8_t { background, paper, black, shadow };

struct Picture {
    int width = 0;
    int height = 0;
    std::vector<Ink> pixels;  // row by row
};

// Throws std::runtime_error when libpng refuses, which it does only without memory.
std::vector<std::byte> encode_png(const Picture& picture);

}  // namespace antrean::virtual_printer
