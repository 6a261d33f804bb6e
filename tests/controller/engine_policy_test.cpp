// The policies of counters, over whole queues.
#include "tests/controller/engine_bench.hpp"

#include <map>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

constexpr auto regular = TicketClass::regular;
constexpr auto priority = TicketClass::priority;
constexpr auto appointment = TicketClass::appointment;

Catalog with_policy(Policy policy) {
    auto site = catalog();
    for (auto& [id, counter] : site.counters)
        counter.policy = policy;
    return site;
}

std::string calls(Bench& bench, int count, DeviceId pad = pad_1) {
    std::string classes;
    for (int i = 0; i < count; ++i)
        classes += "RPA"[static_cast<std::size_t>(bench.called(pad).ticket_class)];
    return classes;
}

void take(Bench& bench, int count, TicketClass ticket_class, ServiceId which = ktp) {
    for (int i = 0; i < count; ++i)
        bench.take(kiosk_1, which, ticket_class);
}

TEST_CASE("a counter calls by arrival, whatever the class", "[engine][policy][R8]") {
    Bench bench;
    for (const auto ticket_class : {regular, appointment, priority, regular, priority})
        take(bench, 1, ticket_class);
    CHECK(calls(bench, 5) == "RAPRP");
    for (const auto& called : facts<Called>(bench.history)) {
        CHECK(called.why == Why::in_order);
        CHECK_FALSE(called.passed);
    }
}

TEST_CASE("a strict counter calls priority, appointment, regular, each by arrival",
          "[engine][policy][R8]") {
    Bench bench{with_policy({Policy::Kind::strict})};
    const auto first = bench.take();
    take(bench, 2, appointment);
    take(bench, 2, priority);
    take(bench, 1, regular);
    CHECK(calls(bench, 6) == "PPAARR");
    const auto called = facts<Called>(bench.history);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(called[i].why == (i < 2 ? Why::priority : Why::appointment));
        CHECK(called[i].passed == first.id);
    }
    CHECK(called[4].why == Why::in_order);
    CHECK(called[4].ticket == first);
}

TEST_CASE("an interleaving counter keeps its cycle over a restart", "[engine][policy][R8]") {
    Bench bench{with_policy({Policy::Kind::interleave, 2, 1, 1000})};
    take(bench, 4, regular);
    take(bench, 8, priority);
    std::string all;
    for (int i = 0; i < 12; ++i) {
        all += calls(bench, 1);
        bench.restart();
    }
    CHECK(all == "PPRPPRPPRPPR");
    // The regular that are left by then came first anyway; each other call says whom it passed.
    for (const auto& called : facts<Called>(bench.history)) {
        CHECK((called.ticket_class == regular) == (called.why == Why::in_order));
        CHECK(called.passed.value() == (called.why == Why::priority ? called.passed.value() : 0));
    }
}

TEST_CASE("each counter has a cycle of its own, and begins it anew every day", "[engine][policy]") {
    Bench bench{with_policy({Policy::Kind::interleave, 1, 1, 1000})};
    const auto fill = [&] {
        take(bench, 3, regular);
        take(bench, 3, priority);
    };
    fill();
    CHECK(calls(bench, 1, pad_1) == "P");
    CHECK(calls(bench, 1, pad_2) == "P");
    CHECK(calls(bench, 1, pad_1) == "R");
    CHECK(calls(bench, 1, pad_1) == "P");
    bench.go_to_day(1);
    fill();
    CHECK(calls(bench, 2, pad_1) == "PR");
}

TEST_CASE("a class that is asked for is called, and says so", "[engine][policy]") {
    Bench bench;
    const auto first = bench.take();
    bench.take(kiosk_1, ktp, priority);
    const auto called = bench.called(pad_1, priority);
    CHECK(called.why == Why::only);
    CHECK(called.passed == first.id);
    CHECK(bench.ask(pad_1, CallNext{appointment}).answer == Answer{Refusal::nobody_waits});
    CHECK(bench.called(pad_1, regular).why == Why::in_order);
}

// How often each regular ticket was passed over by a call, as the events tell it.
std::map<TicketId, unsigned> passes(const std::vector<Event>& history) {
    std::map<TicketId, unsigned> made;
    for (const auto& called : facts<Called>(history))
        if (called.passed) ++made[called.passed];
    return made;
}

TEST_CASE("nobody is passed over more often than the site says", "[engine][policy][R8]") {
    const auto kind = GENERATE(Policy::Kind::strict, Policy::Kind::interleave);
    const std::uint32_t most = GENERATE(1U, 3U, 7U);
    Bench bench{with_policy({kind, 20, 1, most})};
    take(bench, 2, regular);
    take(bench, 3, regular, npwp);
    take(bench, 1, regular);
    // Without end, others come that go before them.
    int called_regular = 0;
    for (int i = 0; called_regular < 6 && i < 100; ++i) {
        bench.take(kiosk_1, i % 2 == 0 ? ktp : npwp, i % 3 == 0 ? appointment : priority);
        if (i % 5 == 2) bench.restart();
        if (bench.called(i % 4 == 3 ? pad_2 : pad_1).ticket_class == regular) ++called_regular;
    }
    CHECK(called_regular == 6);
    unsigned highest = 0;
    for (const auto& [ticket, times] : passes(bench.history))
        highest = std::max(highest, times);
    CHECK(highest == most);
}

TEST_CASE("a guard may call one before others that came earlier", "[engine][policy]") {
    Bench bench{with_policy({Policy::Kind::strict, 2, 1, 1})};
    bench.take(kiosk_1, ktp, appointment);
    const auto waits = bench.take();
    take(bench, 2, priority);
    CHECK(bench.called().passed == waits.id);
    const auto called = bench.called();
    CHECK(called.ticket == waits);
    CHECK(called.why == Why::guard);
    CHECK(calls(bench, 2) == "PA");
}

TEST_CASE("what was passed over at one counter counts at all", "[engine][policy]") {
    Bench bench{with_policy({Policy::Kind::strict, 2, 1, 2})};
    const auto waits = bench.take();
    take(bench, 4, priority);
    CHECK(calls(bench, 1, pad_1) == "P");
    CHECK(calls(bench, 1, pad_2) == "P");
    CHECK(bench.called(pad_1).ticket == waits);
}

TEST_CASE("who was passed over keeps that on the way to another queue", "[engine][policy]") {
    auto site = with_policy({Policy::Kind::strict, 2, 1, 2});
    Bench bench{site};
    const auto waits = bench.take();
    take(bench, 2, priority);
    CHECK(calls(bench, 2) == "PP");
    REQUIRE(bench.called().ticket == waits);
    bench.ask(pad_1, Transfer{waits.id, spt});
    take(bench, 1, priority, spt);
    CHECK(bench.called(pad_3).ticket.id == waits.id);
}

}  // namespace
