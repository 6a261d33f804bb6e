// A character display on a backpack with a PCF8574, as it behaves on the bus: the expander's port,
// the HD44780U behind it with its interface of 8 or 4 bits, its address counter and memory, and
// what then stands on the glass. Whatever the datasheet forbids is kept as a violation.
#pragma once

#include "drivers/display/hd44780.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace antrean::display {

class FakeHd44780 {
public:
    using Time = std::chrono::nanoseconds;

    explicit FakeHd44780(Glass glass, Time of_a_byte = std::chrono::microseconds{90})
        : glass_{glass}, of_a_byte_{of_a_byte} {
        switch_on();
    }

    // The chip's own reset (datasheet p. 23), and all of its memory blank.
    void switch_on() {
        memory_.fill(' ');
        four_bits_ = two_lines_ = is_lit_ = false;
        half_.reset();
        forth_ = true;
        shifts_ = false;
        address_ = 0;
        shift_ = 0;
        in_character_memory_ = false;
        starts_ = 0;
        port_ = 0xff;
        busy_until_ = now_ + std::chrono::milliseconds{40};
    }

    void wait(Time time) { now_ += time; }

    void write(std::span<const std::byte> bytes) {
        now_ += of_a_byte_;  // the address
        for (const auto byte : bytes) {
            now_ += of_a_byte_;
            set_port(std::to_integer<unsigned>(byte));
        }
    }

    // A nibble that the program before has left behind, without the other.
    void send_half(unsigned nibble) { half_ = nibble; }

    // As it looks: an empty row where nothing is lit. What is no ASCII is '#'.
    std::vector<std::string> rows() const {
        static constexpr std::array<unsigned, 4> starts{0x00, 0x40, 0x14, 0x54};
        std::vector<std::string> rows;
        for (std::size_t row = 0; row < rows_of(glass_); ++row) {
            std::string text;
            for (unsigned i = 0; is_lit_ && i < columns_of(glass_); ++i) {
                const unsigned line = starts[row] & 0x40u;
                const unsigned at = ((starts[row] & 0x3fu) + i + shift_) % 40;
                const char c = memory_[line + at];
                text += c < 0x20 || c > 0x7d || c == '\\' ? '#' : c;
            }
            rows.push_back(text);
        }
        return rows;
    }

    const std::vector<std::string>& violations() const { return violations_; }
    std::size_t characters_written() const { return characters_; }
    bool is_lit() const { return is_lit_ && has_backlight(); }

private:
    static constexpr unsigned rs = 1, rw = 2, e = 4, backlight = 8;

    bool has_backlight() const { return (port_ & backlight) != 0; }

    void set_port(unsigned byte) {
        const unsigned before = port_;
        port_ = byte;
        const bool rises = (before & e) == 0 && (byte & e) != 0;
        const bool falls = (before & e) != 0 && (byte & e) == 0;
        if (rises && ((before ^ byte) & (rs | rw)) != 0)
            violation("RS changes as E rises: less than 40 ns before");
        if (!falls) return;
        // Of the port of a chip that was just switched on, all lines were high.
        if (before == 0xff) return;
        if (((before ^ byte) & ~e) != 0) violation("a line changes as E falls");
        if ((before & rw) != 0) return violation("a read");
        if (now_ < busy_until_) violation("an instruction while it is busy");
        latch(before >> 4 & 0xfu, (before & rs) != 0);
    }

    void latch(unsigned nibble, bool is_data) {
        // Of 8 bits the lower four lines are not wired, and pulled up inside.
        if (!four_bits_) return execute(nibble << 4 | 0xfu, is_data);
        if (!half_) {
            half_ = nibble;
            return;
        }
        const unsigned value = *half_ << 4 | nibble;
        half_.reset();
        execute(value, is_data);
    }

    void execute(unsigned value, bool is_data) {
        busy(std::chrono::microseconds{37});
        if (is_data) return put(static_cast<char>(value));
        if (value & 0x80u) {
            in_character_memory_ = false;
            address_ = value & 0x7fu;
        } else if (value & 0x40u) {
            in_character_memory_ = true;
        } else if (value & 0x20u) {
            set_function(value);
        } else if (value & 0x10u) {
            if (value & 0x08u)
                shift_ = (shift_ + (value & 0x04u ? 39u : 1u)) % 40;
            else
                step((value & 0x04u) != 0);
        } else if (value & 0x08u) {
            is_lit_ = (value & 0x04u) != 0;
            if ((value & 0x03u) != 0) violation("a cursor is shown");
        } else if (value & 0x04u) {
            forth_ = (value & 0x02u) != 0;
            shifts_ = (value & 0x01u) != 0;
        } else {
            busy(std::chrono::microseconds{1520});
            in_character_memory_ = false;
            address_ = 0;
            shift_ = 0;
            if (value & 0x02u) return;
            memory_.fill(' ');
            forth_ = true;
        }
    }

    void set_function(unsigned value) {
        const bool to_eight = (value & 0x10u) != 0;
        if (to_eight && starts_ < 2) {
            busy(starts_ == 0 ? std::chrono::microseconds{4100} : std::chrono::microseconds{100});
        }
        ++starts_;
        four_bits_ = !to_eight;
        two_lines_ = (value & 0x08u) != 0;
        half_.reset();
    }

    void put(char character) {
        busy(std::chrono::microseconds{41});
        if (in_character_memory_) return violation("a character is drawn");
        if (!two_lines_) violation("a character before two lines are set");
        ++characters_;
        if ((address_ & 0x3fu) > 0x27) violation("an address that is not there");
        memory_[address_ & 0x7fu] = character;
        step(forth_);
        if (shifts_) violation("the display shifts");
    }

    void step(bool forth) {
        if (forth) {
            address_ = address_ == 0x27 ? 0x40 : address_ == 0x67 ? 0x00 : address_ + 1;
        } else {
            address_ = address_ == 0x40 ? 0x27 : address_ == 0x00 ? 0x67 : address_ - 1;
        }
    }

    void busy(Time time) { busy_until_ = std::max(busy_until_, now_ + time); }
    void violation(const char* what) {
        if (violations_.size() < 100) violations_.emplace_back(what);
    }

    Glass glass_;
    Time of_a_byte_;
    Time now_{std::chrono::hours{1}};
    Time busy_until_{};
    unsigned port_ = 0xff;  // a PCF8574 after power: all high
    bool four_bits_ = false, two_lines_ = false, is_lit_ = false;
    bool forth_ = true, shifts_ = false, in_character_memory_ = false;
    std::optional<unsigned> half_;
    unsigned address_ = 0, shift_ = 0;
    int starts_ = 0;
    std::array<char, 0x80> memory_{};
    std::size_t characters_ = 0;
    std::vector<std::string> violations_;
};

}  // namespace antrean::display
