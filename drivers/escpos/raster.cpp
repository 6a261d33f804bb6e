#include "drivers/escpos/raster.hpp"

#include "drivers/escpos/commands.hpp"

#include <algorithm>
#include <cassert>

namespace antrean::escpos {
namespace {

using Bytes = std::vector<std::byte>;

// With fewer rows the high byte of a height is below 04, and no header ends in a real-time command.
constexpr int most_band_rows = 1023;
constexpr int strip_rows = 24;  // of ESC * 33

void put(Bytes& out, const auto& command) {
    out.insert(out.end(), command.begin(), command.end());
}

constexpr bool is_real_time(int first, int second) {
    return first == 0x10 && (second == 0x04 || second == 0x05 || second == 0x14);
}

// A 16-bit number in a header that reads as a real-time command.
constexpr bool is_real_time(int number) {
    return is_real_time(number & 0xff, number >> 8);
}

// Makes the data from byte `begin` on free of real-time commands. Dot 3 of their second byte is
// white, and dot 2 is black: adding the former shows least. What comes out is neither a first nor a
// second byte of one, so one pass does. Dots right of a black one are never beyond the picture's
// edge; this one is left of it.
void break_real_time(Bytes& out, std::size_t begin) {
    for (std::size_t i = begin; i < out.size(); ++i) {
        if (is_real_time(std::to_integer<int>(out[i - 1]), std::to_integer<int>(out[i])))
            out[i] |= std::byte{0x08};
    }
}

// Rows `y` to `y + rows`, white below the picture, each `width` dots.
void put_rows(Bytes& out, const Bitmap& picture, int width, int y, int rows) {
    const auto stride = static_cast<std::size_t>((width + 7) / 8);
    const int spare = static_cast<int>(stride) * 8 - width;
    const auto last_mask = static_cast<std::uint8_t>(0xff << spare);
    const std::size_t begin = out.size();
    out.resize(begin + stride * static_cast<std::size_t>(rows));
    for (int row = 0; row < rows && y + row < picture.height(); ++row) {
        const auto from = picture.row(y + row);
        auto to = out.begin() +
                  static_cast<std::ptrdiff_t>(begin + stride * static_cast<std::size_t>(row));
        for (std::size_t i = 0; i < stride; ++i)
            *to++ = static_cast<std::byte>(i + 1 == stride ? from[i] & last_mask : from[i]);
    }
    break_real_time(out, begin);
}

void gs_v_0(Bytes& out, const Bitmap& picture, int width, int y, int rows) {
    const int stride = (width + 7) / 8;
    put(out, byte_array(0x1d, 0x76, 0x30, 0x00, stride, stride >> 8, rows, rows >> 8));
    [[maybe_unused]] const std::size_t begin = out.size();
    put_rows(out, picture, width, y, rows);
    assert(out.size() - begin == static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows));
}

int gs_paren_l_size(int width, int rows) {
    return 10 + (width + 7) / 8 * rows;
}

void gs_paren_l(Bytes& out, const Bitmap& picture, int width, int y, int rows) {
    const int size = gs_paren_l_size(width, rows);
    assert(size <= 0xffff);
    put(out, byte_array(0x1d, 0x28, 0x4c, size, size >> 8));
    [[maybe_unused]] const std::size_t begin = out.size();
    put(out, byte_array(0x30, 0x70, 0x30, 0x01, 0x01, 0x31, width, width >> 8, rows, rows >> 8));
    put_rows(out, picture, width, y, rows);
    assert(out.size() - begin == static_cast<std::size_t>(size));
    put(out, byte_array(0x1d, 0x28, 0x4c, 0x02, 0x00, 0x30, 0x32));
}

// Bands of GS v 0 or GS ( L.
void put_bands(Bytes& out, const Bitmap& picture, int width, const Profile& profile) {
    const bool graphics = profile.raster == RasterCommand::gs_paren_l;
    // The length of GS ( L has 16 bits.
    const int limit = graphics ? (0xffff - 10) / ((width + 7) / 8) : most_band_rows;
    const int multiple = std::clamp<int>(profile.band_multiple, 1, std::min(limit, most_band_rows));
    int most_rows = std::clamp<int>(profile.band_rows, multiple, std::min(limit, most_band_rows));
    most_rows = std::max(most_rows / multiple, 1) * multiple;
    for (int y = 0; y < picture.height();) {
        const int left = picture.height() - y;
        int rows = std::min((left + multiple - 1) / multiple * multiple, most_rows);
        if (graphics && is_real_time(gs_paren_l_size(width, rows)))
            rows += rows > multiple ? -multiple : multiple;
        if (graphics)
            gs_paren_l(out, picture, width, y, rows);
        else
            gs_v_0(out, picture, width, y, rows);
        y += rows;
    }
}

void put_strips(Bytes& out, const Bitmap& picture, int width, const Profile& profile) {
    const int dpi = std::max<int>(profile.dpi, 1);
    const int units = (strip_rows * profile.vertical_units_per_inch + dpi / 2) / dpi;
    put(out, byte_array(0x1b, 0x33, std::clamp(units, 0, 255)));
    for (int y = 0; y < picture.height(); y += strip_rows) {
        put(out, byte_array(0x1b, 0x2a, 0x21, width, width >> 8));
        const std::size_t begin = out.size();
        out.resize(begin + static_cast<std::size_t>(width) * 3);
        for (int i = 0; i < strip_rows; ++i) {
            const auto row = picture.row(y + i);
            const auto bit = static_cast<std::byte>(0x80 >> i % 8);
            for (int x = 0; x < width && !row.empty(); ++x) {
                const unsigned dots = row[static_cast<std::size_t>(x / 8)];
                if (dots == 0)
                    x |= 7;  // on with the next eight
                else if (dots >> (7 - x % 8) & 1)
                    out[begin + static_cast<std::size_t>(x * 3 + i / 8)] |= bit;
            }
        }
        assert(out.size() - begin == static_cast<std::size_t>(width) * 3);
        break_real_time(out, begin);
        out.push_back(std::byte{'\n'});
    }
    put(out, byte_array(0x1b, 0x32));  // the default line spacing again
}

}  // namespace

void append_raster(Bytes& out, const Bitmap& picture, const Profile& profile) {
    int width = std::min<int>(picture.width(), profile.dots);
    if (width <= 0 || picture.height() <= 0) return;
    // Commands that count dots have the width in their header.
    if (profile.raster != RasterCommand::gs_v_0 && is_real_time(width)) --width;
    if (profile.raster == RasterCommand::esc_star)
        put_strips(out, picture, width, profile);
    else
        put_bands(out, picture, width, profile);
}

}  // namespace antrean::escpos
