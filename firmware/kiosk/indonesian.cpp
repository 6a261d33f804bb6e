#include "firmware/kiosk/indonesian.hpp"

#include "firmware/common/class_text.hpp"
#include "firmware/kiosk/keys.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

constexpr std::array weekdays{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"};
constexpr std::array months{"Januari", "Februari", "Maret",     "April",   "Mei",      "Juni",
                            "Juli",    "Agustus",  "September", "Oktober", "November", "Desember"};

constexpr const char* no_number =
    "Maaf, nomor tidak dapat diberikan untuk layanan ini. Mohon hubungi petugas.";

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

std::string service_name_of(const proto::MenuButton& button) {
    const auto word = common::class_text(button.ticket_class);
    return word.empty() ? button.service_name : fmt::format("{} ({})", button.service_name, word);
}

std::string name_of(const proto::MenuButton& button) {
    return fmt::format("{} - {}", button.agency_name, service_name_of(button));
}

const proto::Offer* offer_of(const proto::MenuButton& button,
                             const std::vector<proto::Offer>& offers) {
    const auto offer = std::find_if(offers.begin(), offers.end(), [&](const proto::Offer& one) {
        return one.service == button.service;
    });
    return offer == offers.end() ? nullptr : &*offer;
}

std::string shut(const proto::Offer& offer) {
    return " | TUTUP: " + refusal_text(*offer.refusal, offer.text);
}

// How one begins where nothing is being done.
const char* invitation(ChoiceMode choice) {
    switch (choice) {
        case ChoiceMode::direct:
            break;
        case ChoiceMode::digits:
            return "Silakan ketik nomor layanan yang Anda perlukan, lalu tekan Enter.";
        case ChoiceMode::pages:
            return "Silakan pilih instansi, lalu layanan yang Anda perlukan.";
    }
    return "Silakan tekan tombol layanan yang Anda perlukan.";
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

std::string offline_text() {
    return "Diberikan saat jaringan terputus. Nomor ini tetap berlaku.";
}

std::string estimate_text(std::chrono::seconds estimate) {
    using namespace std::chrono_literals;
    using Fives = std::chrono::duration<std::int64_t, std::ratio<300>>;
    if (estimate <= 0s) return {};
    if (estimate < 5min) return "kurang dari 5 menit";
    const std::chrono::minutes rounded{std::chrono::round<Fives>(estimate)};
    const auto hours = rounded / 1h;
    const auto minutes = rounded % 1h / 1min;
    if (hours == 0) return fmt::format("± {} menit", minutes);
    if (minutes == 0) return fmt::format("± {} jam", hours);
    return fmt::format("± {} jam {} menit", hours, minutes);
}

std::string refusal_text(proto::RefusalReason reason, const std::string& text) {
    using proto::RefusalReason;
    switch (reason) {
        case RefusalReason::stale_request:
        case RefusalReason::request_reused:
            return "Maaf, nomor belum dapat diberikan. Silakan tekan tombol sekali lagi.";
        case RefusalReason::unknown_service:
            return "Maaf, layanan ini tidak tersedia di mesin ini. Mohon hubungi petugas.";
        case RefusalReason::series_full:
            return "Nomor antrean hari ini habis.";
        case RefusalReason::storage_low:
            return "Nomor belum dapat diberikan saat ini. Mohon hubungi petugas.";
        case RefusalReason::not_open_yet:
            return "Layanan ini belum buka.";
        case RefusalReason::in_break:
            return "Loket istirahat. Silakan kembali setelah jam istirahat.";
        case RefusalReason::too_late:
            return "Pengambilan nomor hari ini sudah ditutup.";
        case RefusalReason::closed:
            return "Layanan ini tutup hari ini.";
        case RefusalReason::paused:
            if (text.empty()) return "Layanan ini dihentikan sementara.";
            return fmt::format("Layanan ini dihentikan sementara: {}", text);
        case RefusalReason::not_in_force:
            return "Layanan ini sedang tidak diselenggarakan.";
        case RefusalReason::quota_used:
            return "Kuota hari ini habis.";
        case RefusalReason::hall_full:
            return "Ruang tunggu penuh. Silakan kembali beberapa saat lagi.";
        case RefusalReason::day_closed:
            return "Pelayanan hari ini sudah selesai.";
        case RefusalReason::unknown_appointment:
            return "Kode janji temu ini tidak dikenal. Silakan ambil nomor, atau hubungi petugas.";
        case RefusalReason::wrong_day:
            return "Janji temu ini untuk hari lain. Mohon periksa tanggalnya.";
        case RefusalReason::too_early:
            return "Janji temu Anda belum waktunya. Silakan pindai kode ini lagi nanti.";
        case RefusalReason::too_late_for_appointment:
            return "Waktu janji temu Anda sudah lewat. Silakan ambil nomor, atau hubungi petugas.";
        case RefusalReason::appointment_used:
            return "Kode janji temu ini sudah dipakai. Mohon hubungi petugas bila tiket Anda tidak "
                   "ada.";
        // The rest is said to others than kiosks.
        case RefusalReason::nobody_waits:
        case RefusalReason::not_called:
        case RefusalReason::unknown_ticket:
        case RefusalReason::no_counter:
        case RefusalReason::not_signed_in:
        case RefusalReason::unknown_staff:
        case RefusalReason::counter_paused:
        case RefusalReason::recall_limit:
        case RefusalReason::not_callable:
        case RefusalReason::wrong_state:
        case RefusalReason::nothing_to_undo:
        case RefusalReason::too_late_to_undo:
        case RefusalReason::unknown_lease:
            break;
    }
    return no_number;
}

std::vector<std::string> button_lines(const proto::Menu& menu,
                                      const std::vector<proto::Offer>& offers, ChoiceMode choice) {
    std::vector<std::string> lines;
    for (const auto& button : menu.buttons) {
        auto line =
            fmt::format("[{}] {}",
                        choice == ChoiceMode::direct ? std::string{key_of(button.number)}
                                                     : fmt::to_string(button.number.value()),
                        name_of(button));
        if (const auto* offer = offer_of(button, offers)) {
            if (offer->refusal) {
                line += shut(*offer);
            } else if (offer->left) {
                line += fmt::format(" | sisa {}", *offer->left);
            }
            line += fmt::format(" | menunggu {}", offer->waiting);
            const auto estimate = estimate_text(offer->estimate);
            if (!offer->refusal && !estimate.empty()) line += " | perkiraan tunggu " + estimate;
        }
        if (!button.bring.empty()) line += " | siapkan: " + button.bring;
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> choice_lines(const ChoiceView& view,
                                      const std::vector<proto::Offer>& offers) {
    using Kind = ChoiceView::Kind;
    std::vector<std::string> lines;
    switch (view.kind) {
        case Kind::closed:
            return {};
        case Kind::typing:
            if (!view.button) return {fmt::format("Nomor layanan: {}_", view.digits)};
            return {
                fmt::format("Nomor layanan: {} = {}. Tekan Enter untuk mengambil nomor antrean.",
                            view.digits, name_of(*view.button))};
        case Kind::no_such:
            return {
                fmt::format("Tidak ada layanan nomor {}. Silakan ketik nomor yang ada pada daftar "
                            "layanan.",
                            view.digits)};
        case Kind::agencies:
            lines.push_back("Pilih instansi");
            break;
        case Kind::services:
            lines.push_back(fmt::format("{}: pilih layanan", view.agency));
            break;
    }
    if (view.pages > 1) lines.back() += fmt::format(" (halaman {} dari {})", view.page, view.pages);
    for (const auto& row : view.rows) {
        if (!row.service) {
            lines.push_back(fmt::format("[{}] {} ({} layanan)", row.key, row.agency, row.services));
            continue;
        }
        const auto* offer = offer_of(*row.service, offers);
        lines.push_back(fmt::format("[{}] {}{}", row.key, service_name_of(*row.service),
                                    offer && offer->refusal ? shut(*offer) : std::string{}));
    }
    if (view.pages > 1) lines.push_back("[9] Halaman berikutnya");
    if (view.can_go_back) lines.push_back("[0] Kembali");
    return lines;
}

std::string sentence(const Screen& screen, ChoiceMode choice) {
    switch (screen.kind) {
        case Screen::Kind::ready:
            return invitation(choice);
        case Screen::Kind::ready_offline:
            if (choice != ChoiceMode::direct)
                return fmt::format("{} Jaringan sedang terputus: nomor Anda tetap berlaku.",
                                   invitation(choice));
            return "Silakan tekan tombol layanan. Jaringan sedang terputus: nomor Anda tetap "
                   "berlaku.";
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
            return fmt::format("Maaf, tiket {} tidak tercetak dan nomornya dibatalkan. {}",
                               screen.label,
                               screen.by_code ? "Silakan pindai kode Anda sekali lagi."
                                              : "Silakan tekan tombol sekali lagi.");
        case Screen::Kind::refused:
            // The id was spent, and who holds a code has no button to press.
            if (screen.by_code && (screen.refusal == proto::RefusalReason::stale_request ||
                                   screen.refusal == proto::RefusalReason::request_reused)) {
                return "Maaf, kode belum dapat diperiksa. Silakan pindai kode Anda sekali lagi.";
            }
            return screen.refusal ? refusal_text(*screen.refusal, screen.text) : no_number;
        case Screen::Kind::no_paper:
            return fmt::format("{} Mohon gunakan mesin lain atau hubungi petugas.",
                               printer_trouble(screen.printer));
        case Screen::Kind::busy:
            return screen.by_code ? "Mohon tunggu sebentar, lalu pindai lagi."
                                  : "Mohon tunggu sebentar, lalu tekan lagi.";
        case Screen::Kind::too_many:
            return fmt::format(
                "Terlalu banyak nomor diambil berturut-turut. Mohon tunggu sebentar, lalu {} lagi.",
                screen.by_code ? "pindai" : "tekan");
        case Screen::Kind::no_check_in:
            return "Jaringan sedang terputus: kode janji temu belum dapat diperiksa. Silakan ambil "
                   "nomor, atau tunggu sebentar lalu pindai lagi.";
        case Screen::Kind::one_button:
            return "Silakan tekan satu tombol saja: lepaskan semua tombol, lalu tekan lagi.";
    }
    return {};
}

}  // namespace antrean::kiosk
