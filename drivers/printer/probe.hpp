// Finds out what an unknown printer is and what it answers, without a mark on its paper.
//
// It asks one question after the other and gives each a while to be answered. A printer that is not
// ready (no paper, cover open) is silent for that reason, so it is asked no more than its status:
// what it can do stays "not asked". Pure: it has no socket or clock; each method takes an event and
// `now`, and appends to `out` what is to be written. Not thread-safe. Nothing fails.
#pragma once

#include "drivers/escpos/profile_identity.hpp"
#include "drivers/escpos/status.hpp"
#include "proto/types.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace antrean::printer {

class Probe {
public:
    // Thorough: also asks what a printer that does not know the question prints as a scrap of text
    // (GS ( H, GS g, DLE DC4). For a technician who stands beside it, never for a kiosk by itself.
    enum class Depth : bool { safe, thorough };
    using Bytes = std::vector<std::byte>;

    // KNOWN: what the transport has learnt already, such as ids of USB.
    explicit Probe(escpos::Identity known, Depth depth = Depth::safe);

    void opened(SteadyTime now, Bytes& out);
    void received(std::span<const std::byte> bytes, SteadyTime now, Bytes& out);
    void tick(SteadyTime now, Bytes& out);
    // When tick() is wanted; none before opened() and when it is done.
    std::optional<SteadyTime> deadline() const { return until_; }

    bool done() const { return question_ == last_question; }
    // Whole when done().
    const escpos::Identity& identity() const { return identity_; }
    const escpos::PrinterStatus& status() const { return status_; }
    const std::string& serial() const { return serial_; }  // by GS I 68
    // A line for each question that was asked: "GS r: answered".
    const std::vector<std::string>& findings() const { return findings_; }

private:
    enum Question {
        not_begun,
        listening,  // to what an earlier program may have asked
        asking_status,
        asking_asb,
        asking_barrier,
        asking_maker,
        asking_model,
        asking_serial,
        asking_process_id,
        asking_counters,
        asking_clear,
        last_question
    };

    void go_on(SteadyTime now, Bytes& out);
    bool applies(Question question) const;
    void ask(SteadyTime now, Bytes& out);
    void answer(const escpos::Reply& reply, SteadyTime now, Bytes& out);
    void settle(escpos::Heard heard, SteadyTime now, Bytes& out);

    escpos::Identity identity_;
    const Depth depth_;
    escpos::ReplyParser parser_;
    escpos::PrinterStatus status_;
    std::string serial_;
    std::vector<std::string> findings_;
    int question_ = not_begun;
    int status_answers_ = 0;
    std::optional<SteadyTime> until_;
    SteadyTime listen_until_{};
};

}  // namespace antrean::printer
