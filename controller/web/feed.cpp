#include "controller/web/feed.hpp"

namespace antrean::web {

std::optional<SteadyTime> Feed::due() const {
    if (!waiting_) return std::nullopt;
    return frame_ ? last_ + interval_ : SteadyTime::min();
}

bool Feed::advance(SteadyTime now) {
    const auto when = due();
    if (!when || now < *when) return false;
    frame_ =
        std::make_shared<const std::string>("event: view\ndata: " + to_json(waiting_()) + "\n\n");
    waiting_ = nullptr;
    last_ = now;
    ++sequence_;
    return true;
}

}  // namespace antrean::web
