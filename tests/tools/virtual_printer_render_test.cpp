#include "tests/tools/virtual_printer_bench.hpp"
#include "tools/virtual_printer/render.hpp"

#include <stdexcept>

using namespace antrean::virtual_printer;

namespace {

Paper print(std::string_view data) {
    Bench bench{instantaneous(generic_80())};
    bench.send(init);
    bench.send(data);
    bench.send(cut);
    return bench.paper();
}

int black_dots(const Bitmap& bitmap, int left, int top, int width, int height) {
    int count = 0;
    for (int y = top; y < top + height; ++y) {
        for (int x = left; x < left + width; ++x)
            count += bitmap.dot(x, y);
    }
    return count;
}

constexpr int top = 112;

}  // namespace

TEST_CASE("a raster is rendered dot for dot", "[virtual_printer][render]") {
    Renderer renderer;
    const Paper paper = print(bytes({0x1b, 'a', 2, 0x1d, 'v', '0', 0, 1, 0, 2, 0, 0xa0, 0x01}));
    const Bitmap bitmap = renderer.bitmap(paper);
    CHECK(bitmap.width == 576);
    CHECK(bitmap.height == top + 2);
    CHECK(bitmap.dot(568, top));
    CHECK_FALSE(bitmap.dot(569, top));
    CHECK(bitmap.dot(570, top));
    CHECK(bitmap.dot(575, top + 1));
    CHECK(black_dots(bitmap, 0, 0, bitmap.width, bitmap.height) == 3);
}

TEST_CASE("a character fills its cell and no other", "[virtual_printer][render]") {
    Renderer renderer;
    const Bitmap bitmap = renderer.bitmap(print(" M \n" + bytes({0x1d, '!', 0x33}) + " M \n"));
    CHECK(black_dots(bitmap, 12, top, 12, 24) > 40);
    CHECK(black_dots(bitmap, 0, top, 12, 24) == 0);
    CHECK(black_dots(bitmap, 24, top, 500, 24) == 0);
    // Four times wide and high: about sixteen times the ink.
    CHECK(black_dots(bitmap, 48, top + 34, 48, 96) > 10 * 40);
    CHECK(black_dots(bitmap, 0, top + 34, 48, 96) == 0);
    CHECK(black_dots(bitmap, 96, top + 34, 400, 96) == 0);
}

TEST_CASE("white on black, underlining and turning are drawn", "[virtual_printer][render]") {
    Renderer renderer;
    const Bitmap reverse = renderer.bitmap(print(bytes({0x1d, 'B', 1}) + "  \n"));
    CHECK(black_dots(reverse, 0, top, 24, 24) == 24 * 24);
    const Bitmap under = renderer.bitmap(print(bytes({0x1b, '-', 2}) + "   \n"));
    CHECK(black_dots(under, 0, top + 22, 36, 2) == 72);
    const Bitmap upright = renderer.bitmap(print("L\n"));
    const Bitmap turned = renderer.bitmap(print(bytes({0x1b, '{', 1}) + "L\n"));
    bool same = true;
    for (int y = 0; y < 24; ++y) {
        for (int x = 0; x < 12; ++x) {
            same = same && upright.dot(x, top + y) == turned.dot(11 - x, top + 23 - y);
        }
    }
    CHECK(same);
}

TEST_CASE("a picture is a PNG as wide as the roll", "[virtual_printer][render]") {
    Renderer renderer;
    const auto png = renderer.png(print("A-025\n"));
    REQUIRE(png.size() > 24);
    CHECK(hex(std::span{png}.first(8)) == "89 50 4e 47 0d 0a 1a 0a");
    const auto width = std::to_integer<int>(png[18]) << 8 | std::to_integer<int>(png[19]);
    // 80 mm at 203 dpi, and a border of ten on both sides.
    CHECK(width == 639 + 20);
}

TEST_CASE("whatever was printed can be rendered", "[virtual_printer][render]") {
    Bench bench{instantaneous(generic_80())};
    std::uint64_t state = 0x2545f4914f6cdd1d;
    constexpr std::string_view likely = "\x1b\x1d@aE!V*MB{-$ 3J\n\nABC\x01\x30\x31\x42";
    std::string data;
    for (int i = 0; i < 20'000; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        data += state & 3 ? likely[(state >> 8) % likely.size()] : static_cast<char>(state >> 16);
    }
    bench.offer(data);
    bench.machine.tear_off(bench.now);
    Renderer renderer;
    const auto papers = bench.papers();
    REQUIRE(papers.size() > 3);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(renderer.bitmap(papers[i]).height == papers[i].height_dots);
        CHECK(renderer.png(papers[i]).size() > 100);
    }
}

TEST_CASE("a missing font says what to install", "[virtual_printer][render]") {
    std::string why;
    try {
        Renderer renderer{"/nonexistent"};
    } catch (const std::runtime_error& error) {
        why = error.what();
    }
    CHECK(why.find("fonts-dejavu-core") != std::string::npos);
}
