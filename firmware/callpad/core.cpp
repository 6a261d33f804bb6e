#include "firmware/callpad/core.hpp"

#include <utility>

namespace antrean::callpad {
namespace {

using Note = Screen::Note;

constexpr std::chrono::seconds note_time{3};

// A view with the same of these is not worth a write to the store: how many wait changes all day.
bool same_ticket(const proto::CounterView& a, const proto::CounterView& b) {
    return a.counter == b.counter && a.ticket == b.ticket && a.paper == b.paper;
}

}  // namespace

Core::Core(Stored stored)
    : requester_{stored.last_request, std::move(stored.in_flight)},
      screen_{std::move(stored.view), Note::disconnected} {}

void Core::started(Actions& out) { out.push_back(Show{screen_}); }

void Core::pressed(Key key, SteadyTime now, Actions& out) {
    if (!requester_.is_linked() || !screen_.view) {
        note(Note::disconnected, std::nullopt, out);
        return;
    }
    if (requester_.busy()) return;
    const auto id = requester_.next();
    const auto ticket = screen_.view->ticket;
    const bool somebody = ticket && screen_.view->paper != proto::Paper::voided;
    if (key != Key::next && !somebody) {
        note(Note::nobody_called, now + note_time, out);
        return;
    }
    const auto request = [&]() -> proto::Request {
        switch (key) {
            case Key::next: break;
            case Key::recall: return proto::Recall{id, ticket};
            case Key::done: return proto::Finish{id, ticket};
            case Key::no_show: return proto::NoShow{id, ticket};
        }
        return proto::CallNext{id};
    }();
    requester_.start(request);
    out.push_back(SaveRequest{request});
    note(Note::working, std::nullopt, out);
    send_due(out);
}

void Core::linked(RequestId controllers_last, Actions& out) {
    requester_.linked(controllers_last);
    note(resting_note(), std::nullopt, out);
    send_due(out);
}

void Core::unlinked(Actions& out) {
    requester_.unlinked();
    note(Note::disconnected, std::nullopt, out);
}

void Core::viewed(const proto::CounterView& view, Actions& out) {
    if (!screen_.view || !same_ticket(*screen_.view, view)) out.push_back(SaveView{view});
    if (screen_.view == view) return;
    screen_.view = view;
    out.push_back(Show{screen_});
}

void Core::answered(const proto::Answer& answer, SteadyTime now, Actions& out) {
    if (!requester_.settle(answer)) return;
    if (const auto* refused = std::get_if<proto::Refused>(&answer)) {
        note(refused->reason == proto::RefusalReason::nobody_waits ? Note::nobody_waits
                                                                   : Note::refused,
             now + note_time, out);
    } else {
        note(Note::none, std::nullopt, out);
    }
}

void Core::tick(SteadyTime now, Actions& out) {
    if (note_until_ && *note_until_ <= now) note(resting_note(), std::nullopt, out);
}

void Core::send_due(Actions& out) {
    if (auto due = requester_.due()) out.push_back(Send{std::move(*due)});
}

Screen::Note Core::resting_note() const {
    if (!requester_.is_linked()) return Note::disconnected;
    return requester_.busy() ? Note::working : Note::none;
}

void Core::note(Screen::Note note, std::optional<SteadyTime> until, Actions& out) {
    note_until_ = until;
    if (screen_.note == note) return;
    screen_.note = note;
    out.push_back(Show{screen_});
}

}  // namespace antrean::callpad
