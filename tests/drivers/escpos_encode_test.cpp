#include "drivers/escpos/encode.hpp"
#include "tests/catch.hpp"
#include "tests/escpos/scan.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace {

using namespace antrean::escpos;

std::string as_text(const std::vector<std::byte>& bytes) {
    std::string text;
    for (const std::byte b : bytes)
        text += static_cast<char>(b);
    return text;
}

std::string operator""_s(const char* text, std::size_t size) {
    return {text, size};
}

TEST_CASE("a small paper is encoded byte for byte", "[escpos][encode]") {
    Encoder encoder{generic_80()};
    encoder.init().align(Align::center).bold(true).line("Loket 3").bold(false);
    encoder.size(2, 4).line("A012").size(1, 1).feed(2).cut();
    CHECK(as_text(encoder.take()) ==
          "\x1b@\x1c.\x1bR\0\x1bt\x10"
          "\x1b"
          "a\x01\x1b"
          "E\x01Loket 3\n\x1b"
          "E\0"
          "\x1d!\x13"
          "A012\n\x1d!\0"
          "\x1b"
          "d\x02"
          "\x1dVB\0"_s);
    CHECK(encoder.bytes().empty());
}

TEST_CASE("a paper switches status reports on again where the printer has them",
          "[escpos][encode]") {
    Encoder encoder{epson_tm()};
    CHECK(as_text(encoder.init().bytes()) ==
          "\x1b@\x1c.\x1d"
          "a\xff\x1bR\0\x1bt\x10"_s);
    auto custom = generic_80();
    custom.dialect = Dialect::custom;
    custom.has_asb = true;
    CHECK(as_text(Encoder{custom}.init().bytes()) == "\x1b@\x1c.\x1d\xe0\x0f\x1bR\0\x1bt\x10"_s);
    custom.dialect = Dialect::star;  // in ESC/POS emulation
    CHECK(as_text(Encoder{custom}.init().bytes()) == as_text(Encoder{epson_tm()}.init().bytes()));
}

TEST_CASE("characters are put into the code page or replaced", "[escpos][encode]") {
    struct Row {
        std::string_view utf8;
        CodePage page;
        std::string encoded;
    };
    const auto row = GENERATE(values<Row>({
        {"Kantor Pajak", CodePage::ascii, "Kantor Pajak"},
        {"é", CodePage::ascii, "?"},
        {"é ÿ €", CodePage::cp1252, "\xe9 \xff \x80"},
        {"é ÿ €", CodePage::cp858, "\x82 \x98 \xd5"},
        {"“Ja’far” – —", CodePage::cp1252,
         "\x93Ja\x92"
         "far\x94 \x96 \x97"},
        {"“Ja’far” – —", CodePage::cp858, "\"Ja'far\" - -"},
        {"\xc2\xad", CodePage::cp1252, "?"},      // a soft hyphen
        {"a\xc2\xa0z", CodePage::cp1252, "a z"},  // a space that does not break
        {"日本", CodePage::cp1252, "??"},
        {"a\tb\r\nc", CodePage::ascii, "a b  c"},
        {"\x1b@\x10\x14\x7f", CodePage::cp1252, "?@???"},
        {"\xc0\x9b@", CodePage::cp1252, "??@"},       // ESC in a longer form than needed
        {"\xed\xa0\x80", CodePage::cp1252, "?"},      // half of a surrogate pair
        {"\xf4\x90\x80\x80", CodePage::cp1252, "?"},  // beyond the last character
        {"\xe2\x82", CodePage::cp1252, "?"},          // cut off
        {"\xe2(\xa1", CodePage::cp1252, "?(?"},
        {"\xc2\x9b", CodePage::cp1252, "?"},  // CSI as one C1 character
    }));
    CHECK(encode_text(row.utf8, row.page) == row.encoded);
}

