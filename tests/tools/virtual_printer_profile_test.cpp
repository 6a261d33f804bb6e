// A virtual printer made of each model's profile does what the profile says, and no more.
#include "drivers/escpos/profile_load.hpp"
#include "tests/tools/virtual_printer_bench.hpp"

#include <algorithm>
#include <cmath>
#include <set>

using namespace antrean::virtual_printer;
namespace escpos = antrean::escpos;

namespace {

escpos::Profile any_model() {
    const auto names = escpos::known_profiles();
    const auto index = GENERATE_COPY(range(std::size_t{0}, names.size()));
    const auto model = escpos::find_profile(std::string{names[index]});
    REQUIRE(model.has_value());
    return *model;
}

std::string as_text(const std::vector<std::byte>& data) {
    std::string out;
    for (const std::byte b : data)
        out += static_cast<char>(b);
    return out;
}

// Long enough to be cut by whoever wants a shortest piece.
std::string feed() {
    return bytes({0x1b, 'J', 250, 0x1b, 'J', 250, 0x1b, 'J', 250});
}

std::size_t first_line_length(const Paper& paper) {
    return paper.text().find('\n');
}

}  // namespace

TEST_CASE("lines break where the model's do, in both fonts", "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    const std::string much = std::string(200, 'x') + '\n';
    Bench bench{instantaneous(from_model(model))};
    bench.send(init + much + feed() + as_text(model.cut));
    bench.machine.tear_off(bench.now);
    auto papers = bench.papers();
    REQUIRE(papers.size() >= 1);
    CHECK(first_line_length(papers[0]) == model.columns);
    CHECK(papers[0].width_dots == model.dots);
    CHECK(papers[0].dpi == model.dpi);
    if (model.columns_b == 0) return;
    bench.send(init + bytes({0x1b, 'M', 1}) + much + feed());
    bench.machine.tear_off(bench.now);
    papers = bench.papers();
    REQUIRE(papers.size() == 1);
    CHECK(first_line_length(papers[0]) == model.columns_b);
}

TEST_CASE("it answers what the model answers", "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    Bench bench{instantaneous(from_model(model))};
    CHECK(bench.statuses() == (model.answers ? "12 12 12 12" : ""));
    CHECK(bench.ask(all_automatic_status) == (model.answers && model.has_asb ? "10 00 00 00" : ""));
    CHECK(bench.ask(barrier) == (model.answers && model.has_barrier ? "00" : ""));
    CHECK(bench.ask(process_id("k001")) ==
          (model.answers && model.has_process_id ? "37 22 6b 30 30 31 00" : ""));
    CHECK(bench.ask(bytes({0x1d, 'I', 67})).empty() == !(model.answers && model.has_ids));
    CHECK(bench.ask(bytes({0x10, 0x04, 0x14})).empty() ==
          !(model.answers && model.dialect == Dialect::custom));
    CHECK(bench.ask(clear_buffers).empty() == (model.clear != escpos::ClearCommand::dle_dc4_8));
    bench.machine.set_paper_left(bench.now, 1'000);
    CHECK(bench.machine.condition().paper_near_end == model.has_near_end);
}

TEST_CASE("DLE ENQ 2 clears the models that clear by it", "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    Bench bench{instantaneous(from_model(model))};
    bench.machine.set_paper_left(bench.now, 0);
    bench.offer("waits\n" + bytes({0x10, 0x05, 0x02}));
    const bool cleared = bench.machine.condition().buffered == 0;
    CHECK(cleared == (model.clear == escpos::ClearCommand::dle_enq_2));
}

TEST_CASE("each of the model's code tables prints its letters", "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    Bench bench{instantaneous(from_model(model))};
    std::set<int> numbers;
    for (const escpos::CodeTable& table : model.code_tables) {
        numbers.insert(table.number);
        if (table.page == CodePage::ascii) continue;
        CAPTURE(model.name, static_cast<int>(table.page), table.number);
        bench.send(init + bytes({0x1b, 't', table.number}) + "\xe1\n" + feed());
        bench.machine.tear_off(bench.now);
        const auto papers = bench.papers();
        REQUIRE(papers.size() == 1);
        std::string expected;
        append_utf8(expected, upper_half(table.page)[0xe1 - 0x80]);
        CHECK(papers[0].text().starts_with(expected + '\n'));
    }
    int foreign = 0;
    while (numbers.count(foreign) > 0)
        ++foreign;
    CHECK(bench.machine.unknown_count() == 0);
    bench.send(bytes({0x1b, 't', foreign}));
    CHECK(bench.machine.unknown_count() == 1);
}

TEST_CASE("sizes that the model lacks are ignored", "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    Bench bench{instantaneous(from_model(model))};
    const int most = (model.max_width - 1) << 4 | (model.max_height - 1);
    bench.send(init + bytes({0x1d, '!', most}) + "A\n");
    CHECK(bench.machine.unknown_count() == 0);
    const auto& runs = bench.machine.hanging().runs;
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].cell_height == 24 * model.max_height);
    if (model.max_height == 8) return;
    bench.send(bytes({0x1d, '!', 0x00, 0x1d, '!', model.max_height}) + "A\n");
    REQUIRE(runs.size() == 2);
    CHECK(runs[1].cell_height == 24);
    CHECK(bench.machine.unknown_count() == 1);
}

