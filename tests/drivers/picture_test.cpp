// Pictures from PNG files: every kind of PNG, and what is none.
#include "drivers/escpos/picture.hpp"

#include "tests/catch.hpp"

#include <cstring>
#include <random>
#include <vector>

#include <png.h>

namespace antrean::escpos {
namespace {

// Pixels as grey and opacity, row by row.
std::vector<std::byte> png(unsigned width, unsigned height,
                           const std::vector<std::uint8_t>& pixels) {
    REQUIRE(pixels.size() == std::size_t{width} * height * 2);
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = width;
    image.height = height;
    image.format = PNG_FORMAT_GA;
    png_alloc_size_t size = 0;
    REQUIRE(png_image_write_get_memory_size(image, size, 0, pixels.data(), 0, nullptr));
    std::vector<std::byte> file(size);
    REQUIRE(png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr));
    file.resize(size);
    return file;
}

std::vector<std::byte> plain(unsigned width, unsigned height, int grey, int opaque = 255) {
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < std::size_t{width} * height; ++i) {
        pixels.push_back(static_cast<std::uint8_t>(grey));
        pixels.push_back(static_cast<std::uint8_t>(opaque));
    }
    return png(width, height, pixels);
}

int ink(const Bitmap& picture) {
    int dots = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            dots += picture.dot(x, y) ? 1 : 0;
    return dots;
}

}  // namespace

TEST_CASE("black stays black, white and transparent leave the paper alone", "[picture]") {
    const auto mixed = picture_from_png(png(3, 1, {0, 255, 255, 255, 0, 0}), 576);
    REQUIRE(mixed);
    CHECK(mixed->width() == 3);
    CHECK(mixed->dot(0, 0));
    CHECK_FALSE(mixed->dot(1, 0));
    CHECK_FALSE(mixed->dot(2, 0));
}

TEST_CASE("grey becomes as many dots as it is dark", "[picture]") {
    for (const int grey : {0, 32, 64, 128, 192, 224, 255}) {
        const auto picture = picture_from_png(plain(100, 100, grey), 576);
        REQUIRE(picture);
        const int expected = 10000 * (255 - grey) / 255;
        CHECK(std::abs(ink(*picture) - expected) < 250);
    }
    CHECK(std::abs(ink(*picture_from_png(plain(100, 100, 0, 128), 576)) - 5000) < 250);
}

TEST_CASE("a picture wider than the paper is made smaller in proportion", "[picture]") {
    const auto picture = picture_from_png(plain(1000, 500, 0), 384);
    REQUIRE(picture);
    CHECK(picture->width() == 384);
    CHECK(picture->height() == 192);
    CHECK(ink(*picture) == 384 * 192);
    CHECK(picture_from_png(plain(1000, 1, 0), 10)->height() == 1);
    CHECK(picture_from_png(plain(7, 7, 0), -1)->width() == 1);
}

TEST_CASE("what is no picture, or out of bounds, is refused", "[picture]") {
    CHECK_FALSE(picture_from_png({}, 576));
    const std::byte noise[] = {std::byte{1}, std::byte{2}};
    CHECK_FALSE(picture_from_png(noise, 576));
    CHECK_FALSE(picture_from_png(std::vector<std::byte>(most_png_bytes + 1), 576));
    CHECK_FALSE(picture_from_png(plain(1, 9000, 255), 576));
    CHECK_FALSE(picture_from_png(plain(3000, 1500, 255), 576));
    // A header that promises more than any memory holds.
    auto huge = plain(8, 8, 0);
    for (std::size_t i = 16; i < 24; ++i)
        huge[i] = std::byte{0x7f};
    CHECK_FALSE(picture_from_png(huge, 576));
    auto cut_off = plain(64, 64, 100);
    cut_off.resize(cut_off.size() / 2);
    CHECK_FALSE(picture_from_png(cut_off, 576));
}

TEST_CASE("no damage to a file is more than a refusal", "[picture]") {
    const auto whole = plain(32, 32, 100);
    std::mt19937 random{5};
    int refused = 0;
    for (int round = 0; round < 2000; ++round) {
        auto file = whole;
        file[random() % file.size()] ^= static_cast<std::byte>(1 + random() % 255);
        refused += picture_from_png(file, 576) ? 0 : 1;
    }
    CHECK(refused > 100);
}

}  // namespace antrean::escpos
