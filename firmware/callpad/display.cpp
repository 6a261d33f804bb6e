#include "firmware/callpad/display.hpp"

#include "firmware/callpad/large.hpp"
#include "firmware/callpad/small.hpp"
#include "firmware/common/class_text.hpp"

#include <fmt/format.h>

namespace antrean::callpad {
namespace {

using common::class_text;

void add(std::vector<std::string>& parts, std::string part) {
    if (!part.empty()) parts.push_back(std::move(part));
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
    return fmt::format("{}", fmt::join(parts, between));
}

std::string staff_text(const proto::CounterView& view) {
    if (!view.staff.empty()) return view.staff;
    return view.sign_in_required ? "belum masuk" : "";
}

// All of the called ticket but its label.
std::vector<std::string> ticket_parts(const proto::CounterView& view) {
    std::vector<std::string> parts;
    add(parts, view.service_name);
    add(parts, class_text(view.ticket_class));
    if (view.state == proto::State::serving) add(parts, "sedang dilayani");
    if (view.times_called > 1) add(parts, fmt::format("panggilan ke-{}", view.times_called));
    if (view.paper == proto::Paper::unconfirmed) add(parts, "tiket mungkin tidak tercetak");
    if (view.paper == proto::Paper::voided) add(parts, "BATAL: tiket tidak berlaku lagi");
    return parts;
}

std::string waiting_text(const proto::CounterView& view) {
    const auto of = [&](TicketClass ticket_class) {
        return view.waiting_by_class[static_cast<std::size_t>(ticket_class)];
    };
    std::vector<std::string> classes;
    if (const auto n = of(TicketClass::priority)) add(classes, fmt::format("prioritas {}", n));
    if (const auto n = of(TicketClass::appointment)) add(classes, fmt::format("janji temu {}", n));
    auto text = fmt::format("menunggu {}", view.waiting);
    if (!classes.empty()) text += fmt::format(" ({})", joined(classes, ", "));
    return text;
}

std::string held_text(const proto::CounterView& view) {
    std::vector<std::string> held;
    for (const auto& ticket : view.held) {
        auto text = fmt::format("{}: {}", held.size() + 1, ticket.label);
        if (const auto word = class_text(ticket.ticket_class); !word.empty()) text += ' ' + word;
        held.push_back(std::move(text));
    }
    return held.empty() ? "" : "ditahan " + joined(held, ", ");
}

std::string pause_text(const proto::CounterView& view) {
    if (!view.paused) return {};
    return view.pause_reason.empty() ? "LOKET DIJEDA" : "LOKET DIJEDA: " + view.pause_reason;
}

std::string undo_text(proto::Step step) {
    switch (step) {
        case proto::Step::none:
            break;
        case proto::Step::call:
            return "u: batalkan panggilan";
        case proto::Step::serve:
            return "u: batalkan mulai layani";
        case proto::Step::finish:
            return "u: batalkan selesai";
        case proto::Step::no_show:
            return "u: batalkan tidak hadir";
        case proto::Step::hold:
            return "u: batalkan tahan";
        case proto::Step::transfer:
            return "u: batalkan alihkan";
    }
    return {};
}

std::string note_text(const Screen& screen) {
    switch (screen.note) {
        case Screen::Note::none:
            break;
        case Screen::Note::disconnected:
            return "TERPUTUS dari pengendali";
        case Screen::Note::working:
            return "...";
        case Screen::Note::nobody_called:
            return "belum ada yang dipanggil";
        case Screen::Note::nobody_held:
            return "tidak ada yang ditahan";
        case Screen::Note::no_targets:
            return "tidak ada layanan tujuan";
        case Screen::Note::no_choice:
            return "nomor itu tidak ada dalam daftar";
        case Screen::Note::refused:
            return screen.refusal ? refusal_text(*screen.refusal) : "";
    }
    return {};
}

const char* prompt(Entry::Kind kind) {
    switch (kind) {
        case Entry::Kind::held:
            return "Panggil yang ditahan, nomor";
        case Entry::Kind::target:
            return "Alihkan ke, nomor";
        case Entry::Kind::reason:
            return "Alasan jeda, nomor";
        case Entry::Kind::label:
            return "Panggil nomor antrean";
        case Entry::Kind::code:
            return "Kode petugas";
    }
    return "";
}

std::vector<std::string> choices(const Entry& entry) {
    std::vector<std::string> texts;
    for (const auto& choice : entry.choices)
        texts.push_back(fmt::format("{}: {}", texts.size() + 1, choice));
    return texts;
}

}  // namespace

std::string line(const Screen& screen) {
    std::vector<std::string> parts;
    if (!screen.view) {
        add(parts, "belum tersambung");
    } else {
        const auto& view = *screen.view;
        add(parts, view.counter_name);
        add(parts, staff_text(view));
        add(parts, pause_text(view));
        add(parts, view.ticket ? view.label : "tidak ada yang dipanggil");
        if (view.ticket) {
            for (auto& part : ticket_parts(view))
                add(parts, std::move(part));
        }
        add(parts, waiting_text(view));
        add(parts, held_text(view));
        add(parts, undo_text(view.can_undo));
    }
    add(parts, note_text(screen));
    if (screen.entry) {
        auto text = fmt::format("{}: {}_", prompt(screen.entry->kind), screen.entry->text);
        if (!screen.entry->choices.empty()) {
            text += fmt::format(" [{}]", joined(choices(*screen.entry), ", "));
        }
        add(parts, std::move(text));
    }
    return joined(parts, " | ");
}

std::vector<std::string> panel(const Screen& screen, const std::vector<std::string>& help,
                               std::size_t columns) {
    std::vector<std::string> lines;
    const auto say = [&](std::string text) { add(lines, std::move(text)); };
    if (!screen.view) {
        say("belum tersambung");
    } else {
        const auto& view = *screen.view;
        const auto staff = staff_text(view);
        say(staff.empty() ? view.counter_name : view.counter_name + " | " + staff);
        say(pause_text(view));
        lines.emplace_back();
        if (!view.ticket) {
            say("tidak ada yang dipanggil");
        } else {
            if (view.label.size() * large_columns > columns) {
                say(view.label);
            } else {
                for (auto& row : large(view.label))
                    lines.push_back(std::move(row));
            }
            lines.emplace_back();
            say(fmt::format("{} | {}", view.label, joined(ticket_parts(view), " | ")));
        }
        lines.emplace_back();
        say(waiting_text(view));
        say(held_text(view));
        say(undo_text(view.can_undo));
    }
    lines.emplace_back();
    if (screen.entry) {
        for (auto& choice : choices(*screen.entry))
            say("  " + std::move(choice));
        say(fmt::format("{}: {}_   (Enter; hapus untuk kembali)", prompt(screen.entry->kind),
                        screen.entry->text));
    }
    say(note_text(screen));
    lines.emplace_back();
    lines.insert(lines.end(), help.begin(), help.end());
    return lines;
}

std::vector<std::string> rows_for(const Screen& screen, display::Room room,
                                  const std::vector<std::string>& help) {
    constexpr std::size_t panel_columns = 40;
    if (room.rows == 1) return {line(screen)};
    if (room.rows > 0 && room.columns < panel_columns)
        return small(screen, room.columns, room.rows);
    return panel(screen, help, room.columns);
}

std::string refusal_text(proto::RefusalReason reason) {
    using proto::RefusalReason;
    switch (reason) {
        case RefusalReason::stale_request:
        case RefusalReason::request_reused:
            return "belum berhasil, silakan ulangi";
        case RefusalReason::unknown_service:
            return "layanan tujuan itu tidak ada";
        case RefusalReason::nobody_waits:
            return "tidak ada yang menunggu";
        case RefusalReason::not_called:
            return "nomor itu tidak sedang dipanggil di sini";
        case RefusalReason::unknown_ticket:
            return "nomor itu tidak ada hari ini";
        case RefusalReason::no_counter:
            return "tombol ini tidak terpasang di loket mana pun";
        case RefusalReason::not_signed_in:
            return "belum ada petugas yang masuk (tombol m)";
        case RefusalReason::unknown_staff:
            return "kode salah, atau tidak berhak di loket ini";
        case RefusalReason::counter_paused:
            return "loket sedang dijeda, buka dahulu (tombol i)";
        case RefusalReason::recall_limit:
            return "sudah cukup sering dipanggil: layani, tahan, atau tandai tidak hadir";
        case RefusalReason::not_callable:
            return "nomor itu tidak dapat dipanggil di sini";
        case RefusalReason::wrong_state:
            return "tidak dapat dilakukan dalam keadaan ini";
        case RefusalReason::nothing_to_undo:
            return "tidak ada yang dapat dibatalkan";
        case RefusalReason::too_late_to_undo:
            return "sudah terlambat untuk dibatalkan";
        // The rest is about new tickets, and said to kiosks.
        case RefusalReason::unknown_lease:
            return "nomor luring tidak dikenal";
        case RefusalReason::unknown_appointment:
            return "kode janji temu tidak dikenal";
        case RefusalReason::wrong_day:
            return "janji temu untuk hari lain";
        case RefusalReason::too_early:
            return "janji temu belum waktunya";
        case RefusalReason::too_late_for_appointment:
            return "waktu janji temu sudah lewat";
        case RefusalReason::appointment_used:
            return "kode janji temu sudah dipakai";
        case RefusalReason::series_full:
            return "nomor hari ini habis";
        case RefusalReason::storage_low:
            return "penyimpanan pengendali penuh, hubungi teknisi";
        case RefusalReason::not_open_yet:
            return "layanan belum buka";
        case RefusalReason::in_break:
            return "layanan sedang istirahat";
        case RefusalReason::too_late:
            return "pengambilan nomor sudah ditutup";
        case RefusalReason::closed:
            return "layanan tutup hari ini";
        case RefusalReason::paused:
            return "layanan dihentikan sementara";
        case RefusalReason::not_in_force:
            return "layanan sedang tidak diselenggarakan";
        case RefusalReason::quota_used:
            return "kuota hari ini habis";
        case RefusalReason::hall_full:
            return "ruang tunggu penuh";
        case RefusalReason::day_closed:
            return "pelayanan hari ini sudah selesai";
    }
    return "ditolak";
}

}  // namespace antrean::callpad
