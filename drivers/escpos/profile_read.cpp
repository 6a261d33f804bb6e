#include "drivers/escpos/profile_load.hpp"
#include "drivers/escpos/profile_section.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace antrean::escpos {
namespace {

using config::Problems;
using config::Word;

constexpr std::array cutters{Word<Cutter>{"none", Cutter::none},
                             Word<Cutter>{"partial", Cutter::partial},
                             Word<Cutter>{"full", Cutter::full}};
constexpr std::array rasters{Word<RasterCommand>{"gs_v_0", RasterCommand::gs_v_0},
                             Word<RasterCommand>{"gs_paren_l", RasterCommand::gs_paren_l},
                             Word<RasterCommand>{"esc_star", RasterCommand::esc_star}};
constexpr std::array dialects{Word<Dialect>{"epson", Dialect::epson},
                              Word<Dialect>{"custom", Dialect::custom},
                              Word<Dialect>{"star", Dialect::star}};
constexpr std::array clears{Word<ClearCommand>{"none", ClearCommand::none},
                            Word<ClearCommand>{"dle_dc4_8", ClearCommand::dle_dc4_8},
                            Word<ClearCommand>{"dle_enq_2", ClearCommand::dle_enq_2}};
constexpr std::array densities{Word<DensityCommand>{"none", DensityCommand::none},
                               Word<DensityCommand>{"gs_paren_k", DensityCommand::gs_paren_k},
                               Word<DensityCommand>{"gs_bar", DensityCommand::gs_bar}};
constexpr std::array speeds{Word<SpeedCommand>{"none", SpeedCommand::none},
                            Word<SpeedCommand>{"gs_paren_k", SpeedCommand::gs_paren_k},
                            Word<SpeedCommand>{"custom_gs_f0", SpeedCommand::custom_gs_f0}};
constexpr std::array buzzers{Word<BuzzerCommand>{"none", BuzzerCommand::none},
                             Word<BuzzerCommand>{"esc_paren_a", BuzzerCommand::esc_paren_a},
                             Word<BuzzerCommand>{"esc_b", BuzzerCommand::esc_b}};
constexpr std::array pages{
    Word<CodePage>{"ascii", CodePage::ascii},   Word<CodePage>{"cp437", CodePage::cp437},
    Word<CodePage>{"cp737", CodePage::cp737},   Word<CodePage>{"cp775", CodePage::cp775},
    Word<CodePage>{"cp850", CodePage::cp850},   Word<CodePage>{"cp852", CodePage::cp852},
    Word<CodePage>{"cp855", CodePage::cp855},   Word<CodePage>{"cp857", CodePage::cp857},
    Word<CodePage>{"cp858", CodePage::cp858},   Word<CodePage>{"cp860", CodePage::cp860},
    Word<CodePage>{"cp863", CodePage::cp863},   Word<CodePage>{"cp865", CodePage::cp865},
    Word<CodePage>{"cp866", CodePage::cp866},   Word<CodePage>{"cp1250", CodePage::cp1250},
    Word<CodePage>{"cp1251", CodePage::cp1251}, Word<CodePage>{"cp1252", CodePage::cp1252},
    Word<CodePage>{"cp1253", CodePage::cp1253}, Word<CodePage>{"cp1254", CodePage::cp1254},
    Word<CodePage>{"cp1257", CodePage::cp1257}};

// All of TEXT as a number of that base; none where it is anything else.
template <class Number>
std::optional<Number> whole(std::string_view text, int base) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<UsbId> usb_id(std::string_view text) {
    if (text.size() != 9 || text[4] != ':') return std::nullopt;
    const auto vendor = whole<std::uint16_t>(text.substr(0, 4), 16);
    const auto product = whole<std::uint16_t>(text.substr(5), 16);
    if (!vendor || !product) return std::nullopt;
    return UsbId{*vendor, *product};
}

std::optional<CodeTable> code_table(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto number = whole<std::uint8_t>(text.substr(colon + 1), 10);
    const auto page = std::ranges::find(pages, text.substr(0, colon), &Word<CodePage>::word);
    if (!number || page == pages.end()) return std::nullopt;
    return CodeTable{page->meaning, *number};
}

class Reader {
public:
    Reader(const config::Table& file, Problems& problems)
        : file_{file}, problems_{problems}, sources_{problems} {}

