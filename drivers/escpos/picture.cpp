#include "drivers/escpos/picture.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <png.h>

namespace antrean::escpos {
namespace {

// 0 is black, 255 white.
struct Grey {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;

    int at(int x, int y) const {
        return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
};

std::optional<Grey> read(std::span<const std::byte> file) {
    if (file.empty() || file.size() > most_png_bytes) return std::nullopt;
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    struct Free {
        png_image* image;
        ~Free() { png_image_free(image); }
    } free{&image};
    if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0)
        return std::nullopt;
    const std::size_t pixels = std::size_t{image.width} * image.height;
    if (pixels == 0 || pixels > most_png_pixels) return std::nullopt;
    image.format = PNG_FORMAT_GA;
    std::vector<std::uint8_t> data(PNG_IMAGE_SIZE(image));
    if (png_image_finish_read(&image, nullptr, data.data(), 0, nullptr) == 0) return std::nullopt;

    Grey grey{static_cast<int>(image.width), static_cast<int>(image.height), {}};
    grey.pixels.reserve(pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
        const int value = data[2 * i];
        const int opaque = data[2 * i + 1];
        grey.pixels.push_back(static_cast<std::uint8_t>(255 - (255 - value) * opaque / 255));
    }
    return grey;
}

// Each new pixel is the mean of those that it covers.
Grey shrunk(const Grey& from, int width) {
    const auto height = std::max<std::int64_t>(
        (static_cast<std::int64_t>(from.height) * width + from.width / 2) / from.width, 1);
    Grey to{width, static_cast<int>(height), {}};
    const auto edge = [](std::int64_t at, int count, int total) {
        return static_cast<int>(at * total / count);
    };
    for (int y = 0; y < to.height; ++y) {
        const int top = edge(y, to.height, from.height);
        const int bottom = std::max(edge(y + 1, to.height, from.height), top + 1);
        for (int x = 0; x < width; ++x) {
            const int left = edge(x, width, from.width);
            const int right = std::max(edge(x + 1, width, from.width), left + 1);
            std::int64_t sum = 0;
            for (int row = top; row < bottom; ++row)
                for (int column = left; column < right; ++column)
                    sum += from.at(column, row);
            to.pixels.push_back(static_cast<std::uint8_t>(sum / ((bottom - top) * (right - left))));
        }
    }
    return to;
}

Bitmap dithered(const Grey& grey) {
    Bitmap out{grey.width, grey.height};
    // What each dot was too light or too dark by is made good by its neighbours to come.
    std::vector<int> debt(static_cast<std::size_t>(grey.width) + 2);
    std::vector<int> next_debt(debt.size());
    for (int y = 0; y < grey.height; ++y) {
        for (int x = 0; x < grey.width; ++x) {
            const auto at = static_cast<std::size_t>(x) + 1;
            const int value = grey.at(x, y) + debt[at] / 16;
            const bool black = value < 128;
            out.set(x, y, black);
            const int error = black ? value : value - 255;
            debt[at + 1] += error * 7;
            next_debt[at - 1] += error * 3;
            next_debt[at] += error * 5;
            next_debt[at + 1] += error;
        }
        std::swap(debt, next_debt);
        std::fill(next_debt.begin(), next_debt.end(), 0);
    }
    return out;
}

}  // namespace

std::optional<Bitmap> picture_from_png(std::span<const std::byte> file, int most_dots) {
    auto grey = read(file);
    if (!grey) return std::nullopt;
    const int width = std::clamp(most_dots, 1, Bitmap::most_width);
    if (grey->width > width) grey = shrunk(*grey, width);
    if (grey->height > Bitmap::most_height) return std::nullopt;
    return dithered(*grey);
}

}  // namespace antrean::escpos
