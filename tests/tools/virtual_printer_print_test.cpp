#include "tests/tools/virtual_printer_bench.hpp"

#include <algorithm>
#include <cstdint>

using namespace antrean::virtual_printer;

namespace {

// At once, and without the pairing of bytes into ideograms.
Paper print(std::string_view data, const Profile& profile = generic_80()) {
    Bench bench{instantaneous(profile)};
    bench.send(init);
    bench.send(data);
    bench.send(cut);
    CHECK(bench.machine.unknown_count() == 0);
    return bench.paper();
}

constexpr int top = 112;  // from the blade to the head: 14 mm at 203 dpi

std::string number(int value) {
    return bytes({value & 0xff, value >> 8});
}

std::string symbol(std::string_view data, int module, char correction) {
    const std::string name = bytes({0x1d, '(', 'k'});
    return name + bytes({3, 0, '1', 'C', module}) + name + bytes({3, 0, '1', 'E'}) + correction +
           name + number(static_cast<int>(data.size()) + 3) + "1P0" + std::string{data} + name +
           bytes({3, 0, '1', 'Q', '0'});
}

}  // namespace

TEST_CASE("text keeps its lines, whatever alignment and size", "[virtual_printer][print]") {
    const Paper paper = print(bytes({0x1b, 'a', 1}) + "MAL\n" + bytes({0x1d, '!', 0x77}) +
                              "A-025\n" + bytes({0x1d, '!', 0, 0x1b, 'a', 2}) + "right\n\nend\n");
    CHECK(paper.text() == "MAL\nA-025\nright\n\nend\n");
    CHECK(paper.complete);
    REQUIRE(paper.runs.size() == 4);
    CHECK(paper.runs[0].x == (576 - 3 * 12) / 2);
    CHECK(paper.runs[0].y == top);
    CHECK(paper.runs[1].x == (576 - 5 * 96) / 2);
    CHECK(paper.runs[1].y == top + 34);
    CHECK(paper.runs[1].cell_height == 192);
    CHECK(paper.runs[2].x == 576 - 5 * 12);
    CHECK(paper.runs[2].y == top + 34 + 192);
}

TEST_CASE("columns are those of the model", "[virtual_printer][print]") {
    struct Row {
        Profile profile;
        std::size_t font_a;
        std::size_t font_b;
    };
    const auto row = GENERATE(Row{generic_80(), 48, 64}, Row{generic_58(), 32, 42},
                              Row{epson_tm_t88v(), 42, 56});
    const std::string much(200, 'x');
    CHECK(print(much + '\n', row.profile).text().find('\n') == row.font_a);
    CHECK(print(bytes({0x1b, 'M', 1}) + much + '\n', row.profile).text().find('\n') == row.font_b);
}

TEST_CASE("characters of different sizes share a base line", "[virtual_printer][print]") {
    const Paper paper = print("a" + bytes({0x1d, '!', 0x11}) + "B\n");
    REQUIRE(paper.runs.size() == 2);
    CHECK(paper.runs[0].y == top + 24);
    CHECK(paper.runs[1].y == top);
    CHECK(paper.runs[1].x == 12);
    CHECK(paper.text() == "aB\n");
}

TEST_CASE("modes show in the runs and end with ESC @", "[virtual_printer][print]") {
    const Paper paper = print(bytes({0x1b, 'E', 1}) + "bold\n" + bytes({0x1b, '-', 2}) + "under\n" +
                              bytes({0x1d, 'B', 1, 0x1b, '{', 1}) + "turned\n" +
                              bytes({0x1b, '@'}) + "plain\n" + bytes({0x1b, '!', 0xb9}) + "all\n");
    REQUIRE(paper.runs.size() == 5);
    CHECK(paper.runs[0].bold);
    CHECK(paper.runs[1].underline == 2);
    CHECK(paper.runs[2].reverse);
    CHECK(paper.runs[2].upside_down);
    const TextRun& plain = paper.runs[3];
    CHECK_FALSE(plain.bold);
    CHECK_FALSE(plain.reverse);
    CHECK_FALSE(plain.upside_down);
    CHECK(plain.underline == 0);
    const TextRun& all = paper.runs[4];
    CHECK(all.font == Font::b);
    CHECK(all.bold);
    CHECK(all.cell_width == 18);
    CHECK(all.cell_height == 34);
    CHECK(all.underline == 1);
}

