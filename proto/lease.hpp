// The numbers of a lease, as kiosk and controller name them alike. Pure; nothing here can fail.
#pragma once

#include "proto/types.hpp"

#include <cstdint>
#include <string>

namespace antrean {

// The ticket of a lease's number: told apart from those that the controller gave, whose ids never
// come so high.
inline constexpr unsigned offline_bit = 62;
inline constexpr unsigned lease_number_bits = 8;
constexpr TicketId offline_ticket_id(LeaseId lease, std::uint32_t number) {
    return TicketId{(std::uint64_t{1} << offline_bit) | (lease.value() << lease_number_bits) |
                    number};
}
constexpr bool is_offline(TicketId id) {
    return (id.value() >> offline_bit) == 1;
}
// Whether such an id leaves room for a number and the mark.
constexpr bool can_be_lease(LeaseId id) {
    return id && (id.value() >> (offline_bit - lease_number_bits)) == 0;
}

// "A-QK07", of the lease whose label is "A-QK".
inline std::string offline_label(const std::string& label, std::uint32_t number) {
    return label + (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace antrean
