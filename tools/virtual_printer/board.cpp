#include "tools/virtual_printer/board.hpp"

#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t bit(int n, bool set) {
    return static_cast<std::uint8_t>(set ? 1u << n : 0u);
}

}  // namespace

bool ReceiveBuffer::push(std::uint8_t byte) {
    if (space() == 0) return false;
    bytes_[(head_ + size_) % bytes_.size()] = byte;
    ++size_;
    return true;
}

void ReceiveBuffer::pop(std::size_t count) {
    head_ = (head_ + count) % bytes_.size();
    size_ -= count;
}

void Board::set_now(SteadyTime time) {
    now = time;
    outbox.set_now(time);
}

bool Board::cover_is_mechanical() const {
    return profile.open_cover_is_mechanical && mechanism.opened_while_printing();
}

bool Board::mechanical() const {
    return mechanism.presenter().jammed() || cover_is_mechanical();
}

std::uint8_t Board::real_time_status(int n) const {
    const Mechanism& m = mechanism;
    const std::uint8_t fixed = 0x12;
    switch (n) {
        case 1:
            return fixed | bit(3, m.stopped());
        case 2: {
            const bool no_paper = m.paper_end() || (m.near_end() && m.near_end_stops());
            const bool error = m.cutter_error() || m.broken() || m.recovering() || mechanical();
            return fixed | bit(2, m.cover_open()) | bit(5, no_paper) | bit(6, error);
        }
        case 3:
            return fixed | bit(2, mechanical()) | bit(3, m.cutter_error()) | bit(5, m.broken()) |
                   bit(6, m.recovering() && !cover_is_mechanical());
        default:
            return fixed | bit(2, m.near_end()) | bit(3, m.near_end()) | bit(5, m.paper_end()) |
                   bit(6, m.paper_end());
    }
}

std::uint8_t Board::paper_status() const {
    const bool near = mechanism.near_end();
    const bool end = mechanism.paper_end();
    return bit(0, near) | bit(1, near) | bit(2, end) | bit(3, end);
}

std::array<std::uint8_t, 4> Board::automatic_status() const {
    const Mechanism& m = mechanism;
    const auto first =
        static_cast<std::uint8_t>(0x10 | bit(3, m.stopped()) | bit(5, m.cover_open()));
    const auto second = static_cast<std::uint8_t>(bit(2, mechanical()) | bit(3, m.cutter_error()) |
                                                  bit(5, m.broken()) |
                                                  bit(6, m.recovering() && !cover_is_mechanical()));
    return {first, second, paper_status(), 0};
}

void Board::enable_automatic_status(std::uint8_t what) {
    automatic.enabled = what;
    if (what == 0) return;
    automatic.told = automatic_status();
    outbox.send(automatic.told);
}

void Board::report_changes() {
    const bool offline = mechanism.stopped();
    if (offline && !std::exchange(told_offline, true) && offline_response != 0) {
        outbox.send({0x37, 0x23, 0x00});
    }
    if (!offline) told_offline = false;
    report_full_changes();
    report_star_changes();

    if (automatic.enabled == 0) return;
    // Each bit of GS a watches some of the status bits; only a change of those is told.
    const std::uint8_t on = automatic.enabled;
    const std::array<std::uint8_t, 4> watched{
        static_cast<std::uint8_t>(on & 0x02 ? 0x28 : 0),
        static_cast<std::uint8_t>(on & 0x04 ? 0x6c : 0),
        static_cast<std::uint8_t>(on & 0x08 ? 0x0f : 0),
        0,
    };
    const auto status = automatic_status();
    bool changed = false;
    for (std::size_t i = 0; i < status.size(); ++i) {
        changed = changed || ((status[i] ^ automatic.told[i]) & watched[i]) != 0;
    }
    if (!changed) return;
    automatic.told = status;
    outbox.send(status);
}

void Board::reset_reports() {
    automatic = {};
    offline_response = 0;
    process_id.reset();
}

}  // namespace antrean::virtual_printer
