// The files that people write for devices: key maps, layouts of papers, profiles of printers, and
// settings. Whatever stands in one, what is wrong is told in plain lines; and what a layout or a
// profile makes of hostile texts is a paper on which no byte of them is a command.
#include "drivers/escpos/profile_load.hpp"
#include "drivers/layout/layout.hpp"
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/common/settings.hpp"
#include "tests/escpos/scan.hpp"
#include "tests/files.hpp"
#include "tests/fuzz/must.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean;
using fuzz::must;
using fuzz::must_be_plain;

void check(const config::LoadError& error) {
    must(!error.problems.empty());
    for (const auto& problem : error.problems) {
        must(problem.line >= 0 && !problem.text.empty() && !problem.remedy.empty());
        must_be_plain(problem.text);
        must_be_plain(problem.remedy);
    }
}

void check_keys(const std::string& text) {
    const auto map = callpad::read_key_map(text, "keys.toml");
    if (!map) return check(map.error());
    must(!map->keys.empty() && map->keys.size() <= callpad::max_mapped_keys);
    must(map->chords.size() <= callpad::max_chords);
    for (const auto& entry : map->keys)
        must(map->find(entry.code) == &entry);
    for (const auto& chord : map->chords) {
        must(map->chord(chord.one, chord.other) && map->chord(chord.other, chord.one));
        must(map->is_in_a_chord(chord.one) && map->is_in_a_chord(chord.other));
    }
    for (int c = 0; c < 256; ++c)
        (void)map->of_character(static_cast<char>(c));
}

void check_paper(const std::vector<std::byte>& paper) {
    const auto scanned = escpos::scan(paper);
    if (!scanned.problem.empty()) std::fprintf(stderr, "%s\n", scanned.problem.c_str());
    must(scanned.problem.empty());
    for (const auto& token : scanned.tokens) {
        if (token.name != "text") continue;
        for (const char c : token.operands) {
            const auto byte = static_cast<unsigned char>(c);
            must(byte >= 0x20 && byte != 0x7f);
        }
    }
}

void check_layout(const std::string& text, const escpos::Profile& profile) {
    const auto layout = layout::read(text, "/nowhere/paper.toml", profile);
    if (!layout) return check(layout.error());
    must(layout->items.size() <= layout::max_items);
    check_paper(layout::lay_out(*layout, layout::example(), profile));
}

// The layout that kiosks have, over texts of whoever wrote them.
void check_fields(FuzzedDataProvider& input, const escpos::Profile& profile) {
    const layout::Marks marks{input.ConsumeBool(), input.ConsumeBool()};
    layout::Fields fields = layout::example();
    while (input.remaining_bytes() > 0) {
        const auto which = input.ConsumeIntegralInRange<std::size_t>(0, layout::field_count - 1);
        fields[static_cast<layout::Field>(which)] = input.ConsumeRandomLengthString(300);
    }
    check_paper(layout::lay_out(layout::standard(), fields, profile, marks));
}

void check_profile(const std::string& text) {
    const auto profile = escpos::read_profile(text, "printer.toml");
    if (!profile) return check(profile.error());
    check_paper(layout::lay_out(layout::standard(), layout::example(), *profile, {true, true}));
}

void check_settings(const std::string& text) {
    static const tests::Folder folder;
    static const std::vector<std::string> keys{"controller", "printer", "lamp", "choice"};
    const auto file = folder / "settings.toml";
    std::ofstream{file, std::ios::binary} << text;
    const auto settings = common::read_settings(file, keys);
    if (!settings) return check(settings.error());
    std::ofstream{file, std::ios::binary} << common::to_toml(*settings);
    const auto again = common::read_settings(file, keys);
    must(again && *again == *settings);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const int kind = input.ConsumeIntegralInRange(0, 4);
    const auto profile = input.ConsumeBool() ? escpos::generic_80() : escpos::epson_tm();
    if (kind == 4) {
        check_fields(input, profile);
        return 0;
    }
    const auto text = input.ConsumeRemainingBytesAsString();
    if (kind == 0) check_keys(text);
    if (kind == 1) check_layout(text, profile);
    if (kind == 2) check_profile(text);
    if (kind == 3) check_settings(text);
    return 0;
}
