#include "tests/escpos/golden_paper.hpp"

#include "drivers/escpos/encode.hpp"

namespace antrean::escpos {
namespace {

// A star of eight points in a frame: edges in every direction.
Bitmap emblem() {
    constexpr int side = 72;
    constexpr int middle = side / 2;
    Bitmap picture{side, side};
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const int dx = std::abs(2 * x + 1 - side) / 2;
            const int dy = std::abs(2 * y + 1 - side) / 2;
            const bool frame = dx >= middle - 3 || dy >= middle - 3;
            const bool star = (dx + dy <= 26 || (dx <= 18 && dy <= 18)) && dx * dx + dy * dy > 90;
            picture.set(x, y, frame || star);
        }
    }
    return picture;
}

}  // namespace

std::vector<std::byte> golden_paper(const Profile& profile, TextRaster& raster) {
    Encoder encoder{profile, &raster};
    encoder.init().density(1).speed(Speed::slow).align(Align::center).image(emblem());
    encoder.bold(true).wrapped("Mal Pelayanan Publik Jombang").bold(false);
    encoder.wrapped("Dinas Kependudukan dan Pencatatan Sipil").feed();
    encoder.underline(1).line("NOMOR ANTREAN").underline(0);
    encoder.bold(true).size(4, 4).line(golden_code).size(1, 1).bold(false).feed();
    const Cell counter[] = {{"Loket 3, lantai dasar, sebelah kanan pintu masuk", 0},
                            {"4 orang", 9, Align::right}};
    encoder.row(counter);
    encoder.text("Kelas: ").reverse(true).text(" PRIORITAS ").reverse(false).line("");
    // The preferred page, others that the printer may have, and what none of them has.
    encoder.wrapped("Senin, 1 Desember 2025 \u00b7 09.05 WIB");
    encoder.line("Caf\u00e9 \u20ac 5 \u2013 \u201cbaik\u201d");
    encoder.line("\u0141\u00f3d\u017a, \u03a0\u03ac\u03c4\u03c1\u03b1, \u041e\u043c\u0441\u043a");
    encoder.line("\u0645\u0643\u062a\u0628 \u0627\u0644\u0633\u062c\u0644 A-012");
    encoder.align(Align::left).size(1, 2);
    encoder.wrapped(
        "Perhatian: \u0e01\u0e23\u0e38\u0e07\u0e40\u0e17\u0e1e dan bagian lain dari "
        "kalimat ini digambar bersama.");
    encoder.size(1, 1).align(Align::center).feed();
    (void)encoder.qr(golden_link, QrLevel::m, 3);
    (void)encoder.code128(golden_code, 40, 2);
    encoder.feed().beep().cut();
    return encoder.take();
}

}  // namespace antrean::escpos
