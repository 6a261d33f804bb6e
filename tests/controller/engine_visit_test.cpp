// A ticket goes from one service to another: transferred by a clerk, or on its visit.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

Catalog with_place(Place place) {
    auto site = catalog();
    site.rules.transfer_place = place;
    return site;
}

Catalog visit(Place place = Place::back) {
    auto site = with_place(place);
    site.services.at(ktp).then = {npwp, spt};
    return site;
}

TEST_CASE("a transferred ticket takes its place as the site says", "[engine]") {
    const auto place = GENERATE(Place::front, Place::back, Place::arrival);
    Bench bench{with_place(place)};
    const auto before = bench.take(kiosk_1, spt);
    const auto moved = bench.take();
    const auto behind = bench.take(kiosk_1, spt);
    REQUIRE(bench.call(pad_1) == moved.label);
    CHECK(bench.ask(pad_1, Transfer{moved.id, spt}).answer == done);
    bench.restart();
    std::vector<std::string> order;
    for (int i = 0; i < 3; ++i)
        order.push_back(bench.call(pad_3));
    const auto &a = before.label, &m = moved.label, &b = behind.label;
    if (place == Place::front) CHECK(order == std::vector{m, a, b});
    if (place == Place::back) CHECK(order == std::vector{a, b, m});
    if (place == Place::arrival) CHECK(order == std::vector{a, m, b});
}

TEST_CASE("who came to the front first stays first there", "[engine]") {
    Bench bench{with_place(Place::front)};
    const auto first = bench.take();
    const auto second = bench.take();
    for (const auto& ticket : {first, second}) {
        REQUIRE(bench.call(pad_1) == ticket.label);
        bench.ask(pad_1, Transfer{ticket.id, spt});
    }
    CHECK(bench.call(pad_3) == first.label);
    CHECK(bench.call(pad_3) == second.label);
}

TEST_CASE("a transferred ticket keeps its label, and is of its new service", "[engine]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call(pad_1);
    const auto moved = bench.ask(pad_1, Transfer{ticket.id, spt});
    CHECK(only<Transferred>(moved).ticket == ticket);
    CHECK(only<Transferred>(moved).to.queue == series("c"));
    CHECK(bench.engine.offer(ktp, bench.now).waiting == 0);
    CHECK(bench.engine.offer(spt, bench.now).waiting == 1);
    const auto called = bench.called(pad_3);
    CHECK(called.ticket.label == "A-001");
    CHECK(called.ticket.series == series("a"));
    CHECK(called.ticket.service == spt);
    // Its number stays its own, and no other's.
    CHECK(bench.press().label == "A-002");
    CHECK(bench.order(VoidTicket{"A-001"}).answer == done);
}

TEST_CASE("nobody is transferred to a service that there is not", "[engine]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call(pad_1);
    CHECK(bench.ask(pad_1, Transfer{ticket.id, service("paspor")}).answer ==
          Answer{Refusal::unknown_service});
    CHECK(bench.state(ticket) == State::called);
    CHECK(bench.ask(pad_1, Transfer{ticket.id, npwp}).answer == done);
}

TEST_CASE("a ticket in service is transferred as one that is called", "[engine]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call(pad_1);
    bench.ask(pad_1, Serve{ticket.id});
    bench.ask(pad_1, Transfer{ticket.id, spt});
    CHECK(bench.call(pad_3) == ticket.label);
}

TEST_CASE("a visit leads over its services in their order, and is done behind the last",
          "[engine]") {
    Bench bench{visit()};
    const auto ticket = bench.take();
    CHECK(facts<Issued>(bench.history).front().then == std::vector{npwp, spt});
    REQUIRE(bench.call(pad_2) == ticket.label);
    const auto first = only<Finished>(bench.ask(pad_2, Finish{ticket.id}));
    CHECK(first.next->service == npwp);
    CHECK(first.next->queue == series("b"));
    CHECK(bench.state(ticket) == State::waiting);
    bench.restart();
    REQUIRE(bench.call(pad_1) == ticket.label);
    bench.ask(pad_1, Serve{ticket.id});
    const auto second = only<Finished>(bench.ask(pad_1, Finish{ticket.id}));
    CHECK(second.ticket.service == npwp);
    CHECK(second.next->service == spt);
    REQUIRE(bench.call(pad_3) == ticket.label);
    CHECK_FALSE(only<Finished>(bench.ask(pad_3, Finish{ticket.id})).next);
    CHECK(bench.state(ticket) == State::done);
}

TEST_CASE("the next call sends the one before on its visit too", "[engine]") {
    Bench bench{visit()};
    const auto first = bench.take();
    const auto second = bench.take();
    bench.call(pad_1);
    const auto decision = bench.ask(pad_1, CallNext{});
    CHECK(facts<Finished>(decision.events).front().next->service == npwp);
    CHECK(std::get<CalledAnswer>(decision.answer).ticket == second);
    // It waits for the same counter now, behind who stands there.
    CHECK(bench.call(pad_1) == first.label);
}

TEST_CASE("who goes on with a visit does not come before the call that sends him on", "[engine]") {
    Bench bench{visit(Place::front)};
    const auto alone = bench.take();
    bench.call(pad_1);
    CHECK(bench.call(pad_1).empty());
    CHECK(bench.state(alone) == State::called);
}

TEST_CASE("a visit passes over a service that has left the site", "[engine]") {
    Bench bench{visit()};
    const auto ticket = bench.take();
    auto site = visit();
    site.services.erase(npwp);
    site.kiosks.at(kiosk_1) = {ktp, spt};
    bench.change_site(site);
    bench.call(pad_1);
    CHECK(only<Finished>(bench.ask(pad_1, Finish{ticket.id})).next->service == spt);
    bench.restart();
    CHECK(bench.call(pad_3) == ticket.label);
}

TEST_CASE("a visit that was begun goes on as it was begun", "[engine]") {
    Bench bench{visit()};
    const auto ticket = bench.take();
    bench.change_site(catalog());
    bench.call(pad_1);
    CHECK(only<Finished>(bench.ask(pad_1, Finish{ticket.id})).next->service == npwp);
}

TEST_CASE("a ticket that was transferred goes on with its visit behind it", "[engine]") {
    auto site = visit();
    site.services.at(ktp).then = {npwp};
    Bench bench{site};
    const auto ticket = bench.take();
    bench.call(pad_1);
    bench.ask(pad_1, Transfer{ticket.id, spt});
    REQUIRE(bench.call(pad_3) == ticket.label);
    CHECK(only<Finished>(bench.ask(pad_3, Finish{ticket.id})).next->service == npwp);
}

TEST_CASE("the end of a day ends a visit wherever it is", "[engine]") {
    Bench bench{visit()};
    const auto stands = bench.take();
    const auto waits = bench.take();
    bench.call(pad_1);
    bench.call(pad_1);
    CHECK(bench.state(stands) == State::waiting);  // for its second service
    bench.go_to_day(1);
    const auto ended = facts<Finished>(bench.history).back();
    CHECK(ended.ticket == waits);
    CHECK_FALSE(ended.next);
    const auto voided = facts<Voided>(bench.history).back();
    CHECK(voided.ticket.id == stands.id);
    CHECK(voided.ticket.service == npwp);
}

}  // namespace