    Profile run() {
        if (const auto* table = config::section(file_, "sources",
                                                "add [sources] and a line for each source of "
                                                "the values, such as manual = \"...\"",
                                                problems_)) {
            sources_.read(*table);
        }
        section("printer", [&](Section& s) {
            s.text("maker", profile_.maker);
            s.text("model", profile_.model);
        });
        section("usb", [&](Section& s) {
            s.list("ids", profile_.usb, "04b8:0202", usb_id);
            s.boolean("vendor_class", profile_.vendor_class);
            s.boolean("zero_length_packets", profile_.zero_length_packets);
            s.boolean("refuses_while_offline", profile_.refuses_while_offline);
            if (s.sound() && profile_.vendor_class && profile_.usb.empty()) {
                s.problem(s.line_of("vendor_class"),
                          s.named("vendor_class") + " is true, but no ids tell this printer",
                          "list its ids, or write false");
            }
        });
        section("paper", [&](Section& s) { paper(s); });
        section("text", [&](Section& s) { text(s); });
        section("cut", [&](Section& s) { cut(s); });
        section("picture", [&](Section& s) { picture(s); });
        section("code", [&](Section& s) {
            s.claim("native_qr", profile_.native_qr);
            s.integer("qr_level_l", profile_.qr_level_l, 0x30, 0x31);
            s.integer("qr_store_m", profile_.qr_store_m, 0x30, 0x31);
            s.integer("qr_max_module", profile_.qr_max_module, 1, 24);
            s.boolean("native_barcode", profile_.native_barcode);
        });
        section("extras", [&](Section& s) {
            s.word("density", profile_.density, densities);
            s.word("speed", profile_.speed, speeds);
            s.word("buzzer", profile_.buzzer, buzzers);
        });
        section("limits", [&](Section& s) {
            s.number("mm_per_s", profile_.mm_per_s, 10, 500);
            s.integer("buffer_bytes", profile_.buffer_bytes, 256, 1024 * 1024);
            s.integer("reply_buffer_bytes", profile_.reply_buffer_bytes, 1, 64 * 1024);
        });
        section("status", [&](Section& s) { status(s); });
        config::only(file_, sections_, problems_);
        sources_.finish();
        return std::move(profile_);
    }

private:
    template <class Read>
    void section(std::string_view name, Read read) {
        sections_.push_back(name);
        const auto* table = config::section(
            file_, name, "add it and its keys, as schemas/printers/README.md tells", problems_);
        if (table == nullptr) return;
        Section section{*table, name, sources_, problems_};
        read(section);
        section.finish();
    }

    void paper(Section& s) {
        s.number("width_mm", profile_.paper_mm, 20, 120);
        s.integer("dots", profile_.dots, 64, 2048);
        s.integer("dpi", profile_.dpi, 100, 600);
        s.integer("vertical_units_per_inch", profile_.vertical_units_per_inch, 90, 1200);
        paper_sound_ = s.sound();
        if (paper_sound_ && profile_.dots * 25.4 / profile_.dpi > profile_.paper_mm) {
            s.problem(s.line_of("dots"),
                      s.named("dots") + " are wider than the paper at " +
                          std::to_string(profile_.dpi) + " dpi",
                      "check 'dots', 'dpi' and 'width_mm'");
        }
    }

    void text(Section& s) {
        s.integer("columns", profile_.columns, 16, 160);
        s.integer("columns_b", profile_.columns_b, 0, 160);
        s.list("code_tables", profile_.code_tables, "cp1252:16", code_table);
        s.boolean("kanji_mode", profile_.kanji_mode);
        s.integer("max_width", profile_.max_width, 1, 8);
        s.integer("max_height", profile_.max_height, 1, 8);
        if (!s.sound() || !paper_sound_) return;
        // No font of such printers is narrower than 8 dots.
        for (const auto& [key, columns] :
             {std::pair{"columns", profile_.columns}, std::pair{"columns_b", profile_.columns_b}}) {
            if (columns * 8 <= profile_.dots) continue;
            s.problem(
                s.line_of(key),
                s.named(key) + " is more than " + std::to_string(profile_.dots) + " dots can hold",
                "check it, and 'dots' of [paper]");
        }
        if (profile_.code_tables.empty()) {
            s.problem(s.line_of("code_tables"), s.named("code_tables") + " is empty",
                      "write [[\"ascii:0\"], ...] where none is known");
        }
    }

