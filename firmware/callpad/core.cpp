#include "firmware/callpad/core.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

namespace antrean::callpad {
namespace {

using Kind = Entry::Kind;
using Note = Screen::Note;

constexpr std::chrono::seconds note_time{3};

// Who waits changes all day, and is worth no write to the store.
bool same_but_waiting(proto::CounterView a, const proto::CounterView& b) {
    a.waiting = b.waiting;
    a.waiting_by_class = b.waiting_by_class;
    return a == b;
}

bool needs_somebody(Key key) {
    return key == Key::recall || key == Key::done || key == Key::no_show || key == Key::serve ||
           key == Key::hold || key == Key::transfer;
}

// The number that TEXT is, from 1 to MOST; else 0.
std::size_t number(const std::string& text, std::size_t most) {
    std::size_t value = 0;
    const auto end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && rest == end && value <= most ? value : 0;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// What CHARACTER adds to an entry; 0: nothing.
char accepted(Kind kind, char character) {
    if (is_digit(character)) return character;
    if (kind != Kind::label) return '\0';
    if (character >= 'a' && character <= 'z') return static_cast<char>(character - 'a' + 'A');
    const bool is_upper = character >= 'A' && character <= 'Z';
    return is_upper || character == '-' ? character : '\0';
}

std::size_t most_typed(Kind kind) {
    switch (kind) {
        case Kind::label:
            return max_label_typed;
        case Kind::code:
            return proto::max_code_digits;
        case Kind::held:
        case Kind::target:
        case Kind::reason:
            break;
    }
    return 2;  // no list is longer than 99
}

}  // namespace

Core::Core(Stored stored, std::vector<std::string> pause_reasons)
    : requester_{stored.last_request, std::move(stored.in_flight)},
      pause_reasons_{std::move(pause_reasons)},
      journal_seq_{stored.journal_seq},
      screen_{std::move(stored.view), Note::disconnected} {
    assert(pause_reasons_.size() < 100);
}

proto::Hello Core::hello(DeviceId device, std::string software) const {
    return {proto::protocol_version, proto::Role::callpad, device,
            requester_.last(),       std::move(software),  journal_seq_};
}

void Core::started(Actions& out) {
    show(out);
}

void Core::pressed(Key key, SteadyTime now, Actions& out) {
    close_entry();
    if (!requester_.is_linked() || !screen_.view) {
        set_note(Note::disconnected);
        return show(out);
    }
    if (requester_.busy()) return show(out);
    const auto id = requester_.next();
    const auto ticket = screen_.view->ticket;
    const bool somebody = ticket && screen_.view->paper != proto::Paper::voided;
    if (needs_somebody(key) && !somebody) {
        set_note(Note::nobody_called, now + note_time);
        return show(out);
    }
    switch (key) {
        case Key::next:
            return ask(proto::CallNext{id}, out);
        case Key::next_priority:
            return ask(proto::CallNext{id, TicketClass::priority}, out);
        case Key::recall:
            return ask(proto::Recall{id, ticket}, out);
        case Key::serve:
            return ask(proto::Serve{id, ticket}, out);
        case Key::done:
            return ask(proto::Finish{id, ticket}, out);
        case Key::no_show:
            return ask(proto::NoShow{id, ticket}, out);
        case Key::hold:
            return ask(proto::Hold{id, ticket}, out);
        case Key::undo:
            return ask(proto::Undo{id}, out);
        case Key::sign_out:
            return ask(proto::SignOut{id}, out);
        case Key::resume:
            return choose_held(now, out);
        case Key::transfer:
            return choose_target(now, out);
        case Key::pause:
            return pause_or_open(now, out);
        case Key::by_label:
            return open_entry({Kind::label, {}, {}}, {}, now, out);
        case Key::sign_in:
            return open_entry({Kind::code, {}, {}}, {}, now, out);
    }
}

void Core::typed(char character, SteadyTime now, Actions& out) {
    if (screen_.entry) type_into_entry(character, now, out);
}

void Core::pushed(const Push& push, SteadyTime now, Actions& out) {
    if (screen_.entry) {
        if (push.character != '\0') type_into_entry(push.character, now, out);
        return;
    }
    const bool is_enter = push.character == enter_key;
    if (is_enter && entry_ended_ && now - *entry_ended_ < enter_guard) return;
    if (push.key) pressed(*push.key, now, out);
}

void Core::choose_held(SteadyTime now, Actions& out) {
    Entry entry{Kind::held, {}, {}};
    Typing typing;
    for (const auto& held : screen_.view->held) {
        entry.choices.push_back(held.label);
        typing.held.push_back(held.ticket);
    }
    if (entry.choices.empty()) {
        set_note(Note::nobody_held, now + note_time);
        return show(out);
    }
    open_entry(std::move(entry), std::move(typing), now, out);
}

void Core::choose_target(SteadyTime now, Actions& out) {
    Entry entry{Kind::target, {}, {}};
    Typing typing;
    typing.ticket = screen_.view->ticket;
    for (const auto& target : menu_.targets) {
        entry.choices.push_back(target.service_name);
        typing.targets.push_back(target.service);
    }
    if (entry.choices.empty()) {
        set_note(Note::no_targets, now + note_time);
        return show(out);
    }
    open_entry(std::move(entry), std::move(typing), now, out);
}

void Core::pause_or_open(SteadyTime now, Actions& out) {
    if (screen_.view->paused) return ask(proto::OpenCounter{requester_.next()}, out);
    if (pause_reasons_.size() > 1) {
        return open_entry({Kind::reason, {}, pause_reasons_}, {}, now, out);
    }
    const auto reason = pause_reasons_.empty() ? std::string{} : pause_reasons_.front();
    ask(proto::PauseCounter{requester_.next(), reason}, out);
}

void Core::open_entry(Entry entry, Typing typing, SteadyTime now, Actions& out) {
    typing.until = now + entry_time;
    screen_.entry = std::move(entry);
    typing_ = std::move(typing);
    set_note(resting_note());
    show(out);
}

void Core::close_entry() {
    screen_.entry.reset();
    typing_.reset();
}

void Core::type_into_entry(char character, SteadyTime now, Actions& out) {
    auto& text = screen_.entry->text;
    typing_->until = now + entry_time;
    if (character == enter_key) return confirm_entry(now, out);
    if (screen_.note == Note::no_choice) set_note(resting_note());
    const bool erases = character == erase_key || character == '\b';
    if (character == cancel_key || (erases && text.empty())) {
        close_entry();
        entry_ended_ = now;
    } else if (erases) {
        text.pop_back();
        if (!typing_->code.empty()) typing_->code.pop_back();
    } else if (!screen_.entry->choices.empty() &&
               (character == forth_key || character == back_key)) {
        step_in_list(character == forth_key);
    } else if (const char more = accepted(screen_.entry->kind, character);
               more != '\0' && text.size() < most_typed(screen_.entry->kind)) {
        const bool is_secret = screen_.entry->kind == Kind::code;
        if (is_secret) typing_->code += more;
        text += is_secret ? '*' : more;
    }
    show(out);
}

// From nowhere to the first or the last, and round at the ends.
void Core::step_in_list(bool forth) {
    auto& entry = *screen_.entry;
    const auto count = entry.choices.size();
    const auto at = number(entry.text, count);
    const auto next = forth ? at % count + 1 : (at <= 1 ? count : at - 1);
    entry.text = std::to_string(next);
}

void Core::confirm_entry(SteadyTime now, Actions& out) {
    const auto& entry = *screen_.entry;
    const auto id = requester_.next();
    const bool is_list = !entry.choices.empty();
    const auto chosen = is_list ? number(entry.text, entry.choices.size()) : 0;
    if (is_list && chosen == 0) {
        if (entry.text.empty()) return;
        screen_.entry->text.clear();
        set_note(Note::no_choice, now + note_time);
        return show(out);
    }
    if (entry.kind == Kind::label && entry.text.empty()) return;
    if (entry.kind == Kind::code && typing_->code.size() < proto::min_code_digits) return;
    auto request = [&]() -> proto::Request {
        switch (entry.kind) {
            case Kind::held:
                return proto::CallNamed{id, typing_->held.at(chosen - 1), {}};
            case Kind::target:
                return proto::Transfer{id, typing_->ticket, typing_->targets.at(chosen - 1)};
            case Kind::reason:
                return proto::PauseCounter{id, entry.choices.at(chosen - 1)};
            case Kind::label:
                return proto::CallNamed{id, {}, entry.text};
            case Kind::code:
                break;
        }
        return proto::SignIn{id, typing_->code};
    }();
    close_entry();
    entry_ended_ = now;
    ask(std::move(request), out);
}

void Core::linked(const proto::Welcome& welcome, Actions& out) {
    requester_.linked(welcome.last_request);
    journal_seq_ = std::max(journal_seq_, welcome.journal_seq);
    set_note(resting_note());
    show(out);
    send_due(out);
}

void Core::unlinked(Actions& out) {
    requester_.unlinked();
    close_entry();
    set_note(Note::disconnected);
    show(out);
}

void Core::viewed(const proto::CounterView& view, Actions& out) {
    if (!screen_.view || !same_but_waiting(*screen_.view, view)) {
        out.push_back(SaveView{view, journal_seq_});
    }
    screen_.view = view;
    if (screen_.note == Note::disconnected) set_note(resting_note());
    show(out);
}

void Core::answered(const proto::Answer& answer, SteadyTime now, Actions& out) {
    const bool had_code =
        requester_.in_flight() && std::holds_alternative<proto::SignIn>(*requester_.in_flight());
    if (!requester_.settle(answer)) return;
    if (had_code) out.push_back(ForgetRequest{});
    if (const auto* refused = std::get_if<proto::Refused>(&answer)) {
        set_note(Note::refused, now + note_time, refused->reason);
    } else {
        set_note(Note::none);
    }
    show(out);
}

void Core::tick(SteadyTime now, Actions& out) {
    if (note_until_ && *note_until_ <= now) set_note(resting_note());
    if (typing_ && typing_->until <= now) close_entry();
    show(out);
}

std::optional<SteadyTime> Core::deadline() const {
    if (!typing_) return note_until_;
    return note_until_ ? std::min(*note_until_, typing_->until) : typing_->until;
}

void Core::ask(proto::Request request, Actions& out) {
    requester_.start(request);
    out.push_back(SaveRequest{std::move(request), journal_seq_});
    set_note(Note::working);
    show(out);
    send_due(out);
}

void Core::send_due(Actions& out) {
    if (auto due = requester_.due()) out.push_back(Send{std::move(*due)});
}

Screen::Note Core::resting_note() const {
    if (!requester_.is_linked()) return Note::disconnected;
    return requester_.busy() ? Note::working : Note::none;
}

void Core::set_note(Screen::Note note, std::optional<SteadyTime> until,
                    std::optional<proto::RefusalReason> refusal) {
    note_until_ = until;
    screen_.note = note;
    screen_.refusal = refusal;
}

void Core::show(Actions& out) {
    if (shown_ == screen_) return;
    shown_ = screen_;
    out.push_back(Show{screen_});
}

}  // namespace antrean::callpad