TEST_CASE("the model's extras are understood, and those of others are not",
          "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    struct Extra {
        std::string command;
        bool has;
    };
    const Extra extras[] = {
        {bytes({0x1d, '(', 'K', 2, 0, '1', 3}),
         model.density == escpos::DensityCommand::gs_paren_k},
        {bytes({0x1d, '|', 5}), model.density == escpos::DensityCommand::gs_bar},
        {bytes({0x1d, '(', 'K', 2, 0, '2', 3}), model.speed == escpos::SpeedCommand::gs_paren_k},
        {bytes({0x1d, 0xf0, 1}), model.speed == escpos::SpeedCommand::custom_gs_f0},
        {bytes({0x1b, '(', 'A', 4, 0, 48, 51, 3, 15}),
         model.buzzer == escpos::BuzzerCommand::esc_paren_a},
        {bytes({0x1b, 'B', 3, 2}), model.buzzer == escpos::BuzzerCommand::esc_b},
    };
    for (const Extra& extra : extras) {
        Bench bench{instantaneous(from_model(model))};
        bench.send(extra.command);
        CAPTURE(hex(std::as_bytes(std::span{extra.command})));
        CHECK((bench.machine.unknown_count() == 0) == extra.has);
        const auto& set = bench.machine.settings();
        const bool took = set.density || set.speed || bench.machine.beeps() > 0;
        CHECK(took == extra.has);
    }
}

TEST_CASE("a QR code comes out by the model's own numbers alone", "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    const auto print = [&](int level, int m) {
        const std::string name = bytes({0x1d, '(', 'k'});
        Bench bench{instantaneous(from_model(model))};
        bench.send(init + name + bytes({3, 0, '1', 'E', level}) + name +
                   bytes({8, 0, '1', 'P', m}) + "A-025" + name + bytes({3, 0, '1', 'Q', m}));
        return bench.machine.hanging().symbols.size();
    };
    const int own = model.qr_store_m;
    CHECK(print(model.qr_level_l + 1, own) == (model.native_qr ? 1 : 0));
    CHECK(print(model.qr_level_l + 1, own == 0x30 ? 0x31 : 0x30) == 0);
}

TEST_CASE("a ticket with the model's own cut and presenter comes out whole",
          "[virtual_printer][profile]") {
    const escpos::Profile model = any_model();
    CAPTURE(model.name);
    Bench bench{from_model(model)};
    bench.send(init + "A-025\n" + feed() + as_text(model.cut) + as_text(model.present));
    bench.settle();
    if (model.cutter == Cutter::none) bench.machine.tear_off(bench.now);
    CHECK(bench.paper().text().starts_with("A-025\n"));
    CHECK(bench.machine.unknown_count() == 0);
    if (!model.present.empty()) {
        CHECK(bench.machine.condition().ticket_in_mouth);
        CHECK(bench.machine.take_ticket(bench.now));
    }
}

TEST_CASE("a piece shorter than the model's shortest is not cut", "[virtual_printer][profile]") {
    Profile profile = instantaneous(generic_80());
    profile.min_piece_mm = 30;
    Bench bench{profile};
    bench.send("one\n" + cut);
    CHECK(bench.papers().empty());
    bench.send("two\n" + cut);
    CHECK(bench.papers().size() == 1);
}

TEST_CASE("more rows than a model takes turn the picture into text", "[virtual_printer][profile]") {
    Profile profile = instantaneous(generic_80());
    profile.max_raster_rows = 100;
    Bench bench{profile};
    bench.send(init + bytes({0x1d, 'v', '0', 0, 1, 0, 100, 0}) + std::string(100, 'U'));
    CHECK(bench.machine.unknown_count() == 0);
    bench.send(bytes({0x1d, 'v', '0', 0, 1, 0, 101, 0}) + std::string(101, 'U') + '\n');
    CHECK(bench.machine.unknown_count() == 1);
    CHECK(bench.machine.hanging().text().starts_with(std::string(48, 'U') + '\n'));
}

TEST_CASE("a wrong belief shows on the paper and in the silence", "[virtual_printer][profile]") {
    const auto believed = escpos::find_profile("epson-tm-t88v");
    const auto real = escpos::find_profile("zijiang-zj-5870");
    REQUIRE(believed.has_value());
    REQUIRE(real.has_value());
    Bench bench{instantaneous(from_model(*real))};
    // A line as long as the believed printer's is broken by the real one.
    bench.send(init + std::string(believed->columns, 'x') + '\n');
    CHECK(first_line_length(bench.machine.hanging()) == real->columns);
    CHECK(bench.ask(process_id("k001")).empty());
    CHECK(bench.machine.unknown_count() == 1);
}

TEST_CASE("the printer that tests have always had is the model of its file",
          "[virtual_printer][profile]") {
    const auto model = escpos::find_profile("epson-tm-t88v");
    REQUIRE(model.has_value());
    const Profile file = from_model(*model);
    const Profile preset = epson_tm_t88v();
    CHECK(file.head_dots == preset.head_dots);
    CHECK(file.dpi == preset.dpi);
    CHECK(file.vertical_units_per_inch == preset.vertical_units_per_inch);
    CHECK(file.font_a.width == preset.font_a.width);
    CHECK(file.font_b.width == preset.font_b.width);
    CHECK(file.has_process_id == preset.has_process_id);
    CHECK(file.has_clear == preset.has_clear);
    CHECK(file.cutter == preset.cutter);
}
