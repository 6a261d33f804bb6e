// Rows of cells.
#include "drivers/escpos/commands.hpp"
#include "drivers/escpos/encode.hpp"

#include <algorithm>
#include <array>

namespace antrean::escpos {
namespace {

constexpr std::size_t most_cells = 8;

// The columns of each cell: none reaches beyond the right edge.
std::array<int, most_cells> share(std::span<const Cell> cells, int columns) {
    std::array<int, most_cells> widths{};
    int left = columns;
    int open = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        widths[i] = std::clamp(cells[i].columns, 0, left);
        left -= widths[i];
        open += cells[i].columns <= 0;
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].columns > 0) continue;
        widths[i] = left / open--;
        left -= widths[i];
    }
    return widths;
}

// How far from its left edge something of `size` begins in a cell.
int shift(Align align, int room, int size) {
    const int free = std::max(room - size, 0);
    return align == Align::left ? 0 : align == Align::center ? free / 2 : free;
}

}  // namespace

Encoder& Encoder::row(std::span<const Cell> cells, int max_lines) {
    end_line();
    cells = cells.first(std::min(cells.size(), most_cells));
    const auto all_widths = share(cells, columns());
    const std::span widths{all_widths.data(), cells.size()};
    bool in_tables = true;
    scratch_.clear();
    for (const Cell& cell : cells)
        in_tables = convert(cell.utf8, scratch_) && in_tables;

    // The spaces in front of a cell are part of the line, so nothing else may move it.
    const Align outside = align_;
    if (outside != Align::left) align(Align::left);
    if (in_tables || raster_ == nullptr)
        row_of_text(cells, widths, max_lines);
    else
        row_of_pictures(cells, widths, max_lines);
    if (outside != Align::left) align(outside);
    return *this;
}

void Encoder::row_of_text(std::span<const Cell> cells, std::span<const int> widths, int max_lines) {
    std::array<std::vector<Printed>, most_cells> texts;
    std::array<std::vector<Characters>, most_cells> parts;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (widths[i] == 0) continue;
        convert(cells[i].utf8, texts[i]);
        parts[i] = wrap(texts[i], static_cast<std::size_t>(widths[i]), max_lines);
        lines = std::max(lines, parts[i].size());
    }
    for (std::size_t at = 0; at < lines; ++at) {
        std::vector<Printed> line;
        int begin = 0;
        for (std::size_t i = 0; i < cells.size(); begin += widths[i++]) {
            if (at >= parts[i].size()) continue;
            const Characters part = parts[i][at];
            const int x = begin + shift(cells[i].align, widths[i], static_cast<int>(part.size()));
            line.resize(static_cast<std::size_t>(x), {' ', any_table});
            line.insert(line.end(), part.begin(), part.end());
        }
        put(line);
        end_line();
    }
}

void Encoder::row_of_pictures(std::span<const Cell> cells, std::span<const int> widths,
                              int max_lines) {
    const int all = columns();
    std::array<std::vector<Bitmap>, most_cells> parts;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const StyledText text = styled(cells[i].utf8);
        if (widths[i] == 0) continue;
        parts[i] = raster_->lines({&text, 1}, widths[i] * line_dots() / all, max_lines);
        lines = std::max(lines, parts[i].size());
    }
    for (std::size_t at = 0; at < lines; ++at) {
        int height = 1;
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (at < parts[i].size()) height = std::max(height, parts[i][at].height());
        Bitmap line{line_dots(), height};
        int begin = 0;
        for (std::size_t i = 0; i < cells.size(); begin += widths[i++]) {
            if (at >= parts[i].size()) continue;
            const Bitmap& part = parts[i][at];
            const int room = widths[i] * line_dots() / all;
            line.paste(part, begin * line_dots() / all + shift(cells[i].align, room, part.width()),
                       height - part.height());
        }
        print_drawn(line);
    }
}

}  // namespace antrean::escpos
