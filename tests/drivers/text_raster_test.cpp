// Text drawn with fonts of the host: its size, its direction, its breaking, and what no font has.
#include "drivers/escpos/encode.hpp"
#include "drivers/escpos/font_text_raster.hpp"
#include "tests/catch.hpp"
#include "tests/escpos/scan.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace antrean::escpos {
namespace {

const std::string fonts = "/usr/share/fonts/truetype/dejavu/";
const std::string devanagari = "/usr/share/fonts/truetype/lohit-devanagari/Lohit-Devanagari.ttf";

std::vector<Bitmap> lines(FontTextRaster& raster, const std::string& utf8, int dots = 576,
                          int max_lines = 20) {
    const StyledText text{utf8};
    return raster.lines({&text, 1}, dots, max_lines);
}

Bitmap line(FontTextRaster& raster, const std::string& utf8) {
    auto all = lines(raster, utf8, Bitmap::most_width);
    REQUIRE(all.size() == 1);
    return all[0];
}

int ink(const Bitmap& picture) {
    int dots = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            dots += picture.dot(x, y) ? 1 : 0;
    return dots;
}

// The part of a picture, to be compared with another.
Bitmap part(const Bitmap& picture, int x, int width) {
    Bitmap out{width, picture.height()};
    out.paste(picture, -x, 0);
    return out;
}

}  // namespace

TEST_CASE("a drawn line is as high as the printer's own, and as wide as its ink", "[text_raster]") {
    FontTextRaster raster;
    REQUIRE(raster.problems().empty());
    const Bitmap small = line(raster, "Antrean");
    CHECK(small.height() == 24);
    CHECK(small.width() > 60);
    CHECK(small.width() < 7 * 14);
    const StyledText large{"Antrean", 2, 3};
    const Bitmap big = raster.lines({&large, 1}, 576, 1).at(0);
    CHECK(big.height() == 72);
    CHECK(std::abs(big.width() - 2 * small.width()) <= 2);
}

TEST_CASE("letters are joined, and run from right to left where their script does",
          "[text_raster]") {
    FontTextRaster raster;
    // Between two others, beh has another shape than alone: the word is no row of single letters.
    const Bitmap alone = line(raster, "\u0628");
    const Bitmap word = line(raster, "\u0628\u0628\u0628");
    CHECK(word.width() < 2 * alone.width());
    // Logical order is that of reading; on paper the first letter stands on the right.
    const Bitmap alef_first = line(raster, "\u05d0\u05d1");  // alef, bet
    const Bitmap bet = line(raster, "\u05d1");
    CHECK(ink(part(alef_first, 0, bet.width())) == ink(bet));
    const Bitmap latin_first = line(raster, "ab");
    const Bitmap a = line(raster, "a");
    CHECK(ink(part(latin_first, 0, a.width())) == ink(a));
}

TEST_CASE("numbers and Latin words keep their order within Arabic", "[text_raster]") {
    FontTextRaster raster;
    const std::string number = "A-012";
    const Bitmap alone = line(raster, number);
    const Bitmap mixed = line(raster, "\u0645\u0643\u062a\u0628 " + number);
    // The number is read last, so it stands on the left, and is not turned round.
    CHECK(ink(part(mixed, 0, alone.width())) == ink(alone));
    CHECK(mixed.width() > alone.width() + 20);
}

TEST_CASE("text from outside cannot turn round what stands beside it", "[text_raster][R16]") {
    FontTextRaster raster;
    CHECK(line(raster, "ab\u202ecd\u0e01") == line(raster, "abcd\u0e01"));
    CHECK(line(raster, "\u2067ab\u2069cd") == line(raster, "abcd"));
}