TEST_CASE("margin, width, spacing, tabs and positions move the text", "[virtual_printer][print]") {
    const Paper paper = print(bytes({0x1d, 'L', 24, 0, 0x1d, 'W', 120, 0}) + "0123456789abc\n" +
                              bytes({0x1b, ' ', 4}) + "ab\n" + bytes({0x1b, ' ', 0}) + "a\tb\n" +
                              bytes({0x1b, '$', 60, 0}) + "c\n");
    CHECK(paper.text() == "0123456789\nabc\nab\na       b\nc\n");
    REQUIRE(paper.runs.size() == 6);
    CHECK(paper.runs[0].x == 24);
    CHECK(paper.runs[2].spacing == 4);
    CHECK(paper.runs[2].width() == 32);
    CHECK(paper.runs[4].x == 24 + 96);
    CHECK(paper.runs[5].x == 24 + 60);
}

TEST_CASE("a tab stop may be set", "[virtual_printer][print]") {
    const Paper paper = print(bytes({0x1b, 'D', 4, 20, 0}) + "a\tb\tc\n");
    REQUIRE(paper.runs.size() == 3);
    CHECK(paper.runs[1].x == 4 * 12);
    CHECK(paper.runs[2].x == 20 * 12);
}

TEST_CASE("paper moves by lines, units and spacing", "[virtual_printer][print]") {
    CHECK(print("a\n").height_dots == top + 34);
    CHECK(print("a" + bytes({0x1b, 'd', 3})).height_dots == top + 3 * 34);
    CHECK(print("a" + bytes({0x1b, 'J', 100})).height_dots == top + 100);
    CHECK(print(bytes({0x1b, '3', 60}) + "a\n").height_dots == top + 60);
    CHECK(print(bytes({0x1b, '3', 0}) + "a\n").height_dots == top + 24);
    CHECK(print(bytes({0x1b, '3', 60, 0x1b, '2'}) + "a\n").height_dots == top + 34);
    // The Epson counts 1/360 inch and prints 180 dots per inch.
    CHECK(print(bytes({0x1b, '3', 100}) + "a\n", epson_tm_t88v()).height_dots == 106 + 50);
}

TEST_CASE("text above ASCII is decoded by the selected table", "[virtual_printer][print]") {
    CHECK(print("caf\x82\n").text() == "café\n");
    CHECK(print(bytes({0x1b, 't', 16}) + "caf\xe9 \x80\n").text() == "café €\n");
    CHECK(print(bytes({0x1b, 't', 19}) + "\xd5 \xb5\n").text() == "€ Á\n");
    CHECK(print(bytes({0x1b, 'R', 2}) + "[\\]\n").text() == "ÄÖÜ\n");
}

TEST_CASE("an unknown code table is noted and leaves the previous one",
          "[virtual_printer][print]") {
    Bench bench{instantaneous(epson_tm_t88v())};
    bench.send(bytes({0x1b, 't', 16, 0x1b, 't', 99}) + "\xe9\n" + cut);
    CHECK(bench.paper().text() == "é\n");
    REQUIRE(bench.machine.unknown_count() == 1);
    CHECK(bench.machine.unknown_commands()[0].bytes == std::vector<std::uint8_t>{0x1b, 't', 99});
}

TEST_CASE("firmware for Chinese pairs bytes up until it is told not to",
          "[virtual_printer][print]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(bytes({0x1b, '@', 0x1b, 't', 16}) + "\xe9\xe8!\n" + bytes({0x1c, '.'}) +
               "\xe9\xe8!\n" + cut);
    CHECK(bench.paper().text() == "〓!\néè!\n");
}

