// What ESC/POS printers say: the bytes they send told apart, and their status put into words.
//
// The bytes of a printer have no framing: answers to DLE EOT, unasked status (ASB), answers to GS r
// and blocks share one stream and are recognised by fixed bits. Pure and not thread-safe. Nothing
// fails: what cannot be understood is dropped and counted. Bits are those of the Epson ESC/POS
// reference (DLE EOT, GS a, GS r, "receiving status").
#pragma once

#include "proto/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
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
struct BlockReply {  // header ... 00
    std::byte header{};
    std::string payload;
    friend bool operator==(const BlockReply&, const BlockReply&) = default;
};
using Reply = std::variant<StatusReply, AutoStatus, QueryReply, BlockReply>;

class ReplyParser {
public:
    // Tell it what has been asked: a one-byte answer has its meaning only from the question.
    void asked_status(int n);
    void asked_query();
    void forget_status() { status_asked_.clear(); }
    void forget_queries() { queries_asked_ = 0; }
    void reset();  // a new link: nothing has been asked, nothing has been begun
    int queries_outstanding() const { return queries_asked_; }

    void feed(std::span<const std::byte> bytes, SteadyTime now, std::vector<Reply>& out);

    // Bytes that made no sense, for diagnostics.
    std::uint64_t dropped() const { return dropped_; }

private:
    void begin(std::byte b, SteadyTime now, std::vector<Reply>& out);
    void drop_begun();

    enum class Inside : std::uint8_t { nothing, automatic, block };
    Inside inside_ = Inside::nothing;
    SteadyTime begun_at_{};
    AutoStatus automatic_;
    std::size_t automatic_size_ = 0;
    BlockReply block_;
    std::deque<int> status_asked_;
    int queries_asked_ = 0;
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
    bool head_hot = false;  // or another cause that goes away by itself
    bool stopped = false;   // waits for paper, though some may have been loaded by now
    bool error = false;     // some error, not said which

    void apply(const StatusReply& reply);
    void apply(const AutoStatus& status);
    // Able to print, as far as it says. Low paper does not matter.
    bool clean() const;
    friend bool operator==(const PrinterStatus&, const PrinterStatus&) = default;
};

}  // namespace antrean::escpos
