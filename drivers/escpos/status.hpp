// What ESC/POS printers say: the bytes they send told apart, and their status put into words.
//
// The bytes of a printer have no framing: answers to DLE EOT, unasked status (ASB), answers to GS r
// and GS I, counters and blocks share one stream and are recognised by fixed bits, by what has been
// asked, and by the dialect. Pure and not thread-safe. Nothing fails: what cannot be understood is
// dropped and counted. Bits are those of the Epson ESC/POS reference (DLE EOT, GS a, GS r, GS I,
// "receiving status"), the Custom VKP80III manual (full status, counters) and the Star Line Mode
// specification (ASB).
#pragma once

#include "drivers/escpos/profile.hpp"
#include "proto/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace antrean::escpos {

struct StatusReply {  // to DLE EOT n
    int n = 0;        // 1 to 4
    std::byte bits{};
    friend bool operator==(const StatusReply&, const StatusReply&) = default;
};
struct AutoStatus {  // ASB, unasked
    std::array<std::byte, 4> bytes{};
    friend bool operator==(const AutoStatus&, const AutoStatus&) = default;
};
struct QueryReply {  // to GS r
    std::byte bits{};
    friend bool operator==(const QueryReply&, const QueryReply&) = default;
};
struct IdReply {  // to GS I n of one byte
    int n = 0;
    std::byte id{};  // any value; Citizen's equal headers of blocks
    friend bool operator==(const IdReply&, const IdReply&) = default;
};
struct BlockReply {  // header ... 00, without both
    std::byte header{};
    std::string payload;
    friend bool operator==(const BlockReply&, const BlockReply&) = default;
};
// Of the Custom dialect, asked or not: which of the four bytes were sent is told by `parts`, bit 0
// paper, 1 user, 2 recoverable, 3 unrecoverable. Those not sent are 0.
struct FullStatus {
    std::uint8_t parts = 0;
    std::array<std::byte, 4> bytes{};
    bool complete() const { return parts == 0x0f; }
    friend bool operator==(const FullStatus&, const FullStatus&) = default;
};
struct CounterReply {  // of the Custom dialect, to GS n, E1 to E5
    int n = 0;
    std::uint64_t count = 0;
    friend bool operator==(const CounterReply&, const CounterReply&) = default;
};
struct StarStatus {  // ASB of the Star dialect, its header included
    std::array<std::byte, 15> bytes{};
    std::size_t size = 0;   // 7 to 15
    int etb_count() const;  // 0 to 31: how many ETB were executed; -1 if not told
    friend bool operator==(const StarStatus&, const StarStatus&) = default;
};
using Reply = std::variant<StatusReply, AutoStatus, QueryReply, IdReply, BlockReply, FullStatus,
                           CounterReply, StarStatus>;

class ReplyParser {
public:
    explicit ReplyParser(Dialect dialect = Dialect::epson) : dialect_{dialect} {}

    // Tell it what has been asked: some answers have their meaning only from the question. More
    // than 32 open questions of a kind are not remembered.
    void asked_status(int n);   // DLE EOT 1 to 4
    void asked_query();         // GS r
    void asked_id(int n);       // GS I 1 to 3; the text answers are blocks and need no word
    void asked_counter(int n);  // of the Custom dialect, E1 to E5
    void forget_status() { status_asked_.clear(); }
    void forget_queries() { queue_asked_.clear(); }  // and ids, and counters
    void reset();  // a new link: nothing has been asked, nothing has been begun
    // Of those that are answered in order: GS r, GS I, counters.
    std::size_t queries_outstanding() const { return queue_asked_.size(); }

    // Appends to `out` what is complete. A reply whose rest does not come within a second is
    // dropped by the next call. At most a hundred bytes are held back.
    void feed(std::span<const std::byte> bytes, SteadyTime now, std::vector<Reply>& out);

    // Bytes that made no sense, for diagnostics.
    std::uint64_t dropped() const { return dropped_; }

private:
    enum class Inside : std::uint8_t { nothing, automatic, block, full, counter, star };
    enum class Kind : std::uint8_t { query, id, counter };
    struct Asked {
        Kind kind{};
        int n = 0;
    };

    void begin(std::byte b, SteadyTime now, std::vector<Reply>& out);
    bool go_on(std::byte b, std::vector<Reply>& out);
    bool go_on_full(std::byte b, std::vector<Reply>& out);
    bool go_on_counter(std::byte b, std::vector<Reply>& out);
    void end_counter(std::vector<Reply>& out);
    void enter(Inside inside, SteadyTime now);
    void drop_begun();
    bool awaits(Kind kind) const {
        return !queue_asked_.empty() && queue_asked_.front().kind == kind;
    }

    const Dialect dialect_;
    Inside inside_ = Inside::nothing;
    SteadyTime begun_at_{};
    std::size_t held_ = 0;  // bytes of the reply that has begun
    AutoStatus automatic_;
    BlockReply block_;
    FullStatus full_;
    int full_part_ = 0;
    CounterReply counter_;
    std::size_t unit_size_ = 0;  // letters of its unit that have come
    StarStatus star_;
    std::size_t star_size_ = 0;  // as its header says
    bool counter_ended_ = false;
    std::deque<int> status_asked_;
    std::deque<Asked> queue_asked_;
    std::uint64_t dropped_ = 0;
};

// The printer's condition. False means "not reported", also before anything has been reported.
struct PrinterStatus {
    bool offline = false;
    bool cover_open = false;
    bool paper_out = false;  // meaningful only with the cover closed
    bool paper_low = false;
    bool cutter_error = false;
    bool recoverable = false;  // mechanical; DLE ENQ recovers it once the cause is removed
    bool unrecoverable = false;
    bool head_hot = false;   // or another cause that goes away by itself
    bool stopped = false;    // waits for paper, though some may have been loaded by now
    bool error = false;      // some error, not said which
    bool paper_jam = false;  // in the paper's way or in the presenter
    // No troubles; only some dialects tell them.
    bool moving = false;     // a motor runs
    bool in_output = false;  // a ticket is held out to its person

    void apply(const StatusReply& reply);
    void apply(const AutoStatus& status);
    void apply(const FullStatus& status);
    void apply(const StarStatus& status);

    // What of it can be believed. With the cover open the paper sensors freeze or lie (Epson T81,
    // T88III, Citizen), so paper is not judged then; without a near-end sensor its bits mean
    // nothing (fixed on CT-S310II and others).
    PrinterStatus judged(bool has_near_end) const;
    // Able to print, as far as it says. Low paper does not matter.
    bool clean() const;
    friend bool operator==(const PrinterStatus&, const PrinterStatus&) = default;
};

}  // namespace antrean::escpos
