// Papers of hostile texts, pictures and profiles: whatever they are, every byte of the paper
// belongs to a command or is printable, none is executed on arrival, and text leaves the layout
// alone.
#include "drivers/escpos/encode.hpp"
#include "drivers/escpos/font_text_raster.hpp"
#include "drivers/escpos/picture.hpp"
#include "tests/escpos/scan.hpp"

#include <cstdio>
#include <cstdlib>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean::escpos;

Bitmap any_bitmap(FuzzedDataProvider& data, int most_width, int most_height) {
    Bitmap picture{data.ConsumeIntegralInRange(0, most_width),
                   data.ConsumeIntegralInRange(0, most_height)};
    const std::string bits = data.ConsumeRandomLengthString(4000);
    if (bits.empty()) return picture;
    const int period = static_cast<int>(bits.size()) * 8;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const int at = (y * picture.stride() * 8 + x) % period;
            if (bits[static_cast<std::size_t>(at / 8)] >> (7 - at % 8) & 1) picture.set(x, y);
        }
    }
    return picture;
}

// Lines of any dots, as fonts might draw them.
class AnyRaster : public TextRaster {
public:
    explicit AnyRaster(FuzzedDataProvider& data) : data_{data} {}
    std::vector<Bitmap> lines(std::span<const StyledText>, int, int max_lines) override {
        std::vector<Bitmap> all;
        for (int i = data_.ConsumeIntegralInRange(0, 3); i > 0 && max_lines > 0; --i, --max_lines)
            all.push_back(any_bitmap(data_, 700, 60));
        return all;
    }

private:
    FuzzedDataProvider& data_;
};

Profile any_profile(FuzzedDataProvider& data) {
    Profile profile = data.ConsumeBool() ? generic_80() : epson_tm();
    profile.dots = data.ConsumeIntegral<std::uint16_t>();
    if (data.ConsumeBool()) profile.dots %= 700;
    profile.dpi = data.ConsumeIntegralInRange<std::uint16_t>(0, 600);
    profile.vertical_units_per_inch = data.ConsumeIntegralInRange<std::uint16_t>(0, 720);
    profile.columns = data.ConsumeIntegralInRange<std::uint16_t>(0, 64);
    profile.code_tables.clear();
    for (int i = data.ConsumeIntegralInRange(0, 5); i > 0; --i)
        profile.code_tables.push_back({static_cast<CodePage>(data.ConsumeIntegralInRange(0, 18)),
                                       data.ConsumeIntegral<std::uint8_t>()});
    profile.kanji_mode = data.ConsumeBool();
    profile.max_width = data.ConsumeIntegral<std::uint8_t>();
    profile.max_height = data.ConsumeIntegral<std::uint8_t>();
    profile.min_piece_mm = data.ConsumeIntegralInRange(0, 300);
    profile.raster = static_cast<RasterCommand>(data.ConsumeIntegralInRange(0, 2));
    profile.band_rows = data.ConsumeIntegral<std::uint16_t>();
    profile.band_multiple = data.ConsumeIntegralInRange<std::uint16_t>(0, 300);
    profile.native_qr = data.ConsumeBool();
    profile.qr_max_module = data.ConsumeIntegral<std::uint8_t>();
    profile.native_barcode = data.ConsumeBool();
    profile.density = static_cast<DensityCommand>(data.ConsumeIntegralInRange(0, 2));
    profile.speed = static_cast<SpeedCommand>(data.ConsumeIntegralInRange(0, 2));
    profile.buzzer = static_cast<BuzzerCommand>(data.ConsumeIntegralInRange(0, 2));
    return profile;
}

void any_call(FuzzedDataProvider& data, Encoder& encoder) {
    const auto number = [&] { return data.ConsumeIntegralInRange(-10, 300); };
    const auto text = [&] { return data.ConsumeRandomLengthString(200); };
    switch (data.ConsumeIntegralInRange(0, 17)) {
        case 0:
            encoder.init();
            break;
        case 1:
            encoder.align(static_cast<Align>(data.ConsumeIntegralInRange(0, 2)));
            break;
        case 2:
            encoder.bold(data.ConsumeBool()).underline(number()).reverse(data.ConsumeBool());
            break;
        case 3:
            encoder.size(number(), number());
            break;
        case 4:
        case 5:
            encoder.text(text());
            break;
        case 6:
        case 7:
            encoder.line(text());
            break;
        case 8:
        case 9:
            encoder.wrapped(text(), data.ConsumeIntegralInRange(-1, 20));
            break;
        case 10: {
            const std::string texts[] = {text(), text(), text()};
            const Cell cells[] = {{texts[0], number(), Align::left},
                                  {texts[1], number(), Align::right},
                                  {texts[2], number(), Align::center}};
            encoder.row(std::span{cells}.first(data.ConsumeIntegralInRange<std::size_t>(0, 3)),
                        data.ConsumeIntegralInRange(-1, 5));
            break;
        }
        case 11:
            encoder.feed(number());
            break;
        case 12:
            encoder.image(any_bitmap(data, 2100, 200));
            break;
        case 13:
            (void)encoder.qr(text(), static_cast<QrLevel>(data.ConsumeIntegralInRange(0, 3)),
                             number());
            break;
        case 14:
            (void)encoder.code128(text(), number(), number());
            break;
        case 15:
            encoder.cut(static_cast<Cut>(data.ConsumeIntegralInRange(0, 4)));
            break;
        case 16:
            encoder.beep(number()).density(number()).speed(
                static_cast<Speed>(data.ConsumeIntegralInRange(0, 2)));
            break;
        case 17: {
            const std::string file = text();
            const auto picture = picture_from_png(std::as_bytes(std::span{file}), 576);
            if (picture) encoder.image(*picture);
            break;
        }
    }
}

void check(bool holds, const std::string& what) {
    if (holds) return;
    std::fprintf(stderr, "%s\n", what.c_str());
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static FontTextRaster fonts;
    FuzzedDataProvider data{bytes, size};
    AnyRaster any{data};
    TextRaster* const rasters[] = {nullptr, &any, &fonts};
    TextRaster* const raster = rasters[data.ConsumeIntegralInRange(0, 2)];
    Encoder encoder{any_profile(data), raster};
    // A paper of more is never printed, and takes long to draw.
    constexpr std::size_t enough_bytes = 100'000;
    for (int calls = 0; calls < 40 && data.remaining_bytes() > 0; ++calls) {
        any_call(data, encoder);
        if (encoder.bytes().size() > enough_bytes) break;
    }
    const Scan paper = scan(encoder.take());
    check(paper.problem.empty(), paper.problem);
    // What is printable stays so; the scanner has told everything else apart.
    for (const Token& token : paper.tokens) {
        if (token.name != "text") continue;
        for (const char c : token.operands) {
            const auto byte = static_cast<unsigned char>(c);
            check(byte >= 0x20 && byte != 0x7f, "a control byte in a text");
        }
    }
    return 0;
}
