// Commands with operands of any length: GS ( and its kin, graphics and columns.
#include "tools/virtual_printer/dots.hpp"
#include "tools/virtual_printer/interpreter.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t esc = 0x1b;
constexpr std::uint8_t gs = 0x1d;

}  // namespace

void Interpreter::run_block() {
    const std::uint8_t prefix = block_name_[0];
    const std::uint8_t letter = block_name_[2];
    if (prefix == gs && letter == 'H') return process_id_block();
    if (prefix == gs && letter == 'L') return graphics_block();
    if (prefix == gs && letter == 'k') return symbol_block();
    if (prefix == gs && letter == 'K') return setting_block();
    if (prefix == esc && letter == 'A' && board_.profile.has_block_buzzer) {
        ++beeps_;
        return;
    }
    // Batching and the switches of real-time commands: nothing of it shows.
    if (prefix == gs && letter == 'D') return;
    if (prefix == esc && letter == 'Y') return;
    note_block("unknown block command");
}

void Interpreter::note_block(std::string why) {
    note({block_name_.begin(), block_name_.end()}, std::move(why));
}

// GS ( K: density by function 49, speed by function 50.
void Interpreter::setting_block() {
    const auto& p = payload_;
    const Profile& profile = board_.profile;
    if (p.size() == 2 && p[0] == '1' && profile.has_block_density) {
        settings_.density = static_cast<std::int8_t>(p[1]);
    } else if (p.size() == 2 && p[0] == '2' && profile.has_block_speed) {
        settings_.speed = p[1] >= '0' ? p[1] - '0' : p[1];
    } else {
        note_block("this model has no such setting");
    }
}

void Interpreter::process_id_block() {
    const auto& p = payload_;
    if (!board_.profile.has_process_id) return note_block("this model has no GS ( H");
    if (p.size() == 6 && p[0] == '0' && p[1] == '0') {
        // Only the latest one is remembered.
        board_.process_id = {p[2], p[3], p[4], p[5]};
    } else if (p.size() == 3 && p[0] == '1' && p[1] == '0') {
        board_.offline_response = p[2] >= '0' ? p[2] - '0' : p[2];
    } else {
        note_block("unknown function of GS ( H");
    }
}

void Interpreter::graphics_block() {
    const auto& p = payload_;
    if (!board_.profile.has_graphics) return note_block("this model has no GS ( L");
    if (p.size() >= 2 && (p[1] == '2' || p[1] == 2)) {
        if (graphics_ && line_.empty()) start_strip(std::move(*graphics_));
        graphics_.reset();
        return;
    }
    if (p.size() < 10 || p[1] != 0x70) return note_block("unknown function of GS ( L");
    const int x_scale = p[3] == 2 ? 2 : 1;
    const int y_scale = p[4] == 2 ? 2 : 1;
    const int width = p[6] | p[7] << 8;
    const int height = p[8] | p[9] << 8;
    const std::size_t stride = static_cast<std::size_t>(width + 7) / 8;
    const bool fits_model = width <= 2047 && height * y_scale <= 1662;
    if (!fits_model || p.size() - 10 != stride * static_cast<std::size_t>(height)) {
        return note_block("graphics whose size is wrong");
    }
    const int printed = std::min(width * x_scale, board_.profile.head_dots);
    Raster raster = blank_raster(printed, height * y_scale);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::size_t at =
                10 + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x / 8);
            if (p[at] >> (7 - x % 8) & 1) fill(raster, x * x_scale, y * y_scale, x_scale, y_scale);
        }
    }
    graphics_ = std::move(raster);
}

void Interpreter::start_strip(Raster raster) {
    // Rows beyond the print area are never printed.
    if (raster.width > area_width()) {
        Raster narrow = blank_raster(area_width(), raster.height);
        for (int y = 0; y < raster.height; ++y) {
            for (int x = 0; x < narrow.width; ++x) {
                if (raster.dot(x, y)) set_dot(narrow, x, y);
            }
        }
        raster = std::move(narrow);
    }
    Strip strip;
    strip.raster = std::move(raster);
    strip_ = std::move(strip);
}

// ESC *: columns of 8 or 24 dots, in single or double density, into the line.
void Interpreter::columns() {
    const bool tall = column_mode_ >= 32;
    const int bytes_per_column = tall ? 3 : 1;
    const int x_scale = column_mode_ & 1 ? 1 : 2;
    const int y_scale = tall ? 1 : 3;
    const int columns = static_cast<int>(payload_.size()) / bytes_per_column;
    const int room = area_width() - line_.cursor();
    const int width = std::min(columns * x_scale, room);
    if (width <= 0) return;
    Raster strip = blank_raster(width, 24);
    for (int x = 0; x < columns && x * x_scale < width; ++x) {
        for (int y = 0; y < bytes_per_column * 8; ++y) {
            const auto at = static_cast<std::size_t>(x * bytes_per_column + y / 8);
            if (payload_[at] >> (7 - y % 8) & 1) {
                fill(strip, x * x_scale, y * y_scale, x_scale, y_scale);
            }
        }
    }
    line_.add_strip(std::move(strip));
}

}  // namespace antrean::virtual_printer
