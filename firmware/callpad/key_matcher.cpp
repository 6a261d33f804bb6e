#include "firmware/callpad/key_matcher.hpp"

#include <algorithm>

namespace antrean::callpad {

using How = Pushed::How;

void KeyMatcher::down(buttons::KeyCode code, SteadyTime now, std::vector<Pushed>& out) {
    tick(now, out);
    if (const auto partner = partner_of(code); partner != held_.end()) {
        out.push_back({How::chord, partner->code, code, map_.chord(partner->code, code)->push});
        held_.erase(partner);
        return;
    }
    // What was pressed before acts before.
    stop_waiting(out);
    const auto* entry = map_.find(code);
    const Held held{code, now, map_.is_in_a_chord(code), entry && entry->long_press};
    if (acts_alone(held)) {
        out.push_back(pressed(code));
    } else {
        held_.push_back(held);
    }
}

void KeyMatcher::up(buttons::KeyCode code, SteadyTime now, std::vector<Pushed>& out) {
    tick(now, out);
    const auto held =
        std::find_if(held_.begin(), held_.end(), [&](const Held& one) { return one.code == code; });
    if (held == held_.end()) return;
    out.push_back(pressed(code));
    held_.erase(held);
}

void KeyMatcher::tick(SteadyTime now, std::vector<Pushed>& out) {
    for (auto held = held_.begin(); held != held_.end();) {
        if (held->waits_for_other && held->since + chord_time <= now) held->waits_for_other = false;
        if (held->can_be_long && held->since + map_.long_press <= now) {
            out.push_back({How::long_press, held->code, {}, *map_.find(held->code)->long_press});
            held = held_.erase(held);
        } else if (acts_alone(*held)) {
            out.push_back(pressed(held->code));
            held = held_.erase(held);
        } else {
            ++held;
        }
    }
}

std::optional<SteadyTime> KeyMatcher::deadline() const {
    std::optional<SteadyTime> soonest;
    for (const auto& held : held_) {
        const auto due = held.since + (held.waits_for_other ? chord_time : map_.long_press);
        soonest = soonest ? std::min(*soonest, due) : due;
    }
    return soonest;
}

Pushed KeyMatcher::pressed(buttons::KeyCode code) const {
    const auto* entry = map_.find(code);
    return {How::press, code, {}, entry ? entry->press : Push{}};
}

std::vector<KeyMatcher::Held>::iterator KeyMatcher::partner_of(buttons::KeyCode code) {
    return std::find_if(held_.begin(), held_.end(), [&](const Held& held) {
        return held.waits_for_other && map_.chord(held.code, code);
    });
}

void KeyMatcher::stop_waiting(std::vector<Pushed>& out) {
    for (auto held = held_.begin(); held != held_.end();) {
        held->waits_for_other = false;
        if (acts_alone(*held)) {
            out.push_back(pressed(held->code));
            held = held_.erase(held);
        } else {
            ++held;
        }
    }
}

}  // namespace antrean::callpad
