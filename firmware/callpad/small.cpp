#include "firmware/callpad/small.hpp"

#include "firmware/common/class_text.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

namespace antrean::callpad {
namespace {

using Note = Screen::Note;

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80;
}

std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string cut(const std::string& text, std::size_t columns) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
        if (begins_character(text[at]) && ++seen > columns) break;
    }
    return text.substr(0, at);
}

// LEFT gives way to RIGHT.
std::string spread(const std::string& left, const std::string& right, std::size_t columns) {
    const auto end = cut(right, columns);
    const auto room = columns - width(end);
    const auto begin = cut(left, end.empty() || room == 0 ? room : room - 1);
    return begin + std::string(room - width(begin), ' ') + end;
}

std::string note_text(const Screen& screen) {
    switch (screen.note) {
        case Note::none:
            break;
        case Note::disconnected:
            return "TERPUTUS";
        case Note::working:
            return "...";
        case Note::nobody_called:
            return "belum memanggil";
        case Note::nobody_held:
            return "tidak ditahan";
        case Note::no_targets:
            return "tidak ada tujuan";
        case Note::no_choice:
            return "bukan pilihan";
        case Note::refused:
            return screen.refusal ? short_refusal(*screen.refusal) : "";
    }
    return {};
}

// What matters most of how the counter and the called person are.
std::string state_text(const proto::CounterView& view) {
    if (view.paused) return "LOKET DIJEDA";
    if (view.staff.empty() && view.sign_in_required) return "belum masuk";
    if (!view.ticket) return view.held.empty() ? "" : fmt::format("ditahan {}", view.held.size());
    if (view.paper == proto::Paper::voided) return "BATAL";
    if (view.paper == proto::Paper::unconfirmed) return "tiket diragukan";
    const auto word = common::class_text(view.ticket_class);
    if (!word.empty()) return word + ' ' + view.service_name;
    if (view.state == proto::State::serving) return "layani " + view.service_name;
    return view.service_name;
}

const char* prompt(Entry::Kind kind) {
    switch (kind) {
        case Entry::Kind::held:
            return "Ditahan";
        case Entry::Kind::target:
            return "Alihkan";
        case Entry::Kind::reason:
            return "Alasan";
        case Entry::Kind::label:
            return "Nomor";
        case Entry::Kind::code:
            return "Kode";
    }
    return "";
}

// The choice that is typed; before one is, how many there are and the first.
std::string choice_text(const Entry& entry) {
    if (entry.choices.empty()) return "";
    std::size_t number = 0;
    for (const char c : entry.text)
        number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(c - '0'), 100);
    if (number >= 1 && number <= entry.choices.size()) return entry.choices[number - 1];
    return fmt::format("1-{}: {}", entry.choices.size(), entry.choices.front());
}

std::string label_text(const proto::CounterView& view) {
    return view.ticket ? view.label : "-";
}

}  // namespace

std::vector<std::string> small(const Screen& screen, std::size_t columns, std::size_t rows) {
    assert(columns >= 16 && rows >= 2);
    std::vector<std::string> lines;
    const auto say = [&](const std::string& left, const std::string& right = {}) {
        lines.push_back(spread(left, right, columns));
    };
    const auto note = note_text(screen);
    if (!screen.view) {
        say("Belum tersambung");
        say(note);
    } else {
        const auto& view = *screen.view;
        const bool has_room = rows >= 4;
        if (has_room) say(view.counter_name, view.staff);
        if (has_room || !screen.entry) {
            say(label_text(view), fmt::format("antre {}", view.waiting));
        }
        if (screen.entry) {
            say(fmt::format("{}: {}_", prompt(screen.entry->kind), screen.entry->text));
            say(note.empty() ? choice_text(*screen.entry) : note);
        } else if (has_room) {
            say(state_text(view));
            say(note);
        } else {
            say(note.empty() ? state_text(view) : note);
        }
    }
    lines.resize(rows, std::string(columns, ' '));
    return lines;
}

std::string short_refusal(proto::RefusalReason reason) {
    using proto::RefusalReason;
    switch (reason) {
        case RefusalReason::stale_request:
        case RefusalReason::request_reused:
            return "silakan ulangi";
        case RefusalReason::unknown_service:
            return "tujuan tidak ada";
        case RefusalReason::nobody_waits:
            return "antrean kosong";
        case RefusalReason::not_called:
            return "tidak dipanggil";
        case RefusalReason::unknown_ticket:
            return "nomor tidak ada";
        case RefusalReason::no_counter:
            return "tanpa loket";
        case RefusalReason::not_signed_in:
            return "belum masuk";
        case RefusalReason::unknown_staff:
            return "kode salah";
        case RefusalReason::counter_paused:
            return "loket dijeda";
        case RefusalReason::recall_limit:
            return "cukup dipanggil";
        case RefusalReason::not_callable:
            return "bukan di sini";
        case RefusalReason::wrong_state:
            return "tidak dapat kini";
        case RefusalReason::nothing_to_undo:
            return "tidak ada batal";
        case RefusalReason::too_late_to_undo:
            return "telat dibatalkan";
        // The rest is about new tickets, and said to kiosks.
        case RefusalReason::unknown_lease:
        case RefusalReason::unknown_appointment:
        case RefusalReason::wrong_day:
        case RefusalReason::too_early:
        case RefusalReason::too_late_for_appointment:
        case RefusalReason::appointment_used:
        case RefusalReason::series_full:
        case RefusalReason::storage_low:
        case RefusalReason::not_open_yet:
        case RefusalReason::in_break:
        case RefusalReason::too_late:
        case RefusalReason::closed:
        case RefusalReason::paused:
        case RefusalReason::not_in_force:
        case RefusalReason::quota_used:
        case RefusalReason::hall_full:
        case RefusalReason::day_closed:
            break;
    }
    return "ditolak";
}

}  // namespace antrean::callpad
