#include "drivers/escpos/encode.hpp"

#include "drivers/escpos/characters.hpp"
#include "drivers/escpos/code_pages.hpp"
#include "drivers/escpos/commands.hpp"
#include "drivers/escpos/raster.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace antrean::escpos {
namespace {

constexpr int most_drawn_lines = 8;      // of one line() that has to be drawn
constexpr std::size_t most_pieces = 64;  // of a line; more do not fit any paper
constexpr int character_rows = 24;       // of font A

}  // namespace

std::string encode_text(std::string_view utf8, CodePage page) {
    std::string encoded;
    encoded.reserve(utf8.size());
    while (!utf8.empty()) {
        const char32_t character = next_character(utf8);
        const std::string_view plain = plain_form(character);
        if (is_space(character))
            encoded += ' ';
        else if (const auto byte = to_page(character, page))
            encoded += *byte;
        else
            encoded += plain.empty() ? "?" : plain;
    }
    return encoded;
}

Encoder::Encoder(Profile profile, TextRaster* raster)
    : profile_{std::move(profile)}, raster_{raster} {
    if (profile_.code_tables.empty()) profile_.code_tables.push_back({CodePage::ascii, 0});
    profile_.max_width = std::clamp<std::uint8_t>(profile_.max_width, 1, 8);
    profile_.max_height = std::clamp<std::uint8_t>(profile_.max_height, 1, 8);
}

Encoder& Encoder::init() {
    append(reset);
    if (profile_.kanji_mode) append(kanji_off);
    if (profile_.has_asb && profile_.dialect == Dialect::custom)
        append(custom_auto_status_on);
    else if (profile_.has_asb)
        append(auto_status_on);
    // The international set is USA: others print #, $, @ and brackets as letters.
    append(byte_array(0x1b, 0x52, 0x00));
    append(byte_array(0x1b, 0x74, profile_.code_tables.front().number));
    forget_state();
    return *this;
}

Encoder& Encoder::align(Align align) {
    end_line();
    align_ = align;
    append(byte_array(0x1b, 0x61, align));
    return *this;
}

Encoder& Encoder::bold(bool on) {
    style_.bold = on;
    append(byte_array(0x1b, 0x45, on ? 1 : 0));
    return *this;
}

Encoder& Encoder::underline(int dots) {
    style_.underline = std::clamp(dots, 0, 2);
    append(byte_array(0x1b, 0x2d, style_.underline));
    return *this;
}

Encoder& Encoder::reverse(bool on) {
    style_.reverse = on;
    append(byte_array(0x1d, 0x42, on ? 1 : 0));
    return *this;
}

Encoder& Encoder::size(int width, int height) {
    style_.width = std::clamp<int>(width, 1, profile_.max_width);
    style_.height = std::clamp<int>(height, 1, profile_.max_height);
    append(byte_array(0x1d, 0x21, (style_.width - 1) << 4 | (style_.height - 1)));
    return *this;
}

Encoder& Encoder::text(std::string_view utf8) {
    put(utf8);
    return *this;
}

Encoder& Encoder::line(std::string_view utf8) {
    put(utf8);
    if (column_ == 0 && !drawn_) print_line();  // an empty one
    end_line();
    return *this;
}

Encoder& Encoder::wrapped(std::string_view utf8, int max_lines) {
    end_line();
    scratch_.clear();
    if (!convert(utf8, scratch_) && raster_ != nullptr) {
        const StyledText whole = styled(utf8);
        for (const Bitmap& drawn : raster_->lines({&whole, 1}, line_dots(), max_lines))
            print_drawn(drawn);
        return *this;
    }
    for (const Characters part : wrap(scratch_, static_cast<std::size_t>(columns()), max_lines)) {
        put(part);
        end_line();
    }
    return *this;
}

Encoder& Encoder::feed(int lines) {
    end_line();
    lines = std::clamp(lines, 0, 255);
    if (lines > 0) append(byte_array(0x1b, 0x64, lines));
    advanced_ += lines * line_spacing();
    return *this;
}

