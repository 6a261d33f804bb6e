// A piece of printed paper as a display list: what stands where, in dots of the print head. Making
// one costs no rendering; render.hpp turns it into a bitmap or a PNG. Plain values that copy.
//
// The origin is the top left corner of the printable area; y grows in the direction of printing.
// The top edge of a piece is where the blade went before, so the first line of a ticket stands
// below a blank strip as high as the distance from the blade to the head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace antrean::virtual_printer {

enum class Font : std::uint8_t { a, b };

// Characters side by side in one look. A run fills its cells exactly: its box is
// (cells * cell_width) by cell_height dots.
struct TextRun {
    int x = 0;
    int y = 0;  // of the cell's top
    int cells = 0;
    int cell_width = 0;   // scaled, without the space to the right of each character
    int cell_height = 0;  // scaled
    int spacing = 0;      // dots to the right of each character, scaled
    Font font = Font::a;
    bool bold = false;
    int underline = 0;  // dots: 0, 1 or 2
    bool reverse = false;
    bool upside_down = false;  // the whole run is turned by 180 degrees in its box
    std::string text;          // UTF-8, `cells` characters

    int width() const { return cells * (cell_width + spacing); }
};

// Dots row by row, the leftmost in bit 7; each row is padded to whole bytes.
struct Raster {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bits;

    int stride() const { return (width + 7) / 8; }
    bool dot(int column, int row) const;  // false outside
};

// A printed line of text (empty for a bare line feed), or the content of a QR symbol.
struct Mark {
    int y = 0;  // the middle of it
    std::string text;
};

struct Paper {
    std::uint64_t number = 0;  // of this printer's papers, from 1
    double paper_mm = 0;       // how wide the roll is
    int width_dots = 0;        // how wide the head is
    int height_dots = 0;       // from edge to edge; of paper that still hangs, down to the head
    int dpi = 0;
    bool complete = false;  // ended by a cut (or torn at the tear bar when fed there to be torn)
    // It begins with, or holds, part of a ticket that was interrupted by the end of a roll, a power
    // cut or a cleared buffer. Of a paper that is complete and not interrupted, every dot was sent
    // between two cuts.
    bool interrupted = false;

    std::vector<TextRun> runs;
    std::vector<Raster> rasters;
    std::vector<Mark> lines;
    std::vector<Mark> symbols;

    // One line for each printed line of text, each ended by '\n', from top to bottom. A line that
    // the blade went through belongs to the piece that holds its middle.
    std::string text() const;
    bool blank() const { return runs.empty() && rasters.empty(); }
};

// Cuts `paper` `y` dots below its top edge. Returns the upper piece; `paper` keeps the lower one.
// What crosses the edge is in both, and is clipped by it when rendered.
Paper cut_off(Paper& paper, int y);

}  // namespace antrean::virtual_printer
