#include "drivers/escpos/bitmap.hpp"

#include <algorithm>

namespace antrean::escpos {

Bitmap::Bitmap(int width, int height)
    : width_{std::clamp(width, 0, most_width)},
      height_{std::clamp(height, 0, most_height)},
      bits_(static_cast<std::size_t>(stride()) * static_cast<std::size_t>(height_)) {}

std::span<const std::uint8_t> Bitmap::row(int y) const {
    if (y < 0 || y >= height_) return {};
    const auto bytes = static_cast<std::size_t>(stride());
    return std::span{bits_}.subspan(static_cast<std::size_t>(y) * bytes, bytes);
}

bool Bitmap::dot(int x, int y) const {
    if (x < 0 || x >= width_ || y < 0 || y >= height_) return false;
    return bits_[static_cast<std::size_t>(y * stride() + x / 8)] >> (7 - x % 8) & 1;
}

void Bitmap::set(int x, int y, bool black) {
    if (x < 0 || x >= width_ || y < 0 || y >= height_) return;
    auto& byte = bits_[static_cast<std::size_t>(y * stride() + x / 8)];
    const int mask = 0x80 >> x % 8;
    byte = static_cast<std::uint8_t>(black ? byte | mask : byte & ~mask);
}

void Bitmap::fill(int x, int y, int width, int height, bool black) {
    const int right = std::min(x + width, width_);
    const int bottom = std::min(y + height, height_);
    for (int row_y = std::max(y, 0); row_y < bottom; ++row_y)
        for (int column = std::max(x, 0); column < right; ++column)
            set(column, row_y, black);
}

void Bitmap::paste(const Bitmap& other, int x, int y) {
    other.each_black([&](int column, int row_y) { set(x + column, y + row_y); });
}

}  // namespace antrean::escpos
