// Drawing into a raster, dot by dot. Pure.
#pragma once

#include "tools/virtual_printer/paper.hpp"

#include <cstddef>
#include <cstdint>

namespace antrean::virtual_printer {

inline Raster blank_raster(int width, int height) {
    Raster raster{0, 0, width, height, {}};
    raster.bits.resize(static_cast<std::size_t>(raster.stride()) *
                       static_cast<std::size_t>(height));
    return raster;
}

// Outside of the raster nothing is drawn.
inline void set_dot(Raster& raster, int x, int y) {
    if (x < 0 || y < 0 || x >= raster.width || y >= raster.height) return;
    std::uint8_t& byte = raster.bits[static_cast<std::size_t>(y * raster.stride() + x / 8)];
    byte = static_cast<std::uint8_t>(byte | 0x80 >> x % 8);
}

inline void fill(Raster& raster, int x, int y, int width, int height) {
    for (int row = y; row < y + height; ++row) {
        for (int column = x; column < x + width; ++column)
            set_dot(raster, column, row);
    }
}

}  // namespace antrean::virtual_printer
