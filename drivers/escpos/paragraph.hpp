// A text prepared for drawing: what each character looks like, which font has it, its script and
// its direction; and parts of it as glyphs. For font_text_raster.cpp alone. Not thread-safe.
#pragma once

#include "drivers/escpos/font_list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace antrean::escpos {

// Of one font, look, script and direction; in the order in which it is drawn, from the left.
struct GlyphRun {
    struct Glyph {
        std::uint32_t index = 0;
        std::size_t character = 0;  // the first that it stands for
        int advance = 0;            // in 1/64 dots, as the others
        int x = 0;
        int y = 0;  // upwards
    };
    const StyledText* style = nullptr;
    int font = 0;
    int level = 0;  // odd: from right to left
    std::vector<Glyph> glyphs;

    GlyphSize size() const { return {style->width, style->height}; }
    int width() const;
};

class Paragraph {
public:
    // The text must outlive the paragraph.
    Paragraph(std::span<const StyledText> text, FontList& fonts);

    std::size_t size() const { return characters_.size(); }
    // The characters from `begin` to `end` in the order of reading.
    std::vector<GlyphRun> shape(std::size_t begin, std::size_t end) const;
    // Where a line that begins at `begin` ends, and where the next begins.
    struct Line {
        std::size_t end = 0;
        std::size_t next = 0;
    };
    Line line(std::size_t begin, int dots) const;

private:
    struct Traits {
        const StyledText* style = nullptr;
        hb_script_t script{};
        std::uint8_t level = 0;
        std::uint8_t font = 0;
        bool mark = false;         // belongs to the character before it
        bool break_after = false;  // a line may end behind it
        int advance = 0;           // of the glyphs that begin here
    };
    void find_directions();
    void find_fonts();
    void find_scripts();
    GlyphRun shape_run(std::size_t begin, std::size_t end) const;

    FontList& fonts_;
    std::vector<char32_t> characters_;
    std::vector<Traits> traits_;
};

// From the order of reading to that of drawing (rule L2 of the bidirectional algorithm).
void put_in_visual_order(std::vector<GlyphRun>& runs);

}  // namespace antrean::escpos
