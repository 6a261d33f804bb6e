// The simulated world's time and its story: one queue of events, ordered by virtual time, then by a
// seeded draw, then by the order in which they were planned. All that happens in a seed happens in
// an event of this queue, on one thread; nothing else has a clock or a random source.
//
// The story is what happened, as text with virtual times. Its hash, over every line and every
// event, is the seed's trace: two runs of one seed must end with the same one.
#pragma once

#include "proto/types.hpp"
#include "tests/sim/marks.hpp"
#include "tests/sim/random.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace antrean::sim {

// A rule was broken: the seed has failed.
struct Broken : std::runtime_error {
    Broken(std::string rule_name, const std::string& text)
        : std::runtime_error{text}, rule{std::move(rule_name)} {}
    std::string rule;  // "R3"
};

// A program dies in the middle of what it does: thrown where it happens, so that nothing of it is
// carried out any more, and buried by the world once the stack is clear of it.
struct Killed {
    std::function<void()> bury;
};

enum class Telling {
    hash,   // nothing is kept but the trace's hash
    keep,   // the last lines are kept
    print,  // each line goes to standard output as well
};

class World {
public:
    World(std::uint64_t seed, Telling telling) : random_{seed}, telling_{telling} {}
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    SteadyTime now() const { return now_; }
    Random& random() { return random_; }

    void at(SteadyTime when, std::function<void()> what);
    void after(Time wait, std::function<void()> what) { at(now_ + wait, std::move(what)); }
    // Carries out what is due until END, which is the time afterwards. Stops early once DONE.
    void run_until(SteadyTime end, const std::function<bool()>& done = {});

    // What a person would read on a clock on the wall that nobody ever sets: shown in the story.
    void set_start_of_day(Time since_midnight) { since_midnight_ = since_midnight; }

    template <class... Args>
    void tell(std::string_view who, fmt::format_string<Args...> format, Args&&... args) {
        line_.clear();
        fmt::format_to(std::back_inserter(line_), format, std::forward<Args>(args)...);
        add_line(who);
    }
    const std::deque<std::string>& last_lines() const { return lines_; }
    std::uint64_t trace() const { return trace_; }

    void mark(Mark mark) { ++marks_[static_cast<std::size_t>(mark)]; }
    const MarkCounts& marks() const { return marks_; }

private:
    struct Event {
        SteadyTime at;
        std::uint32_t tie;
        std::uint64_t seq;
        std::function<void()> what;
    };
    static bool later(const Event& a, const Event& b);
    void add_line(std::string_view who);
    void hash(std::uint64_t number);
    void hash(std::string_view text);

    SteadyTime now_{std::chrono::hours{1000}};
    Random random_;
    std::vector<Event> events_;  // a heap
    std::uint64_t seq_ = 0;
    Telling telling_;
    Time since_midnight_{0};
    SteadyTime started_ = now_;
    std::string line_;
    std::deque<std::string> lines_;
    std::uint64_t trace_ = 0xcbf29ce484222325;
    MarkCounts marks_{};
};

// Calls WHAT at the time that is set, which may be set anew at any time. Stops with its owner.
class Timer {
public:
    Timer(World& world, std::function<void()> what)
        : state_{std::make_shared<State>(State{world, std::move(what), {}, {}})} {}
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void set(std::optional<SteadyTime> due);

private:
    struct State {
        World& world;
        std::function<void()> what;
        std::optional<SteadyTime> due;
        std::optional<SteadyTime> queued;  // the earliest event on its way to look at DUE
    };
    static void queue(const std::shared_ptr<State>& of);
    std::shared_ptr<State> state_;
};

}  // namespace antrean::sim