Encoder& Encoder::image(const Bitmap& picture) {
    end_line();
    print_picture(picture);
    return *this;
}

Encoder& Encoder::cut(Cut how) {
    end_line();
    feed_to_least_piece();
    if (how == Cut::as_profile || profile_.cutter == Cutter::none) {
        append(profile_.cut);
    } else if (how == Cut::full || how == Cut::partial) {
        append(byte_array(0x1d, 0x56, how == Cut::full ? 0x41 : 0x42, 0x00));
    } else {
        append(byte_array(0x1d, 0x56, how == Cut::full_here ? 0x00 : 0x01));
    }
    append(profile_.present);
    return *this;
}

// Some printers do not cut a piece that is too short for their presenter. Since the last cut the
// paper has moved by what was printed, and is about to move to the blade.
void Encoder::feed_to_least_piece() {
    const double least_mm =
        profile_.cutter == Cutter::none ? 0 : profile_.min_piece_mm - profile_.head_to_cutter_mm;
    const double moved_mm = advanced_ * 25.4 / std::max<int>(profile_.dpi, 1);
    double missing_mm = std::clamp(least_mm - moved_mm, 0.0, 255.0);
    while (missing_mm > 0) {
        const double units = std::ceil(missing_mm * profile_.vertical_units_per_inch / 25.4);
        const int fed = static_cast<int>(std::min(units, 255.0));
        if (fed == 0) break;
        append(byte_array(0x1b, 0x4a, fed));
        missing_mm -= fed * 25.4 / profile_.vertical_units_per_inch;
    }
    wear_.paper_mm +=
        moved_mm + std::clamp(least_mm - moved_mm, 0.0, 255.0) + profile_.head_to_cutter_mm;
    if (profile_.cutter != Cutter::none) ++wear_.cuts;
    advanced_ = 0;
}

int Encoder::columns() const {
    return std::max(profile_.columns / style_.width, 1);
}

std::vector<std::byte> Encoder::take() {
    if (drawn_) end_line();
    forget_state();
    advanced_ = 0;
    return std::exchange(bytes_, {});
}

void Encoder::forget_state() {
    style_ = {};
    align_ = Align::left;
    column_ = 0;
    line_height_ = 1;
    pieces_.clear();
    drawn_ = false;
}

// Returns false if a character is in none of the tables; '?' stands in its place.
bool Encoder::convert(std::string_view utf8, std::vector<Printed>& out) const {
    bool all = true;
    std::uint8_t table = 0;
    while (!utf8.empty()) {
        const char32_t character = next_character(utf8);
        if (is_space(character))
            out.push_back({' ', any_table});
        else if (character > 0x20 && character < 0x7f)
            out.push_back({static_cast<char>(character), any_table});
        else if (is_control(character))
            out.push_back({'?', any_table});  // drawing it would show no more
        else if (!is_invisible(character))
            all = find_in_tables(character, out, table) && all;
    }
    return all;
}

// Stays in `table` as long as that has the character: every change costs three bytes.
bool Encoder::find_in_tables(char32_t character, std::vector<Printed>& out,
                             std::uint8_t& table) const {
    const auto& tables = profile_.code_tables;
    const std::size_t count = std::min<std::size_t>(tables.size(), any_table);
    for (std::size_t i = 0; i <= count; ++i) {
        const std::size_t at = i == 0 ? table : i - 1;
        if (const auto byte = to_page(character, tables[at].page)) {
            table = static_cast<std::uint8_t>(at);
            out.push_back({*byte, table});
            return true;
        }
    }
    const std::string_view plain = plain_form(character);
    for (const char c : plain.empty() ? std::string_view{"?"} : plain)
        out.push_back({c, any_table});
    return !plain.empty();
}

