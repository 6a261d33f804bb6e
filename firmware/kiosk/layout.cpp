#include "firmware/kiosk/layout.hpp"

#include "drivers/escpos/encode.hpp"
#include "firmware/kiosk/indonesian.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

constexpr std::string_view mark = "SALINAN";  // a copy

// The largest size at which the label fits into COLUMNS with a free column at each side.
int label_size(const std::string& label, int columns) {
    return std::clamp(columns / (static_cast<int>(label.size()) + 2), 1, 6);
}

}  // namespace

std::vector<std::byte> lay_out(const Paper& paper, bool copy, const escpos::Profile& profile,
                               bool parted) {
    using escpos::Align;
    escpos::Encoder encoder{profile};
    encoder.init().align(Align::center);
    if (copy || parted) encoder.feed(1).cut().align(Align::center);
    if (copy) {
        encoder.bold(true).size(2, 2).line(mark).size(1, 1);
        encoder.wrapped("Tiket lain dengan nomor ini mungkin telah tercetak.").bold(false).feed(1);
    }
    encoder.bold(true).wrapped(paper.site_name).bold(false).feed(1);
    encoder.wrapped(paper.agency_name);
    encoder.bold(true).wrapped(paper.service_name).bold(false).feed(1);
    encoder.line("NOMOR ANTREAN");
    int room = profile.columns;
    encoder.bold(true);
    if (copy) {
        // In the line of the number itself: a roll that ends may part a paper anywhere else.
        encoder.size(1, 2).text(mark).text(" ");
        room -= static_cast<int>(mark.size()) + 1;
    }
    const int size = label_size(paper.label, room);
    encoder.size(size, size).line(paper.label).size(1, 1).bold(false).feed(1);
    const auto date = date_text(paper.service_day);
    const auto time = time_text(paper.issued, paper.utc_offset, paper.zone);
    if (date.size() + time.size() + 3 <= profile.columns) {
        encoder.line(date + " \u00b7 " + time);
    } else {
        encoder.wrapped(date).wrapped(time);
    }
    encoder.wrapped(paper.ahead == 0 ? "Anda yang pertama dalam antrean"
                                     : fmt::format("{} orang menunggu di depan Anda", paper.ahead));
    encoder.feed(1).wrapped("Mohon menunggu nomor Anda dipanggil.");
    encoder.cut();
    return encoder.take();
}

}  // namespace antrean::kiosk
