// How a ticket looks on paper: a template file over the ticket's fields, and the paper's bytes.
//
// schemas/papers/README.md says what a file has in it. A layout is a value: it holds all that it
// needs, its pictures too. Whatever a file says, a paper bears its number and its service day, by
// which it differs from every other, and a copy says that it is one beside the number itself.
// Functions that take files may be called from any thread; lay_out() is pure but for its raster.
#pragma once

#include "drivers/config/problems.hpp"
#include "drivers/escpos/encode.hpp"
#include "drivers/layout/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::layout {

// Text with fields in it.
struct Piece {
    std::string text;            // where there is no field
    std::optional<Field> field;  //
};
using Phrase = std::vector<Piece>;

struct Size {
    int width = 1;
    int height = 1;
    bool fit = false;  // as large as lets the text stay in one line, up to width and height
};

struct Text {
    Phrase phrase;
    Size size;
    bool bold = false;
    bool reverse = false;
    int underline = 0;
    escpos::Align align = escpos::Align::center;
    int max_lines = 4;
};
struct Cell {
    Phrase phrase;
    int columns = 0;  // 0: an equal share of what the others leave
    escpos::Align align = escpos::Align::left;
};
struct Row {
    std::vector<Cell> cells;
    bool bold = false;
};
struct Feed {
    int lines = 1;
};
struct Rule {
    std::string character;  // one, printed over the whole width
};
struct Picture {
    escpos::Bitmap dots;  // as the printer of the layout has them
    escpos::Align align = escpos::Align::center;
};
struct Qr {
    Phrase phrase;
    escpos::QrLevel level = escpos::QrLevel::m;
    int module_dots = 6;
};
struct Wifi {  // a QR code that lets a phone join
    int module_dots = 5;
};
struct Barcode {
    Phrase phrase;
    int height_dots = 64;
};

struct Item {
    std::variant<Text, Row, Feed, Rule, Picture, Qr, Wifi, Barcode> what;
    std::optional<int> only_paper_mm;  // 58 or 80; else on both
};

struct Layout {
    std::vector<Item> items;
};

template <class T>
using Loaded = boost::system::result<T, config::LoadError>;

inline constexpr std::size_t max_layout_bytes = 64 * 1024;
inline constexpr std::size_t max_items = 100;

// Reads and checks FILE and the pictures that it names, which stand beside it and are made ready
// for PROFILE. Where anything is wrong no layout is made, and all that is wrong is told at once,
// each with its line.
[[nodiscard]] Loaded<Layout> load(const std::filesystem::path& file,
                                  const escpos::Profile& profile);

// The same of a TEXT that was read from FILE, or that stands for it. Pictures are read from disk.
[[nodiscard]] Loaded<Layout> read(std::string_view text, const std::filesystem::path& file,
                                  const escpos::Profile& profile);

// schemas/papers/ticket.toml as it was when the program was built.
const Layout& standard();

struct Marks {
    bool copy = false;    // its number may be on another paper already: says so
    bool parted = false;  // cuts off first what may hang out of the printer; a copy always does
};

// The paper. RASTER draws what the printer has no characters for; without it that becomes '?'.
// WEAR, if given, gets what the paper takes of the printer.
std::vector<std::byte> lay_out(const Layout& layout, const Fields& fields,
                               const escpos::Profile& profile, Marks marks = {},
                               escpos::TextRaster* raster = nullptr, escpos::Wear* wear = nullptr);

}  // namespace antrean::layout
