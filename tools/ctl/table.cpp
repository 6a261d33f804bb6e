#include "tools/ctl/table.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <utility>

namespace antrean::ctl {

std::string in_colour(std::string_view text, Colour colour, bool coloured) {
    const auto safe = tty::escaped(text);
    if (!coloured || colour == Colour::none) return safe;
    const char* code = "";
    switch (colour) {
        case Colour::none:
            break;
        case Colour::red:
            code = "31";
            break;
        case Colour::yellow:
            code = "33";
            break;
        case Colour::dim:
            code = "2";
            break;
        case Colour::bold:
            code = "1";
            break;
    }
    return std::string{"\x1b["} + code + "m" + safe + "\x1b[0m";
}

std::size_t width(std::string_view text) {
    // Bytes that go on with a character are not counted.
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

Table::Table(std::vector<std::string> columns) {
    for (auto& name : columns) {
        const bool right = name.starts_with('>');
        if (right) name.erase(0, 1);
        const auto size = width(name);
        columns_.push_back({std::move(name), right, size});
    }
}

void Table::add(std::vector<Cell> row) {
    row.resize(columns_.size(), Cell{""});
    for (std::size_t i = 0; i < row.size(); ++i)
        columns_[i].width = std::max(columns_[i].width, width(tty::escaped(row[i].text)));
    rows_.push_back(std::move(row));
}

std::string Table::text(bool coloured) const {
    std::string text;
    const auto put = [&](std::size_t i, std::string_view plain, Colour colour) {
        const auto& column = columns_[i];
        const std::string gap(column.width - width(tty::escaped(plain)), ' ');
        const bool last = i + 1 == columns_.size();
        if (column.right) text += gap;
        text += in_colour(plain, colour, coloured);
        if (!column.right && !last) text += gap;
        text += last ? "\n" : "  ";
    };
    for (std::size_t i = 0; i < columns_.size(); ++i)
        put(i, columns_[i].name, Colour::bold);
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i)
            put(i, row[i].text, row[i].colour);
    }
    return text;
}

}  // namespace antrean::ctl
