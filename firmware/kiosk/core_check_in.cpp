// Appointments that are checked in by their codes.
#include "firmware/kiosk/core.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace antrean::kiosk {

using Kind = Screen::Kind;

bool Core::is_checking(const std::string& code) const {
    const auto* asked =
        requester_.in_flight() ? std::get_if<proto::CheckIn>(&*requester_.in_flight()) : nullptr;
    return (asked && asked->code == code) ||
           std::any_of(presses_.begin(), presses_.end(),
                       [&](const Press& press) { return press.code == code; });
}

void Core::scanned(const std::string& code, SteadyTime now, Actions& out) {
    assert(!code.empty() && code.size() <= proto::max_appointment_code);
    const bool is_reread =
        last_code_ && last_code_->code == code && now - last_code_->at < reread_guard;
    last_code_ = Press{{}, now, code};
    if (is_reread || is_checking(code)) return;

    Screen screen{Kind::wait, {}, printer_};
    screen.by_code = true;
    if (!menu_) {
        screen.kind = Kind::starting;
    } else if (printer_ != PrinterReady::yes && !is_greeting(now)) {
        screen.kind = Kind::no_paper;
    } else if (!is_online()) {
        screen.kind = Kind::no_check_in;
    } else if (presses_.size() == max_waiting_presses) {
        screen.kind = Kind::busy;
    } else if (!bucket_.take(now)) {
        screen.kind = Kind::too_many;
    } else {
        presses_.push_back(*last_code_);
    }
    show(std::move(screen), now + message_time, out);
    go_on(now, out);
}

}  // namespace antrean::kiosk
