// Who is called next: a choice among the first of each class, by the policy of a counter. Pure.
#pragma once

#include "proto/types.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace antrean::engine {

struct Policy {
    enum class Kind {
        arrival,     // who waits longest, of whatever class
        strict,      // priority before appointment before regular
        interleave,  // AHEAD of priority and appointment, then REGULAR of regular, and so on
    };
    Kind kind = Kind::arrival;
    std::uint32_t ahead = 2;
    std::uint32_t regular = 1;
    // So often may the first regular ticket be passed over; then it is called. It counts calls and
    // reads no clock.
    std::uint32_t most_passes = 10;
    bool operator==(const Policy&) const = default;
};

// Where a counter stands in its cycle of AHEAD + REGULAR calls.
struct Turn {
    std::uint32_t at = 0;
    bool operator==(const Turn&) const = default;
};

// The first ticket of a class among the series that a counter serves.
struct First {
    std::int64_t order = 0;  // who has the lowest came first
    TicketId ticket;
    std::uint32_t passes = 0;  // how often it was passed over

    // Two may share a place, where none is left between those before and behind them.
    bool came_before(const First& other) const {
        return order < other.order || (order == other.order && ticket < other.ticket);
    }
};
using Firsts = std::array<std::optional<First>, class_count>;  // by class

// Why a ticket was called before one that came earlier.
enum class Why {
    in_order,  // none came earlier
    priority,  // its class goes first
    appointment,
    turn,     // in the cycle it was the turn of the regular
    guard,    // it had been passed over as often as may be
    only,     // the clerk asked for its class
    named,    // the clerk asked for its number
    resumed,  // it was held
};

struct Choice {
    TicketId ticket;
    TicketClass ticket_class{};
    Why why = Why::in_order;
    TicketId passed;  // the first regular ticket, where it came earlier; else none
    Turn turn;        // from now on
};
// None if nobody waits. ONLY: of that class alone.
std::optional<Choice> choose(const Policy& policy, const Firsts& firsts, Turn turn,
                             std::optional<TicketClass> only);

}  // namespace antrean::engine
