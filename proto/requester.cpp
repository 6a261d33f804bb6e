#include "proto/requester.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace antrean::proto {

void Requester::start(Request request) {
    assert(!busy() && request_id(request) == next());
    last_ = request_id(request);
    in_flight_ = std::move(request);
    sent_ = false;
}

void Requester::linked(RequestId controllers_last) {
    linked_ = true;
    sent_ = false;
    last_ = std::max(last_, controllers_last);
}

std::optional<Request> Requester::due() {
    if (!linked_ || sent_ || !in_flight_) return std::nullopt;
    sent_ = true;
    return in_flight_;
}

bool Requester::settle(const Answer& answer) {
    if (!in_flight_ || request_id(*in_flight_) != request_id(answer)) return false;
    in_flight_.reset();
    return true;
}

}  // namespace antrean::proto
