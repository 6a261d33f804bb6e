// The status reports that two makers have beside, or instead of, Epson's: the full status of Custom
// (VKP80II, VKP80III, KPM216 manuals) and the automatic status of Star (line mode specifications).
#include "tools/virtual_printer/board.hpp"

#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t bit(int n, bool set) {
    return static_cast<std::uint8_t>(set ? 1u << n : 0u);
}

}  // namespace

std::uint8_t Board::motor_status() const {
    const bool moves = !mechanism.idle(now) && !mechanism.stopped();
    return static_cast<std::uint8_t>(0x12 | bit(2, moves) | bit(5, mechanism.paper_end()));
}

std::array<std::uint8_t, 4> Board::full_status(std::size_t asking) const {
    const Mechanism& m = mechanism;
    const Presenter& presenter = m.presenter();
    const bool moves = (!m.idle(now) && !m.stopped()) || presenter.moving();
    const auto paper = static_cast<std::uint8_t>(bit(0, m.paper_end()) | bit(2, m.near_end()) |
                                                 bit(5, presenter.in_mouth()));
    // An open cover lifts the head as well.
    const auto user = static_cast<std::uint8_t>(bit(0, m.cover_open()) | bit(1, m.cover_open()) |
                                                bit(2, buffer.size() > asking) | bit(3, moves));
    const auto recoverable =
        static_cast<std::uint8_t>(bit(0, m.overheated()) | bit(6, presenter.jammed()));
    const auto unrecoverable =
        static_cast<std::uint8_t>(bit(0, m.cutter_error()) | bit(2, m.broken()));
    return {paper, user, recoverable, unrecoverable};
}

std::uint8_t Board::ejector_status() const {
    const Presenter& presenter = mechanism.presenter();
    const bool error = mechanism.stopped();
    return static_cast<std::uint8_t>(
        bit(0, mechanism.near_end()) | bit(2, presenter.inside() || presenter.in_mouth()) |
        bit(3, presenter.in_mouth()) | bit(4, !mechanism.idle(now) && !error) |
        bit(5, presenter.moving()) | bit(6, error) | bit(7, presenter.jammed()));
}

void Board::enable_full_status(std::uint8_t which) {
    automatic.full_enabled = which & 0x0f;
    automatic.full_told = full_status();
}

// That the motor runs and bytes wait changes with every line, and is no news.

void Board::report_full_changes() {
    if (automatic.full_enabled == 0) return;
    const auto status = full_status();
    bool changed = false;
    std::vector<std::uint8_t> answer{0x10, automatic.full_enabled};
    for (std::size_t i = 0; i < status.size(); ++i) {
        if ((automatic.full_enabled >> i & 1) == 0) continue;
        const auto watched = static_cast<std::uint8_t>(i == 1 ? 0xf3 : 0xff);
        changed = changed || ((status[i] ^ automatic.full_told[i]) & watched) != 0;
        answer.push_back(status[i]);
    }
    if (!changed) return;
    automatic.full_told = status;
    outbox.send(answer);
}

std::array<std::uint8_t, 9> Board::star_status() const {
    const Mechanism& m = mechanism;
    const std::uint8_t n = star_documents;
    // Five bits of the counter around those that tell a status byte from a header.
    const auto counter = static_cast<std::uint8_t>(bit(1, n & 1) | bit(2, n & 2) | bit(3, n & 4) |
                                                   bit(5, n & 8) | bit(6, n & 16));
    return {
        0x23,  // nine bytes follow in all
        0x00,
        static_cast<std::uint8_t>(bit(1, star_document_ended) | bit(3, m.stopped()) |
                                  bit(5, m.cover_open())),
        static_cast<std::uint8_t>(bit(2, mechanical()) | bit(3, m.cutter_error()) |
                                  bit(5, m.broken()) | bit(6, m.overheated())),
        static_cast<std::uint8_t>(bit(1, m.cover_open()) | bit(2, m.presenter().jammed())),
        static_cast<std::uint8_t>(bit(2, m.near_end()) | bit(3, m.paper_end())),
        0x00,
        counter,
        0x00,
    };
}

void Board::send_star_status() {
    const auto status = star_status();
    outbox.send(status);
    star_document_ended = false;
    automatic.star_told = star_status();
}

void Board::report_star_changes() {
    if (automatic.star_enabled && star_status() != automatic.star_told) send_star_status();
}

}  // namespace antrean::virtual_printer
