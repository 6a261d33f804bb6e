#include "drivers/escpos/symbols.hpp"

#include <array>
#include <memory>

#include <qrencode.h>

namespace antrean::escpos {
namespace {

constexpr std::size_t most_code128 = 60;

// Code 128: the widths of three bars and three spaces, by value. From ISO/IEC 15417.
constexpr std::array<std::string_view, 106> code128_widths{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232"};
constexpr std::string_view code128_stop = "2331112";
constexpr int start_b = 104;

}  // namespace

Bitmap qr_modules(std::string_view data, QrLevel level) {
    constexpr QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
    if (data.empty() || data.size() > 2953) return {};
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code{
        QRcode_encodeData(static_cast<int>(data.size()),
                          reinterpret_cast<const unsigned char*>(data.data()), 0,
                          levels[static_cast<int>(level)]),
        &QRcode_free};
    if (!code) return {};
    Bitmap modules{code->width, code->width};
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            modules.set(x, y, code->data[y * code->width + x] & 1);
    return modules;
}

Bitmap code128_row(std::string_view data) {
    if (data.empty() || data.size() > most_code128) return {};
    for (const char c : data)
        if (c < 0x20 || c > 0x7e) return {};
    Bitmap row{code128_modules(data.size()), 1};
    int x = 0;
    const auto add = [&](std::string_view widths) {
        bool bar = true;
        for (const char digit : widths) {
            row.fill(x, 0, digit - '0', 1, bar);
            x += digit - '0';
            bar = !bar;
        }
    };
    add(code128_widths[start_b]);
    int sum = start_b;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const int value = data[i] - 0x20;
        add(code128_widths[static_cast<std::size_t>(value)]);
        sum += value * (static_cast<int>(i) + 1);
    }
    add(code128_widths[static_cast<std::size_t>(sum % 103)]);
    add(code128_stop);
    return row;
}

Bitmap scaled(const Bitmap& modules, int width, int height, int quiet_x, int quiet_y) {
    Bitmap out{(modules.width() + 2 * quiet_x) * width, (modules.height() + 2 * quiet_y) * height};
    for (int y = 0; y < modules.height(); ++y)
        for (int x = 0; x < modules.width(); ++x)
            if (modules.dot(x, y))
                out.fill((x + quiet_x) * width, (y + quiet_y) * height, width, height);
    return out;
}

}  // namespace antrean::escpos
