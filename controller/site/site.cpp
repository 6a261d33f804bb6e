#include "controller/site/site.hpp"

#include <algorithm>

namespace antrean::site {
namespace {

template <class Thing, class Id>
const Thing* find(const std::vector<Thing>& things, Id id) {
    const auto found = std::ranges::find(things, id, &Thing::id);
    return found == things.end() ? nullptr : &*found;
}

}  // namespace

const Agency* Site::agency(AgencyId id) const {
    return find(agencies, id);
}
const Service* Site::service(ServiceId id) const {
    return find(services, id);
}
const Counter* Site::counter(CounterId id) const {
    return find(counters, id);
}
const Kiosk* Site::kiosk(DeviceId id) const {
    return find(kiosks, id);
}
const Staff* Site::person(StaffId id) const {
    return find(staff, id);
}

engine::Catalog Site::catalog() const {
    engine::Catalog catalog;
    for (const Agency& one : agencies)
        catalog.agencies[one.id] = {one.from, one.until};
    for (const Series& one : series)
        catalog.series[one.id] = {one.agency, one.prefix};
    for (const Service& one : services)
        catalog.services[one.id] = {one.series, one.agency, one.hours, one.last_ticket_before,
                                    one.quota,  one.then};
    for (const Counter& one : counters) {
        catalog.counters[one.id] = {one.series, one.shifts, one.policy};
        if (one.callpad) catalog.callpads[one.callpad] = one.id;
    }
    for (const Kiosk& one : kiosks) {
        auto& offered = catalog.kiosks[one.id];
        for (const Button& button : one.buttons) {
            if (std::ranges::find(offered, button.service) == offered.end()) {
                offered.push_back(button.service);
            }
        }
    }
    for (const Staff& one : staff)
        catalog.staff[one.id] = {one.code, one.counters};
    catalog.holidays = holidays;
    catalog.rules = rules;
    catalog.version = version;
    return catalog;
}

}  // namespace antrean::site
