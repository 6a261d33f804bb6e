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

bool Outbox::send(std::span<const std::uint8_t> answer) {
    if (muted_) return false;
    if (!fits(answer.size())) {
        ++lost_;
        return false;
    }
    for (const std::uint8_t byte : answer)
        bytes_.push_back(std::byte{byte});
    return true;
}

bool Outbox::send(std::initializer_list<std::uint8_t> answer) {
    return send(std::span{answer.begin(), answer.size()});
}

bool Outbox::send_block(std::string_view text) {
    std::vector<std::uint8_t> block{0x5f};
    block.insert(block.end(), text.begin(), text.end());
    block.push_back(0);
    return send(block);
}

std::vector<std::byte> Outbox::take() {
    return std::exchange(bytes_, {});
}

std::uint8_t Board::real_time_status(int n) const {
    const Mechanism& m = mechanism;
    const std::uint8_t fixed = 0x12;
    switch (n) {
        case 1:
            return fixed | bit(3, m.stopped());
        case 2: {
            const bool no_paper = m.paper_end() || (m.near_end() && m.near_end_stops());
            const bool error = m.cutter_error() || m.broken() || m.recovering();
            return fixed | bit(2, m.cover_open()) | bit(5, no_paper) | bit(6, error);
        }
        case 3:
            return fixed | bit(3, m.cutter_error()) | bit(5, m.broken()) | bit(6, m.recovering());
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
    const auto second = static_cast<std::uint8_t>(bit(3, m.cutter_error()) | bit(5, m.broken()) |
                                                  bit(6, m.recovering()));
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

    if (automatic.enabled == 0) return;
    // Each bit of GS a watches some of the status bits; only a change of those is told.
    const std::uint8_t on = automatic.enabled;
    const std::array<std::uint8_t, 4> watched{
        static_cast<std::uint8_t>(on & 0x02 ? 0x28 : 0),
        static_cast<std::uint8_t>(on & 0x04 ? 0x6c : 0),
        static_cast<std::uint8_t>(on & 0x08 ? 0x0f : 0),
        0,
    };
    const auto now = automatic_status();
    bool changed = false;
    for (std::size_t i = 0; i < now.size(); ++i) {
        changed = changed || ((now[i] ^ automatic.told[i]) & watched[i]) != 0;
    }
    if (!changed) return;
    automatic.told = now;
    outbox.send(now);
}

void Board::reset_reports() {
    automatic = {};
    offline_response = 0;
    process_id.reset();
}

}  // namespace antrean::virtual_printer
