// Builds the bytes of one paper in ESC/POS.
//
// The Encoder only knows commands that are safe in the middle of a paper: real-time commands and
// queries are the driver's (commands.hpp). Text from outside cannot become a command: only
// printable characters of the profile's code page are let through, whatever the text holds.
//
// Not thread-safe. Nothing fails: arguments out of range are clamped, text that does not fit is
// clipped at the right edge, characters the page lacks become '?'. Commands are those of the Epson
// ESC/POS reference that clones share (ESC @, FS ., ESC t, ESC a, ESC E, GS !, ESC d, GS V).
#pragma once

#include "drivers/escpos/profile.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::escpos {

enum class Align : std::uint8_t { left, center, right };

// Encodes UTF-8 to bytes of the page, one byte per character. Spaces of any kind, tabs and line
// ends become a space; malformed UTF-8, other control characters and characters the page lacks
// become
// '?'. The result never holds a byte below 20 or 7F (hexadecimal).
std::string encode_text(std::string_view utf8, CodePage page);

class Encoder {
public:
    // The profile is copied.
    explicit Encoder(Profile profile);

    // To begin every paper with: defaults, no Kanji mode, code page, and the status reports that
    // the reset has switched off.
    Encoder& init();

    Encoder& align(Align align);           // takes effect at the beginning of a line
    Encoder& bold(bool on);                //
    Encoder& size(int width, int height);  // 1 to 8 times font A
    Encoder& text(std::string_view utf8);  // stays in the line; clipped at its right edge
    Encoder& line(std::string_view utf8);  // text() and the end of the line
    // Lines broken between words for the present size; a word longer than a line is broken. What
    // does not fit into max_lines is left out.
    Encoder& wrapped(std::string_view utf8, int max_lines = 4);
    Encoder& feed(int lines = 1);  // ends the line, if one has begun; then 0 to 255 empty lines
    Encoder& cut();                // ends the line, then feeds to the cutter and cuts

    int columns() const;  // characters per line at the present size
    const std::vector<std::byte>& bytes() const { return bytes_; }
    std::vector<std::byte> take();  // the paper; the encoder starts anew

private:
    void put(std::string_view encoded);
    void end_line();

    Profile profile_;
    std::vector<std::byte> bytes_;
    int width_ = 1;
    int column_ = 0;  // characters in the present line, at width 1
};

}  // namespace antrean::escpos
