#include "proto/requester.hpp"

#include "proto/plant.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace antrean::proto {

RequestId next_id(RequestId last, std::uint64_t incarnation) {
    if (incarnation == 0) return last.next();
    // Kiosks make odd numbers of incarnations (firmware/kiosk/store.cpp).
    constexpr std::uint64_t remainders = 65536;
    const auto lowest = last.value() + 1;
    return RequestId{lowest + (incarnation / 2 - lowest) % remainders};
}

bool may_be_id_of(RequestId id, std::uint64_t incarnation) {
    return id && next_id(RequestId{id.value() - 1}, incarnation) == id;
}

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
    if (planted(Plant::ask_again_under_new_id) && in_flight_) {
        last_ = next();
        std::visit([this](auto& request) { request.request = last_; }, *in_flight_);
    }
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
