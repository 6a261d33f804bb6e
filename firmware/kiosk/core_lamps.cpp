// What the lamps in the buttons say.
#include "firmware/kiosk/core.hpp"

#include <algorithm>

namespace antrean::kiosk {

Lamp Core::lamp(ButtonNumber number, SteadyTime now) const {
    const auto* button = find(number);
    if (!button) return Lamp::dark;
    if (is_on_its_way(*button, now)) return Lamp::blinking;
    if (printer_ != PrinterReady::yes) return Lamp::dark;
    if (!requester_.is_linked()) return lease_for(*button) ? Lamp::lit : Lamp::dark;
    // The controller is asked whatever the offers say; but they are what it would answer now.
    const bool refused =
        std::any_of(offers_.begin(), offers_.end(), [&](const proto::Offer& offer) {
            return offer.service == button->service && offer.refusal.has_value();
        });
    return refused ? Lamp::dark : Lamp::lit;
}

bool Core::is_on_its_way(const proto::MenuButton& button, SteadyTime now) const {
    if (std::any_of(presses_.begin(), presses_.end(), [&](const Press& press) {
            return press.button == button.number && !is_late(press.at, now);
        }))
        return true;
    if (requester_.in_flight() && !is_late(in_flight_pressed_, now)) {
        const auto* issue = std::get_if<proto::Issue>(&*requester_.in_flight());
        if (issue && find(issue->service, issue->ticket_class) == &button) return true;
    }
    return std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& job) {
        return job.button == button.number && job.state != Job::State::settled &&
               !is_late(job.pressed, now);
    });
}

}  // namespace antrean::kiosk
