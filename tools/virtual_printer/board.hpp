// What the parts of the printer share: the receive buffer, the answers on their way to the host,
// and the status that both real-time and queued commands report. No rules of its own beyond the
// bounds of the buffers and the bits of the status bytes. Not thread-safe.
//
// The status bits are those of Epson's DLE EOT and GS a, which nearly all clones copy.
#pragma once

#include "tools/virtual_printer/mechanism.hpp"
#include "tools/virtual_printer/profile.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace antrean::virtual_printer {

// A ring of bytes. push() takes nothing more when full.
class ReceiveBuffer {
public:
    explicit ReceiveBuffer(std::size_t capacity) : bytes_(capacity) {}
    std::size_t size() const { return size_; }
    std::size_t space() const { return bytes_.size() - size_; }
    bool empty() const { return size_ == 0; }
    std::uint8_t operator[](std::size_t index) const {
        return bytes_[(head_ + index) % bytes_.size()];
    }
    bool push(std::uint8_t byte);
    void pop(std::size_t count);  // precondition: count <= size()
    void clear() { size_ = 0; }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

// Answers that the host has not read yet. One that does not fit is lost whole.
class Outbox {
public:
    explicit Outbox(std::size_t capacity) : capacity_{capacity} {}
    bool send(std::span<const std::uint8_t> answer);
    bool send(std::initializer_list<std::uint8_t> answer);
    bool send_block(std::string_view text);  // 5F text 00
    bool fits(std::size_t count) const { return bytes_.size() + count <= capacity_; }
    void mute(bool muted) { muted_ = muted; }
    bool muted() const { return muted_; }
    void clear() { bytes_.clear(); }
    std::size_t lost() const { return lost_; }
    std::vector<std::byte> take();

private:
    std::size_t capacity_;
    std::vector<std::byte> bytes_;
    bool muted_ = false;
    std::size_t lost_ = 0;
};

// Automatic status: what GS a asked for, and what the host was last told.
struct AutomaticStatus {
    std::uint8_t enabled = 0;  // GS a's operand
    std::array<std::uint8_t, 4> told{};
};

struct Board {
    explicit Board(const Profile& p)
        : profile{p}, buffer{p.receive_buffer}, outbox{p.reply_buffer}, mechanism{profile} {}
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    const Profile profile;
    ReceiveBuffer buffer;
    Outbox outbox;
    Mechanism mechanism;
    AutomaticStatus automatic;
    std::optional<std::array<std::uint8_t, 4>> process_id;  // waits for the head to finish
    std::uint8_t offline_response = 0;  // GS ( H fn 49: 0 off, 1 on, 2 with cause
    bool told_offline = false;

    std::uint8_t real_time_status(int n) const;  // DLE EOT 1 to 4
    std::array<std::uint8_t, 4> automatic_status() const;
    std::uint8_t paper_status() const;  // GS r 1
    void enable_automatic_status(std::uint8_t what);
    void report_changes();  // sends automatic status and offline response when due
    void reset_reports();
};

}  // namespace antrean::virtual_printer
