#include "tools/virtual_printer/profile.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace antrean::virtual_printer {
namespace {

bool is_citizen(const escpos::Profile& model) {
    constexpr std::string_view name = "citizen";
    return std::equal(
        name.begin(), name.end(), model.maker.begin(),
        model.maker.begin() +
            static_cast<std::ptrdiff_t>(std::min(name.size(), model.maker.size())),
        [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

// GS I 1 by the command references of Citizen; others use Epson's 20 or what they please.
std::uint8_t model_id(const escpos::Profile& model) {
    if (!is_citizen(model)) return 0x20;
    return model.model.find("S310II") != std::string::npos ? 0x3d : 0x35;
}

// The command that offers a ticket tells which kind of presenter there is.
PresenterKind presenter_of(const escpos::Profile& model) {
    if (model.present.size() < 2) return PresenterKind::none;
    if (model.present[0] == std::byte{0x1c} && model.present[1] == std::byte{0x50}) {
        return PresenterKind::fs_p;
    }
    if (model.present[0] == std::byte{0x1d} && model.present[1] == std::byte{0x65}) {
        return PresenterKind::gs_e;
    }
    return PresenterKind::none;
}

}  // namespace

int Profile::dots(double length_mm) const {
    return static_cast<int>(std::lround(length_mm * dpi / 25.4));
}

double Profile::mm(int dots_count) const {
    return dots_count * 25.4 / dpi;
}

int Profile::default_line_spacing() const {
    return (dpi + 3) / 6;
}

Profile from_model(const escpos::Profile& model) {
    Profile p;
    p.name = model.name;
    p.maker = model.maker;
    p.model = model.model;
    p.serial = "VP-" + (model.model.empty() ? model.name : model.model) + "-0001";
    p.model_id = model_id(model);

    p.paper_mm = model.paper_mm;
    p.head_dots = model.dots;
    p.dpi = model.dpi;
    p.vertical_units_per_inch = model.vertical_units_per_inch;
    // The cell is what the line leaves for each character; a rest stays blank at the right.
    p.font_a.width = model.dots / std::max<int>(model.columns, 1);
    p.columns_a = model.columns;
    p.has_font_b = model.columns_b > 0;
    if (p.has_font_b) {
        p.font_b.width = model.dots / model.columns_b;
        p.columns_b = model.columns_b;
    }
    p.head_to_cutter_mm = model.head_to_cutter_mm;
    p.min_piece_mm = model.min_piece_mm;
    p.cutter = model.cutter;
    p.near_end_sensor = model.has_near_end;
    p.speed_mm_per_s = model.mm_per_s;

    p.receive_buffer = std::max<std::size_t>(model.buffer_bytes, 16);
    p.reply_buffer = model.reply_buffer_bytes;
    p.refuses_while_offline = model.refuses_while_offline;

    p.code_tables = model.code_tables;
    p.starts_in_kanji_mode = model.kanji_mode;
    p.max_width = model.max_width;
    p.max_height = model.max_height;

    p.has_raster = model.raster != escpos::RasterCommand::esc_star;
    p.max_raster_rows = model.dialect == Dialect::custom ? 2047 : 2303;
    // Of clones it is known that most lack it; the models with process ids are Epson's own.
    p.has_graphics = model.raster == escpos::RasterCommand::gs_paren_l || model.has_process_id;
    p.has_qr = model.native_qr;
    p.qr_level_l = model.qr_level_l;
    p.qr_store_m = model.qr_store_m;
    p.qr_max_module = model.qr_max_module;
    p.has_barcode = model.native_barcode;

    p.has_block_buzzer = model.buzzer == escpos::BuzzerCommand::esc_paren_a;
    p.has_short_buzzer = model.buzzer == escpos::BuzzerCommand::esc_b;
    p.has_block_density = model.density == escpos::DensityCommand::gs_paren_k;
    p.has_short_density = model.density == escpos::DensityCommand::gs_bar;
    p.has_block_speed = model.speed == escpos::SpeedCommand::gs_paren_k;
    p.has_custom_speed = model.speed == escpos::SpeedCommand::custom_gs_f0;

    p.dialect = model.dialect;
    p.presenter = presenter_of(model);
    p.answers_dle_eot = model.answers;
    p.has_asb = model.answers && model.has_asb;
    p.answers_gs_r = model.answers && model.has_barrier;
    p.answers_gs_i = model.answers && model.has_ids;
    p.has_process_id = model.answers && model.has_process_id;
    p.has_counters = model.answers && (model.has_counters || p.presenter == PresenterKind::fs_p);
    p.has_clear = model.clear == escpos::ClearCommand::dle_dc4_8;
    p.enq_needs_error = model.clear != escpos::ClearCommand::dle_enq_2;
    p.open_cover_is_mechanical = is_citizen(model);
    return p;
}

Profile generic_80() {
    Profile p;
    p.name = "generic-80";
    p.maker = "Generic";
    p.model = "POS-80";
    p.serial = "VP80-0001";
    p.speed_mm_per_s = 150;
    p.starts_in_kanji_mode = true;
    return p;
}

Profile generic_58() {
    Profile p;
    p.name = "generic-58";
    p.maker = "Generic";
    p.model = "POS-58";
    p.serial = "VP58-0001";
    p.paper_mm = 58;
    p.head_dots = 384;
    p.cutter = Cutter::none;
    p.head_to_cutter_mm = 8;
    p.roll_mm = 30'000;
    p.near_end_sensor = false;
    p.speed_mm_per_s = 90;
    p.has_asb = false;
    p.answers_gs_i = false;
    p.has_clear = false;
    p.has_graphics = false;
    p.has_qr = false;
    p.starts_in_kanji_mode = true;
    return p;
}

Profile epson_tm_t88v() {
    Profile p;
    p.name = "epson-tm-t88v";
    p.maker = "EPSON";
    p.model = "TM-T88V";
    p.serial = "VPT88V0001";
    p.head_dots = 512;
    p.dpi = 180;
    p.vertical_units_per_inch = 360;
    p.head_to_cutter_mm = 15;
    p.speed_mm_per_s = 300;
    p.has_process_id = true;
    p.has_counters = true;
    p.has_power_command = true;
    p.enq_needs_error = true;
    return p;
}

namespace {
constexpr std::array<std::string_view, 3> names{"generic-80", "generic-58", "epson-tm-t88v"};
}

std::span<const std::string_view> profile_names() {
    return names;
}

std::optional<Profile> find_profile(std::string_view name) {
    if (name == names[0]) return generic_80();
    if (name == names[1]) return generic_58();
    if (name == names[2]) return epson_tm_t88v();
    return std::nullopt;
}

}  // namespace antrean::virtual_printer
