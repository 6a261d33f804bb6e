// What a hundred thousand tickets leave behind in memory. A program of its own, because it counts
// every allocation there is.
#include "drivers/escpos/encode.hpp"
#include "drivers/escpos/font_text_raster.hpp"
#include "tests/catch.hpp"
#include "tests/live_bytes.hpp"

#include <chrono>
#include <fstream>
#include <string>

#include <unistd.h>

namespace antrean::escpos {
namespace {

std::vector<std::byte> text_ticket(Encoder& encoder, int number) {
    const Cell cells[] = {{"Loket", 0, Align::left}, {"3", 6, Align::right}};
    encoder.init().align(Align::center).bold(true).wrapped("Mal Pelayanan Publik Jombang");
    encoder.bold(false).wrapped("Dinas Kependudukan dan Pencatatan Sipil").feed();
    encoder.line("NOMOR ANTREAN").bold(true).size(4, 4).line("A-" + std::to_string(number));
    encoder.size(1, 1).bold(false).feed().row(cells).line(
        "Senin, 1 Desember 2025 \u00b7 09.05 WIB");
    encoder.wrapped("Mohon menunggu nomor Anda dipanggil.").cut();
    return encoder.take();
}

std::vector<std::byte> drawn_ticket(Encoder& encoder, int number) {
    encoder.init().align(Align::center).line("NOMOR ANTREAN");
    encoder.line("\u0645\u0643\u062a\u0628 \u0627\u0644\u0633\u062c\u0644 " +
                 std::to_string(number));
    encoder.cut();
    return encoder.take();
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

long resident_pages() {
    long pages = 0;
    std::ifstream{"/proc/self/statm"} >> pages >> pages;
    return pages;
}

}  // namespace

TEST_CASE("a hundred thousand tickets leave nothing behind", "[escpos][memory]") {
    Encoder encoder{generic_80()};
    for (int i = 0; i < 100; ++i)
        (void)text_ticket(encoder, i);
    const auto before = live_bytes::now();
    std::size_t bytes = 0;
    for (int i = 0; i < 100'000; ++i)
        bytes += text_ticket(encoder, i).size();
    CHECK(live_bytes::now() == before);
    CHECK(bytes > 100'000 * 200ull);
}

TEST_CASE("thousands of drawn lines leave nothing behind either", "[escpos][memory]") {
    FontTextRaster raster;
    Encoder encoder{generic_80(), &raster};
    // Until every digit has been drawn, and the shaper has seen all there is to see.
    for (int i = 0; i < 2000; ++i)
        (void)drawn_ticket(encoder, i);
    const auto before = live_bytes::now();
    const long pages = resident_pages();
    for (int i = 0; i < 10'000; ++i)
        (void)drawn_ticket(encoder, i);
    CHECK(live_bytes::now() == before);
    // What the libraries take without us: a few bytes for each line at the most. A sanitizer keeps
    // freed memory back.
    if (!sanitized) CHECK((resident_pages() - pages) * ::sysconf(_SC_PAGESIZE) < 256 * 1024);
}

TEST_CASE("how long a ticket takes", "[.bench]") {
    using Clock = std::chrono::steady_clock;
    const auto measure = [](const char* what, int rounds, auto ticket) {
        for (int i = 0; i < rounds / 10 + 1; ++i)
            ticket(i);
        const auto begin = Clock::now();
        for (int i = 0; i < rounds; ++i)
            ticket(i);
        const std::chrono::duration<double, std::micro> taken = Clock::now() - begin;
        WARN(what << ": " << taken.count() / rounds << " us");
    };
    FontTextRaster raster;
    Encoder plain{generic_80()};
    Encoder drawing{generic_80(), &raster};
    measure("a ticket of text", 20'000, [&](int i) { (void)text_ticket(plain, i); });
    measure("a ticket of text, with fonts at hand", 20'000,
            [&](int i) { (void)text_ticket(drawing, i); });
    measure("a ticket with a drawn line", 5'000, [&](int i) { (void)drawn_ticket(drawing, i); });
    measure("a QR code as a picture", 1'000, [&](int) {
        (void)plain.qr("https://antrean.example.go.id/t/7Q2M");
        (void)plain.take();
    });
    measure("opening the fonts", 100, [](int) { FontTextRaster once; });
    SUCCEED();
}

}  // namespace antrean::escpos
