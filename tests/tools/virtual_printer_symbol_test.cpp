#include "tests/tools/virtual_printer_bench.hpp"
#include "tools/virtual_printer/barcode.hpp"
#include "tools/virtual_printer/render.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <unistd.h>

using namespace antrean::virtual_printer;

namespace {

std::string number(std::size_t value) {
    return bytes({static_cast<int>(value & 0xff), static_cast<int>(value >> 8)});
}

std::string qr(std::string_view data, int module) {
    const std::string name = bytes({0x1d, '(', 'k'});
    return name + bytes({3, 0, '1', 'C', module}) + name + bytes({3, 0, '1', 'E', '1'}) + name +
           number(data.size() + 3) + "1P0" + std::string{data} + name +
           bytes({3, 0, '1', 'Q', '0'});
}

std::string barcode(std::string_view data) {
    return bytes({0x1d, 'k', 73, static_cast<int>(data.size())}) + std::string{data};
}

Paper print(std::string_view data, const Profile& profile = generic_80()) {
    Bench bench{instantaneous(profile)};
    bench.send(init);
    bench.send(data);
    bench.send(cut);
    CHECK(bench.machine.unknown_count() == 0);
    return bench.paper();
}

std::optional<Barcode> encode(std::string_view data) {
    return code128(std::vector<std::uint8_t>{data.begin(), data.end()});
}

// The widths of bars and spaces from the module `from` on.
std::string widths(const Barcode& code, std::size_t from, std::size_t count) {
    std::string out;
    for (std::size_t i = from, end; out.size() < count && i < code.modules.size(); i = end) {
        end = i;
        while (end < code.modules.size() && code.modules[end] == code.modules[i])
            ++end;
        out += std::to_string(end - i);
    }
    return out;
}

}  // namespace

TEST_CASE("CODE128 has its start, check and stop", "[virtual_printer][symbol]") {
    // The published example: PJJ123C in set A has the check character 54.
    const auto code = encode("{APJJ123C");
    REQUIRE(code);
    CHECK(code->text == "PJJ123C");
    REQUIRE(code->modules.size() == 9 * 11 + 13);
    CHECK(widths(*code, 0, 6) == "211412");
    CHECK(widths(*code, 8 * 11, 6) == "311123");
    CHECK(widths(*code, 9 * 11, 7) == "2331112");
}

TEST_CASE("CODE128 changes sets, and refuses what a set lacks", "[virtual_printer][symbol]") {
    const auto digits = encode(std::string_view{"{C\x0c\x22\x38", 5});
    REQUIRE(digits);
    CHECK(digits->text == "123456");
    CHECK(digits->modules.size() == 5 * 11 + 2 + 11);
    CHECK(encode("{BA-{C\x01\x02")->text == "A-0102");
    CHECK(encode("{B{{")->text == "{");
    CHECK(encode("{A{SaB")->text == "aB");
    CHECK_FALSE(encode("A-025"));
    CHECK_FALSE(encode("{D1"));
    CHECK_FALSE(encode("{Aa"));
    CHECK_FALSE(encode("{C\x64"));
    CHECK_FALSE(encode("{Bx{"));
}

TEST_CASE("a barcode is as high and wide as was asked for, with its text below",
          "[virtual_printer][symbol]") {
    const Paper paper = print(bytes({0x1d, 'h', 80, 0x1d, 'w', 2, 0x1d, 'H', 2, 0x1b, 'a', 1}) +
                              barcode("{BA-025") + "next\n");
    REQUIRE(paper.rasters.size() == 1);
    const Raster& bars = paper.rasters[0];
    const int width = 2 * (7 * 11 + 13);
    CHECK(bars.width == width);
    CHECK(bars.x == (576 - width) / 2);
    CHECK(bars.height == 80 + 24);
    CHECK(bars.dot(0, 0));
    CHECK(bars.dot(0, 79));
    CHECK_FALSE(bars.dot(0, 80));
    CHECK(paper.text() == "A-025\nnext\n");
    REQUIRE(paper.runs.size() == 2);
    CHECK(paper.runs[0].y == 112 + 80);
    CHECK(paper.runs[0].x == (576 - 60) / 2);
    CHECK(paper.runs[1].y == 112 + 104);
    REQUIRE(paper.symbols.size() == 1);
    CHECK(paper.symbols[0].text == "A-025");
}

TEST_CASE("a barcode that is too wide or wrong is noted and never text",
          "[virtual_printer][symbol]") {
    Bench bench{instantaneous(generic_58())};
    bench.send(init + barcode("{B" + std::string(40, 'x')));
    CHECK(bench.machine.unknown_count() == 1);
    bench.send(barcode("no set"));
    CHECK(bench.machine.unknown_count() == 2);
    bench.send("end\n");
    CHECK(bench.machine.hanging().text() == "end\n");
    CHECK(bench.machine.hanging().rasters.empty());
}