TEST_CASE("the first font that has a letter draws it", "[text_raster]") {
    // DejaVu Sans Mono has no Hebrew, DejaVu Sans no Devanagari.
    FontTextRaster mono{{fonts + "DejaVuSansMono.ttf"}};
    FontTextRaster both{{fonts + "DejaVuSansMono.ttf", fonts + "DejaVuSans.ttf"}};
    FontTextRaster sans;
    CHECK(line(mono, "abc") == line(both, "abc"));
    CHECK(line(mono, "\u05d0") != line(both, "\u05d0"));
    FontTextRaster indian{{default_font, devanagari}};
    REQUIRE(indian.problems().empty());
    const std::string hindi = "\u0939\u093f\u0928\u094d\u0926\u0940";
    CHECK(line(indian, hindi) != line(sans, hindi));
    // The sign that is written third stands first: the word was shaped as one.
    const Bitmap ka = line(indian, "\u0915");
    const Bitmap ki = line(indian, "\u0915\u093f");
    CHECK(ink(part(ki, ki.width() - ka.width(), ka.width())) > ink(ka) / 2);
    CHECK(part(ki, 0, ka.width()) != ka);
}

TEST_CASE("what no font has is a box that can be seen", "[text_raster]") {
    FontTextRaster raster;
    const Bitmap missing = line(raster, "\u65e5");
    CHECK(missing.width() >= 8);
    CHECK(ink(missing) > 30);
    CHECK(line(raster, "\u65e5\u672c").width() > missing.width() + 8);
    // Invisible marks leave nothing.
    CHECK(ink(line(raster, "a\u200db\ufe0f")) == ink(line(raster, "ab")));
}

TEST_CASE("without any font every letter is a box", "[text_raster]") {
    const auto broken = std::filesystem::temp_directory_path() /
                        ("antrean-no-font-" + std::to_string(std::random_device{}()));
    std::ofstream{broken} << "this is no font";
    FontTextRaster raster{{"/nowhere/none.ttf", broken.string()}};
    std::filesystem::remove(broken);
    REQUIRE(raster.problems().size() == 2);
    CHECK(raster.problems()[0] == "/nowhere/none.ttf: cannot be read");
    CHECK(raster.problems()[1] == broken.string() + ": is no font");
    CHECK(line(raster, "abc").width() > 24);
    CHECK(ink(line(raster, "abc")) > 90);
    CHECK(lines(raster, std::string(100, 'a'), 384).size() > 2);
}

TEST_CASE("drawn text is broken between words and fits the paper", "[text_raster]") {
    FontTextRaster raster;
    std::string text;
    for (int i = 0; i < 30; ++i)
        text += "\u0645\u0643\u062a\u0628 kantor ";
    const auto all = lines(raster, text, 384, 100);
    CHECK(all.size() > 4);
    for (const Bitmap& one : all) {
        CHECK(one.width() <= 384);
        CHECK(one.width() > 250);
    }
    CHECK(lines(raster, text, 384, 3).size() == 3);
    CHECK(lines(raster, text, 384, 0).empty());
    // A word that is longer than the line is broken, too.
    const auto broken = lines(raster, std::string(100, 'm'), 384);
    CHECK(broken.size() > 4);
    for (const Bitmap& one : broken)
        CHECK(one.width() <= 384);
    // Chinese is written without spaces; each of these is a box as wide as the others.
    std::string ideograms;
    for (int i = 0; i < 60; ++i)
        ideograms += "\u65e5";
    CHECK(lines(raster, ideograms, 384).size() == 2);
}

TEST_CASE("one line or many, every letter is on the paper", "[text_raster]") {
    FontTextRaster raster;
    const std::string words = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh";
    int whole = 0;
    for (const Bitmap& one : lines(raster, words, Bitmap::most_width))
        whole += ink(one);
    int broken = 0;
    for (const Bitmap& one : lines(raster, words, 200))
        broken += ink(one);
    CHECK(whole == broken);
}