TEST_CASE("a raster stands where alignment puts it, dot by dot", "[virtual_printer][print]") {
    const Paper paper = print(
        "x\n" +
        bytes({0x1b, 'a', 1, 0x1d, 'v', '0', 0, 2, 0, 3, 0, 0x80, 0x01, 0x00, 0x00, 0xff, 0xff}) +
        "y\n");
    REQUIRE(paper.rasters.size() == 1);
    const Raster& raster = paper.rasters[0];
    CHECK(raster.x == (576 - 16) / 2);
    CHECK(raster.y == top + 34);
    CHECK(raster.width == 16);
    CHECK(raster.height == 3);
    CHECK(raster.dot(0, 0));
    CHECK_FALSE(raster.dot(1, 0));
    CHECK(raster.dot(15, 0));
    CHECK_FALSE(raster.dot(7, 1));
    CHECK(raster.dot(7, 2));
    REQUIRE(paper.runs.size() == 2);
    CHECK(paper.runs[1].y == top + 34 + 3);
}

TEST_CASE("a raster may be doubled and is cut off at the head's edge", "[virtual_printer][print]") {
    const Paper doubled = print(bytes({0x1d, 'v', '0', 3, 1, 0, 2, 0, 0x40, 0x00}));
    REQUIRE(doubled.rasters.size() == 1);
    CHECK(doubled.rasters[0].bits ==
          std::vector<std::uint8_t>{0x30, 0x00, 0x30, 0x00, 0x00, 0x00, 0x00, 0x00});
    const Paper wide =
        print(bytes({0x1d, 'v', '0', 0, 100, 0, 1, 0}) + std::string(100, '\xff') + "after\n");
    REQUIRE(wide.rasters.size() == 1);
    CHECK(wide.rasters[0].width == 576);
    CHECK(wide.text() == "after\n");
}

TEST_CASE("stored graphics are printed once asked for", "[virtual_printer][print]") {
    const std::string store = bytes(
        {0x1d, '(', 'L', 14, 0, '0', 'p', '0', 1, 2, '1', 12, 0, 2, 0, 0x80, 0x10, 0x00, 0xf0});
    const std::string show = bytes({0x1d, '(', 'L', 2, 0, '0', '2'});
    const Paper paper = print(store + show + show);
    REQUIRE(paper.rasters.size() == 1);
    CHECK(paper.rasters[0].width == 12);
    CHECK(paper.rasters[0].bits ==
          std::vector<std::uint8_t>{0x80, 0x10, 0x80, 0x10, 0x00, 0xf0, 0x00, 0xf0});
}

TEST_CASE("columns of dots stand in the line of text", "[virtual_printer][print]") {
    const Paper paper =
        print("a" + bytes({0x1b, '*', 33, 2, 0, 0x80, 0, 0x01, 0, 0xff, 0}) + "b\n");
    REQUIRE(paper.rasters.size() == 1);
    const Raster& strip = paper.rasters[0];
    CHECK(strip.x == 12);
    CHECK(strip.y == top);
    CHECK(strip.height == 24);
    CHECK(strip.dot(0, 0));
    CHECK(strip.dot(0, 23));
    CHECK(strip.dot(1, 8));
    CHECK_FALSE(strip.dot(1, 0));
    CHECK(paper.runs.back().x == 14);
}

TEST_CASE("a QR symbol is drawn in the size that was asked for", "[virtual_printer][print]") {
    const Paper paper = print(bytes({0x1b, 'a', 1}) + symbol("HTTPS://EXAMPLE.ORG/8F3K2", 5, '1'));
    REQUIRE(paper.symbols.size() == 1);
    CHECK(paper.symbols[0].text == "HTTPS://EXAMPLE.ORG/8F3K2");
    REQUIRE(paper.rasters.size() == 1);
    const Raster& raster = paper.rasters[0];
    // Version 2 has 25 modules a side.
    CHECK(raster.width == 25 * 5);
    CHECK(raster.height == 25 * 5);
    CHECK(raster.x == (576 - 125) / 2);
    // A finder pattern: seven modules black, one white, in the corner.
    for (int i = 0; i < 35; ++i)
        CHECK(raster.dot(i, 0));
    for (int i = 35; i < 40; ++i)
        CHECK_FALSE(raster.dot(i, 0));
    CHECK_FALSE(raster.dot(5, 5));
    CHECK(raster.dot(10, 10));
}

