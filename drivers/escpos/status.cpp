#include "drivers/escpos/status.hpp"

#include <chrono>
#include <cstdint>

namespace antrean::escpos {
namespace {

// A printer sends a reply of several bytes in one go; a longer pause means that its end is lost.
constexpr std::chrono::seconds longest_reply{1};
constexpr std::size_t longest_block = 100;
constexpr int most_asked = 32;  // of each kind; more is a printer that does not answer

bool has(std::byte b, unsigned mask) {
    return (static_cast<unsigned>(b) & mask) != 0;
}
bool matches(std::byte b, unsigned mask, unsigned value) {
    return (static_cast<unsigned>(b) & mask) == value;
}

// Their fixed bits equal those of XON and XOFF, so they are looked for first.
bool begins_block(std::byte b) {
    switch (static_cast<unsigned>(b)) {
        case 0x37:
        case 0x5f:
        case 0x35:
        case 0x3b:
        case 0x3d:
            return true;
        default:
            return false;
    }
}

}  // namespace

void ReplyParser::asked_status(int n) {
    if (status_asked_.size() < most_asked) status_asked_.push_back(n);
}

void ReplyParser::asked_query() {
    if (queries_asked_ < most_asked) ++queries_asked_;
}

void ReplyParser::reset() {
    inside_ = Inside::nothing;
    status_asked_.clear();
    queries_asked_ = 0;
}

void ReplyParser::feed(std::span<const std::byte> bytes, SteadyTime now, std::vector<Reply>& out) {
    if (inside_ != Inside::nothing && now - begun_at_ > longest_reply) drop_begun();
    for (const std::byte b : bytes) {
        if (inside_ == Inside::automatic) {
            if (matches(b, 0x90, 0x00)) {
                automatic_.bytes[automatic_size_++] = b;
                if (automatic_size_ == automatic_.bytes.size()) {
                    out.emplace_back(automatic_);
                    inside_ = Inside::nothing;
                }
                continue;
            }
            drop_begun();
        } else if (inside_ == Inside::block) {
            if (b == std::byte{0}) {
                out.emplace_back(block_);
                inside_ = Inside::nothing;
                continue;
            }
            if (block_.payload.size() < longest_block && b >= std::byte{0x20} &&
                b < std::byte{0x80}) {
                block_.payload += static_cast<char>(b);
                continue;
            }
            drop_begun();
        }
        begin(b, now, out);
    }
}

void ReplyParser::begin(std::byte b, SteadyTime now, std::vector<Reply>& out) {
    if (begins_block(b)) {
        inside_ = Inside::block;
        begun_at_ = now;
        block_ = BlockReply{b, {}};
    } else if (matches(b, 0x93, 0x12) && !status_asked_.empty()) {
        out.emplace_back(StatusReply{status_asked_.front(), b});
        status_asked_.pop_front();
    } else if (matches(b, 0x93, 0x10)) {
        inside_ = Inside::automatic;
        begun_at_ = now;
        automatic_.bytes[0] = b;
        automatic_size_ = 1;
    } else if (matches(b, 0x90, 0x00) && queries_asked_ > 0) {
        out.emplace_back(QueryReply{b});
        --queries_asked_;
    } else if (!matches(b, 0x93, 0x11) && !matches(b, 0x93, 0x13)) {  // XON and XOFF mean nothing
        ++dropped_;
    }
}

void ReplyParser::drop_begun() {
    dropped_ += inside_ == Inside::block ? block_.payload.size() + 1 : automatic_size_;
    inside_ = Inside::nothing;
}

void PrinterStatus::apply(const StatusReply& reply) {
    const std::byte bits = reply.bits;
    switch (reply.n) {
        case 1:
            offline = has(bits, 0x08);
            break;
        case 2:
            cover_open = has(bits, 0x04);
            stopped = has(bits, 0x20);
            error = has(bits, 0x40);
            break;
        case 3:
            recoverable = has(bits, 0x04);
            cutter_error = has(bits, 0x08);
            unrecoverable = has(bits, 0x20);
            head_hot = has(bits, 0x40);
            break;
        case 4:
            // Each sensor has two bits that go together; one alone is already a warning.
            paper_low = has(bits, 0x0c);
            paper_out = has(bits, 0x60);
            break;
        default:
            break;
    }
}

void PrinterStatus::apply(const AutoStatus& status) {
    offline = has(status.bytes[0], 0x08);
    cover_open = has(status.bytes[0], 0x20);
    recoverable = has(status.bytes[1], 0x04);
    cutter_error = has(status.bytes[1], 0x08);
    unrecoverable = has(status.bytes[1], 0x20);
    head_hot = has(status.bytes[1], 0x40);
    paper_low = has(status.bytes[2], 0x03);
    paper_out = has(status.bytes[2], 0x0c);
    stopped = false;
    error = false;
}

bool PrinterStatus::clean() const {
    return !offline && !cover_open && !paper_out && !stopped && !cutter_error && !recoverable &&
           !unrecoverable && !head_hot && !error;
}

}  // namespace antrean::escpos
