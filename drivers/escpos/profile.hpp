// What is known about one kind of receipt printer: its paper, its characters and what it answers.
//
// A profile is data: nothing here talks to a printer. The driver believes it, so a profile must
// claim only what is known of the model; a wrong "has_..." makes a paper look confirmed that is
// not.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace antrean::escpos {

// The character sets that text can be encoded to. All of them hold ASCII.
enum class CodePage : std::uint8_t { ascii, cp1252, cp858 };

struct Profile {
    std::string name;
    std::uint16_t columns = 48;  // characters of font A per line at width 1
    std::uint16_t dots = 576;    // width of the printed area
    CodePage code_page = CodePage::cp1252;
    std::uint8_t code_table = 16;     // the number of that page for ESC t; differs by vendor
    std::vector<std::byte> cut;       // parts the paper, or feeds it to the tear bar
    std::size_t buffer_bytes = 4096;  // receive buffer; a paper should fit with room to spare

    bool answers = true;            // answers DLE EOT at all; otherwise nothing is ever confirmed
    bool has_asb = false;           // GS a: tells of changes unasked
    bool has_barrier = true;        // GS r: answered once all before it has been interpreted
    bool has_process_id = false;    // GS ( H: answered once all before it has been printed
    bool has_clear_buffer = false;  // DLE DC4 8: drops what has not been printed

    // After a barrier's answer the mechanics may still be printing the last lines; status is looked
    // at again this much later. Not waited for with has_process_id, whose answer comes after them.
    std::chrono::milliseconds settle{400};
};

Profile generic_80();  // 80 mm paper with a cutter; only what nearly every such printer can do
Profile generic_58();  // 58 mm paper without a cutter; such printers often answer nothing
Profile epson_tm();    // Epson TM-T20II, T82II, T88V, m30 and newer

}  // namespace antrean::escpos