TEST_CASE("no control byte comes out of any text", "[escpos][encode][R16][F29]") {
    std::mt19937 random{20240817};
    for (int round = 0; round < 20000; ++round) {
        std::string text(random() % 40, '\0');
        for (char& c : text)
            c = static_cast<char>(random());
        const auto page = static_cast<CodePage>(random() % 19);
        for (const char c : encode_text(text, page)) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (byte < 0x20 || byte == 0x7f || (page == CodePage::ascii && byte > 0x7f))
                FAIL("control byte " << int{byte} << " in round " << round);
        }
    }
    SUCCEED();
}

TEST_CASE("text cannot change what the encoder itself puts between", "[escpos][encode][R16][F29]") {
    // The same calls with hostile and with harmless text have the same bytes around the text.
    std::mt19937 random{7};
    for (int round = 0; round < 2000; ++round) {
        std::string text(random() % 60, '\0');
        for (char& c : text)
            c = static_cast<char>(random() % 0x30);
        Encoder hostile{generic_80()};
        hostile.init().line(text).wrapped(text, 2).size(2, 2).text(text).cut();
        const std::string bytes = as_text(hostile.bytes());
        int escapes = 0;
        for (const char c : bytes)
            escapes += c == '\x1b' || c == '\x1c' || c == '\x1d';
        REQUIRE(escapes == 6);  // ESC @, FS ., ESC R, ESC t, GS !, GS V
    }
}

TEST_CASE("a line is clipped at the right edge for its size", "[escpos][encode][F29]") {
    Encoder encoder{generic_58()};
    encoder.line(std::string(40, 'x'));
    CHECK(as_text(encoder.take()) == std::string(32, 'x') + "\n");
    encoder.text(std::string(30, 'x')).size(2, 1).text("yz");
    CHECK(as_text(encoder.take()) == std::string(30, 'x') + "\x1d!\x10y");
    CHECK(Encoder{generic_58()}.size(3, 1).columns() == 10);
}

TEST_CASE("text is wrapped between words", "[escpos][encode]") {
    struct Row {
        std::string_view text;
        int max_lines;
        std::string lines;
    };
    const auto row = GENERATE(values<Row>({
        {"Dinas Kependudukan dan Pencatatan Sipil Kota", 4,
         "Dinas Kependudukan dan\nPencatatan Sipil Kota\n"},
        {"Dinas Kependudukan dan Pencatatan Sipil Kota", 1, "Dinas Kependudukan dan\n"},
        {"  a  ", 4, "a\n"},
        {"", 4, ""},
        {"   ", 4, ""},
        {"12345678901234567890123456789012 x", 4, "12345678901234567890123456789012\nx\n"},
        {"123456789012345678901234567890123 x", 4, "12345678901234567890123456789012\n3 x\n"},
        {"a\nb", 4, "a b\n"},
    }));
    Encoder encoder{generic_58()};
    CHECK(as_text(encoder.wrapped(row.text, row.max_lines).take()) == row.lines);
}

TEST_CASE("a character that the preferred page lacks is found in the printer's others",
          "[escpos][encode]") {
    Profile profile = generic_80();
    profile.code_tables = {{CodePage::cp1252, 16}, {CodePage::cp852, 18}, {CodePage::cp866, 17}};
    struct Row {
        std::string_view utf8;
        std::string bytes;
    };
    const auto row = GENERATE(values<Row>({
        {"caf\u00e9", "caf\xe9"},
        {"\u0141\u00f3d\u017a 1", "\x1bt\x12\x9d\xa2\x64\xab 1\x1bt\x10"},
        // Back to the preferred page only where it is needed, or the text ends.
        {"\u041c\u0424\u0426 \u00e9 \u0426",
         "\x1bt\x11\x8c\x94\x96 \x1bt\x10\xe9 \x1bt\x11\x96\x1bt\x10"},
        {"\u2212 \u2026 \u2022", "- \x85 \x95"},
        {"\u0e01", "?"},
        {"soft\u00adly\u200b", "softly"},
        {"\u202eabc\u2066", "abc"},
    }));
    CHECK(as_text(Encoder{profile}.text(row.utf8).take()) == row.bytes);
}

