#include "tools/virtual_printer/presenter.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr std::size_t most_fates = 128;

}  // namespace

void Presenter::put_in(std::uint64_t paper, SteadyTime at) {
    run(at);
    if (ticket_) leave(Fate::ejected);
    ticket_ = paper;
}

void Presenter::offer(std::chrono::milliseconds hold, bool retract, SteadyTime at) {
    run(at);
    if (!ticket_) return;
    hold_ = hold;
    retracts_ = retract;
    if (in_mouth_) {
        gives_up_ = hold.count() > 0 ? std::optional{at + hold} : std::nullopt;
        return;
    }
    arrives_ = at;
    if (profile_.speed_mm_per_s > 0) *arrives_ += profile_.present_time;
    run(at);
}

void Presenter::eject(SteadyTime at) {
    run(at);
    if (!ticket_) return;
    if (stuck_) {
        jammed_ = true;
    } else {
        leave(Fate::ejected);
    }
}

void Presenter::retract(SteadyTime at) {
    run(at);
    if (!ticket_) return;
    if (stuck_) {
        jammed_ = true;
    } else {
        leave(Fate::retracted);
    }
}

void Presenter::run(SteadyTime now) {
    if (arrives_ && *arrives_ <= now) {
        const SteadyTime arrived = *std::exchange(arrives_, std::nullopt);
        if (stuck_) {
            jammed_ = true;
        } else {
            in_mouth_ = true;
            if (hold_.count() > 0) gives_up_ = arrived + hold_;
        }
    }
    if (gives_up_ && *gives_up_ <= now) leave(retracts_ ? Fate::retracted : Fate::ejected);
}

std::optional<SteadyTime> Presenter::next_event() const {
    return arrives_ ? arrives_ : gives_up_;
}

bool Presenter::take(SteadyTime now) {
    run(now);
    if (!in_mouth()) return false;
    leave(Fate::taken);
    return true;
}

void Presenter::stick(bool stuck) {
    stuck_ = stuck;
    if (stuck || !std::exchange(jammed_, false)) return;
    // Whoever frees it pulls the ticket out.
    if (ticket_) leave(Fate::ejected);
}

void Presenter::power_off() {
    arrives_.reset();
    gives_up_.reset();
}

void Presenter::leave(Fate fate) {
    if (fates_.size() == most_fates) fates_.erase(fates_.begin());
    fates_.push_back({*ticket_, fate});
    if (fate == Fate::retracted) ++retracted_;
    ticket_.reset();
    in_mouth_ = false;
    arrives_.reset();
    gives_up_.reset();
}

std::vector<TicketFate> Presenter::take_fates() {
    return std::exchange(fates_, {});
}

}  // namespace antrean::virtual_printer
