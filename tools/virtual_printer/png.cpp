#include "tools/virtual_printer/png.hpp"

#include <stdexcept>

#include <png.h>

namespace antrean::virtual_printer {
namespace {

constexpr png_color colours[] = {
    {0xd5, 0xd8, 0xdc},  // background
    {0xfb, 0xfa, 0xf6},  // paper
    {0x20, 0x1e, 0x24},  // black
    {0xb2, 0xb6, 0xbc},  // shadow
};
constexpr int bits_per_pixel = 2;

[[noreturn]] void fail(png_structp, png_const_charp why) {
    throw std::runtime_error{why};
}
void ignore(png_structp, png_const_charp) {}

void append(png_structp png, png_bytep data, png_size_t size) {
    auto& out = *static_cast<std::vector<std::byte>*>(png_get_io_ptr(png));
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    out.insert(out.end(), bytes, bytes + size);
}

// Frees libpng's structures on every way out.
struct Writer {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, ignore);
    png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;
    ~Writer() { png_destroy_write_struct(&png, &info); }
};

}  // namespace

std::vector<std::byte> encode_png(const Picture& picture) {
    Writer writer;
    if (writer.info == nullptr) throw std::runtime_error{"libpng does not start"};
    std::vector<std::byte> out;
    png_set_write_fn(writer.png, &out, append, nullptr);
    png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(picture.width),
                 static_cast<png_uint_32>(picture.height), bits_per_pixel, PNG_COLOR_TYPE_PALETTE,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(writer.png, writer.info, colours, std::size(colours));
    png_write_info(writer.png, writer.info);
    const auto width = static_cast<std::size_t>(picture.width);
    std::vector<png_byte> row((width * bits_per_pixel + 7) / 8);
    for (int y = 0; y < picture.height; ++y) {
        std::fill(row.begin(), row.end(), png_byte{0});
        for (std::size_t x = 0; x < width; ++x) {
            const auto ink =
                static_cast<unsigned>(picture.pixels[static_cast<std::size_t>(y) * width + x]);
            row[x / 4] = static_cast<png_byte>(row[x / 4] | ink << (6 - 2 * (x % 4)));
        }
        png_write_row(writer.png, row.data());
    }
    png_write_end(writer.png, nullptr);
    return out;
}

}  // namespace antrean::virtual_printer
