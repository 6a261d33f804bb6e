#include "tools/virtual_printer/paper.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {
namespace {

// Moves to `upper` what begins above `y`, and leaves in `items` what ends below it, moved up.
template <class Item, class Height>
void divide(std::vector<Item>& items, std::vector<Item>& upper, int y, Height height) {
    std::vector<Item> lower;
    for (Item& item : items) {
        const bool goes_up = item.y < y;
        const bool stays = item.y + height(item) > y;
        if (goes_up) upper.push_back(item);
        if (stays) {
            lower.push_back(std::move(item));
            lower.back().y -= y;
        }
    }
    items = std::move(lower);
}

void divide_marks(std::vector<Mark>& marks, std::vector<Mark>& upper, int y) {
    divide(marks, upper, y, [y](const Mark& mark) { return mark.y < y ? 0 : 1; });
}

}  // namespace

bool Raster::dot(int column, int row) const {
    if (column < 0 || row < 0 || column >= width || row >= height) return false;
    const auto index = static_cast<std::size_t>(row) * static_cast<std::size_t>(stride()) +
                       static_cast<std::size_t>(column / 8);
    return (bits[index] >> (7 - column % 8)) & 1;
}

std::string Paper::text() const {
    std::string out;
    for (const Mark& line : lines) {
        out += line.text;
        out += '\n';
    }
    return out;
}

Paper cut_off(Paper& paper, int y) {
    Paper upper;
    upper.paper_mm = paper.paper_mm;
    upper.width_dots = paper.width_dots;
    upper.dpi = paper.dpi;
    upper.interrupted = std::exchange(paper.interrupted, false);
    upper.height_dots = std::clamp(y, 0, paper.height_dots);
    divide(paper.runs, upper.runs, y, [](const TextRun& run) { return run.cell_height; });
    divide(paper.rasters, upper.rasters, y, [](const Raster& raster) { return raster.height; });
    divide_marks(paper.lines, upper.lines, y);
    divide_marks(paper.symbols, upper.symbols, y);
    paper.height_dots -= upper.height_dots;
    return upper;
}

}  // namespace antrean::virtual_printer
