#include "tools/virtual_printer/render.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "tools/virtual_printer/png.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

namespace antrean::virtual_printer {
namespace {

// DejaVu Sans Mono in units of its em: a cell holds the advance exactly, and the height from the
// highest accent to the lowest descender nearly.
constexpr double advance_per_em = 1233.0 / 2048;
constexpr double baseline_in_cell = 0.79;  // from the cell's top
constexpr double em_per_cell_height = 0.88;

// Next character of UTF-8 that was made by append_utf8(), and so is well-formed.
char32_t next_character(const std::string& text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(at);
    const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    char32_t character = more == 0 ? lead : lead & (0x3fu >> more);
    ++at;
    for (int i = 0; i < more && at < text.size(); ++i)
        character = character << 6 | (byte(at++) & 0x3f);
    return character;
}

struct Glyph {
    int left = 0;  // of the cell
    int top = 0;
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> dots;
};

}  // namespace

bool Bitmap::dot(int x, int y) const {
    if (x < 0 || y < 0 || x >= width || y >= height) return false;
    return dots[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                static_cast<std::size_t>(x)] != 0;
}

void Bitmap::set(int x, int y, bool black) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    dots[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
         static_cast<std::size_t>(x)] = black ? 1 : 0;
}

struct Renderer::Fonts {
    using Key = std::tuple<char32_t, bool, int, int>;
    static constexpr std::size_t most_glyphs = 2'000;

    FT_Library library = nullptr;
    FT_Face faces[2] = {};  // regular, bold
    std::map<Key, Glyph> glyphs;

    ~Fonts() {
        for (FT_Face face : faces) {
            if (face != nullptr) FT_Done_Face(face);
        }
        if (library != nullptr) FT_Done_FreeType(library);
    }
    const Glyph& glyph(char32_t character, bool bold, int cell_width, int cell_height);
};

const Glyph& Renderer::Fonts::glyph(char32_t character, bool bold, int cell_width,
                                    int cell_height) {
    const Key key{character, bold, cell_width, cell_height};
    if (const auto known = glyphs.find(key); known != glyphs.end()) return known->second;
    if (glyphs.size() >= most_glyphs) glyphs.clear();

    Glyph& glyph = glyphs[key];
    FT_Face face = faces[bold ? 1 : 0];
    const auto em_width = static_cast<FT_F26Dot6>(cell_width * 64 / advance_per_em);
    const auto em_height = static_cast<FT_F26Dot6>(cell_height * 64 * em_per_cell_height);
    if (FT_Set_Char_Size(face, em_width, em_height, 72, 72) != 0) return glyph;
    // Small letters need hinting to keep even stems in so few dots; large ones keep their shape.
    const FT_Int32 flags =
        cell_height <= 24 ? FT_LOAD_TARGET_MONO : FT_LOAD_TARGET_LIGHT | FT_LOAD_NO_HINTING;
    if (FT_Load_Char(face, character, flags) != 0) return glyph;
    if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_MONO) != 0) return glyph;
    const FT_Bitmap& drawn = face->glyph->bitmap;
    glyph.left = face->glyph->bitmap_left;
    glyph.top = static_cast<int>(cell_height * baseline_in_cell) - face->glyph->bitmap_top;
    glyph.width = static_cast<int>(drawn.width);
    glyph.height = static_cast<int>(drawn.rows);
    for (int y = 0; y < glyph.height; ++y) {
        for (int x = 0; x < glyph.width; ++x) {
            const std::uint8_t byte = drawn.buffer[y * drawn.pitch + x / 8];
            glyph.dots.push_back(byte >> (7 - x % 8) & 1);
        }
    }
    return glyph;
}

Renderer::Renderer(const std::string& font_folder) : fonts_{std::make_unique<Fonts>()} {
    if (FT_Init_FreeType(&fonts_->library) != 0) {
        throw std::runtime_error{"FreeType does not start"};
    }
    const char* const names[] = {"/DejaVuSansMono.ttf", "/DejaVuSansMono-Bold.ttf"};
    for (int i = 0; i < 2; ++i) {
        const std::string path = font_folder + names[i];
        if (FT_New_Face(fonts_->library, path.c_str(), 0, &fonts_->faces[i]) != 0) {
            throw std::runtime_error{"cannot open the font " + path +
                                     "; install the package fonts-dejavu-core"};
        }
    }
}

