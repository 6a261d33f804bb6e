// Makes a bitmap of a PNG file, such as an emblem to print. Pure, thread-safe.
#pragma once

#include "drivers/escpos/bitmap.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace antrean::escpos {

// Files beyond these bounds are refused before any memory is taken for them.
inline constexpr std::size_t most_png_bytes = 4u << 20;
inline constexpr std::size_t most_png_pixels = 4u << 20;

// The picture no wider than `most_dots`: a wider one is made smaller, its sides in proportion.
// Colours become grey, transparent is white, and greys are dithered (Floyd and Steinberg); pure
// black and white stay as they are. nullopt if it is no PNG, damaged, too large, or still higher
// than Bitmap::most_height.
std::optional<Bitmap> picture_from_png(std::span<const std::byte> file, int most_dots);

}  // namespace antrean::escpos
