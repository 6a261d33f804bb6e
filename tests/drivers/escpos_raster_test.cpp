// Pictures in each of the three commands: their sizes, their bands, and what must not be in them.
#include "drivers/escpos/raster.hpp"
#include "tests/catch.hpp"
#include "tests/escpos/scan.hpp"

#include <random>
#include <string>

namespace antrean::escpos {
namespace {

constexpr RasterCommand every_command[] = {RasterCommand::gs_v_0, RasterCommand::gs_paren_l,
                                           RasterCommand::esc_star};

Profile with(RasterCommand command, int dots = 576, int rows = 128, int multiple = 1) {
    Profile profile;
    profile.raster = command;
    profile.dots = static_cast<std::uint16_t>(dots);
    profile.band_rows = static_cast<std::uint16_t>(rows);
    profile.band_multiple = static_cast<std::uint16_t>(multiple);
    return profile;
}

std::string encoded(const Bitmap& picture, const Profile& profile) {
    std::vector<std::byte> out;
    append_raster(out, picture, profile);
    return as_string(out);
}

std::string operator""_s(const char* text, std::size_t size) {
    return {text, size};
}

// How many dots were added to what was sent. None may be lost, or stand beside the picture.
int added_dots(const Bitmap& sent, const Bitmap& got) {
    int dots = 0;
    for (int y = 0; y < std::max(got.height(), sent.height()); ++y) {
        for (int x = 0; x < std::max(got.width(), sent.width()); ++x) {
            if (got.dot(x, y) == sent.dot(x, y)) continue;
            if (x >= sent.width() || y >= sent.height() || sent.dot(x, y))
                FAIL("dot " << x << ", " << y);
            ++dots;
        }
    }
    return dots;
}

// How often bytes that stand side by side read as a real-time command.
int real_time_pairs(const Bitmap& picture, RasterCommand command) {
    std::string bytes;
    if (command == RasterCommand::esc_star) {
        for (int strip = 0; strip < picture.height(); strip += 24) {
            for (int x = 0; x < picture.width(); ++x) {
                for (int y = strip; y < strip + 24; y += 8) {
                    int bits = 0;
                    for (int i = 0; i < 8; ++i)
                        bits = bits << 1 | (picture.dot(x, y + i) ? 1 : 0);
                    bytes += static_cast<char>(bits);
                }
            }
            bytes += '\n';
        }
    } else {
        for (int y = 0; y < picture.height(); ++y)
            for (const std::uint8_t byte : picture.row(y))
                bytes += static_cast<char>(byte);
    }
    int pairs = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        const std::size_t found = find_real_time(std::string_view{bytes}.substr(at));
        if (found == std::string_view::npos) break;
        at += found;
        ++pairs;
    }
    return pairs;
}

}  // namespace

TEST_CASE("a small picture is encoded byte for byte in each command", "[escpos][raster]") {
    Bitmap picture{10, 3};
    picture.set(0, 0);
    picture.set(9, 1);
    picture.fill(0, 2, 10, 1);
    CHECK(encoded(picture, with(RasterCommand::gs_v_0)) ==
          "\x1dv0\0\x02\0\x03\0\x80\0\0\x40\xff\xc0"_s);
    CHECK(encoded(picture, with(RasterCommand::gs_paren_l)) ==
          "\x1d(L\x10\0\x30\x70\x30\x01\x01\x31\x0a\0\x03\0\x80\0\0\x40\xff\xc0"
          "\x1d(L\x02\0\x30\x32"_s);
    std::string columns = "\x1b\x33\x18\x1b*\x21\x0a\0\xa0\0\0"_s;
    for (int x = 1; x < 9; ++x)
        columns += "\x20\0\0"_s;
    CHECK(encoded(picture, with(RasterCommand::esc_star)) == columns + "\x60\0\0\n\x1b\x32"_s);
}

TEST_CASE("strips follow each other without a gap whatever the printer's units are",
          "[escpos][raster]") {
    Profile profile = with(RasterCommand::esc_star);
    profile.dpi = 180;
    profile.vertical_units_per_inch = 360;
    CHECK(scan(encoded(Bitmap{8, 30}, profile)).operands("ESC 3") == "\x30");
}

TEST_CASE("an empty picture is no command at all", "[escpos][raster]") {
    for (const RasterCommand command : every_command) {
        CHECK(encoded(Bitmap{}, with(command)).empty());
        CHECK(encoded(Bitmap{0, 5}, with(command)).empty());
        CHECK(encoded(Bitmap{5, 5}, with(command, 0)).empty());
    }
}

TEST_CASE("a picture is sent in bands of the height that the printer takes", "[escpos][raster]") {
    const auto heights = [](const Bitmap& picture, const Profile& profile) {
        std::vector<int> all;
        for (const Token& token : scan(encoded(picture, profile)).tokens)
            all.push_back(static_cast<int>(scanning::word_at(token.operands, 3)));
        return all;
    };
    const auto command = RasterCommand::gs_v_0;
    using Heights = std::vector<int>;
    CHECK(heights(Bitmap{80, 300}, with(command)) == Heights{128, 128, 44});
    CHECK(heights(Bitmap{80, 128}, with(command)) == Heights{128});
    CHECK(heights(Bitmap{80, 129}, with(command)) == Heights{128, 1});
    CHECK(heights(Bitmap{80, 60}, with(command, 576, 48, 24)) == Heights{48, 24});
    CHECK(heights(Bitmap{80, 60}, with(command, 576, 50, 24)) == Heights{48, 24});
    CHECK(heights(Bitmap{80, 60}, with(command, 576, 10, 24)) == Heights{24, 24, 24});
    CHECK(heights(Bitmap{80, 3}, with(command, 576, 0, 0)) == Heights{1, 1, 1});
    CHECK(heights(Bitmap{80, 2000}, with(command, 576, 65535)) == Heights{1023, 977});
}

