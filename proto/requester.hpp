// The device's side of "one request, one effect": at most one change is on its way, under an id
// that was stored before it was sent; it is sent again on every new connection until its answer
// comes. Pure; a value that a device's core owns.
#pragma once

#include "proto/messages.hpp"

#include <cstdint>
#include <optional>

namespace antrean::proto {

// The id that a store of that INCARNATION chooses behind LAST. Two stores, as those of two
// computers that say they are one device, do not choose the same ids: each takes those that leave
// its own remainder. 0: it takes all.
RequestId next_id(RequestId last, std::uint64_t incarnation);
// Whether a store of that INCARNATION chooses such ids; another store may as well, if rarely.
bool may_be_id_of(RequestId id, std::uint64_t incarnation);

class Requester {
public:
    // As the store has it: the highest id ever stored, and the request whose answer is missing.
    Requester(RequestId last, std::optional<Request> in_flight, std::uint64_t incarnation = 0)
        : last_{last}, in_flight_{std::move(in_flight)}, incarnation_{incarnation} {}

    bool busy() const { return in_flight_.has_value(); }
    const std::optional<Request>& in_flight() const { return in_flight_; }
    RequestId last() const { return last_; }
    RequestId next() const { return next_id(last_, incarnation_); }

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
    std::uint64_t incarnation_ = 0;
    bool linked_ = false;
    bool sent_ = false;
};

}  // namespace antrean::proto
