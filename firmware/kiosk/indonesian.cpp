#include "firmware/kiosk/indonesian.hpp"

#include <array>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

constexpr std::array weekdays{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"};
constexpr std::array months{"Januari", "Februari", "Maret",     "April",   "Mei",      "Juni",
                            "Juli",    "Agustus",  "September", "Oktober", "November", "Desember"};

const char* printer_trouble(PrinterReady printer) {
    switch (printer) {
        case PrinterReady::paper_out:
            return "Kertas tiket habis.";
        case PrinterReady::cover_open:
            return "Tutup pencetak tiket terbuka.";
        case PrinterReady::yes:
        case PrinterReady::trouble:
            break;
    }
    return "Pencetak tiket sedang terganggu.";
}

}  // namespace

std::string date_text(ServiceDay day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{}, {} {} {}", weekdays[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()));
}

std::string time_text(WallTime time, std::chrono::minutes utc_offset, const std::string& zone) {
    const auto local = time + utc_offset;
    const std::chrono::hh_mm_ss clock{local - std::chrono::floor<std::chrono::days>(local)};
    return fmt::format("{:02}.{:02} {}", clock.hours().count(), clock.minutes().count(), zone);
}

std::string queue_text(std::uint32_t ahead) {
    if (ahead == 0) return "Anda yang pertama dalam antrean";
    return fmt::format("{} orang menunggu di depan Anda", ahead);
}

std::string sentence(const Screen& screen) {
    switch (screen.kind) {
        case Screen::Kind::ready:
            return "Silakan tekan tombol layanan yang Anda perlukan.";
        case Screen::Kind::starting:
            return "Mesin antrean sedang disiapkan. Mohon tunggu atau hubungi petugas.";
        case Screen::Kind::disconnected:
            return "Sambungan ke pusat terputus: nomor belum dapat diberikan. Mohon hubungi "
                   "petugas.";
        case Screen::Kind::unknown_button:
            return "Tombol ini belum dipakai. Silakan pilih tombol lain.";
        case Screen::Kind::wait:
            return "Mohon tunggu, nomor Anda sedang diambil...";
        case Screen::Kind::printing:
            return fmt::format("Nomor {} sedang dicetak...", screen.label);
        case Screen::Kind::take_paper:
            return fmt::format("Nomor Anda {}. Silakan ambil tiket Anda.", screen.label);
        case Screen::Kind::maybe_printed:
            return fmt::format(
                "Tiket {} mungkin belum tercetak utuh. Bila tidak keluar, mohon hubungi petugas.",
                screen.label);
        case Screen::Kind::not_printed:
            return fmt::format(
                "Maaf, tiket {} tidak tercetak dan nomornya dibatalkan. Silakan tekan "
                "tombol sekali lagi.",
                screen.label);
        case Screen::Kind::refused:
            return "Maaf, nomor tidak dapat diberikan untuk layanan ini. Mohon hubungi petugas.";
        case Screen::Kind::no_paper:
            return fmt::format("{} Mohon gunakan mesin lain atau hubungi petugas.",
                               printer_trouble(screen.printer));
        case Screen::Kind::busy:
            return "Mohon tunggu sebentar, lalu tekan lagi.";
    }
    return {};
}

}  // namespace antrean::kiosk