TEST_CASE("what is wider than the head is clipped to the dot", "[escpos][raster]") {
    Bitmap black{640, 30};
    black.fill(0, 0, 640, 30);
    for (const RasterCommand command : every_command) {
        for (const int dots : {384, 420, 512, 1, 577}) {
            const auto seen = pictures(scan(encoded(black, with(command, dots))));
            int width = 0;
            for (int x = 0; x < 700; ++x)
                width += seen.dot(x, 7) ? 1 : 0;
            CHECK(width == dots);
        }
    }
}

TEST_CASE("no picture holds what a printer executes on arrival, and each arrives dot by dot",
          "[escpos][raster][F29]") {
    std::mt19937 random{1016};
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    // Bytes that are dangerous beside each other come oftener than chance would have them.
    const int likely[] = {0x10, 0x04, 0x05, 0x14, 0x10, 0x10, 0x00, 0x1d};
    int broken = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto command = every_command[round % 3];
        Bitmap picture{1 + below(round % 10 == 0 ? 1300 : 100), 1 + below(60)};
        const bool columns = command == RasterCommand::esc_star;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                // Eight dots at a time, along the way that the command's bytes take.
                const int along = columns ? y : x;
                if (along % 8 != 0) continue;
                const int byte = below(4) == 0 ? below(256) : likely[below(8)];
                for (int i = 0; i < 8; ++i) {
                    if (byte >> (7 - i) & 1) picture.set(columns ? x : x + i, columns ? y + i : y);
                }
            }
        }
        const Profile profile =
            with(command, 1300, 1 + below(60), 1 + below(round % 2 == 0 ? 1 : 30));
        const Scan read = scan(encoded(picture, profile));
        INFO("round " << round << ", " << picture.width() << " x " << picture.height());
        REQUIRE(read.problem == "");
        REQUIRE(read.text().find_first_not_of('\n') == std::string::npos);
        const bool narrowed = command != RasterCommand::gs_v_0 &&
                              (picture.width() == 0x410 || picture.width() == 0x510);
        if (narrowed) continue;
        const int pairs = real_time_pairs(picture, command);
        const int added = added_dots(picture, pictures(read));
        REQUIRE(added <= pairs);
        broken += added;
    }
    CHECK(broken > 10000);
}

TEST_CASE("a pair across the edge of a row is broken, too", "[escpos][raster]") {
    for (const int second : {0x04, 0x05, 0x14}) {
        Bitmap picture{16, 2};
        picture.set(11, 0);  // 00 10, and the second byte begins the next row
        for (int i = 0; i < 8; ++i)
            picture.set(i, 1, second >> (7 - i) & 1);
        for (const RasterCommand command : {RasterCommand::gs_v_0, RasterCommand::gs_paren_l}) {
            const std::string bytes = encoded(picture, with(command));
            CHECK(find_real_time(bytes) == std::string::npos);
            CHECK(added_dots(picture, pictures(scan(bytes))) == 1);
        }
        // In bands of their own there is a header in between.
        const auto apart = scan(encoded(picture, with(RasterCommand::gs_v_0, 576, 1)));
        CHECK(apart.problem == "");
        CHECK(pictures(apart) == picture);
    }
}

TEST_CASE("no size of a picture makes its header one that a printer executes", "[escpos][raster]") {
    for (const RasterCommand command : every_command) {
        for (const int multiple : {1, 2, 24}) {
            for (int width = 1; width <= Bitmap::most_width; width += width % 8 == 0 ? 1 : 7) {
                const Bitmap picture{width, 1 + width % 97};
                for (const int rows : {24, 103, 206}) {
                    const auto bytes =
                        encoded(picture, with(command, Bitmap::most_width, rows, multiple));
                    if (scan(bytes).problem != "")
                        FAIL(scan(bytes).problem << ", " << width << " dots, " << rows << " rows");
                }
            }
        }
    }
    // These would be GS ( L with a length of 0410, and widths of 0410 and 0510.
    const auto graphics = with(RasterCommand::gs_paren_l, 2047, 1000);
    CHECK(scan(encoded(Bitmap{16, 515}, graphics)).problem == "");
    CHECK(scan(encoded(Bitmap{40, 206}, graphics)).problem == "");
    // And this one longer than its length can say.
    CHECK(
        scan(encoded(Bitmap{2047, 900}, with(RasterCommand::gs_paren_l, 2047, 900, 300))).problem ==
        "");
    CHECK(scan(encoded(Bitmap{1040, 2}, graphics)).problem == "");
    CHECK(scan(encoded(Bitmap{1296, 2}, with(RasterCommand::esc_star, 2047))).problem == "");
}

TEST_CASE("a bitmap never writes outside of itself", "[escpos][raster]") {
    Bitmap picture{9, 4};
    picture.set(-1, 0);
    picture.set(0, -1);
    picture.set(9, 0);
    picture.set(0, 4);
    picture.fill(-5, -5, 3, 3);
    CHECK(picture == Bitmap{9, 4});
    picture.fill(-5, -5, 100, 100);
    CHECK(picture.row(3)[1] == 0x80);
    CHECK(picture.row(4).empty());
    picture.paste(picture, 3, 3);
    CHECK_FALSE(picture.dot(9, 3));
    CHECK(Bitmap{-1, 1'000'000}.width() == 0);
    CHECK(Bitmap{1'000'000, 1'000'000}.height() == Bitmap::most_height);
}

}  // namespace antrean::escpos
