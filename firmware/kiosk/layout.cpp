#include "firmware/kiosk/layout.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "drivers/escpos/encode.hpp"
#include "firmware/kiosk/indonesian.hpp"

namespace antrean::kiosk {
namespace {

// The largest size at which the label fits in a line with a free column at each side.
int label_size(const std::string& label, int columns) {
    const int width = static_cast<int>(label.size()) + 2;
    return std::clamp(columns / std::max(width, 1), 1, 6);
}

}  // namespace

std::vector<std::byte> lay_out(const Paper& paper, bool copy, const escpos::Profile& profile,
                               bool parted) {
    using escpos::Align;
    escpos::Encoder encoder{profile};
    encoder.init().align(Align::center);
    if (copy || parted) encoder.feed(1).cut().align(Align::center);
    if (copy) {
        encoder.bold(true).size(2, 2).line("SALINAN").size(1, 1);
        encoder.wrapped("Tiket lain dengan nomor ini mungkin telah tercetak.").bold(false).feed(1);
    }
    encoder.bold(true).wrapped(paper.site_name).bold(false).feed(1);
    encoder.wrapped(paper.agency_name);
    encoder.bold(true).wrapped(paper.service_name).bold(false).feed(1);
    encoder.line("NOMOR ANTREAN");
    const int size = label_size(paper.label, profile.columns);
    encoder.bold(true).size(size, size).line(paper.label).size(1, 1).bold(false).feed(1);
    const auto date = date_text(paper.issued, paper.utc_offset);
    const auto time = time_text(paper.issued, paper.utc_offset, paper.zone);
    if (date.size() + time.size() + 3 <= profile.columns) {
        encoder.line(date + " \u00b7 " + time);
    } else {
        encoder.wrapped(date).wrapped(time);
    }
    encoder.wrapped(paper.ahead == 0
                        ? "Anda yang pertama dalam antrean"
                        : fmt::format("{} orang menunggu di depan Anda", paper.ahead));
    encoder.feed(1).wrapped("Mohon menunggu nomor Anda dipanggil.");
    if (copy) encoder.feed(1).bold(true).line("SALINAN").bold(false);
    encoder.cut();
    return encoder.take();
}

}  // namespace antrean::kiosk