TEST_CASE("a printer tells how large a symbol will be", "[virtual_printer][symbol]") {
    Bench bench{instantaneous(generic_80())};
    std::string stored = qr("A-025", 4);
    stored.resize(stored.size() - 8);
    bench.send(init + stored);
    const std::string ask = bytes({0x1d, '(', 'k', 3, 0, '1', 'R', '0'});
    // Version 1 has 21 modules a side.
    CHECK(bench.ask(ask) == "37 36 38 34 1f 38 34 1f 31 1f 30 00");
}

#ifdef ANTREAN_ZBARIMG

namespace {

// What zbar reads from the picture of the paper, such as "QR-Code:A-025\n".
std::string read_symbols(const Paper& paper) {
    std::string file = (std::filesystem::temp_directory_path() / "antrean-symbol-XXXXXX").string();
    const int descriptor = ::mkstemp(file.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    Renderer renderer;
    const auto png = renderer.png(paper);
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(png.data()),
                                                static_cast<std::streamsize>(png.size()));
    const std::string command = std::string{ANTREAN_ZBARIMG} + " -q png:" + file + " 2>/dev/null";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{::popen(command.c_str(), "r"),
                                                               &::pclose};
    REQUIRE(pipe);
    std::string out;
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr)
        out += buffer;
    std::filesystem::remove(file);
    return out;
}

}  // namespace

TEST_CASE("the QR code can be read from the picture", "[virtual_printer][symbol][zbar]") {
    const int module = GENERATE(3, 4, 6, 8);
    const Paper paper = print(bytes({0x1b, 'a', 1}) + "A-025\n\n" +
                              qr("https://example.org/t/8F3K2?n=A-025", module) + "\nend\n");
    CHECK(read_symbols(paper) == "QR-Code:https://example.org/t/8F3K2?n=A-025\n");
}

TEST_CASE("the barcode can be read from the picture", "[virtual_printer][symbol][zbar]") {
    const int module = GENERATE(2, 3);
    const auto text_at = GENERATE(0, 2, 3);
    const Paper paper = print(bytes({0x1b, 'a', 1, 0x1d, 'H', text_at, 0x1d, 'w', module}) +
                              "before\n\n" + barcode("{BA-025{C\x14\x1a") + "\nend\n");
    CHECK(read_symbols(paper) == "CODE-128:A-0252026\n");
}

TEST_CASE("pictures of a QR code can be read, however they are sent",
          "[virtual_printer][symbol][zbar]") {
    // The dots of a symbol that the printer has drawn itself, sent back as a picture.
    const Paper drawn = print(qr("A-025 BY PICTURE", 6));
    REQUIRE(drawn.rasters.size() == 1);
    const Raster& dots = drawn.rasters[0];
    const auto stride = static_cast<std::size_t>(dots.stride());
    const auto rows = static_cast<std::size_t>(dots.height);
    const std::string data{dots.bits.begin(), dots.bits.end()};
    std::string sent = bytes({0x1b, 'a', 1});
    const std::string how = GENERATE("GS v 0 in bands", "GS ( L", "ESC *");
    INFO(how);
    if (how == "GS v 0 in bands") {
        for (std::size_t row = 0; row < rows; row += 24) {
            const std::size_t count = std::min<std::size_t>(24, rows - row);
            sent += bytes({0x1d, 'v', '0', 0}) + number(stride) + number(count) +
                    data.substr(row * stride, count * stride);
        }
    } else if (how == "GS ( L") {
        sent += bytes({0x1d, '(', 'L'}) + number(10 + data.size()) +
                bytes({'0', 'p', '0', 1, 1, '1'}) + number(static_cast<std::size_t>(dots.width)) +
                number(rows) + data + bytes({0x1d, '(', 'L', 2, 0, '0', '2'});
    } else {
        sent += bytes({0x1b, '3', 24});
        for (int top = 0; top < dots.height; top += 24) {
            sent += bytes({0x1b, '*', 33}) + number(static_cast<std::size_t>(dots.width));
            for (int x = 0; x < dots.width; ++x) {
                for (int part = 0; part < 3; ++part) {
                    int column = 0;
                    for (int y = 0; y < 8; ++y)
                        column = column << 1 | dots.dot(x, top + 8 * part + y);
                    sent += static_cast<char>(column);
                }
            }
            sent += '\n';
        }
    }
    CHECK(read_symbols(print(sent)) == "QR-Code:A-025 BY PICTURE\n");
}

#endif
