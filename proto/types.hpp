// The ids and times that every part of Antrean shares. Plain values: they copy, compare and order;
// nothing here allocates, reads a clock or can fail but TextId::parse(). day.hpp writes a day out.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace antrean {

// A number that names one thing. 0 is "none" and never names anything.
template <class Tag, class Rep = std::uint64_t>
class NumberId {
public:
    constexpr NumberId() = default;
    constexpr explicit NumberId(Rep value) : value_{value} {}
    constexpr Rep value() const { return value_; }
    constexpr explicit operator bool() const { return value_ != 0; }
    constexpr NumberId next() const { return NumberId{static_cast<Rep>(value_ + 1)}; }
    friend constexpr auto operator<=>(NumberId, NumberId) = default;

private:
    Rep value_ = 0;
};

// A short name from the site file that names one thing: 1 to 31 characters of a-z, 0-9, '-' and
// '.', the first one a letter or digit. Kept inline, so that copying one never allocates.
template <class Tag>
class TextId {
public:
    static constexpr std::size_t max_size = 31;

    constexpr TextId() = default;  // "none": empty
    static constexpr std::optional<TextId> parse(std::string_view text) {
        if (text.empty() || text.size() > max_size) return std::nullopt;
        if (text.front() == '-' || text.front() == '.') return std::nullopt;
        TextId id;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            const bool allowed =
                (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
            if (!allowed) return std::nullopt;
            id.chars_[i] = c;
        }
        id.size_ = static_cast<std::uint8_t>(text.size());
        return id;
    }
    constexpr std::string_view view() const { return {chars_.data(), size_}; }
    constexpr explicit operator bool() const { return size_ != 0; }
    friend constexpr bool operator==(const TextId& a, const TextId& b) {
        return std::bit_cast<Words>(a) == std::bit_cast<Words>(b);
    }
    // As the texts are ordered. Maps are searched by ids for each ticket, so a word at a time: what
    // lies behind a text is zero, and no character is.
    friend constexpr std::strong_ordering operator<=>(const TextId& a, const TextId& b) {
        const auto x = std::bit_cast<Words>(a), y = std::bit_cast<Words>(b);
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (x[i] != y[i]) return in_text_order(x[i]) <=> in_text_order(y[i]);
        }
        return std::strong_ordering::equal;
    }

private:
    using Words = std::array<std::uint64_t, (max_size + 1) / sizeof(std::uint64_t)>;
    static constexpr std::uint64_t in_text_order(std::uint64_t word) {
        return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
    }

    std::array<char, max_size> chars_{};
    std::uint8_t size_ = 0;
};

using AgencyId = TextId<struct AgencyTag>;
using ServiceId = TextId<struct ServiceTag>;
using SeriesId = TextId<struct SeriesTag>;
using CounterId = TextId<struct CounterTag>;
using DeviceId = TextId<struct DeviceTag>;  // a kiosk or a callpad
using StaffId = TextId<struct StaffTag>;    // a person who signs in at counters

using TicketId = NumberId<struct TicketTag>;    // never given twice, over all days
using LeaseId = NumberId<struct LeaseTag>;      // of numbers that a kiosk gives by itself
using RequestId = NumberId<struct RequestTag>;  // of one device; only rises
using TicketNumber = NumberId<struct TicketNumberTag, std::uint32_t>;  // of a series, from 1 daily
using ButtonNumber = NumberId<struct ButtonTag, std::uint16_t>;        // of a kiosk, from 1

enum class TicketClass : std::uint8_t { regular, priority, appointment };
inline constexpr std::size_t class_count = 3;

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  // to store and to print
using SteadyTime = std::chrono::steady_clock::time_point;           // to wait by
using ServiceDay = std::chrono::local_days;                         // the site's local date

}  // namespace antrean
