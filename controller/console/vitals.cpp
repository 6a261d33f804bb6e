#include "controller/console/vitals.hpp"

#include <fmt/format.h>

namespace antrean::console {

std::string trouble(engine::Room room, std::chrono::nanoseconds flushing) {
    std::string text;
    if (flushing > journal_is_behind) {
        text = fmt::format("the journal's disk has not answered for {} s",
                           std::chrono::duration_cast<std::chrono::seconds>(flushing).count());
    }
    if (room == engine::Room::low) {
        if (!text.empty()) text += "; ";
        text += "the disk has no room for new tickets";
    }
    return text;
}

}  // namespace antrean::console
