#include "drivers/escpos/profile.hpp"

#include "drivers/escpos/commands.hpp"

namespace antrean::escpos {
namespace {

std::vector<std::byte> bytes_of(const auto& array) {
    return {array.begin(), array.end()};
}

// GS V 66 0 feeds the last line past the blade before it cuts; GS V 0 would cut through it.
constexpr auto feed_and_cut = byte_array(0x1d, 0x56, 0x42, 0x00);
constexpr auto feed_to_tear_bar = byte_array(0x1b, 0x64, 0x05);

}  // namespace

// As generic-80.toml and generic-58.toml of schemas/printers have them, which a test sees to: these
// two are here for whoever has no file at hand.
Profile generic_80() {
    Profile profile;
    profile.name = "generic-80";
    profile.cut = bytes_of(feed_and_cut);
    return profile;
}

Profile generic_58() {
    Profile profile;
    profile.name = "generic-58";
    profile.paper_mm = 58;
    profile.columns = 32;
    profile.columns_b = 42;
    profile.cutter = Cutter::none;
    profile.dots = 384;
    profile.cut = bytes_of(feed_to_tear_bar);
    profile.answers = false;
    profile.has_barrier = false;
    return profile;
}

Profile epson_tm() {
    Profile profile;
    profile.name = "epson-tm";
    profile.cut = bytes_of(feed_and_cut);
    profile.has_asb = true;
    profile.has_process_id = true;
    profile.clear = ClearCommand::dle_dc4_8;
    return profile;
}

}  // namespace antrean::escpos
