// Reads commands from the front of the receive buffer, one step at a time, as far as the head has
// got. Holds the modes that ESC @ resets, the line in the print buffer and pictures in the making.
//
// Commands that move paper wait until the head is idle; the others are carried out ahead of it, so
// that an answer to GS r proves only what it proves on a real printer. Pictures and other long
// operands stream through the buffer and may be longer than it. Commands that are not understood
// are skipped by their length, where that is known, and noted. Not thread-safe.
#pragma once

#include "tools/virtual_printer/board.hpp"
#include "tools/virtual_printer/code_page.hpp"
#include "tools/virtual_printer/line.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::virtual_printer {

// What the host may set, and what shows on no paper.
struct Settings {
    std::optional<int> density;  // the operand of GS ( K 49 or GS |
    std::optional<int> speed;    // of GS ( K 50 or GS F0
    friend bool operator==(const Settings&, const Settings&) = default;
};

struct UnknownCommand {
    std::vector<std::uint8_t> bytes;  // the first few
    std::string why;
};

class Interpreter {
public:
    enum class Step { done, starved, waits_for_head };

    explicit Interpreter(Board& board);

    Step step(SteadyTime now);
    void clear();  // the print buffer and any half-read command: DLE DC4 8
    void reset();  // as after power on
    bool in_ticket() const { return !line_.empty() || strip_ || payload_left_ > 0; }

    const std::vector<UnknownCommand>& unknown() const { return unknown_; }
    std::size_t unknown_count() const { return unknown_count_; }
    std::size_t beeps() const { return beeps_; }
    const Settings& settings() const { return settings_; }

private:
    using Bytes = std::span<const std::uint8_t>;
    using Handler = void (Interpreter::*)(Bytes operands);
    struct Command;
    static const Command commands[];
    static std::span<const Command> custom_table();
    static std::span<const Command> star_table();
    const Command* find(std::uint8_t prefix, std::uint8_t code) const;
    static const Command* find(std::span<const Command> table, std::uint8_t prefix,
                               std::uint8_t code);
    bool lacks(std::uint8_t prefix, std::uint8_t code) const;

    // A picture that is printed row by row. Rows are appended as they arrive, or all at once.
    struct Strip {
        Raster raster;
        int declared_bytes = 0;  // a row's bytes in the stream; what the head lacks is cut off
        int rows_to_come = 0;
        int row_fill = 0;  // bytes of the next row that have come
        int x_scale = 1;
        int y_scale = 1;
        int printed = 0;
    };
    // Long operands, collected before they are carried out.
    enum class Payload : std::uint8_t { skip, block, columns };

    // Parsing (interpreter.cpp).
    Step prefixed(SteadyTime now);
    Step real_time_in_queue();
    Step text(SteadyTime now);
    Step strip_step(SteadyTime now);
    Step payload_step();
    Step tabs();
    Step control_character(SteadyTime now);
    Step presenter_command(SteadyTime now);
    Step barcode(SteadyTime now);
    Step cut_command(SteadyTime now);
    Step raster_header();
    Step block_header(std::size_t length_bytes);
    Step columns_header();
    void skip_unknown(std::size_t length, std::string why);
    void note(std::vector<std::uint8_t> bytes, std::string why);
    void note_block(std::string why);

    // Carrying out (commands.cpp).
    void modes_to_default();
    void put_line();    // at the head's place, without feeding
    void print_line();  // with the line feed
    bool fits(int width) const;
    int area_width() const;
    int units_to_dots(int units, bool vertical) const;
    void cut_form(std::uint8_t form, int units);
    void start_strip(Raster raster);
    int shift_for(int width) const;  // from the left margin, by the alignment

    void initialise(Bytes);
    void select_table(Bytes);
    void select_national(Bytes);
    void align(Bytes);
    void bold(Bytes);
    void underline(Bytes);
    void reverse(Bytes);
    void upside_down(Bytes);
    void combined_mode(Bytes);
    void size(Bytes);
    void font(Bytes);
    void spacing(Bytes);
    void default_line_spacing(Bytes);
    void line_spacing(Bytes);
    void feed_lines(Bytes);
    void feed_dots(Bytes);
    void old_cut(Bytes);
    void absolute_position(Bytes);
    void relative_position(Bytes);
    void left_margin(Bytes);
    void print_width(Bytes);
    void motion_units(Bytes);
    void kanji_off(Bytes);
    void kanji_on(Bytes);
    void sensors(Bytes);
    void select_printer(Bytes);
    void automatic_status(Bytes);
    void transmit_status(Bytes);
    void paper_sensor(Bytes);
    void identity(Bytes);
    void counters(Bytes);
    void beep(Bytes);
    void density(Bytes);
    void speed(Bytes);
    void barcode_height(Bytes);
    void barcode_module(Bytes);
    void barcode_text(Bytes);
    void barcode_font(Bytes);
    void accept(Bytes) {}  // known, and without effect on the paper

    // What only one maker has (dialects.cpp).
    void full_status(Bytes);
    void custom_counter(std::uint64_t value, std::string_view unit);
    void paper_left_counter(Bytes);
    void cut_counter(Bytes);
    void printed_counter(Bytes);
    void retracted_counter(Bytes);
    void power_on_counter(Bytes);
    void present(Bytes);
    void retract(Bytes);
    void eject(Bytes);
    void feed_mm(Bytes);
    void star_automatic_status(Bytes);

    // Blocks (blocks.cpp): GS ( x, ESC ( x, GS 8 L.
    void run_block();
    void process_id_block();
    void graphics_block();
    void setting_block();
    void columns();

    // Symbols (symbols.cpp).
    void symbol_block();
    bool make_symbol(Raster& raster);
    void print_symbol();
    void tell_symbol_size();
    void print_barcode(const std::vector<std::uint8_t>& data);

    Board& board_;
    Mechanism& mechanism_;
    ReceiveBuffer& buffer_;

    // Modes.
    Style style_;
    Align align_ = Align::left;
    CodePage page_ = CodePage::cp437;
    std::uint8_t national_ = 0;
    bool kanji_ = false;
    bool deselected_ = false;
    int line_spacing_ = 0;
    int left_margin_ = 0;
    int print_width_ = 0;
    int x_unit_ = 0;  // units per inch; 0 = the model's own
    int y_unit_ = 0;
    std::vector<int> tab_columns_;
    int symbol_module_ = 3;
    int symbol_correction_ = 0;
    int barcode_height_ = 162;
    int barcode_module_ = 3;
    int barcode_text_ = 0;  // GS H: 0 none, 1 above, 2 below, 3 both
    Font barcode_font_ = Font::a;
    Settings settings_;

    Line line_;
    std::optional<Strip> strip_;
    std::vector<std::uint8_t> symbol_data_;
    std::optional<Raster> graphics_;

    Payload payload_kind_ = Payload::skip;
    std::size_t payload_left_ = 0;
    bool payload_ready_ = false;
    std::array<std::uint8_t, 3> block_name_{};  // prefix, '(' or '8', letter
    std::uint8_t column_mode_ = 0;
    std::vector<std::uint8_t> payload_;

    std::vector<UnknownCommand> unknown_;
    std::size_t unknown_count_ = 0;
    std::size_t beeps_ = 0;
};

struct Interpreter::Command {
    std::uint8_t prefix;
    std::uint8_t code;
    std::uint8_t operands;  // how many bytes follow
    bool moves;             // needs the head
    Handler run;
};

}  // namespace antrean::virtual_printer
