#include "firmware/kiosk/test_paper.hpp"

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

using escpos::Align;

// Digits that count the columns: a line that breaks, or ends early, shows a wrong profile.
std::string ruler(int columns) {
    std::string text;
    for (int i = 1; i <= columns; ++i)
        text += static_cast<char>('0' + i % 10);
    return text;
}

void add_pattern(escpos::Encoder& out, const TestPaper& paper, const escpos::Profile& profile) {
    out.line(fmt::format("{} columns, {} dots, {:.0f} mm", profile.columns, profile.dots,
                         profile.paper_mm))
        .line(ruler(out.columns()))
        .wrapped("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 éèñçü", 6)
        .bold(true)
        .line("bold")
        .bold(false)
        .underline(1)
        .line("underlined")
        .underline(0)
        .reverse(true)
        .line(" white on black ")
        .reverse(false)
        .size(2, 2)
        .line("2 x 2")
        .size(1, 1)
        .align(Align::right)
        .line("right")
        .align(Align::center);
    // One that does not fit is left off: its place on the paper tells.
    static_cast<void>(out.qr(paper.device));
    out.align(Align::left);
}

}  // namespace

std::vector<std::byte> make(const TestPaper& paper, const escpos::Profile& profile,
                            escpos::Wear& wear) {
    escpos::Encoder out{profile};
    out.init()
        .align(Align::center)
        .bold(true)
        .line("UJI CETAK - BUKAN TIKET")
        .bold(false)
        .line("Test paper, not a ticket")
        .feed(1)
        .align(Align::left)
        .wrapped(paper.device + ", " + paper.when)
        .wrapped("Profile " + profile.name);
    if (paper.lines.empty()) add_pattern(out, paper, profile);
    for (const auto& line : paper.lines)
        out.wrapped(line);
    out.feed(1).cut();
    wear = out.wear();
    return out.take();
}

}  // namespace antrean::kiosk