TEST_CASE("looks are drawn: bold, underlined, reversed", "[text_raster]") {
    FontTextRaster raster;
    const auto drawn = [&](StyledText text) { return raster.lines({&text, 1}, 576, 1).at(0); };
    const Bitmap plain = drawn({"Antrean"});
    CHECK(ink(drawn({"Antrean", 1, 1, true})) > ink(plain) * 13 / 10);
    CHECK(ink(drawn({"Antrean", 1, 1, false, 2})) > ink(plain) + plain.width());
    const Bitmap reversed = drawn({"Antrean", 1, 1, false, 0, true});
    CHECK(ink(reversed) > reversed.width() * 12);
    CHECK(ink(reversed) < reversed.width() * 24);
}

TEST_CASE("pieces of different looks stand in one line", "[text_raster]") {
    FontTextRaster raster;
    const std::vector<StyledText> pieces{{"kecil "}, {"BESAR", 2, 2}, {" kecil"}};
    const auto drawn = raster.lines(pieces, 576, 5);
    REQUIRE(drawn.size() == 1);
    CHECK(drawn[0].height() == 48);
}

TEST_CASE("nothing that can be in a text breaks the drawing", "[text_raster][R16]") {
    FontTextRaster raster{{default_font, devanagari}};
    CHECK(lines(raster, "").empty());
    CHECK(lines(raster, "   ").empty());
    CHECK(lines(raster, "\u200d\u0301\u202e").size() <= 1);
    CHECK(lines(raster, std::string(5000, '\x1b'), 384, 1000).size() < 200);
    std::string marks = "a";
    for (int i = 0; i < 1000; ++i)
        marks += "\u0301";
    for (const Bitmap& one : lines(raster, marks))
        CHECK(one.height() < 2000);
    const StyledText absurd{"A\u65e5", 1000, -5, true, 77, true};
    CHECK(raster.lines({&absurd, 1}, -3, 2).size() <= 2);

    std::mt19937 random{77};
    for (int round = 0; round < 400; ++round) {
        std::vector<StyledText> pieces(1 + random() % 3);
        for (StyledText& piece : pieces) {
            // Every kind of character, and bytes that are none.
            for (unsigned i = random() % 60; i > 0; --i) {
                const unsigned kind = random() % 8;
                const char32_t c = kind == 0   ? 0x600 + random() % 0x100
                                   : kind == 1 ? 0x900 + random() % 0x80
                                   : kind == 2 ? 0x2000 + random() % 0x70
                                   : kind == 3 ? random() % 0x11000
                                   : kind == 4 ? 0x300 + random() % 0x70
                                               : 0x20 + random() % 0x60;
                if (c < 0x80) {
                    piece.utf8 += static_cast<char>(kind == 7 ? random() : c);
                } else if (c < 0x800) {
                    piece.utf8 += static_cast<char>(0xc0 | c >> 6);
                    piece.utf8 += static_cast<char>(0x80 | (c & 0x3f));
                } else {
                    piece.utf8 += static_cast<char>(0xe0 | c >> 12);
                    piece.utf8 += static_cast<char>(0x80 | (c >> 6 & 0x3f));
                    piece.utf8 += static_cast<char>(0x80 | (c & 0x3f));
                }
            }
            piece.width = 1 + static_cast<int>(random() % 8);
            piece.height = 1 + static_cast<int>(random() % 8);
        }
        const int dots = 1 + static_cast<int>(random() % 600);
        for (const Bitmap& one : raster.lines(pieces, dots, 6)) {
            REQUIRE(one.width() <= dots);
            REQUIRE(one.height() <= 4000);
        }
    }
    CHECK(raster.glyphs_kept() <= 2000);
}

TEST_CASE("a paper with Arabic in it is a picture between lines of text", "[text_raster][escpos]") {
    FontTextRaster raster;
    Encoder encoder{generic_58(), &raster};
    encoder.init().line("Kantor").line("\u0645\u0643\u062a\u0628 \u0627\u0644\u0633\u062c\u0644");
    encoder.line("A-012").cut();
    const Scan paper = scan(encoder.take());
    CHECK(paper.problem == "");
    CHECK(paper.text() == "Kantor\nA-012\n");
    CHECK(ink(pictures(paper)) > 200);
}

}  // namespace antrean::escpos
