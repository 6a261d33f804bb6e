// QR and Code 128 symbols as modules, before they are scaled to dots. Pure, thread-safe.
#pragma once

#include "drivers/escpos/bitmap.hpp"

#include <cstdint>
#include <string_view>

namespace antrean::escpos {

enum class QrLevel : std::uint8_t { l, m, q, h };  // about 7, 15, 25 and 30 % may be damaged

inline constexpr int qr_quiet_modules = 4;        // on every side
inline constexpr int code128_quiet_modules = 10;  // to the left and right

// One dot for each module, without the quiet zone; the data as bytes. Empty when there is no data,
// or more than the largest symbol holds (2953 bytes at level L).
Bitmap qr_modules(std::string_view data, QrLevel level);

// How many modules wide the Code 128 symbol of so many characters of set B is.
constexpr int code128_modules(std::size_t characters) {
    return 11 * (static_cast<int>(characters) + 2) + 13;
}
// One row of modules, without the quiet zone. Empty when the data is empty, longer than 60
// characters or has others than ASCII 20 to 7E.
Bitmap code128_row(std::string_view data);

// Each module as a box of dots, with so many white modules around it.
Bitmap scaled(const Bitmap& modules, int width, int height, int quiet_x, int quiet_y);

}  // namespace antrean::escpos
