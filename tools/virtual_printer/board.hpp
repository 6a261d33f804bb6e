// What the parts of the printer share: the receive buffer, the answers on their way to the host,
// and the status that both real-time and queued commands report. No rules of its own beyond the
// bounds of the buffers and the bits of the status bytes. Not thread-safe.
//
// The status bits are those of Epson's DLE EOT and GS a, which nearly all clones copy, and those of
// Custom's full status and Star's automatic status (dialect_status.cpp).
#pragma once

#include "tools/virtual_printer/mechanism.hpp"
#include "tools/virtual_printer/outbox.hpp"
#include "tools/virtual_printer/profile.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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

// Automatic status: what was asked for, and what the host was last told.
struct AutomaticStatus {
    std::uint8_t enabled = 0;  // GS a's operand
    std::array<std::uint8_t, 4> told{};
    std::uint8_t full_enabled = 0;  // Custom's GS E0: which bytes
    std::array<std::uint8_t, 4> full_told{};
    bool star_enabled = false;  // Star's ESC RS a
    std::array<std::uint8_t, 9> star_told{};
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
    SteadyTime now{};  // by set_now()
    std::uint64_t power_ons = 1;
    std::uint8_t star_documents = 0;   // ETB's counter, 0 to 31
    bool star_document_ended = false;  // since the host was last told

    void set_now(SteadyTime time);
    std::uint8_t real_time_status(int n) const;  // DLE EOT 1 to 4
    std::array<std::uint8_t, 4> automatic_status() const;
    std::uint8_t paper_status() const;  // GS r 1
    void enable_automatic_status(std::uint8_t what);
    void report_changes();  // sends automatic status and offline response when due
    void reset_reports();
    bool cover_is_mechanical() const;  // was opened while printing, and is told as that error
    bool mechanical() const;           // an error of that kind

    // Custom: DLE EOT 17 and 20, and GS e 6.
    std::uint8_t motor_status() const;
    // Paper, user, recoverable, unrecoverable. `asking`: so many bytes of the buffer are the
    // question.
    std::array<std::uint8_t, 4> full_status(std::size_t asking = 0) const;
    std::uint8_t ejector_status() const;
    void enable_full_status(std::uint8_t which);
    void report_full_changes();
    // Star: nine bytes, header first. Sending them forgets that a document has ended.
    std::array<std::uint8_t, 9> star_status() const;
    void send_star_status();
    void report_star_changes();
};

}  // namespace antrean::virtual_printer
