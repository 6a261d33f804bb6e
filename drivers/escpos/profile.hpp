// What is known about one model of receipt printer: its paper, its characters, what it understands
// and what it answers.
//
// A profile is data, read from a file of schemas/printers (see its README.md for every key):
// nothing here talks to a printer. The driver believes it, so a profile must claim only what is
// known of the model; a wrong "answers" or "has_..." makes a paper look confirmed that is not.
//
// Lengths are in dots of the head where the name says dots, in millimetres where it says mm.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace antrean::escpos {

// The character sets that text can be encoded to. All of them hold ASCII.
enum class CodePage : std::uint8_t {
    ascii,  // nothing above 7E is known of the printer
    cp437,
    cp737,
    cp775,
    cp850,
    cp852,
    cp855,
    cp857,
    cp858,
    cp860,
    cp863,
    cp865,
    cp866,
    cp1250,
    cp1251,
    cp1252,
    cp1253,
    cp1254,
    cp1257,
};

struct CodeTable {
    CodePage page{};
    std::uint8_t number = 0;  // for ESC t; differs by vendor
    bool operator==(const CodeTable&) const = default;
};

struct UsbId {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    bool operator==(const UsbId&) const = default;
};

enum class Cutter : std::uint8_t {
    none,     // a tear bar
    partial,  // leaves a bridge of paper, whichever cut is asked for
    full,
};

// How the model takes pictures.
enum class RasterCommand : std::uint8_t {
    gs_v_0,      // GS v 0, which nearly all have
    gs_paren_l,  // GS ( L functions 112 and 50
    esc_star,    // ESC * 33: strips of 24 rows
};

// The family of its status reports and confirmations beside DLE EOT.
enum class Dialect : std::uint8_t {
    epson,
    custom,  // Custom VKP80 and others: DLE EOT 20 "full status", GS e or FS P presenter
    star,    // Star in ESC/POS emulation
};

// How a printer is made to forget what it has not printed.
enum class ClearCommand : std::uint8_t {
    none,       // by power alone
    dle_dc4_8,  // confirmed by an answer
    dle_enq_2,  // without an answer
};

enum class DensityCommand : std::uint8_t { none, gs_paren_k, gs_bar };
enum class SpeedCommand : std::uint8_t { none, gs_paren_k, custom_gs_f0 };
enum class BuzzerCommand : std::uint8_t { none, esc_paren_a, esc_b };

struct Profile {
    // What it is.
    std::string name;           // of its file: "epson-tm-t88v"
    std::string maker;          // as it says itself by GS I 66 or its IEEE 1284 id (MFG)
    std::string model;          // likewise GS I 67 or MDL
    std::vector<UsbId> usb;     // ids seen with it; clones share and borrow ids
    bool vendor_class = false;  // its USB interface may be of class FF; taken by id alone

    // Geometry.
    double paper_mm = 80;      // width of the roll
    std::uint16_t dots = 576;  // width of the printed area
    std::uint16_t dpi = 203;
    std::uint16_t vertical_units_per_inch = 203;  // of ESC 3, ESC J, GS V 66
    std::uint16_t columns = 48;                   // characters of font A per line at width 1
    std::uint16_t columns_b = 64;                 // of font B; 0: none
    double head_to_cutter_mm = 14;
    double min_piece_mm = 0;  // a shorter piece is not cut; 0: no such limit

    // Text.
    std::vector<CodeTable> code_tables{{CodePage::cp1252, 16}};  // the preferred first
    bool kanji_mode = true;      // pairs bytes from 80 up after ESC @, until FS dot
    std::uint8_t max_width = 8;  // of GS !
    std::uint8_t max_height = 8;

    // Cutting, and what follows: the presenter's "offer it" where there is one.
    Cutter cutter = Cutter::partial;
    std::vector<std::byte> cut;      // parts the paper, or feeds it to the tear bar
    std::vector<std::byte> present;  // after the cut; empty: nothing to do

    // Pictures and symbols.
    RasterCommand raster = RasterCommand::gs_v_0;
    std::uint16_t band_rows = 128;  // rows of one command; a multiple of band_multiple
    std::uint16_t band_multiple = 1;
    bool native_qr = false;          // GS ( k 49; otherwise QR codes are sent as pictures
    std::uint8_t qr_level_l = 0x30;  // what stands for level L; M, Q and H follow it
    std::uint8_t qr_store_m = 0x30;  // the m of functions 80 and 81
    std::uint8_t qr_max_module = 8;
    bool native_barcode = true;  // GS k 73: CODE128

    // Extras.
    DensityCommand density = DensityCommand::none;
    SpeedCommand speed = SpeedCommand::none;
    BuzzerCommand buzzer = BuzzerCommand::none;

    // Mechanics and memory.
    double mm_per_s = 150;                 // the fastest that it prints
    std::size_t buffer_bytes = 4096;       // receive buffer; a paper should fit with room to spare
    std::size_t reply_buffer_bytes = 128;  // what the host leaves unread; later answers are lost
    bool refuses_while_offline = false;    // takes no byte while offline ("BUSY when offline")
    bool zero_length_packets = false;      // needs one behind a transfer of full packets

    // What it says.
    Dialect dialect = Dialect::epson;
    bool answers = true;          // DLE EOT at all; otherwise nothing is ever confirmed
    bool has_asb = false;         // GS a: tells of changes unasked
    bool has_barrier = true;      // GS r: answered once all before it has been interpreted
    bool has_process_id = false;  // GS ( H: answered once all before it has been printed
    bool has_counters = false;    // GS g 2
    bool has_ids = false;         // GS I with text answers
    bool has_near_end = false;    // a near-end sensor is fitted, so "low" means something
    ClearCommand clear = ClearCommand::none;

    // After a barrier's answer the mechanics may still be printing the last lines; status is looked
    // at again this much later. Not waited for with has_process_id, whose answer comes after them.
    std::chrono::milliseconds settle{400};

    bool operator==(const Profile&) const = default;
};

Profile generic_80();  // 80 mm paper with a cutter; only what nearly every such printer can do
Profile generic_58();  // 58 mm paper without a cutter; such printers often answer nothing
Profile epson_tm();    // Epson TM-T20II, T82II, T88V, m30 and newer

}  // namespace antrean::escpos