TEST_CASE("a printer of which no page is known gets ASCII", "[escpos][encode]") {
    Profile profile = generic_80();
    profile.code_tables.clear();
    CHECK(as_text(Encoder{profile}.text("Jl. \u00c9tang").take()) == "Jl. ?tang");
}

TEST_CASE("sizes and looks are those that the printer has", "[escpos][encode]") {
    Profile profile = generic_58();
    profile.max_width = 6;
    profile.max_height = 2;
    Encoder encoder{profile};
    encoder.size(8, 8).size(0, -3).underline(9).underline(-1).reverse(true);
    CHECK(as_text(encoder.take()) == "\x1d!\x51\x1d!\0\x1b-\x02\x1b-\0\x1d\x42\x01"_s);
    CHECK(encoder.size(8, 1).columns() == 5);
}

TEST_CASE("Kanji mode is switched off where it may be on", "[escpos][encode]") {
    Profile profile = generic_80();
    CHECK(scan(Encoder{profile}.init().take()).count("FS .") == 1);
    profile.kanji_mode = false;
    CHECK(scan(Encoder{profile}.init().take()).count("FS .") == 0);
}

TEST_CASE("each cut is what was asked for, and the presenter comes after it", "[escpos][encode]") {
    Profile profile = generic_80();
    const auto cut = [&](Cut how) { return as_text(Encoder{profile}.text("a").cut(how).take()); };
    CHECK(cut(Cut::as_profile) == "a\n\x1dVB\0"_s);
    CHECK(cut(Cut::full) == "a\n\x1dVA\0"_s);
    CHECK(cut(Cut::partial) == "a\n\x1dVB\0"_s);
    CHECK(cut(Cut::full_here) == "a\n\x1dV\0"_s);
    CHECK(cut(Cut::partial_here) == "a\n\x1dV\x01"_s);
    profile.cut = {std::byte{0x1b}, std::byte{0x69}};
    profile.present = {std::byte{0x1d}, std::byte{0x65}, std::byte{0x05}};
    CHECK(cut(Cut::as_profile) == "a\n\x1bi\x1d\x65\x05");
    CHECK(cut(Cut::full) == "a\n\x1dVA\0\x1d\x65\x05"_s);
    profile = generic_58();
    for (const Cut how : {Cut::as_profile, Cut::full, Cut::partial_here})
        CHECK(cut(how) == "a\n\x1b\x64\x05");
}

TEST_CASE("a piece too short to be cut is made long enough", "[escpos][encode]") {
    Profile profile = generic_80();
    profile.min_piece_mm = 70;
    profile.head_to_cutter_mm = 12;
    // How far the paper has moved at the cut, in dots; the blade is 96 dots away.
    const auto moved = [&](int lines) {
        Encoder encoder{profile};
        encoder.feed(1);
        for (int i = 0; i < lines; ++i)
            encoder.line("x");
        int dots = 34 + 34 * lines + 96;
        for (const Token& token : scan(encoder.cut().take()).tokens)
            if (token.name == "ESC J") dots += static_cast<unsigned char>(token.operands[0]);
        return dots * 25.4 / 203;
    };
    for (const int lines : {0, 1, 5, 10})
        CHECK(moved(lines) == Approx(70).margin(0.2));
    CHECK(moved(14) == Approx((34 * 15 + 96) * 25.4 / 203));
    // Each piece by itself.
    Encoder twice{profile};
    twice.feed(20).cut();
    CHECK(scan(twice.bytes()).count("ESC J") == 0);
    CHECK(scan(twice.cut().bytes()).count("ESC J") > 0);
    profile.cutter = Cutter::none;
    CHECK(scan(Encoder{profile}.cut().take()).count("ESC J") == 0);
}

