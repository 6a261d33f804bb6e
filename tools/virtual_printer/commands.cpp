// The commands of fixed length, and what they do to modes, line and paper.
#include "tools/virtual_printer/interpreter.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t esc = 0x1b;
constexpr std::uint8_t fs = 0x1c;
constexpr std::uint8_t gs = 0x1d;

int word(std::span<const std::uint8_t> bytes) {
    return bytes[0] | bytes[1] << 8;
}

// Operands such as "0/48": a number or its digit.
int number(std::uint8_t operand) {
    return operand >= '0' ? operand - '0' : operand;
}

}  // namespace

// "moves" marks what needs an idle head. Commands with accept() are known to have operands, so that
// these do not turn into text, and change nothing that shows on paper here.
const Interpreter::Command Interpreter::commands[] = {
    {esc, '@', 0, false, &Interpreter::initialise},
    {esc, 't', 1, false, &Interpreter::select_table},
    {esc, 'R', 1, false, &Interpreter::select_national},
    {esc, 'a', 1, false, &Interpreter::align},
    {esc, 'E', 1, false, &Interpreter::bold},
    {esc, 'G', 1, false, &Interpreter::bold},
    {esc, '-', 1, false, &Interpreter::underline},
    {esc, '!', 1, false, &Interpreter::combined_mode},
    {esc, 'M', 1, false, &Interpreter::font},
    {esc, ' ', 1, false, &Interpreter::spacing},
    {esc, '{', 1, false, &Interpreter::upside_down},
    {esc, '2', 0, false, &Interpreter::default_line_spacing},
    {esc, '3', 1, false, &Interpreter::line_spacing},
    {esc, 'd', 1, true, &Interpreter::feed_lines},
    {esc, 'J', 1, true, &Interpreter::feed_dots},
    {esc, 'i', 0, true, &Interpreter::old_cut},
    {esc, 'm', 0, true, &Interpreter::old_cut},
    {esc, '$', 2, false, &Interpreter::absolute_position},
    {esc, '\\', 2, false, &Interpreter::relative_position},
    {esc, 'c', 2, false, &Interpreter::sensors},
    {esc, '=', 1, false, &Interpreter::select_printer},
    {esc, 'v', 0, false, &Interpreter::paper_sensor},
    {esc, 'B', 2, false, &Interpreter::beep},
    {esc, 'p', 3, false, &Interpreter::accept},
    {esc, 'U', 1, false, &Interpreter::accept},
    {esc, 'V', 1, false, &Interpreter::accept},
    {esc, 'r', 1, false, &Interpreter::accept},
    {esc, '%', 1, false, &Interpreter::accept},
    {fs, '.', 0, false, &Interpreter::kanji_off},
    {fs, '&', 0, false, &Interpreter::kanji_on},
    {fs, '!', 1, false, &Interpreter::accept},
    {fs, '-', 1, false, &Interpreter::accept},
    {fs, 'C', 1, false, &Interpreter::accept},
    {fs, 'S', 2, false, &Interpreter::accept},
    {fs, 'W', 1, false, &Interpreter::accept},
    {gs, '!', 1, false, &Interpreter::size},
    {gs, 'B', 1, false, &Interpreter::reverse},
    {gs, 'L', 2, false, &Interpreter::left_margin},
    {gs, 'W', 2, false, &Interpreter::print_width},
    {gs, 'P', 2, false, &Interpreter::motion_units},
    {gs, 'a', 1, false, &Interpreter::automatic_status},
    {gs, 'r', 1, false, &Interpreter::transmit_status},
    {gs, 'I', 1, false, &Interpreter::identity},
    {gs, 'g', 4, false, &Interpreter::counters},
    {gs, 'H', 1, false, &Interpreter::barcode_text},
    {gs, 'f', 1, false, &Interpreter::barcode_font},
    {gs, 'h', 1, false, &Interpreter::barcode_height},
    {gs, 'w', 1, false, &Interpreter::barcode_module},
    {gs, 'b', 1, false, &Interpreter::accept},
    {gs, 'T', 1, false, &Interpreter::accept},
    {gs, 'z', 3, false, &Interpreter::accept},
    {gs, '|', 1, false, &Interpreter::density},
    {gs, 0xf0, 1, false, &Interpreter::speed},
};

