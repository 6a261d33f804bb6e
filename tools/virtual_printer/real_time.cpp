#include "tools/virtual_printer/real_time.hpp"

#include <algorithm>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t retry[] = {0x10, 0x05, 0x01};
constexpr std::uint8_t forget[] = {0x10, 0x05, 0x02};
constexpr std::uint8_t tell_status[] = {0x10, 0x14, 0x07, 0x01};
constexpr std::uint8_t star_status[] = {0x1b, 0x06, 0x01};
constexpr std::uint8_t custom_reset[] = {0x1c, 0xc0, 0x18, 0x10, 0x14, 0x1a};
constexpr std::uint8_t power_down[] = {0x10, 0x14, 0x02, 0x01, 0x08};
constexpr std::uint8_t clear_buffers[] = {0x10, 0x14, 0x08, 0x01, 0x03,
                                          0x14, 0x01, 0x06, 0x02, 0x08};

}  // namespace

template <std::size_t n>
bool RealTimeScanner::ends_with(const std::uint8_t (&bytes)[n]) const {
    static_assert(n <= longest);
    return std::equal(std::begin(bytes), std::end(bytes), last_.end() - n);
}

std::optional<RealTimeCommand> RealTimeScanner::add(std::uint8_t byte) {
    using Kind = RealTimeCommand::Kind;
    std::shift_left(last_.begin(), last_.end(), 1);
    last_.back() = byte;

    std::optional<RealTimeCommand> found;
    const bool asks = last_[7] == 0x10 && last_[8] == 0x04;
    if (asks && byte >= 1 && byte <= 4) {
        found = {Kind::status, byte};
    } else if (asks && byte == 0x11) {
        found = {Kind::motor_status};
    } else if (asks && byte == 0x14) {
        found = {Kind::full_status};
    } else if (ends_with(star_status)) {
        found = {Kind::star_status};
    } else if (ends_with(custom_reset)) {
        found = {Kind::custom_reset};
    } else if (ends_with(retry)) {
        found = {Kind::retry};
    } else if (ends_with(forget)) {
        found = {Kind::forget};
    } else if (ends_with(tell_status)) {
        found = {Kind::tell_status};
    } else if (ends_with(power_down)) {
        found = {Kind::power_down};
    } else if (ends_with(clear_buffers)) {
        found = {Kind::clear_buffers};
    }
    if (found) reset();
    return found;
}

}  // namespace antrean::virtual_printer