TEST_CASE("a symbol wider than the paper is not printed", "[virtual_printer][print]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(symbol(std::string(500, 'a'), 16, '3') + "after\n" + cut);
    const Paper paper = bench.paper();
    CHECK(paper.rasters.empty());
    CHECK(paper.text() == "after\n");
    CHECK(bench.machine.unknown_count() == 1);
}

TEST_CASE("a cut without feed goes through what was printed last", "[virtual_printer][cut]") {
    Bench bench{instantaneous(generic_80())};
    for (int i = 0; i < 10; ++i)
        bench.send("line " + std::to_string(i) + '\n');
    bench.send(bytes({0x1d, 'V', 1}));
    const Paper first = bench.paper();
    CHECK(first.height_dots == 10 * 34);
    // The blade is 112 dots past the head: three lines and a bit stay behind.
    CHECK(first.text() == "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\n");
    bench.send(cut);
    const Paper second = bench.paper();
    CHECK(second.text() == "line 7\nline 8\nline 9\n");
    CHECK(second.runs.front().y < 0 + 34);
}

TEST_CASE("every form of cut cuts", "[virtual_printer][cut]") {
    const std::string form =
        GENERATE(bytes({0x1d, 'V', 0}), bytes({0x1d, 'V', '1'}), bytes({0x1d, 'V', 65, 10}),
                 bytes({0x1d, 'V', 66, 0}), bytes({0x1d, 'V', 103, 0}), bytes({0x1d, 'V', 104, 0}),
                 bytes({0x1b, 'i'}), bytes({0x1b, 'm'}));
    Bench bench{instantaneous(generic_80())};
    bench.send("x\n" + form);
    CHECK(bench.paper().complete);
    CHECK(bench.machine.cuts() == 1);
}

TEST_CASE("feeding back saves the blank strip", "[virtual_printer][cut]") {
    Bench bench{instantaneous(generic_80())};
    bench.send("x\n" + bytes({0x1d, 'V', 104, 0}));
    CHECK(bench.paper().height_dots == top + 34);
    bench.send("y\n" + cut);
    CHECK(bench.paper().height_dots == 34);
}

TEST_CASE("a reserved cut happens when its place comes to the blade", "[virtual_printer][cut]") {
    Bench bench{instantaneous(generic_80())};
    bench.send("one\n" + bytes({0x1d, 'V', 98, 0}));
    CHECK(bench.papers().empty());
    bench.send("two\n");
    CHECK(bench.papers().empty());
    for (int i = 0; i < 4; ++i)
        bench.send("more\n");
    const Paper paper = bench.paper();
    CHECK(paper.text() == "one\n");
    CHECK(paper.height_dots == top + 34);
}

TEST_CASE("a cut in the middle of a line is ignored", "[virtual_printer][cut]") {
    Bench bench{instantaneous(generic_80())};
    bench.send("no line feed" + cut);
    CHECK(bench.papers().empty());
    CHECK(bench.machine.unknown_count() == 1);
    bench.send("\n" + cut);
    CHECK(bench.paper().text() == "no line feed\n");
}

TEST_CASE("at a tear bar the paper is taken where it was fed to", "[virtual_printer][cut]") {
    Bench bench{instantaneous(generic_58())};
    bench.send("x\n" + bytes({0x1d, 'V', 0}));
    CHECK(bench.papers().empty());
    bench.send(cut);
    CHECK(bench.paper().text() == "x\n");
    CHECK(bench.machine.cuts() == 0);
}

