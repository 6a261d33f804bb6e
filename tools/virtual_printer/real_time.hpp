// Finds real-time commands in the bytes as they arrive, wherever they stand: real printers look for
// them in the middle of pictures too. Pure; remembers the last ten bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace antrean::virtual_printer {

struct RealTimeCommand {
    enum class Kind : std::uint8_t {
        status,         // DLE EOT operand, 1 to 4
        motor_status,   // DLE EOT 17: Custom
        full_status,    // DLE EOT 20: Custom
        star_status,    // ESC ACK 1: Star
        custom_reset,   // 1C C0 18 10 14 1A: Custom, executed even when busy
        retry,          // DLE ENQ 1
        forget,         // DLE ENQ 2
        tell_status,    // DLE DC4 7 1
        clear_buffers,  // DLE DC4 8
        power_down,     // DLE DC4 2
    };
    Kind kind;
    std::uint8_t operand = 0;
};

class RealTimeScanner {
public:
    std::optional<RealTimeCommand> add(std::uint8_t byte);
    void reset() { last_ = {}; }

private:
    static constexpr std::size_t longest = 10;
    template <std::size_t n>
    bool ends_with(const std::uint8_t (&bytes)[n]) const;

    std::array<std::uint8_t, longest> last_{};
};

}  // namespace antrean::virtual_printer
