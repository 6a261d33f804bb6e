// The ESC/POS commands that speak with the printer instead of printing: resets, questions,
// recovery.
//
// They are kept apart from the Encoder because most of them are executed on arrival, ahead of what
// is queued, and must never stand inside a paper. From the Epson ESC/POS reference, those of Custom
// from the manuals of the VKP80III and the PRT 80.
#pragma once

#include <array>
#include <cstddef>

namespace antrean::escpos {

template <class... Values>
constexpr std::array<std::byte, sizeof...(Values)> byte_array(Values... values) {
    return {static_cast<std::byte>(values)...};
}

// Executed in order.
inline constexpr auto reset = byte_array(0x1b, 0x40);      // ESC @; also switches ASB off
inline constexpr auto kanji_off = byte_array(0x1c, 0x2e);  // FS .
inline constexpr auto auto_status_on = byte_array(0x1d, 0x61, 0xff);  // GS a
inline constexpr auto barrier = byte_array(0x1d, 0x72, 0x01);         // GS r: paper sensors
// GS ( H fn 48; four characters 20 to 7E follow. The answer is 37 22 and the four, as a block.
inline constexpr auto process_id = byte_array(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30);

// GS g 2: cuts since the printer was made, B2. The answer is the block 5F of up to ten digits.
inline constexpr auto ask_cuts = byte_array(0x1d, 0x67, 0x32, 0x00, 0xb2, 0x00);

// Of the Custom dialect, executed in order too. The counters answer in plain text, such as
// "785cuts".
inline constexpr auto custom_auto_status_on = byte_array(0x1d, 0xe0, 0x0f);
inline constexpr int custom_paper_left = 0xe1;  // of the roll
inline constexpr int custom_cuts = 0xe2;
inline constexpr int custom_printed = 0xe3;
inline constexpr int custom_retracted = 0xe4;
inline constexpr int custom_power_ons = 0xe5;
constexpr std::array<std::byte, 2> custom_ask_counter(int n) {
    return byte_array(0x1d, n);
}

// Executed on arrival.
constexpr std::array<std::byte, 3> ask_status(int n) {
    return byte_array(0x10, 0x04, n);
}
// DLE DC4 fn 8. The answer is the block 37 25; nothing may be sent before it.
inline constexpr auto clear_buffer =
    byte_array(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);
inline constexpr auto recover_and_clear = byte_array(0x10, 0x05, 0x02);  // DLE ENQ 2
inline constexpr auto custom_ask_status = byte_array(0x10, 0x04, 0x14);  // the full status

inline constexpr std::byte block_37{0x37};     // header of the answers to GS ( H and DLE DC4
inline constexpr std::byte block_5f{0x5f};     // header of the answers to GS g and GS I
inline constexpr char process_id_kind = 0x22;  // first payload character of each
inline constexpr char cleared_kind = 0x25;

}  // namespace antrean::escpos
