// Text for people at a terminal: aligned tables, and colour where a terminal shows it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::ctl {

enum class Colour { none, red, yellow, dim, bold };

// TEXT in COLOUR if COLOURED; control sequences in TEXT itself are escaped.
std::string in_colour(std::string_view text, Colour colour, bool coloured);

// How many columns of a terminal TEXT takes, for what site files hold: a character each.
std::size_t width(std::string_view text);

struct Cell {
    Cell(std::string text_, Colour colour_ = Colour::none)
        : text{std::move(text_)}, colour{colour_} {}
    Cell(const char* text_) : text{text_} {}
    Cell(std::string_view text_) : text{text_} {}
    std::string text;
    Colour colour = Colour::none;
};

class Table {
public:
    // A column whose name begins with '>' is aligned to the right.
    explicit Table(std::vector<std::string> columns);
    void add(std::vector<Cell> row);
    bool empty() const { return rows_.empty(); }
    std::size_t size() const { return rows_.size(); }
    std::string text(bool coloured) const;

private:
    struct Column {
        std::string name;
        bool right = false;
        std::size_t width = 0;
    };
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace antrean::ctl
