#include "drivers/escpos/font_text_raster.hpp"

#include "drivers/escpos/font_list.hpp"
#include "drivers/escpos/paragraph.hpp"

#include <algorithm>

namespace antrean::escpos {
namespace {

int to_dots(int sixty_fourths) {
    return (sixty_fourths + 32) >> 6;
}

// What stands for a glyph that no font has: a box as high as a capital letter.
DrawnGlyph box(const FontList& fonts, GlyphSize size) {
    const int width = std::max(static_cast<int>(fonts.em_dots() * 0.5 * size.width), 4);
    const int height = std::max(static_cast<int>(fonts.em_dots() * 0.7 * size.height), 6);
    DrawnGlyph glyph{1, -height, Bitmap{width, height}};
    glyph.dots.fill(0, 0, width, height);
    glyph.dots.fill(size.width, size.height, width - 2 * size.width, height - 2 * size.height,
                    false);
    return glyph;
}

// Lets `use` see every glyph with its place: dots to the right of the line's left edge, and down
// from the baseline. Runs are told where they begin and end.
void walk(const std::vector<GlyphRun>& runs, FontList& fonts, const auto& use_run,
          const auto& use_glyph) {
    int pen = 0;
    for (const GlyphRun& run : runs) {
        use_run(run, to_dots(pen), to_dots(pen + run.width()));
        for (const GlyphRun::Glyph& place : run.glyphs) {
            const int x = to_dots(pen + place.x);
            const int y = -to_dots(place.y);
            pen += place.advance;
            if (place.index == 0) {
                use_glyph(run, box(fonts, run.size()), x, y);
            } else {
                use_glyph(run, fonts.glyph(run.font, place.index, run.size()), x, y);
            }
        }
    }
}

// As printers do it: every dot again, to its right.
int bold_dots(const StyledText& style) {
    return style.bold ? style.width : 0;
}

Bitmap draw(const std::vector<GlyphRun>& runs, FontList& fonts, int dots) {
    int left = 0;
    int right = 1;
    int top = 0;  // above the baseline, so negative
    int bottom = 0;
    const auto measure_run = [&](const GlyphRun& run, int, int end) {
        const int ascent = fonts.ascent(run.style->height);
        top = std::min(top, -ascent);
        bottom = std::max(bottom, FontList::line_dots * run.style->height - ascent);
        right = std::max(right, end);
    };
    // Accents on capitals and the marks of some scripts stand out of the line.
    const auto measure_glyph = [&](const GlyphRun& run, const DrawnGlyph& glyph, int x, int y) {
        if (glyph.dots.empty()) return;
        left = std::min(left, x + glyph.left);
        right = std::max(right, x + glyph.left + glyph.dots.width() + bold_dots(*run.style));
        top = std::min(top, y + glyph.top);
        bottom = std::max(bottom, y + glyph.top + glyph.dots.height());
    };
    walk(runs, fonts, measure_run, measure_glyph);
    // A font may place its marks anywhere; what is out of all proportion is clipped.
    constexpr int most_beyond = 4 * 8 * FontList::line_dots;
    left = std::max(left, -dots);
    top = std::max(top, -most_beyond);
    bottom = std::min(bottom, most_beyond);

    Bitmap line{std::min(right - left, dots), bottom - top};
    const auto draw_run = [&](const GlyphRun& run, int begin, int end) {
        const StyledText& style = *run.style;
        const int width = end - begin;
        if (style.reverse) {
            const int ascent = fonts.ascent(style.height);
            line.fill(begin - left, -ascent - top, width, FontList::line_dots * style.height);
        } else if (style.underline > 0) {
            line.fill(begin - left, 3 * style.height - top, width, style.underline);
        }
    };
    const auto draw_glyph = [&](const GlyphRun& run, const DrawnGlyph& glyph, int x, int y) {
        const int bold = bold_dots(*run.style);
        glyph.dots.each_black([&](int column, int row) {
            // A black dot right of this one is spread by itself.
            for (int again = 0; again <= bold; ++again) {
                if (again > 0 && glyph.dots.dot(column + again, row)) break;
                line.set(x + glyph.left + column + again - left, y + glyph.top + row - top,
                         !run.style->reverse);
            }
        });
    };
    walk(runs, fonts, draw_run, draw_glyph);
    return line;
}

}  // namespace

struct FontTextRaster::Parts {
    FontList fonts;
};

FontTextRaster::FontTextRaster(const std::vector<std::string>& fonts)
    : parts_{new Parts{FontList{fonts}}} {}

FontTextRaster::~FontTextRaster() = default;

std::vector<Bitmap> FontTextRaster::lines(std::span<const StyledText> text, int dots,
                                          int max_lines) {
    // Sizes that no printer has would need more memory than a line is worth.
    std::vector<StyledText> pieces(text.begin(), text.end());
    for (StyledText& piece : pieces) {
        piece.width = std::clamp(piece.width, 1, 8);
        piece.height = std::clamp(piece.height, 1, 8);
        piece.underline = std::clamp(piece.underline, 0, 2);
    }
    dots = std::clamp(dots, 1, Bitmap::most_width);
    const Paragraph paragraph{pieces, parts_->fonts};
    std::vector<Bitmap> drawn;
    std::size_t begin = 0;
    while (begin < paragraph.size() && static_cast<int>(drawn.size()) < max_lines) {
        const auto [end, next] = paragraph.line(begin, dots);
        if (end > begin) {
            auto runs = paragraph.shape(begin, end);
            put_in_visual_order(runs);
            drawn.push_back(draw(runs, parts_->fonts, dots));
        }
        begin = next;
    }
    return drawn;
}

const std::vector<std::string>& FontTextRaster::problems() const {
    return parts_->fonts.problems();
}

std::size_t FontTextRaster::glyphs_kept() const {
    return parts_->fonts.glyphs_kept();
}

}  // namespace antrean::escpos
