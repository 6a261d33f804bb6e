// The bytes that put text on a character display with a Hitachi HD44780U, in its 4-bit mode behind
// a PCF8574 I2C expander. Pure: it says what to write and how long to wait behind it; the caller
// writes.
//
// The expander's port of the common backpack: P0 RS, P1 R/W (always low: nothing is read), P2 E, P3
// backlight, P4 to P7 the data lines D4 to D7. One byte over I2C sets the port, at 100 kHz 90 us
// after the one before (nine clocks), which is the most that a PCF8574 takes.
//
// Times are of the datasheet, Hitachi ADE-207-272(Z) rev 0.0: 40 ms after power (fig. 24), then 4.1
// ms and 100 us between the first of the start; 37 us for an instruction and 41 us for a character
// (tables 6 and p. 24), 1.52 ms to clear or to go home. These are at 270 kHz; the chip's own
// oscillator may be a third slower, so the pauses here are half as long again or more. 37 us need
// no pause: what follows takes two bytes at least to be latched, 180 us, and 45 us at 400 kHz. RS
// must be there 40 ns before E rises (t_AS), so it changes in a byte of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace antrean::display {

enum class Glass : std::uint8_t { columns_16_rows_2, columns_20_rows_4 };
constexpr std::size_t columns_of(Glass glass) {
    return glass == Glass::columns_16_rows_2 ? 16 : 20;
}
constexpr std::size_t rows_of(Glass glass) {
    return glass == Glass::columns_16_rows_2 ? 2 : 4;
}

// One write to the expander, then nothing for the pause.
struct Transfer {
    std::vector<std::byte> bytes;
    std::chrono::microseconds pause{0};
};
// 3 ms on a bus of 100 kHz: what the caller stands still for. And what adapters with small buffers
// take.
inline constexpr std::size_t max_transfer_bytes = 32;

class Hd44780 {
public:
    explicit Hd44780(Glass glass);

    // What is to stand there: rows from the top; what is missing is blank.
    void show(const std::vector<std::string>& rows);

    // What to write now; none once all stands there. Only characters that change are written.
    // Whoever asks has written what came before.
    std::optional<Transfer> next();

    // It may have lost its power, or be another: all is to be done anew, from the wait after power.
    void lost();
    // It may have missed something: its mode is set and every character written. What a display
    // needs that was plugged in again unnoticed. On one that is well nothing is seen of it: for
    // less than a millisecond it takes itself for one of a single line, which the glass is too slow
    // to show.
    void refresh();

private:
    struct Start;
    using Cells = std::vector<char>;  // by rows

    std::uint8_t address_of(std::size_t cell) const;
    void add_nibble(std::vector<std::byte>& bytes, unsigned nibble, bool is_data);
    void add_byte(std::vector<std::byte>& bytes, unsigned value, bool is_data);
    Transfer start_step();
    std::optional<Transfer> changed_cells();

    Glass glass_;
    Cells wanted_;
    std::vector<std::optional<char>> shown_;  // none: not known
    const std::vector<Start>* start_ = nullptr;
    std::size_t started_ = 0;             // of start_
    std::optional<std::uint8_t> cursor_;  // the chip's address counter, where it is known
    std::optional<bool> rs_;              // the line RS as it stands
};

}  // namespace antrean::display
