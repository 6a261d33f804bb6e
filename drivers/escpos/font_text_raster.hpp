// Draws text of any script with fonts of the host: letters joined and reordered as the script wants
// it, right-to-left and mixed directions included.
//
// A character is drawn with the first font of the list that has it; what none has is a box. Shaping
// is HarfBuzz's, direction is FriBidi's (Unicode's bidirectional algorithm), dots are FreeType's;
// none of them shows here. Text is taken as hostile: control characters show as U+FFFD, overrides
// of the direction are dropped, and a paragraph ends after 2000 characters.
//
// Not thread-safe. Fonts are mapped into memory once, drawn glyphs are kept, in bounded number.
#pragma once

#include "drivers/escpos/text_raster.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace antrean::escpos {

// DejaVu Sans, of the package fonts-dejavu-core: Latin, Greek, Cyrillic, Arabic, Hebrew and others.
inline constexpr const char* default_font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

class FontTextRaster final : public TextRaster {
public:
    // Files of scalable fonts (TrueType, OpenType), the preferred first; its proportions decide how
    // large the letters of all are. Those that cannot be used are left out: see problems().
    explicit FontTextRaster(const std::vector<std::string>& fonts = {default_font});
    ~FontTextRaster() override;
    FontTextRaster(const FontTextRaster&) = delete;
    FontTextRaster& operator=(const FontTextRaster&) = delete;

    std::vector<Bitmap> lines(std::span<const StyledText> text, int dots, int max_lines) override;

    // One sentence for each font that was left out. Without any font all letters are boxes.
    const std::vector<std::string>& problems() const;
    std::size_t glyphs_kept() const;  // at most 2000

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace antrean::escpos
