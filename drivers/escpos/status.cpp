// What the bits of a status mean.
#include "drivers/escpos/status.hpp"

namespace antrean::escpos {
namespace {

bool has(std::byte b, unsigned mask) {
    return (static_cast<unsigned>(b) & mask) != 0;
}

}  // namespace

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

// An unknown command and a serial error are told as well; both are past when they are told.
void PrinterStatus::apply(const FullStatus& status) {
    const auto [paper, user, recoverable_part, unrecoverable_part] = status.bytes;
    if (status.parts & 0x01) {
        paper_out = has(paper, 0x01);
        paper_low = has(paper, 0x44);  // the sensor, or the length that is left of the roll
        in_output = has(paper, 0x20);
    }
    if (status.parts & 0x02) {
        cover_open = has(user, 0x03);  // or the head up
        moving = has(user, 0x08);
    }
    if (status.parts & 0x04) {
        head_hot = has(recoverable_part, 0x01);
        paper_jam = has(recoverable_part, 0x40);
        recoverable = has(recoverable_part, 0x88);  // supply voltage, mark not found
    }
    if (status.parts & 0x08) {
        cutter_error = has(unrecoverable_part, 0x03);  // or the cutter's cover open
        unrecoverable = has(unrecoverable_part, 0x8c);
    }
    // It has no words for these; they are from another report, and past.
    if (status.complete()) offline = stopped = error = false;
}

void PrinterStatus::apply(const StarStatus& status) {
    offline = has(status.bytes[2], 0x08);
    cover_open = has(status.bytes[2], 0x20) || has(status.bytes[4], 0x02);  // or the head up
    recoverable = has(status.bytes[3], 0x04);
    cutter_error = has(status.bytes[3], 0x08);
    unrecoverable = has(status.bytes[3], 0x20);
    head_hot = has(status.bytes[3], 0x40);
    paper_jam = has(status.bytes[4], 0x04);
    paper_low = has(status.bytes[5], 0x04);
    paper_out = has(status.bytes[5], 0x08);
    in_output = status.size >= 9 && has(status.bytes[8], 0x0e);
    stopped = false;
    error = false;
}

PrinterStatus PrinterStatus::judged(bool has_near_end) const {
    PrinterStatus result = *this;
    if (cover_open) result.paper_out = result.paper_low = result.stopped = false;
    if (!has_near_end) result.paper_low = false;
    return result;
}

bool PrinterStatus::clean() const {
    return !offline && !cover_open && !paper_out && !stopped && !cutter_error && !recoverable &&
           !unrecoverable && !head_hot && !error && !paper_jam;
}

int StarStatus::etb_count() const {
    if (size < 8) return -1;
    const auto b = static_cast<unsigned>(bytes[7]);
    return static_cast<int>((b >> 1 & 7) | (b >> 5 & 3) << 3);
}

}  // namespace antrean::escpos
