#include "tools/virtual_printer/line.hpp"

#include "tools/virtual_printer/code_page.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {

int Line::height() const {
    int height = 0;
    for (const TextRun& run : runs_)
        height = std::max(height, run.cell_height);
    for (const Raster& strip : strips_)
        height = std::max(height, strip.height);
    return height;
}

void Line::add(char32_t character, const Style& style, int cell_width, int cell_height) {
    if (full()) return;
    ++entries_;
    TextRun run;
    run.x = cursor_;
    run.cell_width = cell_width * style.width;
    run.cell_height = cell_height * style.height;
    run.spacing = style.spacing * style.width;
    run.font = style.font;
    run.bold = style.bold;
    run.underline = style.underline;
    run.reverse = style.reverse;
    run.upside_down = style.upside_down;

    // A move of the cursor by a tab or a position shows as spaces in the plain text.
    const int gap = cursor_ - text_end_;
    if (!text_.empty() && gap > 0) {
        text_.append(static_cast<std::size_t>(std::max(1, gap / run.cell_width)), ' ');
    }
    append_utf8(text_, character);

    const auto same_look = [&run](const TextRun& other) {
        return other.cell_width == run.cell_width && other.cell_height == run.cell_height &&
               other.spacing == run.spacing && other.font == run.font && other.bold == run.bold &&
               other.underline == run.underline && other.reverse == run.reverse &&
               other.upside_down == run.upside_down;
    };
    const bool joins = !runs_.empty() && same_look(runs_.back()) &&
                       runs_.back().x + runs_.back().width() == cursor_;
    if (!joins) runs_.push_back(std::move(run));
    TextRun& target = runs_.back();
    append_utf8(target.text, character);
    ++target.cells;
    cursor_ += target.cell_width + target.spacing;
    text_end_ = cursor_;
    right_edge_ = std::max(right_edge_, cursor_);
}

void Line::add_strip(Raster strip) {
    if (full()) return;
    ++entries_;
    strip.x = cursor_;
    cursor_ += strip.width;
    right_edge_ = std::max(right_edge_, cursor_);
    strips_.push_back(std::move(strip));
}

Line::Placed Line::place(Align align, int left, int area_width) const {
    Placed placed{runs_, strips_, text_, height()};
    const int room = std::max(0, area_width - right_edge_);
    const int shift = align == Align::left ? 0 : align == Align::centre ? room / 2 : room;
    for (TextRun& run : placed.runs) {
        // Upside down, the line is turned as a whole: its first character stands rightmost.
        if (run.upside_down) run.x = right_edge_ - run.x - run.width();
        run.x += left + shift;
        run.y = placed.height - run.cell_height;
    }
    for (Raster& strip : placed.strips) {
        strip.x += left + shift;
        strip.y = placed.height - strip.height;
    }
    while (!placed.text.empty() && placed.text.back() == ' ')
        placed.text.pop_back();
    return placed;
}

}  // namespace antrean::virtual_printer
