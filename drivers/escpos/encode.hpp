// Builds the bytes of one paper in ESC/POS.
//
// The Encoder only knows commands that are safe in the middle of a paper: real-time commands and
// queries are the driver's (commands.hpp). Text from outside cannot become a command: only
// printable characters of the profile's code pages are let through, whatever the text holds, and
// pictures hold no sequence that a printer executes on arrival.
//
// A text is put into the preferred code page, and into the printer's others where that one lacks a
// character. A line with a character that none of them has is drawn on the host, by the TextRaster
// if there is one, and sent as a picture: as a whole, with the same sizes and looks, and broken
// between words where it is too long. Without a TextRaster such characters become '?'.
//
// Not thread-safe. Nothing fails: arguments out of range are clamped, text that does not fit is
// clipped at the right edge. Commands are those of the Epson ESC/POS reference that clones share,
// and those of the profile.
#pragma once

#include "drivers/escpos/bitmap.hpp"
#include "drivers/escpos/profile.hpp"
#include "drivers/escpos/symbols.hpp"
#include "drivers/escpos/text_raster.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::escpos {

enum class Align : std::uint8_t { left, center, right };

// How to part the paper. Without a cutter each is as_profile; with one that only leaves a bridge,
// "full" leaves it too.
enum class Cut : std::uint8_t {
    as_profile,
    full,          // GS V 65: feeds the last line past the blade first
    partial,       // GS V 66: likewise
    full_here,     // GS V 0: where the blade stands, which is above the last lines
    partial_here,  // GS V 1: likewise
};

enum class Speed : std::uint8_t { normal, slow, fast };

// What papers take of a printer, as its encoder reckons it.
struct Wear {
    int cuts = 0;         // by a cutter
    double paper_mm = 0;  // up to the last cut or tear bar
};

// A part of a row, side by side with others.
struct Cell {
    std::string_view utf8;
    int columns = 0;  // at the present size; 0: an equal share of what the others leave
    Align align = Align::left;
};

// Encodes UTF-8 to bytes of the page. Spaces of any kind, tabs and line ends become a space;
// typographic signs that the page lacks become plain ones; malformed UTF-8, other control
// characters and all else that the page lacks become '?'. The result never holds a byte below 20 or
// 7F (hexadecimal).
std::string encode_text(std::string_view utf8, CodePage page);

class Encoder {
public:
    // The profile is copied. The raster, if any, must outlive the encoder.
    explicit Encoder(Profile profile, TextRaster* raster = nullptr);

    // To begin every paper with: defaults, no Kanji mode, code page, and the status reports that
    // the reset has switched off.
    Encoder& init();

    Encoder& align(Align align);           // ends a line that has begun
    Encoder& bold(bool on);                //
    Encoder& underline(int dots);          // 0, 1 or 2 thick
    Encoder& reverse(bool on);             // white on black
    Encoder& size(int width, int height);  // times font A; up to what the profile allows
    Encoder& text(std::string_view utf8);  // stays in the line; clipped at its right edge
    Encoder& line(std::string_view utf8);  // text() and the end of the line
    // Lines broken between words for the present size; a word longer than a line is broken. What
    // does not fit into max_lines is left out.
    Encoder& wrapped(std::string_view utf8, int max_lines = 4);
    // Cells side by side, each wrapped within its columns; the alignment of the lines around it
    // does not matter. At most 8 cells, and no more columns than there are.
    Encoder& row(std::span<const Cell> cells, int max_lines = 4);
    Encoder& feed(int lines = 1);  // ends the line, if one has begun; then 0 to 255 empty lines
    Encoder& image(const Bitmap& picture);  // in lines of its own; clipped at the right edge

    // In lines of their own, with quiet zones. False, and nothing is printed, where no readable
    // symbol fits the paper: no data, too much of it, characters that the symbology lacks.
    // A module is as many dots as asked for, or as fit; never fewer than two.
    [[nodiscard]] bool qr(std::string_view data, QrLevel level = QrLevel::m, int module_dots = 6);
    [[nodiscard]] bool code128(std::string_view ascii, int height_dots = 64, int module_dots = 2);

    // Ends the line, cuts, and has the presenter offer the paper where there is one. What is
    // shorter than the printer's shortest piece is fed on to it first.
    Encoder& cut(Cut how = Cut::as_profile);

    // Where the printer has them; nothing otherwise.
    Encoder& beep(int times = 1);  // 1 to 9
    Encoder& density(int step);    // 0 is normal; -6 to 8 from light to dark
    Encoder& speed(Speed speed);

    int columns() const;  // characters per line at the present size
    // Without a line that is still being collected for the TextRaster.
    const std::vector<std::byte>& bytes() const { return bytes_; }
    Wear wear() const { return wear_; }  // of all since the encoder was made
    std::vector<std::byte> take();       // the paper; the encoder starts anew

private:
    struct Style {
        int width = 1;
        int height = 1;
        bool bold = false;
        int underline = 0;
        bool reverse = false;
    };
    // A character in a code page: its byte, and which of the profile's tables it is of.
    struct Printed {
        char byte = 0;
        std::uint8_t table = 0;
    };
    using Characters = std::span<const Printed>;
    static constexpr std::uint8_t any_table = 0xff;

    void append(const auto& command) {
        bytes_.insert(bytes_.end(), command.begin(), command.end());
    }
    bool convert(std::string_view utf8, std::vector<Printed>& out) const;
    bool find_in_tables(char32_t character, std::vector<Printed>& out, std::uint8_t& table) const;
    std::vector<Characters> wrap(Characters text, std::size_t width, int max_lines) const;
    StyledText styled(std::string_view utf8) const;
    void put(std::string_view utf8);
    void put(Characters text);
    void write_style(const Style& before);
    void end_line();
    void forget_state();
    void print_line();
    void print_drawn_line();
    void print_drawn(const Bitmap& line);
    void print_picture(const Bitmap& picture);
    void feed_to_least_piece();
    void row_of_text(std::span<const Cell> cells, std::span<const int> widths, int max_lines);
    void row_of_pictures(std::span<const Cell> cells, std::span<const int> widths, int max_lines);
    int line_dots() const;
    int line_spacing() const;

    Profile profile_;
    TextRaster* raster_;
    std::vector<std::byte> bytes_;
    Style style_;
    Align align_ = Align::left;
    int column_ = 0;       // characters in the present line, at width 1
    int line_height_ = 1;  // of the tallest of them
    int advanced_ = 0;     // dots since the last cut
    Wear wear_;

    // The present line, kept while it may turn out that it has to be drawn.
    std::vector<StyledText> pieces_;
    std::size_t line_start_ = 0;  // in bytes_
    Style line_style_;            // at its start
    bool drawn_ = false;          // nothing of it is in bytes_

    std::vector<Printed> scratch_;
};

}  // namespace antrean::escpos
