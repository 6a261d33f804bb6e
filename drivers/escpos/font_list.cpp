#include "drivers/escpos/font_list.hpp"

#include <algorithm>
#include <cmath>

#include <hb-ot.h>

namespace antrean::escpos {
namespace {

constexpr std::size_t most_fonts = 32;
constexpr std::size_t most_glyphs = 2000;
constexpr unsigned most_font_bytes = 64u << 20;

}  // namespace

FontList::FontList(const std::vector<std::string>& paths) {
    if (FT_Init_FreeType(&library_) != 0) {
        library_ = nullptr;
        problems_.push_back("FreeType does not start");
        return;
    }
    for (const std::string& path : paths) {
        const std::string problem = fonts_.size() < most_fonts ? open(path) : "is one too many";
        if (!problem.empty()) problems_.push_back(path + ": " + problem);
    }
    if (fonts_.empty()) return;
    const FT_FaceRec_& first = *fonts_.front().drawer;
    const double height = std::max(first.ascender - first.descender, 1);
    em_dots_ = std::clamp(line_dots * first.units_per_EM / height, 8.0, 24.0);
    ascent_ = std::clamp(line_dots * first.ascender / height, 8.0, 24.0);
}

FontList::~FontList() {
    fonts_.clear();
    if (library_ != nullptr) FT_Done_FreeType(library_);
}

std::string FontList::open(const std::string& path) {
    Font font;
    font.file.reset(hb_blob_create_from_file_or_fail(path.c_str()));
    if (!font.file) return "cannot be read";
    unsigned size = 0;
    const char* const data = hb_blob_get_data(font.file.get(), &size);
    if (size > most_font_bytes) return "is larger than 64 MB";
    FT_Face drawer = nullptr;
    if (FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(data), size, 0, &drawer) != 0)
        return "is no font";
    font.drawer.reset(drawer);
    if (!FT_IS_SCALABLE(drawer) || drawer->units_per_EM == 0) return "cannot be scaled";
    font.face.reset(hb_face_create(font.file.get(), 0));
    hb_face_make_immutable(font.face.get());
    fonts_.push_back(std::move(font));
    return {};
}

bool FontList::has(int font, char32_t character) const {
    return FT_Get_Char_Index(fonts_[static_cast<std::size_t>(font)].drawer.get(), character) != 0;
}

int FontList::ascent(int height) const {
    return static_cast<int>(std::lround(ascent_ * height));
}

hb_font_t* FontList::shaper(int font_index, GlyphSize size) {
    Font& font = fonts_[static_cast<std::size_t>(font_index)];
    auto& shaper = font.shapers[size.width * 16 + size.height];
    if (!shaper) {
        shaper.reset(hb_font_create(font.face.get()));
        hb_ot_font_set_funcs(shaper.get());
        hb_font_set_scale(shaper.get(), static_cast<int>(em_dots_ * size.width * 64),
                          static_cast<int>(em_dots_ * size.height * 64));
    }
    return shaper.get();
}

const DrawnGlyph& FontList::glyph(int font, std::uint32_t index, GlyphSize size) {
    const std::uint64_t key = static_cast<std::uint64_t>(index) << 32 |
                              static_cast<std::uint64_t>(font) << 16 |
                              static_cast<std::uint64_t>(size.width << 8 | size.height);
    if (const auto known = glyphs_.find(key); known != glyphs_.end()) return known->second;
    if (glyphs_.size() >= most_glyphs) glyphs_.clear();
    return glyphs_[key] = draw(fonts_[static_cast<std::size_t>(font)], index, size);
}

DrawnGlyph FontList::draw(const Font& font, std::uint32_t index, GlyphSize size) const {
    FT_Face face = font.drawer.get();
    const auto em_width = static_cast<FT_F26Dot6>(em_dots_ * size.width * 64);
    const auto em_height = static_cast<FT_F26Dot6>(em_dots_ * size.height * 64);
    if (FT_Set_Char_Size(face, em_width, em_height, 72, 72) != 0) return {};
    // Without hinting the widths are those that the text was shaped with, and the dots are the same
    // with every version of FreeType.
    if (FT_Load_Glyph(face, index, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return {};
    const FT_GlyphSlot slot = face->glyph;
    if (slot->format != FT_GLYPH_FORMAT_OUTLINE) return {};
    if (FT_Render_Glyph(slot, FT_RENDER_MODE_MONO) != 0) return {};
    const FT_Bitmap& from = slot->bitmap;
    DrawnGlyph glyph{slot->bitmap_left, -slot->bitmap_top,
                     Bitmap{static_cast<int>(from.width), static_cast<int>(from.rows)}};
    for (int y = 0; y < glyph.dots.height(); ++y)
        for (int x = 0; x < glyph.dots.width(); ++x)
            glyph.dots.set(x, y, from.buffer[y * from.pitch + x / 8] >> (7 - x % 8) & 1);
    return glyph;
}

}  // namespace antrean::escpos
