// The device's side of "one request, one effect": at most one change is on its way, under an id
// that was stored before it was sent; it is sent again on every new connection until its answer
// comes. Pure; a value that a device's core owns.
#pragma once

#include <optional>

#include "proto/messages.hpp"

namespace antrean::proto {

class Requester {
public:
    // As the store has it: the highest id ever stored, and the request whose answer is missing.
    Requester(RequestId last, std::optional<Request> in_flight)
        : last_{last}, in_flight_{std::move(in_flight)} {}

    bool busy() const { return in_flight_.has_value(); }
    const std::optional<Request>& in_flight() const { return in_flight_; }
    RequestId last() const { return last_; }
    RequestId next() const { return last_.next(); }

    // REQUEST, with the id next(), is stored and on its way. Only while not busy.
    void start(Request request);

    // A connection was welcomed; CONTROLLERS_LAST is the highest id that the controller has decided
    // for this device. Ids go on above it, so that a device with a new store never uses one twice.
    void linked(RequestId controllers_last);
    void unlinked() { linked_ = sent_ = false; }
    bool is_linked() const { return linked_; }

    // The request to send now, if there is one that was not sent over this connection.
    std::optional<Request> due();

    // The request in flight is given up: its answer, if one comes, is old news.
    void abandon() { in_flight_.reset(); }

    // True if ANSWER is to the request in flight, which is settled by it. Others are old news.
    bool settle(const Answer& answer);

private:
    RequestId last_;
    std::optional<Request> in_flight_;
    bool linked_ = false;
    bool sent_ = false;
};

}  // namespace antrean::proto
