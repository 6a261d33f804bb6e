// When the controller is told what somebody has to see to at the kiosk: after each welcome, and on
// change, but at most once a second, for a loose plug changes more often. A printer counts as gone
// only once it has had the time to be greeted.
//
// Pure: no clock, no I/O. One thread.
#pragma once

#include "proto/messages.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace antrean::kiosk {

class StateReport {
public:
    static constexpr std::chrono::seconds interval{1};
    static constexpr std::chrono::seconds greeting{2};  // of the printers, from the start

    explicit StateReport(SteadyTime started) : greeted_at_{started + greeting} {}

    // A welcome, or the end of the connection: what was told over it is forgotten.
    void linked() { linked_ = true; }
    void unlinked() {
        linked_ = false;
        told_.reset();
    }

    // True if STATE, as it is now, is to be told now; then it counts as told.
    bool take(const proto::KioskState& state, SteadyTime now) {
        due_.reset();
        if (!linked_ || told_ == state) return false;
        if (now < greeted_at_ && lacks_a_printer(state)) {
            due_ = greeted_at_;
            return false;
        }
        if (told_ && now < told_at_ + interval) {
            due_ = told_at_ + interval;
            return false;
        }
        told_ = state;
        told_at_ = now;
        return true;
    }
    // When take() is wanted again, though nothing has changed by then; none: not at all.
    std::optional<SteadyTime> deadline() const { return due_; }

private:
    static bool lacks_a_printer(const proto::KioskState& state) {
        return std::find(state.printers.begin(), state.printers.end(), proto::PrinterState::gone) !=
               state.printers.end();
    }

    const SteadyTime greeted_at_;
    bool linked_ = false;
    std::optional<proto::KioskState> told_;
    SteadyTime told_at_{};
    std::optional<SteadyTime> due_;
};

}  // namespace antrean::kiosk
