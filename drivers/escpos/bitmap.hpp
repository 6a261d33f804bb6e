// A picture in dots of the print head: black or nothing. A plain value; pure.
//
// Rows stand one after the other, the leftmost dot in bit 7, each padded to whole bytes with dots
// that are never black: just as the printers take them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace antrean::escpos {

class Bitmap {
public:
    static constexpr int most_width = 2047;   // of GS ( L and ESC *
    static constexpr int most_height = 8192;  // a metre of paper

    Bitmap() = default;
    Bitmap(int width, int height);  // white; sizes beyond 0 and the most are clamped

    int width() const { return width_; }
    int height() const { return height_; }
    int stride() const { return (width_ + 7) / 8; }  // bytes of a row
    bool empty() const { return bits_.empty(); }
    std::span<const std::uint8_t> row(int y) const;  // empty outside

    bool dot(int x, int y) const;               // false outside
    void set(int x, int y, bool black = true);  // without effect outside
    void fill(int x, int y, int width, int height, bool black = true);
    void paste(const Bitmap& other, int x, int y);  // its black dots; clipped
    // Calls use(x, y) for each black dot, the rows from above. White bytes cost next to nothing.
    void each_black(const auto& use) const {
        for (int y = 0; y < height_; ++y) {
            const auto bytes = row(y);
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                for (unsigned left = bytes[i]; left != 0; left &= left - 1)
                    use(static_cast<int>(i) * 8 + 7 - std::countr_zero(left), y);
            }
        }
    }

    bool operator==(const Bitmap&) const = default;

private:
    int width_ = 0;
    int height_ = 0;
    std::vector<std::uint8_t> bits_;
};

}  // namespace antrean::escpos
