#include "controller/engine/catalog.hpp"

#include <algorithm>

namespace antrean::engine {

const std::vector<SeriesId>& Counter::serves(std::chrono::minutes time_of_day) const {
    for (const auto& shift : shifts) {
        if (shift.hours.holds(time_of_day)) return shift.series;
    }
    return series;
}

bool Counter::ever_serves(const SeriesId& id) const {
    const auto has = [&](const std::vector<SeriesId>& ids) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    return has(series) || std::any_of(shifts.begin(), shifts.end(),
                                      [&](const Shift& shift) { return has(shift.series); });
}

}  // namespace antrean::engine