    void cut(Section& s) {
        s.word("cutter", profile_.cutter, cutters);
        s.command("cut", profile_.cut, true);
        s.command("present", profile_.present, false);
        s.number("head_to_cutter_mm", profile_.head_to_cutter_mm, 0, 60);
        s.number("min_piece_mm", profile_.min_piece_mm, 0, 300);
        if (!s.sound()) return;
        auto both = profile_.cut;
        both.insert(both.end(), profile_.present.begin(), profile_.present.end());
        if (has_real_time(both)) {
            s.problem(s.line_of("present"),
                      "'cut' and 'present' of [cut] make a real-time command where they meet",
                      "end 'cut' otherwise than with 10");
        }
    }

    void picture(Section& s) {
        s.word("raster", profile_.raster, rasters);
        s.integer("band_rows", profile_.band_rows, 8, 1024);
        s.integer("band_multiple", profile_.band_multiple, 1, 256);
        if (!s.sound()) return;
        const int multiple =
            profile_.raster == RasterCommand::esc_star ? 24 : profile_.band_multiple;
        if (profile_.band_rows % multiple != 0 ||
            profile_.band_rows % profile_.band_multiple != 0) {
            s.problem(s.line_of("band_rows"),
                      s.named("band_rows") + " is no multiple of " + std::to_string(multiple),
                      "write one: the rows of a picture are sent in such bands");
        }
    }

    void status(Section& s) {
        s.word("dialect", profile_.dialect, dialects);
        s.claim("answers", profile_.answers);
        s.claim("asb", profile_.has_asb);
        s.claim("barrier", profile_.has_barrier);
        s.claim("process_id", profile_.has_process_id);
        s.claim("counters", profile_.has_counters);
        s.claim("ids", profile_.has_ids);
        s.claim("near_end", profile_.has_near_end);
        s.claim("clear", profile_.clear, clears, ClearCommand::none);
        std::int64_t settle_ms = profile_.settle.count();
        s.integer("settle_ms", settle_ms, 50, 5000);
        profile_.settle = std::chrono::milliseconds{settle_ms};
        if (!s.sound() || profile_.answers) return;
        const bool relies = profile_.has_asb || profile_.has_barrier || profile_.has_process_id ||
                            profile_.has_counters || profile_.clear == ClearCommand::dle_dc4_8;
        if (relies) {
            s.problem(s.line_of("answers"),
                      s.named("answers") + " is false, but answers are relied on below it",
                      "write false for 'asb', 'barrier', 'process_id' and 'counters', and no "
                      "'dle_dc4_8' for 'clear'");
        }
    }

    const config::Table& file_;
    Problems& problems_;
    Sources sources_;
    Profile profile_;
    bool paper_sound_ = false;
    std::vector<std::string_view> sections_{"sources"};
};

}  // namespace

Loaded<Profile> read_profile(std::string_view text, const std::filesystem::path& file) {
    Problems problems;
    Profile profile;
    if (const auto parsed = config::parse(text, problems)) {
        profile = Reader{*parsed, problems}.run();
        profile.name = file.stem().string();
        constexpr std::size_t max_name_bytes = 64;
        constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
        if (profile.name.empty() || profile.name.size() > max_name_bytes ||
            profile.name.find_first_not_of(allowed) != std::string::npos) {
            problems.add(0, "the file's name is no name of a profile",
                         "rename it: up to 64 of a-z, 0-9 and '-', then '.toml'");
        }
    }
    if (!problems.empty()) return config::LoadError{file, std::move(problems).in_file_order()};
    return profile;
}

}  // namespace antrean::escpos
