#include "tests/sim/people.hpp"

namespace antrean::sim {

using namespace std::chrono_literals;
using callpad::Key;

void Clerks::act(CallpadNode& callpad, Random random) {
    random_ = random;
    const auto& screen = callpad.screen();
    if (!screen || !screen->view) return callpad.pressed(Key::next);
    const auto& view = *screen->view;
    if (view.sign_in_required && view.staff.empty() && random_.chance(700)) {
        return callpad.entered(Key::sign_in, some_code());
    }
    if (view.paused && random_.chance(600)) return callpad.pressed(Key::pause);
    if (!view.held.empty() && random_.chance(200)) {
        callpad.entered(Key::resume, some_choice());
    } else if (view.ticket && random_.chance(650)) {
        act_on_somebody(callpad);
    } else {
        act_on_nobody(callpad);
    }
    if (may_undo_ && random_.chance(120)) undo_soon(callpad);
}

void Clerks::act_on_somebody(CallpadNode& callpad) {
    const auto draw = random_.below(100);
    if (draw < 20) {
        callpad.pressed(Key::recall);
        if (random_.chance(400)) {
            world_.after(1s, [&callpad] { callpad.pressed(Key::recall); });
            world_.after(2s, [&callpad] { callpad.pressed(Key::recall); });
        }
    } else if (draw < 35) {
        callpad.pressed(Key::serve);
    } else if (draw < 55) {
        callpad.pressed(Key::done);
    } else if (draw < 68) {
        callpad.pressed(Key::no_show);
    } else if (draw < 82) {
        callpad.pressed(Key::hold);
    } else {
        callpad.entered(Key::transfer, some_choice());
    }
}

void Clerks::act_on_nobody(CallpadNode& callpad) {
    const auto draw = random_.below(100);
    if (draw < 62) {
        callpad.pressed(Key::next);
        if (random_.chance(150)) {
            world_.after(random_.between(Time{0}, 400ms),
                         [&callpad] { callpad.pressed(Key::next); });
        }
        // The clerk at the next counter calls in the same moment.
        if (random_.chance(150)) {
            auto& other = *callpads_[random_.below(callpads_.size())];
            world_.after(Time{random_.below(2000)}, [&other] { other.pressed(Key::next); });
        }
    } else if (draw < 74) {
        callpad.pressed(Key::next_priority);
    } else if (draw < 86) {
        name_somebody(callpad);
    } else if (draw < 90) {
        callpad.entered(Key::pause, "1");
    } else if (draw < 94) {
        callpad.entered(Key::sign_in, some_code());
    } else if (draw < 95) {
        callpad.pressed(Key::sign_out);
    } else {
        // Keys that mean nothing now.
        static constexpr Key keys[]{Key::recall, Key::done, Key::no_show, Key::undo, Key::resume};
        const auto key = keys[random_.below(std::size(keys))];
        if (key != Key::undo || may_undo_) callpad.pressed(key);
    }
}

// Mostly while it goes, now and then too late.
void Clerks::undo_soon(CallpadNode& callpad) {
    const auto wait = random_.chance(800) ? random_.between(300ms, 3s) : random_.between(9s, 13s);
    world_.after(wait, [&callpad] { callpad.pressed(Key::undo); });
}

void Clerks::name_somebody(CallpadNode& callpad) {
    const auto label = checker_.some_label(random_);
    if (label.empty()) return;
    callpad.entered(Key::by_label, label);
    if (!random_.chance(400)) return;
    auto& other = *callpads_[random_.below(callpads_.size())];
    world_.after(Time{random_.below(3000)},
                 [&other, label] { other.entered(Key::by_label, label); });
}

void Visitors::act(Random random) {
    random_ = random;
    auto booking = bookings_.begin();
    std::advance(booking, static_cast<std::ptrdiff_t>(random_.below(bookings_.size())));
    auto code = booking->second.code;
    if (random_.chance(120)) code = forged(code);
    auto& kiosk = some_kiosk();
    kiosk.scanned(code);
    if (random_.chance(300)) {
        world_.after(random_.between(200ms, 8s), [&kiosk, code] { kiosk.scanned(code); });
    }
    if (random_.chance(300)) {
        auto& other = some_kiosk();
        world_.after(random_.between(Time{0}, 3s), [&other, code] { other.scanned(code); });
    }
}

void Operator::act(Random random) {
    random_ = random;
    const auto& site = *controller_.site();
    const auto service = site.services[random_.below(site.services.size())].id;
    const auto draw = random_.below(100);
    if (draw < 35) {
        const auto label = checker_.some_label(random_);
        if (!label.empty()) controller_.ask(engine::VoidTicket{label});
    } else if (draw < 55) {
        controller_.ask(engine::PauseService{service, "Sistem sedang diperbaiki"});
        world_.after(random_.between(3s, 30s),
                     [this, service] { controller_.ask(engine::ResumeService{service}); });
    } else if (draw < 65) {
        controller_.ask(engine::CloseDay{});
        if (random_.chance(900)) {
            world_.after(random_.between(2s, 20s),
                         [this] { controller_.ask(engine::ReopenDay{}); });
        }
    } else if (draw < 70) {
        controller_.ask(engine::ReopenDay{});
    } else {
        act_at_a_counter();
    }
}

void Operator::act_at_a_counter() {
    const auto& site = *controller_.site();
    const auto at = random_.chance(50) ? *CounterId::parse("loket-99")
                                       : site.counters[random_.below(site.counters.size())].id;
    switch (random_.below(7)) {
        case 0:
            return controller_.ask(engine::CallNext{}, at);
        case 1:
            return controller_.ask(engine::CallNext{TicketClass::appointment}, at);
        case 2:
            return controller_.ask(engine::CallNamed{{}, checker_.some_label(random_)}, at);
        case 3:
            if (may_undo_) controller_.ask(engine::Undo{}, at);
            return;
        case 4:
            return controller_.ask(engine::SignOut{}, at);
        case 5:
            return controller_.ask(engine::PauseCounter{"Rapat"}, at);
        default:
            return controller_.ask(engine::OpenCounter{}, at);
    }
}

}  // namespace antrean::sim
