// What the Encoder needs of whoever can draw text that no code page of the printer has.
//
// An interface, so that the Encoder knows no font. font_text_raster.hpp has the real one.
#pragma once

#include "drivers/escpos/bitmap.hpp"

#include <span>
#include <string>
#include <vector>

namespace antrean::escpos {

// Text in one look; the looks are those of the printer's own characters.
struct StyledText {
    std::string utf8;
    int width = 1;  // times font A
    int height = 1;
    bool bold = false;
    int underline = 0;  // dots: 0, 1 or 2
    bool reverse = false;
};

class TextRaster {
public:
    virtual ~TextRaster() = default;

    // The text as one paragraph, broken between words into lines no wider than `dots`; a word that
    // is wider is broken too. What does not fit into max_lines is left out. Each picture is one
    // line, as wide as its ink and at least 24 dots high for each height.
    virtual std::vector<Bitmap> lines(std::span<const StyledText> text, int dots,
                                      int max_lines) = 0;
};

}  // namespace antrean::escpos