TEST_CASE("what is not understood is noted and does not leak into the text",
          "[virtual_printer][unknown]") {
    Bench bench{instantaneous(generic_80())};
    bench.send(init + "a" + bytes({0x1b, 0x7f}) + "b" + bytes({0x1d, '(', 'Z', 3, 0, 1, 2, 3}) +
               "c" + bytes({0x07}) + "d" + bytes({0x1d, 'k', 73, 4, '{', 'B', 'x', 'y'}) + "e" +
               bytes({0x1d, 'k', 4, 'C', 'O', 'D', 'E', 0}) + "f\n" + cut);
    CHECK(bench.paper().text() == "abcdef\n");
    CHECK(bench.machine.unknown_count() == 5);
    CHECK(bench.machine.unknown_commands().size() == 5);
}

TEST_CASE("what shows on no paper is accepted", "[virtual_printer][unknown]") {
    const Paper paper =
        print(bytes({0x1b, 'B', 3, 2}) + bytes({0x1b, '(', 'A', 4, 0, 48, 51, 3, 15}) +
              bytes({0x1d, '(', 'K', 2, 0, '1', 3}) + bytes({0x1b, 'p', 0, 50, 50}) + "x\r\n");
    CHECK(paper.text() == "x\n");
}

TEST_CASE("random bytes neither crash the printer nor make it grow", "[virtual_printer][fuzz]") {
    auto profile = GENERATE(generic_80(), generic_58(), epson_tm_t88v());
    profile.dialect = GENERATE(Dialect::epson, Dialect::custom, Dialect::star);
    profile.presenter = profile.dialect != Dialect::custom ? PresenterKind::none
                        : profile.has_process_id           ? PresenterKind::gs_e
                                                           : PresenterKind::fs_p;
    const bool timed = GENERATE(false, true);
    Profile used = timed ? profile : instantaneous(profile);
    used.roll_mm = Profile::endless_roll;
    Bench bench{used};
    std::uint64_t state = 0x9e3779b97f4a7c15;
    const auto random = [&state] {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    };
    // Half of it are beginnings of commands, or random bytes would hardly ever be one.
    constexpr std::string_view likely =
        "\x1b\x1d\x1c\x10@aEtdJ!V*(kLHvrI\x04\x05\x14\n0123PQ"
        "\x17\x1e{BhweRC\xe0\xe2\xe4";
    std::string data;
    for (int round = 0; round < 2'000; ++round) {
        if (data.size() > 20'000) data.clear();
        for (int i = 0; i < 200; ++i) {
            const auto value = random();
            data +=
                value & 1 ? likely[(value >> 8) % likely.size()] : static_cast<char>(value >> 16);
        }
        data.erase(0, bench.offer(data));
        bench.wait(std::chrono::milliseconds{random() % 500});
        switch (random() % 40) {
            case 0:
                bench.machine.open_cover(bench.now);
                break;
            case 1:
                bench.machine.set_paper_left(bench.now, 0);
                break;
            case 2:
                bench.machine.jam_cutter(bench.now);
                break;
            case 3:
                bench.machine.power_off(bench.now);
                break;
            case 4:
                bench.machine.tear_off(bench.now);
                break;
            case 5:
                bench.machine.break_board(bench.now);
                break;
            case 6:
                bench.machine.take_ticket(bench.now);
                break;
            case 7:
                bench.machine.stick_ticket(bench.now, true);
                break;
            default:
                bench.machine.stick_ticket(bench.now, false);
                bench.machine.power_on(bench.now);
                bench.machine.clear_jam(bench.now);
                bench.machine.close_cover(bench.now);
                if (bench.machine.condition().paper_end) bench.machine.load_paper(bench.now);
        }
        REQUIRE(bench.machine.condition().buffered <= used.receive_buffer);
        REQUIRE(bench.machine.unknown_commands().size() <= 64);
    }
    CHECK(bench.machine.unknown_count() > 0);
    CHECK(bench.papers().size() <= 128);
    bench.machine.power_off(bench.now);
    bench.machine.power_on(bench.now);
    bench.machine.clear_jam(bench.now);
    bench.machine.stick_ticket(bench.now, false);
    bench.machine.close_cover(bench.now);
    bench.machine.load_paper(bench.now);
    bench.papers();
    bench.send(init + "sound\n" + cut);
    bench.settle();
    CHECK(bench.paper().text() == "sound\n");
}
