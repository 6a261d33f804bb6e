// What tells one printer from another, as plain data: all that a model's profile says of it, and
// what only a printer itself knows, such as how long its roll is and which answers it has beside
// the ones that a driver may count on.
//
// Lengths are in dots of the head where the name says dots, in millimetres where it says mm; times
// are std::chrono durations. What no manual states (the time a cut takes, for one) is a plausible
// figure and marked as an assumption.
#pragma once

#include "drivers/escpos/profile.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::virtual_printer {

using escpos::Cutter;  // with none, whoever waits for the paper tears it off at the bar
using escpos::Dialect;

// How a ticket that was cut is handed out, by the commands that the family has for it.
enum class PresenterKind : std::uint8_t {
    none,  // it hangs out or falls into a tray
    gs_e,  // Custom VKP80II, KPM216: GS e
    fs_p,  // Custom VKP80III: FS P, ESC C, ESC F
};

struct Cell {
    int width = 0;
    int height = 0;
};

struct Profile {
    std::string name;
    std::string maker;             // answered to GS I 66
    std::string model;             // GS I 67
    std::string serial;            // GS I 68
    std::uint8_t model_id = 0x20;  // GS I 1

    // Geometry.
    double paper_mm = 80;
    int head_dots = 576;
    int dpi = 203;
    Cell font_a{12, 24};
    Cell font_b{9, 17};
    int columns_a = 0;  // of characters of normal width per line, where the head could do more
    int columns_b = 0;
    bool has_font_b = true;
    int vertical_units_per_inch = 203;  // of ESC 3, ESC J and GS V 66, until GS P
    double head_to_cutter_mm = 14;      // the blade sits past the head: 11.9 to 15 mm by model
    double min_piece_mm = 0;            // a shorter piece is not cut
    Cutter cutter = Cutter::partial;

    // Paper.
    double roll_mm = 80'000;  // a full roll; use endless_roll for one that never ends
    bool near_end_sensor = true;
    double near_end_mm = 3'000;  // how much is left when the near-end sensor sees the core
    static constexpr double endless_roll = 1e12;

    // Time. A speed of 0 prints, feeds, cuts and presents in no time at all.
    double speed_mm_per_s = 150;
    std::chrono::milliseconds cut_time{200};      // an assumption
    std::chrono::milliseconds present_time{400};  // from the blade to the mouth; an assumption

    // Buffers, in bytes.
    std::size_t receive_buffer = 4096;
    std::size_t reply_buffer = 128;           // what the host leaves unread; later answers are lost
    bool refuses_while_offline = false;       // takes no byte while offline ("BUSY when offline")
    bool keeps_buffer_without_power = false;  // what waits is printed when the power is back

    // Text.
    std::vector<escpos::CodeTable> code_tables{{escpos::CodePage::cp437, 0},
                                               {escpos::CodePage::cp850, 2},
                                               {escpos::CodePage::cp1252, 16},
                                               {escpos::CodePage::cp858, 19}};
    // Firmware for Chinese pairs bytes from 80 up into ideograms after ESC @, until FS dot.
    bool starts_in_kanji_mode = false;
    int max_width = 8;  // of GS !; a size out of range is ignored
    int max_height = 8;

    // Pictures and symbols.
    bool has_raster = true;      // GS v 0
    int max_raster_rows = 2303;  // of one GS v 0; more, and the picture is taken for text
    bool has_graphics = true;    // GS ( L, GS 8 L
    bool has_qr = true;          // GS ( k
    std::uint8_t qr_level_l = 0x30;
    std::uint8_t qr_store_m = 0x30;
    int qr_max_module = 16;
    bool has_barcode = true;  // GS k

    // Extras, each of which a model understands or prints as scraps.
    bool has_block_buzzer = true;   // ESC ( A
    bool has_short_buzzer = true;   // ESC B
    bool has_block_density = true;  // GS ( K 49
    bool has_short_density = true;  // GS |
    bool has_block_speed = true;    // GS ( K 50
    bool has_custom_speed = true;   // GS F0

    // What it understands and answers.
    Dialect dialect = Dialect::epson;
    PresenterKind presenter = PresenterKind::none;
    bool answers_dle_eot = true;
    bool has_asb = true;             // GS a
    bool answers_gs_r = true;        // GS r and ESC v
    bool answers_gs_i = true;        // GS I
    bool has_process_id = false;     // GS ( H
    bool has_clear = true;           // DLE DC4 8
    bool has_counters = false;       // GS g 2; with the dialect of Custom, GS E1 to E5
    bool has_power_command = false;  // DLE DC4 2: the power-down sequence
    // Epson recovers by DLE ENQ from errors that a hand has mended, such as a jammed cutter, and
    // ignores it otherwise; many others clear their buffer by DLE ENQ 2 whatever stopped them.
    bool enq_needs_error = false;
    // Citizen reports a cover that was opened while printing as a mechanical error, others as one
    // that goes away alone.
    bool open_cover_is_mechanical = false;

    int dots(double mm) const;  // rounded to the nearest
    double mm(int dots_count) const;
    int default_line_spacing() const;  // 1/6 inch
};

// The printer that is as its model's profile says: it does and answers that and no more. A driver
// that is given the profile of another model has wrong beliefs about it.
Profile from_model(const escpos::Profile& model);

// Printers that can do more than the cautious profiles of their kind claim, as most do.
Profile generic_80();     // 80 mm, 576 dots, 203 dpi, 48 or 64 columns; no GS ( H
Profile generic_58();     // 58 mm, 384 dots, 32 or 42 columns; tear bar, no ASB, no QR
Profile epson_tm_t88v();  // 80 mm, 512 dots, 180 dpi, 42 or 56 columns; GS ( H, counters

// "generic-80", "generic-58", "epson-tm-t88v"; nullopt for any other name.
std::optional<Profile> find_profile(std::string_view name);
std::span<const std::string_view> profile_names();

}  // namespace antrean::virtual_printer
