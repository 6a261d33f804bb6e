#include "tools/virtual_printer/profile.hpp"

#include <array>
#include <cmath>

namespace antrean::virtual_printer {

int Profile::dots(double length_mm) const {
    return static_cast<int>(std::lround(length_mm * dpi / 25.4));
}

double Profile::mm(int dots_count) const {
    return dots_count * 25.4 / dpi;
}

int Profile::default_line_spacing() const {
    return (dpi + 3) / 6;
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