TEST_CASE("buzzer, density and speed are the printer's own commands, or none", "[escpos][encode]") {
    Profile profile = generic_80();
    const auto all = [&] {
        Encoder encoder{profile};
        return as_text(encoder.beep(3).density(2).speed(Speed::fast).take());
    };
    CHECK(all().empty());
    profile.buzzer = BuzzerCommand::esc_paren_a;
    profile.density = DensityCommand::gs_paren_k;
    profile.speed = SpeedCommand::gs_paren_k;
    CHECK(all() == "\x1b(A\x04\0\x30\x31\x03\x0a\x1d(K\x02\0\x31\x02\x1d(K\x02\0\x32\x09"_s);
    profile.buzzer = BuzzerCommand::esc_b;
    profile.density = DensityCommand::gs_bar;
    profile.speed = SpeedCommand::custom_gs_f0;
    CHECK(all() == "\x1b\x42\x03\x02\x1d|\x06\x1d\xf0\x02");
    for (const int extreme : {-1000, 1000}) {
        Encoder encoder{profile};
        CHECK(scan(encoder.beep(extreme).density(extreme).take()).problem == "");
    }
}

TEST_CASE("cells stand side by side, each wrapped in its own columns", "[escpos][encode][row]") {
    const auto row = [](std::vector<Cell> cells, int max_lines = 4) {
        return scan(Encoder{generic_58()}.row(cells, max_lines).take()).text();
    };
    CHECK(row({{"Loket", 0, Align::left}, {"A-012", 8, Align::right}}) ==
          "Loket                      A-012\n");
    CHECK(row({{"Dinas Kependudukan dan Pencatatan Sipil", 24, Align::left},
               {"12", 8, Align::right}}) == "Dinas Kependudukan dan        12\nPencatatan Sipil\n");
    CHECK(row({{"Dinas Kependudukan dan Pencatatan Sipil", 24}, {"12", 8, Align::right}}, 1) ==
          "Dinas Kependudukan dan        12\n");
    CHECK(row({{"a"}, {"b", 0, Align::center}, {"c", 0, Align::right}}) ==
          "a              b               c\n");
    CHECK(row({{"wide", 30}, {"cut", 30, Align::right}}) ==
          "wide" + std::string(26, ' ') + "cu\n" + std::string(31, ' ') + "t\n");
    CHECK(row({{"none", -5}}) == "none\n");
    CHECK(row({}) == "");
    CHECK(row(std::vector<Cell>(20, Cell{"x", 1})) == "xxxxxxxx\n");
}

TEST_CASE("a row begins at the left edge whatever is centred around it", "[escpos][encode][row]") {
    const Cell cells[] = {{"a", 2}, {"b", 2}};
    Encoder encoder{generic_58()};
    CHECK(as_text(encoder.align(Align::center).text("x").row(cells).text("y").take()) ==
          "\x1b\x61\x01x\n\x1b\x61\0a b\n\x1b\x61\x01y"_s);
    CHECK(scan(encoder.size(2, 2).row(cells).take()).text() == "a b\n");
}

// Draws every character as a black box, so that a test can count them; remembers what it was asked.
class BoxRaster : public TextRaster {
public:
    std::vector<Bitmap> lines(std::span<const StyledText> text, int dots, int max_lines) override {
        asked.assign(text.begin(), text.end());
        asked_dots = dots;
        asked_lines = max_lines;
        Bitmap line{std::min(dots, 100), 24};
        line.fill(0, 0, 100, 24);
        return {line};
    }
    std::vector<StyledText> asked;
    int asked_dots = 0;
    int asked_lines = 0;
};

TEST_CASE("a line that no code page holds is drawn as a whole", "[escpos][encode][drawn]") {
    BoxRaster raster;
    Encoder encoder{generic_80(), &raster};
    encoder.text("Nama: ").bold(true).size(2, 3).text("\u0645\u0643\u062a\u0628").bold(false);
    CHECK(raster.asked.empty());  // the line may go on
    encoder.text(" ok").line("!").line("next");
    const Scan paper = scan(encoder.take());
    CHECK(paper.problem == "");
    CHECK(paper.text() == "next\n");
    REQUIRE(raster.asked.size() == 4);
    CHECK(raster.asked[0].utf8 == "Nama: ");
    CHECK(raster.asked[0].width == 1);
    CHECK_FALSE(raster.asked[0].bold);
    CHECK(raster.asked[1].width == 2);
    CHECK(raster.asked[1].height == 3);
    CHECK(raster.asked[1].bold);
    CHECK_FALSE(raster.asked[2].bold);
    CHECK(raster.asked[3].utf8 == "!");
    CHECK(raster.asked_dots == 576);
    // The printer is in the looks that were chosen last, though those in between were not printed.
    CHECK(as_text(Encoder{generic_80(), &raster}.text("a").bold(true).line("\u0645").bytes())
              .starts_with("\x1b\x45\x01\x1dv0"));
    CHECK(paper.count("GS v") == 1);
    CHECK(pictures(paper).height() == 34);  // as far apart as lines of text are
}