const Interpreter::Command* Interpreter::find(std::span<const Command> table, std::uint8_t prefix,
                                              std::uint8_t code) {
    for (const Command& command : table) {
        if (command.prefix == prefix && command.code == code) return &command;
    }
    return nullptr;
}

const Interpreter::Command* Interpreter::find(std::uint8_t prefix, std::uint8_t code) const {
    if (lacks(prefix, code)) return nullptr;
    const Command* own = nullptr;
    if (board_.profile.dialect == Dialect::custom) own = find(custom_table(), prefix, code);
    if (board_.profile.dialect == Dialect::star) own = find(star_table(), prefix, code);
    return own != nullptr ? own : find(commands, prefix, code);
}

// What some models have and this one has not.
bool Interpreter::lacks(std::uint8_t prefix, std::uint8_t code) const {
    const Profile& p = board_.profile;
    if (prefix == esc && code == 'B') return !p.has_short_buzzer;
    if (prefix == gs && code == '|') return !p.has_short_density;
    if (prefix == gs && code == 0xf0) return !p.has_custom_speed;
    return false;
}

void Interpreter::modes_to_default() {
    style_ = {};
    align_ = Align::left;
    page_ = CodePage::cp437;
    national_ = 0;
    kanji_ = board_.profile.starts_in_kanji_mode;
    line_spacing_ = board_.profile.default_line_spacing();
    left_margin_ = 0;
    print_width_ = 0;
    tab_columns_.clear();
    symbol_module_ = 3;
    symbol_correction_ = 0;
    symbol_data_.clear();
    graphics_.reset();
    barcode_height_ = 162;
    barcode_module_ = 3;
    barcode_text_ = 0;
    barcode_font_ = Font::a;
    settings_ = {};
}

void Interpreter::initialise(Bytes) {
    line_.clear();
    modes_to_default();
    mechanism_.set_near_end_stops(false);
    board_.automatic = {};
    board_.offline_response = 0;
}

int Interpreter::area_width() const {
    const int head = board_.profile.head_dots;
    const int room = std::max(head - left_margin_, 1);
    return print_width_ > 0 ? std::min(print_width_, room) : room;
}

int Interpreter::shift_for(int width) const {
    const int room = std::max(0, area_width() - width);
    return align_ == Align::left ? 0 : align_ == Align::centre ? room / 2 : room;
}

bool Interpreter::fits(int width) const {
    // What does not fit an empty line either is printed all the same, and cut off.
    return line_.empty() || line_.cursor() + width <= area_width();
}

int Interpreter::units_to_dots(int units, bool vertical) const {
    const Profile& p = board_.profile;
    const int own = vertical ? p.vertical_units_per_inch : p.dpi;
    const int set = vertical ? y_unit_ : x_unit_;
    const int per_inch = set > 0 ? set : own;
    return (units * p.dpi + per_inch / 2) / per_inch;
}

void Interpreter::put_line() {
    Line::Placed placed = line_.place(align_, left_margin_, area_width());
    if (!placed.text.empty()) {
        mechanism_.put_line_text(std::move(placed.text), placed.height / 2);
    }
    for (TextRun& run : placed.runs)
        mechanism_.put(std::move(run));
    for (Raster& strip : placed.strips)
        mechanism_.put(std::move(strip));
    line_.clear();
}

void Interpreter::print_line() {
    if (line_.empty()) mechanism_.put_line_text({}, line_spacing_ / 2);
    const int feed = std::max(line_spacing_, line_.height());
    put_line();
    mechanism_.move(feed);
}

void Interpreter::feed_lines(Bytes b) {
    const int feed = std::max(line_spacing_ * b[0], line_.height());
    put_line();
    mechanism_.move(feed);
}

