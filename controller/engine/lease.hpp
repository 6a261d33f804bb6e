// A lease: numbers of a series that a kiosk may give by itself while it has no controller. Their
// labels bear a tag, as "A-QK07" does, so that they can be no other kiosk's and none of the series
// itself.
//
// Pure; plain values.
#pragma once

#include "proto/lease.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace antrean::engine {

inline constexpr std::uint32_t lease_size = 200;  // numbers, from 1
// Service days for which nobody gets the tag of a lease that ended: of one whose kiosk told how
// many numbers it gave, and of one whose kiosk was lost with that.
inline constexpr std::uint32_t retired_days = 7;
inline constexpr std::uint32_t lost_days = 30;

struct LeaseTerms {
    LeaseId id;
    DeviceId kiosk;
    // Of the kiosk's store: who has another one does not know which numbers were given.
    std::uint64_t incarnation = 0;
    SeriesId series;
    std::string label;  // that its numbers are put behind: "A-QK"
    bool operator==(const LeaseTerms&) const = default;
};

enum class LeaseEnd {
    retired,  // the kiosk told how many numbers it gave
    lost,     // it will never tell
};

struct Lease {
    using Numbers = std::bitset<lease_size + 1>;

    LeaseTerms terms;
    Numbers given{};  // that are known
    std::optional<LeaseEnd> end{};
    std::uint32_t days = 0;  // service days that were opened since it ended
    std::uint32_t told = 0;  // how many its kiosk says that it gave; 0 until it ends
    bool worn = false;       // a number was given on an earlier day: the kiosk gets another lease
    bool operator==(const Lease&) const = default;
};

static_assert(lease_size < (1U << lease_number_bits));

// The two letters before the numbers of a lease; there are so many of them.
inline constexpr std::uint32_t tag_count = 24 * 24;
std::string make_tag(std::uint32_t index);
// Whether TEXT may stand before the numbers of a series.
bool is_prefix(std::string_view text);
// Whether LABEL is such a prefix, '-' and a tag.
bool is_lease_label(std::string_view label);

// "1-5 9", and back; none if TEXT is not of that form.
std::string to_text(const Lease::Numbers& numbers);
std::optional<Lease::Numbers> parse_numbers(std::string_view text);

}  // namespace antrean::engine
