// One line in the print buffer: characters and strips of columns side by side, until a line feed
// prints them. Knows styles, cells and alignment; moves no paper. Not thread-safe.
#pragma once

#include "tools/virtual_printer/paper.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace antrean::virtual_printer {

struct Style {
    Font font = Font::a;
    int width = 1;   // 1 to 8 times
    int height = 1;  // 1 to 8 times
    bool bold = false;
    int underline = 0;
    bool reverse = false;
    bool upside_down = false;
    int spacing = 0;  // dots to the right, before scaling

    friend bool operator==(const Style&, const Style&) = default;
};

enum class Align : std::uint8_t { left, centre, right };

class Line {
public:
    bool empty() const { return runs_.empty() && strips_.empty(); }
    bool full() const { return entries_ >= most_entries; }
    int cursor() const { return cursor_; }
    int height() const;
    void move_to(int x) { cursor_ = x; }

    // Puts a character at the cursor in a cell of unscaled size `cell_width` x `cell_height`, and
    // moves the cursor on.
    void add(char32_t character, const Style& style, int cell_width, int cell_height);
    void add_strip(Raster strip);  // likewise
    void clear() { *this = Line{}; }

    // The parts at their places: x in dots of the head, given the print area; y from the line's
    // top, with all parts on one base line.
    struct Placed {
        std::vector<TextRun> runs;
        std::vector<Raster> strips;
        std::string text;
        int height = 0;
    };
    Placed place(Align align, int left, int area_width) const;

private:
    static constexpr int most_entries = 1024;

    std::vector<TextRun> runs_;
    std::vector<Raster> strips_;
    std::string text_;
    int cursor_ = 0;
    int text_end_ = 0;
    int right_edge_ = 0;
    int entries_ = 0;
};

}  // namespace antrean::virtual_printer