void Interpreter::feed_dots(Bytes b) {
    const int feed = std::max(units_to_dots(b[0], true), line_.height());
    put_line();
    mechanism_.move(feed);
}

void Interpreter::cut_form(std::uint8_t form, int units) {
    const Profile& p = board_.profile;
    const int extra = units_to_dots(units, true);
    const int to_blade = p.dots(p.head_to_cutter_mm);
    const bool feeds = form == 65 || form == 66 || form == 103 || form == 104;
    if (p.cutter == Cutter::none) {
        // Without a cutter the forms that feed still do; the others are ignored.
        if (!feeds) return;
        mechanism_.move(to_blade + extra, Cut::tear);
        return;
    }
    if (form == 97 || form == 98) {
        mechanism_.reserve_cut(extra);
    } else if (feeds) {
        mechanism_.move(to_blade + extra, form >= 103 ? Cut::and_feed_back : Cut::here);
    } else {
        mechanism_.move(0, Cut::here);
    }
}

void Interpreter::old_cut(Bytes) {
    if (line_.empty()) cut_form(1, 0);
}

void Interpreter::select_table(Bytes b) {
    // An unknown table is silently ignored by printers: the previous one stays.
    if (const auto page = code_page(board_.profile.code_tables, b[0])) {
        page_ = *page;
    } else {
        note({esc, 't', b[0]}, "code table " + std::to_string(b[0]) + " is not in this model");
    }
}

void Interpreter::select_national(Bytes b) {
    national_ = b[0];
}

void Interpreter::align(Bytes b) {
    if (!line_.empty() || number(b[0]) > 2) return;
    align_ = static_cast<Align>(number(b[0]));
}

void Interpreter::bold(Bytes b) {
    style_.bold = b[0] & 1;
}

void Interpreter::underline(Bytes b) {
    if (number(b[0]) <= 2) style_.underline = number(b[0]);
}

void Interpreter::reverse(Bytes b) {
    style_.reverse = b[0] & 1;
}

void Interpreter::upside_down(Bytes b) {
    if (line_.empty()) style_.upside_down = b[0] & 1;
}

void Interpreter::combined_mode(Bytes b) {
    style_.font = b[0] & 0x01 && board_.profile.has_font_b ? Font::b : Font::a;
    style_.bold = b[0] & 0x08;
    style_.height = b[0] & 0x10 ? 2 : 1;
    style_.width = b[0] & 0x20 ? 2 : 1;
    style_.underline = b[0] & 0x80 ? 1 : 0;
}

void Interpreter::size(Bytes b) {
    const int width = (b[0] >> 4) + 1;
    const int height = (b[0] & 15) + 1;
    if (width > board_.profile.max_width || height > board_.profile.max_height) {
        return note({gs, '!', b[0]}, "a size that the model does not have");
    }
    style_.width = width;
    style_.height = height;
}

void Interpreter::font(Bytes b) {
    if (number(b[0]) > 1 || (number(b[0]) == 1 && !board_.profile.has_font_b)) return;
    style_.font = number(b[0]) == 1 ? Font::b : Font::a;
}

void Interpreter::spacing(Bytes b) {
    style_.spacing = units_to_dots(b[0], false);
}

void Interpreter::default_line_spacing(Bytes) {
    line_spacing_ = board_.profile.default_line_spacing();
}

void Interpreter::line_spacing(Bytes b) {
    line_spacing_ = units_to_dots(b[0], true);
}

void Interpreter::absolute_position(Bytes b) {
    const int x = units_to_dots(word(b), false);
    if (x <= area_width()) line_.move_to(x);
}

void Interpreter::relative_position(Bytes b) {
    const int units = static_cast<std::int16_t>(word(b));
    const int dots = units_to_dots(std::abs(units), false);
    const int x = line_.cursor() + (units < 0 ? -dots : dots);
    if (x >= 0 && x <= area_width()) line_.move_to(x);
}

