// The presenter of a kiosk printer: a cut ticket stays inside until it is offered in the mouth,
// where a hand takes it, or the printer takes it back or throws it out.
//
// Moves in the time that is passed in. Not thread-safe; at most 128 fates wait to be asked for,
// then the oldest are forgotten. After the manuals of Custom's VKP80II and VKP80III.
#pragma once

#include "proto/types.hpp"
#include "tools/virtual_printer/profile.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace antrean::virtual_printer {

// What became of a ticket that was cut.
enum class Fate : std::uint8_t {
    taken,      // a hand took it out of the mouth
    retracted,  // into the printer's bin: nobody has it
    ejected,    // thrown or pushed out: it fell to the floor, or into a hand
};

struct TicketFate {
    std::uint64_t paper = 0;  // its Paper::number
    Fate fate{};
    friend bool operator==(const TicketFate&, const TicketFate&) = default;
};

class Presenter {
public:
    explicit Presenter(const Profile& profile) : profile_{profile} {}

    bool fitted() const { return profile_.presenter != PresenterKind::none; }

    // The printer's side. Each first does what is due by `at`.

    // A ticket was cut; one that is still there is pushed out.
    void put_in(std::uint64_t paper, SteadyTime at);
    // Moves it into the mouth. After `hold` there it is retracted or ejected; 0: never.
    void offer(std::chrono::milliseconds hold, bool retract, SteadyTime at);
    void eject(SteadyTime at);
    void retract(SteadyTime at);
    void run(SteadyTime now);
    std::optional<SteadyTime> next_event() const;

    // Hands.

    bool take(SteadyTime now);  // false: there is nothing in the mouth
    void stick(bool stuck);     // the next ticket that moves gets stuck; false frees it
    void power_off();           // what is inside or in the mouth stays there

    bool inside() const { return ticket_ && !in_mouth_; }
    bool in_mouth() const { return ticket_ && in_mouth_; }
    bool moving() const { return arrives_.has_value(); }
    bool jammed() const { return jammed_; }
    std::uint64_t retracted() const { return retracted_; }
    std::vector<TicketFate> take_fates();

private:
    void leave(Fate fate);

    const Profile& profile_;
    std::optional<std::uint64_t> ticket_;
    bool in_mouth_ = false;
    std::optional<SteadyTime> arrives_;  // in the mouth
    std::optional<SteadyTime> gives_up_;
    std::chrono::milliseconds hold_{0};
    bool retracts_ = false;
    bool stuck_ = false;
    bool jammed_ = false;
    std::uint64_t retracted_ = 0;
    std::vector<TicketFate> fates_;
};

}  // namespace antrean::virtual_printer
