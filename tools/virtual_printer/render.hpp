// Turns the display list of a paper into dots, and those into a picture of the strip of paper.
//
// A dot of the head is a pixel. Characters are drawn with DejaVu Sans Mono, fitted into the cells
// of the printer's own fonts and rounded to dots, so columns, wrapping and sizes are those of the
// printer while the shapes of the letters are not. Not thread-safe; keeps loaded fonts.
#pragma once

#include "tools/virtual_printer/paper.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace antrean::virtual_printer {

// The printable area, edge to edge; black where the head burnt a dot.
struct Bitmap {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> dots;  // one byte each, row by row: 0 or 1

    bool dot(int x, int y) const;  // false outside
    void set(int x, int y, bool black);
};

class Renderer {
public:
    // Throws std::runtime_error, saying what to install, if the fonts are not there.
    explicit Renderer(const std::string& font_folder = "/usr/share/fonts/truetype/dejavu");
    ~Renderer();
    Renderer(const Renderer&) = delete;
    Renderer& operator=(const Renderer&) = delete;

    Bitmap bitmap(const Paper& paper);
    // The bytes of a PNG file: the strip as wide as the roll, with its unprinted margins and edges.
    std::vector<std::byte> png(const Paper& paper);

private:
    struct Fonts;
    void draw(Bitmap& bitmap, const TextRun& run);

    std::unique_ptr<Fonts> fonts_;
};

}  // namespace antrean::virtual_printer
