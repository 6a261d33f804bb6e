// QR and Code 128 symbols: by the printer's own command, and as pictures.
#include "drivers/escpos/encode.hpp"
#include "tests/catch.hpp"
#include "tests/escpos/scan.hpp"

#include <random>
#include <string>

namespace antrean::escpos {
namespace {

constexpr std::string_view link = "https://antrean.example.go.id/t/7Q2M";

std::string operator""_s(const char* text, std::size_t size) {
    return {text, size};
}

Profile with_native_qr() {
    Profile profile = generic_80();
    profile.native_qr = true;
    return profile;
}

}  // namespace

TEST_CASE("a printer that draws QR codes is told everything in order", "[escpos][symbol]") {
    Encoder encoder{with_native_qr()};
    REQUIRE(encoder.text("x").qr("A012", QrLevel::q, 5));
    CHECK(as_string(encoder.take()) ==
          "x\n\x1bJ\x14\x1d(k\x04\0\x31\x41\x32\0\x1d(k\x03\0\x31\x43\x05\x1d(k\x03\0\x31\x45\x32"
          "\x1d(k\x07\0\x31\x50\x30"
          "A012\x1d(k\x03\0\x31\x51\x30\x1bJ\x14"_s);
}

TEST_CASE("a printer with numbers of its own gets those", "[escpos][symbol]") {
    Profile profile = with_native_qr();
    profile.qr_level_l = 0x31;
    profile.qr_store_m = 0x31;
    profile.qr_max_module = 4;
    Encoder encoder{profile};
    REQUIRE(encoder.qr("A012", QrLevel::h, 9));
    const std::string bytes = as_string(encoder.take());
    CHECK(bytes.find("\x1d(k\x03\0\x31\x43\x04"_s) != std::string::npos);
    CHECK(bytes.find("\x1d(k\x03\0\x31\x45\x34"_s) != std::string::npos);
    CHECK(bytes.find("\x1d(k\x07\0\x31\x50\x31"_s) != std::string::npos);
    CHECK(bytes.find("\x1d(k\x03\0\x31\x51\x31"_s) != std::string::npos);
}

TEST_CASE("other printers get a QR code as a picture, with its quiet zone", "[escpos][symbol]") {
    Encoder encoder{generic_80()};
    REQUIRE(encoder.qr(link, QrLevel::m, 4));
    const Bitmap seen = pictures(scan(encoder.take()));
    const Bitmap modules = qr_modules(link, QrLevel::m);
    const int side = (modules.width() + 8) * 4;
    CHECK(seen.height() == side);
    int wrong = 0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            wrong += seen.dot(x, y) != modules.dot((x < 16 ? -1 : x / 4 - 4), y / 4 - 4);
    CHECK(wrong == 0);
}

TEST_CASE("a QR code is made as small as the paper needs it, and no smaller than can be read",
          "[escpos][symbol]") {
    std::string data;
    bool fitted = true;
    int symbols = 0;
    while (fitted && data.size() < 3000) {
        data += "0123456789";
        Encoder encoder{generic_58()};
        fitted = encoder.qr(data, QrLevel::l, 8);
        const Scan paper = scan(encoder.take());
        CHECK(paper.problem == "");
        CHECK(paper.tokens.empty() == !fitted);
        if (!fitted) break;
        ++symbols;
        const Bitmap seen = pictures(paper);
        CHECK(seen.width() <= 384);
        CHECK(seen.height() / (qr_modules(data, QrLevel::l).width() + 8) >= 2);
    }
    CHECK_FALSE(fitted);
    CHECK(symbols > 100);
    CHECK_FALSE(Encoder{generic_80()}.qr(""));
    CHECK_FALSE(Encoder{generic_80()}.qr(std::string(4000, 'x')));
}

TEST_CASE("data that a printer might execute is never sent to it as bytes",
          "[escpos][symbol][F29]") {
    for (const std::string& data : {"a\x10\x04\x01"_s, "\x1b@"_s, "line\nline"_s, "\x7f"_s,
                                    std::string(0x410 - 3, 'x'), std::string(0x510 - 3, 'x')}) {
        Encoder encoder{with_native_qr()};
        const bool printed = encoder.qr(data, QrLevel::l);
        const Scan paper = scan(encoder.take());
        CHECK(paper.problem == "");
        CHECK(paper.count("GS ( k") == 0);
        CHECK((paper.count("GS v") > 0) == printed);
    }
}

TEST_CASE("no data of a symbol comes out of it", "[escpos][symbol][F29]") {
    std::mt19937 random{128};
    for (int round = 0; round < 500; ++round) {
        std::string data(1 + random() % 80, '\0');
        for (char& c : data)
            c = static_cast<char>(round % 2 == 0 ? 0x20 + random() % 0x60 : random());
        Profile profile = round % 3 == 0 ? generic_80() : with_native_qr();
        profile.native_barcode = round % 4 < 2;
        Encoder encoder{profile};
        (void)encoder.qr(data, static_cast<QrLevel>(random() % 4));
        (void)encoder.code128(data);
        const Scan paper = scan(encoder.take());
        REQUIRE(paper.problem == "");
        REQUIRE(paper.text() == "");
    }
}

TEST_CASE("a Code 128 is sent with its code set, and a brace twice", "[escpos][symbol]") {
    Encoder encoder{generic_80()};
    REQUIRE(encoder.code128("A{1", 80, 3));
    CHECK(as_string(encoder.take()) == "\x1dhP\x1dw\x03\x1dH\0\x1dkI\x06{BA{{1"_s);
}

TEST_CASE("a Code 128 as a picture has the bars of the standard", "[escpos][symbol]") {
    Profile profile = generic_80();
    profile.native_barcode = false;
    Encoder encoder{profile};
    REQUIRE(encoder.code128("A1", 10, 2));
    const Bitmap seen = pictures(scan(encoder.take()));
    std::string bars;
    for (int x = 20; x + 20 < (code128_modules(2) + 20) * 2; x += 2) {
        CHECK(seen.dot(x, 0) == seen.dot(x + 1, 9));
        bars += seen.dot(x, 4) ? '1' : '0';
    }
    // Start B, "A", "1", the check sum (104 + 33 + 2 * 17) % 103 = 68, stop.
    CHECK(bars ==
          "11010010000"
          "10100011000"
          "10011100110"
          "10000100110"
          "1100011101011");
}

TEST_CASE("a Code 128 that does not fit, or cannot be, is not printed", "[escpos][symbol]") {
    Encoder encoder{generic_58()};
    CHECK_FALSE(encoder.code128(""));
    CHECK_FALSE(encoder.code128("\xc3\xa9"));
    CHECK_FALSE(encoder.code128("a\n"));
    CHECK_FALSE(encoder.code128(std::string(61, 'x')));
    CHECK_FALSE(encoder.code128("0123456789ABCD"));  // 209 modules of 2 dots
    CHECK(encoder.bytes().empty());
    CHECK(encoder.code128("0123456789", 10'000, 10'000));
    CHECK(scan(encoder.take()).operands("GS w") == "\x02");
}

}  // namespace antrean::escpos
