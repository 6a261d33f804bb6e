#include "proto/requester.hpp"

#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

#include <algorithm>
#include <set>

namespace antrean::proto {
namespace {

Request issue(std::uint64_t id) {
    return Issue{RequestId{id}, samples::id<ServiceId>("ktp-el")};
}

TEST_CASE("the first request of a new device has the id 1", "[proto][requester]") {
    Requester requester{{}, std::nullopt};
    CHECK_FALSE(requester.busy());
    CHECK(requester.next() == RequestId{1});
}

TEST_CASE("a request is due once on a connection", "[proto][requester][R5]") {
    Requester requester{RequestId{41}, std::nullopt};
    requester.linked(RequestId{41});
    CHECK_FALSE(requester.due());
    requester.start(issue(42));
    CHECK(requester.busy());
    CHECK(requester.due() == issue(42));
    CHECK_FALSE(requester.due());
}

TEST_CASE("a request waits for a connection", "[proto][requester]") {
    Requester requester{{}, std::nullopt};
    requester.start(issue(1));
    CHECK_FALSE(requester.due());
    requester.linked({});
    CHECK(requester.is_linked());
    CHECK(requester.due() == issue(1));
}

TEST_CASE("a request without an answer is sent again on every new connection",
          "[proto][requester][R5][R6][F11]") {
    Requester requester{RequestId{42}, issue(42)};
    for (int connection = 0; connection < 3; ++connection) {
        requester.linked(RequestId{connection == 0 ? 41u : 42u});
        CHECK(requester.due() == issue(42));
        CHECK_FALSE(requester.due());
        requester.unlinked();
        CHECK_FALSE(requester.due());
    }
    // A connection may be replaced without a word about the one before.
    requester.linked(RequestId{42});
    CHECK(requester.due() == issue(42));
    requester.linked(RequestId{42});
    CHECK(requester.due() == issue(42));
}

TEST_CASE("only the answer to the request in flight settles it", "[proto][requester][R5]") {
    Requester requester{RequestId{42}, issue(42)};
    requester.linked(RequestId{42});
    CHECK_FALSE(requester.settle(Done{RequestId{41}}));
    CHECK_FALSE(requester.settle(Done{RequestId{43}}));
    CHECK(requester.busy());
    CHECK(requester.settle(Refused{RequestId{42}, RefusalReason::unknown_service}));
    CHECK_FALSE(requester.busy());
    CHECK_FALSE(requester.due());
    CHECK_FALSE(requester.settle(Done{RequestId{42}}));
    CHECK(requester.next() == RequestId{43});
}

TEST_CASE("ids go on above what the controller has decided", "[proto][requester]") {
    Requester requester{{}, std::nullopt};
    requester.linked(RequestId{57});
    CHECK(requester.last() == RequestId{57});
    CHECK(requester.next() == RequestId{58});
    // What is known stays known.
    requester.linked({});
    CHECK(requester.next() == RequestId{58});
}

TEST_CASE("a request in flight keeps its id although ids go on above it",
          "[proto][requester][R5]") {
    Requester requester{RequestId{3}, issue(3)};
    requester.linked(RequestId{57});
    CHECK(requester.due() == issue(3));
    CHECK(requester.settle(Refused{RequestId{3}, RefusalReason::stale_request}));
    CHECK(requester.next() == RequestId{58});
}

TEST_CASE("two stores of one device never choose the same id", "[proto][requester][R1][R5][F33]") {
    Requester one{RequestId{41}, std::nullopt, 4711};
    Requester other{RequestId{41}, std::nullopt, 815};
    std::set<RequestId> of_one, of_other;
    for (int turn = 0; turn < 20; ++turn) {
        const auto last = turn == 0 ? RequestId{41} : std::min(one.next(), other.next());
        // Neither request was heard when the other connects.
        one.linked(last);
        other.linked(last);
        CHECK(std::min(one.next(), other.next()) > last);
        of_one.insert(one.next());
        of_other.insert(other.next());
    }
    CHECK(of_one.size() + of_other.size() > 20);
    for (const auto id : of_one)
        CHECK_FALSE(of_other.contains(id));
}

}  // namespace
}  // namespace antrean::proto
