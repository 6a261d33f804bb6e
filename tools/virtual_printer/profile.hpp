// What tells one printer model from another, as plain data.
//
// Lengths are in dots of the head where the name says dots, in millimetres where it says mm; times
// are std::chrono durations. The presets hold published figures where there are any; what no manual
// states (the time a cut takes, for one) is a plausible figure and marked as an assumption.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace antrean::virtual_printer {

enum class Cutter {
    none,     // a tear bar: whoever waits for the paper tears it off there
    partial,  // leaves a small bridge of paper, whichever cut is asked for
    full,
};

struct Cell {
    int width = 0;
    int height = 0;
};

struct Profile {
    std::string name;
    std::string maker;   // answered to GS I 66
    std::string model;   // GS I 67
    std::string serial;  // GS I 68

    // Geometry.
    double paper_mm = 80;
    int head_dots = 576;
    int dpi = 203;
    Cell font_a{12, 24};
    Cell font_b{9, 17};
    int vertical_units_per_inch = 203;  // of ESC 3, ESC J and GS V 66, until GS P
    double head_to_cutter_mm = 14;      // the blade sits past the head: 11.9 to 15 mm by model
    Cutter cutter = Cutter::partial;

    // Paper.
    double roll_mm = 80'000;  // a full roll; use endless_roll for one that never ends
    bool near_end_sensor = true;
    double near_end_mm = 3'000;  // how much is left when the near-end sensor sees the core
    static constexpr double endless_roll = 1e12;

    // Time. A speed of 0 prints, feeds and cuts in no time at all.
    double speed_mm_per_s = 150;
    std::chrono::milliseconds cut_time{200};  // an assumption

    // Buffers, in bytes.
    std::size_t receive_buffer = 4096;
    std::size_t reply_buffer = 128;      // what the host leaves unread; later answers are lost
    bool refuses_while_offline = false;  // takes no byte while offline ("BUSY when offline")

    // What it understands and answers.
    bool answers_dle_eot = true;
    bool has_asb = true;             // GS a
    bool answers_gs_r = true;        // GS r and ESC v
    bool answers_gs_i = true;        // GS I
    bool has_process_id = false;     // GS ( H
    bool has_clear = true;           // DLE DC4 8
    bool has_counters = false;       // GS g 2
    bool has_graphics = true;        // GS ( L, GS 8 L
    bool has_qr = true;              // GS ( k
    bool has_power_command = false;  // DLE DC4 2: the power-down sequence
    // Epson recovers by DLE ENQ from errors that a hand has mended, such as a jammed cutter, and
    // ignores it otherwise; many others clear their buffer by DLE ENQ 2 whatever stopped them.
    bool enq_needs_error = false;
    // Firmware for Chinese pairs bytes from 80 up into ideograms after ESC @, until FS dot.
    bool starts_in_kanji_mode = false;

    int dots(double mm) const;  // rounded to the nearest
    double mm(int dots_count) const;
    int default_line_spacing() const;  // 1/6 inch
};

Profile generic_80();     // 80 mm, 576 dots, 203 dpi, 48 or 64 columns; no GS ( H
Profile generic_58();     // 58 mm, 384 dots, 32 or 42 columns; tear bar, no ASB, no QR
Profile epson_tm_t88v();  // 80 mm, 512 dots, 180 dpi, 42 or 56 columns; GS ( H, counters

// "generic-80", "generic-58", "epson-tm-t88v"; nullopt for any other name.
std::optional<Profile> find_profile(std::string_view name);
std::span<const std::string_view> profile_names();

}  // namespace antrean::virtual_printer