Renderer::~Renderer() = default;

void Renderer::draw(Bitmap& bitmap, const TextRun& run) {
    const int width = run.width();
    const int height = run.cell_height;
    // Draws a dot of the run's box, turned round with it.
    const auto put = [&](int x, int y, bool black) {
        if (x < 0 || y < 0 || x >= width || y >= height) return;
        const int turned_x = run.upside_down ? width - 1 - x : x;
        const int turned_y = run.upside_down ? height - 1 - y : y;
        bitmap.set(run.x + turned_x, run.y + turned_y, black);
    };
    if (run.reverse) {
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x)
                put(x, y, true);
        }
    }
    int cell_x = 0;
    for (std::size_t at = 0; at < run.text.size(); cell_x += run.cell_width + run.spacing) {
        const char32_t character = next_character(run.text, at);
        const Glyph& glyph = fonts_->glyph(character, run.bold, run.cell_width, run.cell_height);
        for (int y = 0; y < glyph.height; ++y) {
            for (int x = 0; x < glyph.width; ++x) {
                const auto index = static_cast<std::size_t>(y * glyph.width + x);
                if (glyph.dots[index] != 0) {
                    put(cell_x + glyph.left + x, glyph.top + y, !run.reverse);
                }
            }
        }
    }
    for (int line = 0; line < run.underline && !run.reverse; ++line) {
        for (int x = 0; x < width; ++x)
            put(x, height - 1 - line, true);
    }
}

Bitmap Renderer::bitmap(const Paper& paper) {
    Bitmap bitmap;
    bitmap.width = paper.width_dots;
    bitmap.height = paper.height_dots;
    bitmap.dots.resize(static_cast<std::size_t>(bitmap.width) *
                       static_cast<std::size_t>(bitmap.height));
    for (const Raster& raster : paper.rasters) {
        for (int y = 0; y < raster.height; ++y) {
            for (int x = 0; x < raster.width; ++x) {
                if (raster.dot(x, y)) bitmap.set(raster.x + x, raster.y + y, true);
            }
        }
    }
    for (const TextRun& run : paper.runs)
        draw(bitmap, run);
    return bitmap;
}

std::vector<std::byte> Renderer::png(const Paper& paper) {
    const Bitmap dots = bitmap(paper);
    const int strip = static_cast<int>(paper.paper_mm * paper.dpi / 25.4 + 0.5);
    const int margin = std::max(0, (strip - dots.width) / 2);
    const int edge = 10;  // background around the paper, so that its edges show

    Picture picture;
    picture.width = std::max(strip, dots.width) + 2 * edge;
    picture.height = dots.height + 2 * edge;
    picture.pixels.assign(
        static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height),
        Ink::background);
    const auto set = [&picture](int x, int y, Ink ink) {
        if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return;
        picture.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                       static_cast<std::size_t>(x)] = ink;
    };
    const int paper_width = picture.width - 2 * edge;
    for (int y = 0; y < dots.height; ++y) {
        for (int x = 0; x < paper_width; ++x) {
            // A torn edge is ragged; a cut is straight.
            const int ragged = (x * 7 / 5 % 11 + x / 3 % 7) % 9;
            if (!paper.complete && y >= dots.height - ragged) continue;
            const bool black = dots.dot(x - margin, y);
            set(x + edge, y + edge, black ? Ink::black : Ink::paper);
        }
        for (int shadow = 0; shadow < 3; ++shadow) {
            set(edge + paper_width + shadow, y + edge + 3, Ink::shadow);
        }
    }
    for (int x = 3; paper.complete && x < paper_width + 3; ++x) {
        for (int shadow = 0; shadow < 3; ++shadow) {
            set(edge + x, edge + dots.height + shadow, Ink::shadow);
        }
    }
    return encode_png(picture);
}

}  // namespace antrean::virtual_printer
