#include "tests/sim/world.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <utility>

namespace antrean::sim {

bool World::later(const Event& a, const Event& b) {
    if (a.at != b.at) return a.at > b.at;
    if (a.tie != b.tie) return a.tie > b.tie;
    return a.seq > b.seq;
}

void World::at(SteadyTime when, std::function<void()> what) {
    const auto tie = static_cast<std::uint32_t>(random_.next());
    events_.push_back({std::max(when, now_), tie, ++seq_, std::move(what)});
    std::push_heap(events_.begin(), events_.end(), later);
}

void World::run_until(SteadyTime end, const std::function<bool()>& done) {
    while (!events_.empty() && events_.front().at <= end) {
        if (done && done()) return;
        std::pop_heap(events_.begin(), events_.end(), later);
        const auto event = std::move(events_.back());
        events_.pop_back();
        now_ = event.at;
        hash(static_cast<std::uint64_t>(now_.time_since_epoch().count()) ^ event.seq << 20);
        try {
            event.what();
        } catch (const Killed& killed) {
            killed.bury();
        }
    }
    now_ = end;
}

void World::add_line(std::string_view who) {
    hash(who);
    hash(line_);
    if (telling_ == Telling::hash) return;
    constexpr std::size_t most = 4000;
    const auto time = since_midnight_ + std::chrono::duration_cast<Time>(now_ - started_);
    const std::chrono::hh_mm_ss clock{
        std::chrono::floor<std::chrono::milliseconds>(time % std::chrono::hours{24})};
    auto text =
        fmt::format("{:02}:{:02}:{:02}.{:03} {} {}", clock.hours().count(), clock.minutes().count(),
                    clock.seconds().count(), clock.subseconds().count(), who, line_);
    if (telling_ == Telling::print) std::printf("%s\n", text.c_str());
    if (lines_.size() == most) lines_.pop_front();
    lines_.push_back(std::move(text));
}

void World::hash(std::uint64_t number) {
    trace_ = (trace_ ^ number) * 0x100000001b3;
}

void World::hash(std::string_view text) {
    for (const char c : text)
        hash(static_cast<unsigned char>(c));
}

void Timer::set(std::optional<SteadyTime> due) {
    state_->due = due;
    if (due && (!state_->queued || *due < *state_->queued)) queue(state_);
}

void Timer::queue(const std::shared_ptr<State>& of) {
    const auto when = std::max(*of->due, of->world.now());
    of->queued = when;
    of->world.at(when, [weak = std::weak_ptr{of}, when] {
        const auto state = weak.lock();
        if (!state || state->queued != when) return;
        state->queued.reset();
        if (!state->due) return;
        if (*state->due > state->world.now()) {
            queue(state);
        } else {
            state->due.reset();
            state->what();
        }
    });
}

}  // namespace antrean::sim