void Interpreter::left_margin(Bytes b) {
    if (line_.empty()) {
        left_margin_ = std::min(units_to_dots(word(b), false), board_.profile.head_dots - 1);
    }
}

void Interpreter::print_width(Bytes b) {
    if (line_.empty()) print_width_ = units_to_dots(word(b), false);
}

void Interpreter::motion_units(Bytes b) {
    x_unit_ = b[0];
    y_unit_ = b[1];
}

void Interpreter::kanji_off(Bytes) {
    kanji_ = false;
}
void Interpreter::kanji_on(Bytes) {
    kanji_ = true;
}

void Interpreter::sensors(Bytes b) {
    if (b[0] == '4') mechanism_.set_near_end_stops(b[1] & 3);
}

void Interpreter::select_printer(Bytes b) {
    deselected_ = !(b[0] & 1);
}

void Interpreter::automatic_status(Bytes b) {
    if (board_.profile.has_asb) board_.enable_automatic_status(b[0]);
}

void Interpreter::transmit_status(Bytes b) {
    if (!board_.profile.answers_gs_r) return;
    switch (number(b[0])) {
        case 1:
            board_.outbox.send({board_.paper_status()});
            break;
        case 2:
        case 4:
            board_.outbox.send({0x00});
            break;
        default:
            break;
    }
}

void Interpreter::paper_sensor(Bytes) {
    if (board_.profile.answers_gs_r) board_.outbox.send({board_.paper_status()});
}

void Interpreter::identity(Bytes b) {
    const Profile& p = board_.profile;
    if (!p.answers_gs_i) return;
    switch (b[0]) {
        case 1:
        case 49:
            board_.outbox.send({p.model_id});
            break;
        case 2:
        case 50:
            board_.outbox.send({std::uint8_t(p.cutter == Cutter::none ? 0 : 2)});
            break;
        case 3:
        case 51:
            board_.outbox.send({0x01});
            break;
        case 65:
            board_.outbox.send_block("1.00");
            break;
        case 66:
            board_.outbox.send_block(p.maker);
            break;
        case 67:
            board_.outbox.send_block(p.model);
            break;
        case 68:
            board_.outbox.send_block(p.serial);
            break;
        default:
            break;
    }
}

// GS g 2: maintenance counters. Those of the present machine and the cumulative ones are the same
// here: nobody resets them.
void Interpreter::counters(Bytes b) {
    const bool has = board_.profile.has_counters && board_.profile.dialect != Dialect::custom;
    if (!has || b[0] != '2') return;
    const auto line = static_cast<std::uint64_t>(board_.profile.default_line_spacing());
    switch (word(b.subspan(2)) & ~0x80) {
        case 0x14:
            board_.outbox.send_block(std::to_string(mechanism_.dots_fed() / line));
            break;
        case 0x15:
            board_.outbox.send_block(std::to_string(mechanism_.dots_fed()));
            break;
        case 0x32:
            board_.outbox.send_block(std::to_string(mechanism_.cuts()));
            break;
        case 0x46:
            board_.outbox.send_block("0");
            break;
        default:
            break;
    }
}

void Interpreter::beep(Bytes) {
    ++beeps_;
}

void Interpreter::density(Bytes b) {
    if (b[0] <= 8) settings_.density = b[0];
}

void Interpreter::speed(Bytes b) {
    if (b[0] <= 2) settings_.speed = b[0];
}

void Interpreter::barcode_height(Bytes b) {
    if (b[0] > 0) barcode_height_ = b[0];
}

void Interpreter::barcode_module(Bytes b) {
    if (b[0] >= 1 && b[0] <= 6) barcode_module_ = b[0];
}

void Interpreter::barcode_text(Bytes b) {
    if (number(b[0]) <= 3) barcode_text_ = number(b[0]);
}

void Interpreter::barcode_font(Bytes b) {
    if (number(b[0]) <= 1) barcode_font_ = number(b[0]) == 1 ? Font::b : Font::a;
}

}  // namespace antrean::virtual_printer