std::vector<Encoder::Characters> Encoder::wrap(Characters rest, std::size_t width,
                                               int max_lines) const {
    std::vector<Characters> lines;
    const auto is_blank = [](const Printed& c) { return c.byte == ' '; };
    while (static_cast<int>(lines.size()) < max_lines) {
        rest = {std::find_if_not(rest.begin(), rest.end(), is_blank), rest.end()};
        if (rest.empty()) break;
        std::size_t size = rest.size();
        if (size > width) {
            size = width;
            while (size > 0 && rest[size].byte != ' ')
                --size;
            if (size == 0) size = width;  // a word longer than the line
        }
        Characters part = rest.first(size);
        while (is_blank(part.back()))
            part = part.first(part.size() - 1);
        lines.push_back(part);
        rest = rest.subspan(size);
    }
    return lines;
}

StyledText Encoder::styled(std::string_view utf8) const {
    return {std::string{utf8}, style_.width,     style_.height,
            style_.bold,       style_.underline, style_.reverse};
}

void Encoder::put(std::string_view utf8) {
    if (utf8.empty()) return;
    scratch_.clear();
    const bool all = convert(utf8, scratch_);
    if (raster_ == nullptr) return put(Characters{scratch_});

    if (column_ == 0 && !drawn_) {
        line_start_ = bytes_.size();
        line_style_ = style_;
        pieces_.clear();
    }
    if (pieces_.size() < most_pieces) pieces_.push_back(styled(utf8));
    if (drawn_) return;
    if (all) return put(Characters{scratch_});
    // What stands in the line already goes out again; the looks chosen since then are to stay.
    bytes_.resize(line_start_);
    write_style(line_style_);
    drawn_ = true;
    column_ = 0;
}

void Encoder::put(Characters text) {
    // A printer wraps what is too long by itself, and a wrapped name pushes the layout apart.
    const int room = (profile_.columns - column_) / style_.width;
    text = text.first(std::min(text.size(), static_cast<std::size_t>(std::max(room, 0))));
    std::uint8_t table = 0;
    const auto change_to = [&](std::uint8_t next) {
        if (next == table) return;
        append(byte_array(0x1b, 0x74, profile_.code_tables[next].number));
        table = next;
    };
    for (const Printed& character : text) {
        if (character.table != any_table) change_to(character.table);
        bytes_.push_back(static_cast<std::byte>(character.byte));
    }
    change_to(0);
    column_ += static_cast<int>(text.size()) * style_.width;
    line_height_ = std::max(line_height_, style_.height);
}

// What differs from the style that the printer is in.
void Encoder::write_style(const Style& before) {
    const Style now = style_;
    if (now.bold != before.bold) bold(now.bold);
    if (now.underline != before.underline) underline(now.underline);
    if (now.reverse != before.reverse) reverse(now.reverse);
    if (now.width != before.width || now.height != before.height) size(now.width, now.height);
}

void Encoder::end_line() {
    if (drawn_)
        print_drawn_line();
    else if (column_ > 0)
        print_line();
    column_ = 0;
    line_height_ = 1;
    pieces_.clear();
}

void Encoder::print_line() {
    bytes_.push_back(std::byte{'\n'});
    advanced_ += std::max(line_spacing(), line_height_ * character_rows);
}

void Encoder::print_picture(const Bitmap& picture) {
    append_raster(bytes_, picture, profile_);
    advanced_ += picture.height();
}

void Encoder::print_drawn_line() {
    drawn_ = false;
    for (const Bitmap& drawn : raster_->lines(pieces_, line_dots(), most_drawn_lines))
        print_drawn(drawn);
}

// As far below the next line as a line of text would be.
void Encoder::print_drawn(const Bitmap& drawn) {
    if (drawn.width() <= line_dots() && drawn.height() >= line_spacing())
        return print_picture(drawn);
    Bitmap line{std::min(drawn.width(), line_dots()), std::max(drawn.height(), line_spacing())};
    line.paste(drawn, 0, 0);
    print_picture(line);
}

int Encoder::line_spacing() const {
    return (profile_.dpi + 3) / 6;  // of ESC 2
}

int Encoder::line_dots() const {
    return std::min<int>(profile_.dots, Bitmap::most_width);
}

}  // namespace antrean::escpos
