// QR symbols and barcodes, drawn as a printer with these commands draws them.
#include "tools/virtual_printer/barcode.hpp"
#include "tools/virtual_printer/dots.hpp"
#include "tools/virtual_printer/interpreter.hpp"

#include <memory>
#include <utility>

#include <qrencode.h>

namespace antrean::virtual_printer {

void Interpreter::symbol_block() {
    const auto& p = payload_;
    const Profile& profile = board_.profile;
    if (!profile.has_qr) return note_block("this model draws no symbols");
    if (p.size() < 3 || p[0] != '1') return note_block("symbols other than QR are not drawn");
    const bool right_m = p[2] == profile.qr_store_m;
    switch (p[1]) {
        case 0x41:
            break;  // the model: all are drawn as model 2
        case 0x42:
            if (profile.dialect != Dialect::custom) note_block("unknown function of GS ( k");
            break;  // the version: the smallest that fits is taken
        case 0x43:
            if (p[2] >= 1 && p[2] <= profile.qr_max_module) {
                symbol_module_ = p[2];
            } else {
                note_block("a module size that the model does not have");
            }
            break;
        case 0x45: {
            const int level = p[2] - profile.qr_level_l;
            if (level >= 0 && level <= 3) {
                symbol_correction_ = level;
            } else if (p[2] == '0') {
                symbol_correction_ = 0;  // where L is not 48, that one is "automatic"
            } else {
                note_block("a QR level that the model does not have");
            }
            break;
        }
        case 0x50:
            if (!right_m) return note_block("another m than the model's");
            symbol_data_.assign(p.begin() + 3, p.end());
            break;
        case 0x51:
            if (!right_m) return note_block("another m than the model's");
            print_symbol();
            break;
        case 0x52:
            tell_symbol_size();
            break;
        default:
            note_block("unknown function of GS ( k");
    }
}

// False: too much data for a symbol.
bool Interpreter::make_symbol(Raster& raster) {
    constexpr QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code{
        QRcode_encodeData(static_cast<int>(symbol_data_.size()), symbol_data_.data(), 0,
                          levels[symbol_correction_]),
        &QRcode_free};
    if (!code) return false;
    const int module = symbol_module_;
    raster = blank_raster(code->width * module, code->width * module);
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if (code->data[y * code->width + x] & 1) {
                fill(raster, x * module, y * module, module, module);
            }
        }
    }
    return true;
}

void Interpreter::print_symbol() {
    if (symbol_data_.empty() || !line_.empty()) return;
    Raster raster;
    if (!make_symbol(raster)) return note_block("too much data for a QR symbol");
    // A symbol wider than the print area is not printed at all, and nothing tells so.
    if (raster.width > area_width()) return note_block("QR symbol wider than the print area");
    mechanism_.put_symbol_text({symbol_data_.begin(), symbol_data_.end()});
    start_strip(std::move(raster));
}

// Width, height, and whether it could be printed, as a block.
void Interpreter::tell_symbol_size() {
    Raster raster;
    if (!board_.profile.answers_gs_i || symbol_data_.empty() || !make_symbol(raster)) return;
    const std::string side = std::to_string(raster.width);
    const bool fits = raster.width <= area_width();
    std::string answer = "\x37\x36" + side + '\x1f' + side +
                         "\x1f"
                         "1\x1f";
    answer += fits ? '0' : '1';
    answer += '\0';
    board_.outbox.send_text(answer);
}

void Interpreter::print_barcode(const std::vector<std::uint8_t>& data) {
    const auto barcode = code128(data);
    if (!barcode) return note({0x1d, 'k', 73}, "a barcode whose data is wrong");
    const int module = barcode_module_;
    const int width = static_cast<int>(barcode->modules.size()) * module;
    const Profile& profile = board_.profile;
    const Cell cell = barcode_font_ == Font::a ? profile.font_a : profile.font_b;
    const int above = barcode_text_ & 1 ? cell.height : 0;
    const int below = barcode_text_ & 2 ? cell.height : 0;
    if (width > area_width()) {
        // One that is too wide only feeds.
        note({0x1d, 'k', 73}, "barcode wider than the print area");
        mechanism_.move(above + barcode_height_ + below);
        return;
    }
    Raster raster = blank_raster(width, above + barcode_height_ + below);
    int x = 0;
    for (const bool black : barcode->modules) {
        if (black) fill(raster, x, above, module, barcode_height_);
        x += module;
    }
    const auto put_text = [&](int y) {
        TextRun run;
        run.cells = static_cast<int>(barcode->text.size());
        run.cell_width = cell.width;
        run.cell_height = cell.height;
        run.font = barcode_font_;
        run.text = barcode->text;
        run.x = left_margin_ + shift_for(width) + (width - run.width()) / 2;
        run.y = y;
        mechanism_.put(std::move(run));
        mechanism_.put_line_text(barcode->text, y + cell.height / 2);
    };
    mechanism_.put_symbol_text(barcode->text);
    if (above > 0) put_text(0);
    if (below > 0) put_text(above + barcode_height_);
    start_strip(std::move(raster));
}

}  // namespace antrean::virtual_printer
