// The fonts behind FontTextRaster: files opened for shaping and for drawing, and the glyphs that
// were drawn already. For font_text_raster.cpp and paragraph.cpp alone. Not thread-safe.
#pragma once

#include <ft2build.h>
#include FT_FREETYPE_H
#include "drivers/escpos/text_raster.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <hb.h>

namespace antrean::escpos {

// Times font A.
struct GlyphSize {
    int width = 1;
    int height = 1;
    bool operator==(const GlyphSize&) const = default;
};

// In dots, from the pen on the baseline; y grows downwards.
struct DrawnGlyph {
    int left = 0;
    int top = 0;
    Bitmap dots;
};

class FontList {
public:
    explicit FontList(const std::vector<std::string>& paths);
    ~FontList();
    FontList(const FontList&) = delete;
    FontList& operator=(const FontList&) = delete;

    int size() const { return static_cast<int>(fonts_.size()); }
    bool has(int font, char32_t character) const;
    // With a scale of 64 for each dot.
    hb_font_t* shaper(int font, GlyphSize size);
    // Empty when the font has nothing to draw, or nothing that can be drawn. Valid until the next
    // call.
    const DrawnGlyph& glyph(int font, std::uint32_t index, GlyphSize size);

    // Of the first font, for a line of height 1: together the 24 dots of a printer's own line.
    double em_dots() const { return em_dots_; }
    int ascent(int height) const;
    static constexpr int line_dots = 24;

    const std::vector<std::string>& problems() const { return problems_; }
    std::size_t glyphs_kept() const { return glyphs_.size(); }

private:
    template <auto release>
    struct Release {
        template <class T>
        void operator()(T* resource) const {
            release(resource);
        }
    };
    template <class T, auto release>
    using Handle = std::unique_ptr<T, Release<release>>;

    // Freed from the last to the first: FreeType reads the file until its face is gone.
    struct Font {
        Handle<hb_blob_t, hb_blob_destroy> file;
        Handle<hb_face_t, hb_face_destroy> face;
        Handle<FT_FaceRec_, FT_Done_Face> drawer;
        std::unordered_map<int, Handle<hb_font_t, hb_font_destroy>> shapers;
    };

    std::string open(const std::string& path);  // returns what is wrong
    DrawnGlyph draw(const Font& font, std::uint32_t index, GlyphSize size) const;

    FT_Library library_ = nullptr;
    std::vector<Font> fonts_;
    std::vector<std::string> problems_;
    double em_dots_ = 20;
    double ascent_ = 18;
    std::unordered_map<std::uint64_t, DrawnGlyph> glyphs_;
};

}  // namespace antrean::escpos
