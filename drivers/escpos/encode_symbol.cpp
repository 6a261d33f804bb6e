// Symbols, and what a printer does besides printing.
#include "drivers/escpos/commands.hpp"
#include "drivers/escpos/encode.hpp"

#include <algorithm>

namespace antrean::escpos {
namespace {

constexpr int least_module = 2;  // dots; scanners do not read finer ones from thermal paper

bool has_control_byte(std::string_view data) {
    return std::any_of(data.begin(), data.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

// ESC J: `dots` down.
auto feed_dots(int dots, const Profile& profile) {
    const int dpi = std::max<int>(profile.dpi, 1);
    return byte_array(0x1b, 0x4a, std::clamp(dots * profile.vertical_units_per_inch / dpi, 0, 255));
}

}  // namespace

bool Encoder::qr(std::string_view data, QrLevel level, int module_dots) {
    const Bitmap modules = qr_modules(data, level);
    if (modules.empty()) return false;
    // A symbol wider than the paper is not printed at all, and no printer says so.
    const int room = line_dots() / (modules.width() + 2 * qr_quiet_modules);
    if (room < least_module) return false;
    int module = std::clamp(module_dots, least_module, room);
    end_line();

    const int size = static_cast<int>(data.size()) + 3;
    const bool length_is_harmless = (size & 0xff) != 0x10;
    // The bytes go to a printer as they are: what it might execute is drawn here instead.
    if (!profile_.native_qr || has_control_byte(data) || !length_is_harmless) {
        print_picture(scaled(modules, module, module, qr_quiet_modules, qr_quiet_modules));
        return true;
    }
    module = std::min<int>(module, std::max<int>(profile_.qr_max_module, 1));
    const int m = profile_.qr_store_m;
    append(feed_dots(qr_quiet_modules * module, profile_));
    append(byte_array(0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0x00));  // model 2
    append(byte_array(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, module));
    append(byte_array(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45,
                      profile_.qr_level_l + static_cast<int>(level)));
    append(byte_array(0x1d, 0x28, 0x6b, size, size >> 8, 0x31, 0x50, m));
    for (const char c : data)
        bytes_.push_back(static_cast<std::byte>(c));
    append(byte_array(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, m));
    append(feed_dots(qr_quiet_modules * module, profile_));
    advanced_ += (modules.height() + 2 * qr_quiet_modules) * module;
    return true;
}

bool Encoder::code128(std::string_view ascii, int height_dots, int module_dots) {
    const Bitmap row = code128_row(ascii);
    if (row.empty()) return false;
    const int room = line_dots() / (row.width() + 2 * code128_quiet_modules);
    if (room < least_module) return false;
    const int module = std::clamp(module_dots, least_module, std::min(room, 6));
    const int height = std::clamp(height_dots, 8, 255);
    end_line();
    if (!profile_.native_barcode) {
        print_picture(scaled(row, module, height, code128_quiet_modules, 0));
        return true;
    }
    std::string data{"{B"};  // in code set B a brace stands for itself only when doubled
    for (const char c : ascii)
        data.append(c == '{' ? 2u : 1u, c);
    append(byte_array(0x1d, 0x68, height));
    append(byte_array(0x1d, 0x77, module));
    append(byte_array(0x1d, 0x48, 0x00));  // without the characters beneath
    append(byte_array(0x1d, 0x6b, 73, data.size()));
    for (const char c : data)
        bytes_.push_back(static_cast<std::byte>(c));
    advanced_ += height;
    return true;
}

Encoder& Encoder::beep(int times) {
    times = std::clamp(times, 1, 9);
    switch (profile_.buzzer) {
        case BuzzerCommand::none:
            break;
        case BuzzerCommand::esc_paren_a:  // the first tone, for a second each
            append(byte_array(0x1b, 0x28, 0x41, 4, 0, 0x30, 0x31, times, 10));
            break;
        case BuzzerCommand::esc_b:  // for 0.2 s each
            append(byte_array(0x1b, 0x42, times, 2));
            break;
    }
    return *this;
}

Encoder& Encoder::density(int step) {
    switch (profile_.density) {
        case DensityCommand::none:
            break;
        case DensityCommand::gs_paren_k:
            append(byte_array(0x1d, 0x28, 0x4b, 2, 0, 0x31, std::clamp(step, -6, 8)));
            break;
        case DensityCommand::gs_bar:
            append(byte_array(0x1d, 0x7c, std::clamp(step + 4, 0, 8)));
            break;
    }
    return *this;
}

Encoder& Encoder::speed(Speed speed) {
    switch (profile_.speed) {
        case SpeedCommand::none:
            break;
        case SpeedCommand::gs_paren_k:  // 0 is what the printer is set to; models end at 9 to 14
            append(byte_array(0x1d, 0x28, 0x4b, 2, 0, 0x32,
                              speed == Speed::normal ? 0
                              : speed == Speed::slow ? 1
                                                     : 9));
            break;
        case SpeedCommand::custom_gs_f0:
            append(byte_array(0x1d, 0xf0,
                              speed == Speed::normal ? 1
                              : speed == Speed::slow ? 0
                                                     : 2));
            break;
    }
    return *this;
}

}  // namespace antrean::escpos