TEST_CASE("without one that draws, question marks stand in", "[escpos][encode][drawn]") {
    CHECK(scan(Encoder{generic_80()}.line("\u0645\u0643 1").take()).text() == "?? 1\n");
}

TEST_CASE("what the pages hold is never drawn", "[escpos][encode][drawn]") {
    BoxRaster raster;
    Encoder encoder{generic_80(), &raster};
    const Cell cells[] = {{"\u00e9", 5}, {"\x1b\xff\x80 \u2019"}};
    encoder.init().line("Kantor Imigrasi \u00e9\u2026\u200b").wrapped("\u2014 a").row(cells);
    CHECK(raster.asked_dots == 0);
    CHECK(scan(encoder.take()).text() == "Kantor Imigrasi \xe9\x85\n\x97 a\n\xe9    ??? \x92\n");
}

TEST_CASE("a paragraph or a row is drawn when one character of it has to be",
          "[escpos][encode][drawn]") {
    BoxRaster raster;
    Encoder encoder{generic_58(), &raster};
    encoder.text("before").wrapped("satu dua \u0e01", 3);
    CHECK(raster.asked_lines == 3);
    CHECK(scan(encoder.take()).text() == "before\n");
    const Cell cells[] = {{"\u0e01", 24}, {"12", 8, Align::right}};
    const Scan row = scan(encoder.row(cells, 2).take());
    CHECK(raster.asked_dots == 96);
    CHECK(row.text() == "");
    const Bitmap seen = pictures(row);
    CHECK(seen.dot(99, 5));
    CHECK_FALSE(seen.dot(101, 5));
    CHECK(seen.dot(384 - 96, 5));
    CHECK(seen.dot(383, 5));
}

TEST_CASE("a drawn line is ended by whatever ends a line", "[escpos][encode][drawn]") {
    BoxRaster raster;
    const auto drawn = [&](auto end) {
        Encoder encoder{generic_80(), &raster};
        encoder.text("\u0e01");
        end(encoder);
        const Scan paper = scan(encoder.take());
        CHECK(paper.problem == "");
        return paper.count("GS v");
    };
    CHECK(drawn([](Encoder&) {}) == 1);
    CHECK(drawn([](Encoder& e) { e.align(Align::right); }) == 1);
    CHECK(drawn([](Encoder& e) { e.feed(); }) == 1);
    CHECK(drawn([](Encoder& e) { e.cut(); }) == 1);
    CHECK(drawn([](Encoder& e) { e.wrapped("x"); }) == 1);
    CHECK(drawn([](Encoder& e) { e.image(Bitmap{8, 8}); }) == 2);
    CHECK(drawn([](Encoder& e) { CHECK(e.code128("A012")); }) == 1);
    CHECK(drawn([](Encoder& e) { e.init(); }) == 0);  // the reset forgets it
    CHECK(drawn([](Encoder& e) { e.line(""); }) == 1);
    CHECK(drawn([](Encoder& e) { e.text("x").text("\u0e01"); }) == 1);
}

TEST_CASE("alignment, feed and cut end a line that has begun", "[escpos][encode]") {
    Encoder encoder{generic_58()};
    encoder.text("a").align(Align::right).text("b").feed(0).text("c").cut();
    CHECK(as_text(encoder.take()) ==
          "a\n\x1b"
          "a\x02"
          "b\nc\n\x1b"
          "d\x05"_s);
}

}  // namespace
