// One request, one effect.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

TEST_CASE("asking again gets the same answer and changes nothing", "[engine][R5][F15]") {
    Bench bench;
    const auto ticket = bench.take();
    const auto check = [&](DeviceId who, const Action& action) {
        const auto first = bench.ask(who, action);
        const auto request = bench.engine.last_request(who);
        for (int i = 0; i < 2; ++i) {
            const auto again = bench.ask(who, action, request);
            CHECK(again.answer == first.answer);
            CHECK(again.events.empty());
        }
    };
    check(kiosk_1, Issue{ktp});
    check(kiosk_1, PrintReport{TicketId{bench.engine.next_seq() - 1}, Outcome::printed, "none"});
    check(kiosk_1, Issue{service("paspor")});
    check(pad_1, CallNext{});
    check(pad_1, Recall{ticket.id});
    check(pad_1, Finish{ticket.id});
    check(pad_1, NoShow{ticket.id});
    check(pad_3, CallNext{});
    CHECK(bench.press().label == "A-003");
}

TEST_CASE("a refusal is remembered, even when it would be granted by now", "[engine][R5]") {
    Bench bench;
    REQUIRE(bench.call(pad_1).empty());
    const auto request = bench.engine.last_request(pad_1);
    bench.take();
    CHECK(bench.ask(pad_1, CallNext{}, request).answer == Answer{Refusal::nobody_waits});
    CHECK(bench.call(pad_1) == "A-001");
}

TEST_CASE("an older id is stale and is not stored", "[engine][R5][F12]") {
    Bench bench;
    bench.ask(kiosk_1, Issue{ktp}, RequestId{10});
    bench.ask(kiosk_1, Issue{ktp}, RequestId{12});
    for (const std::uint64_t id : {1, 10, 11}) {
        const auto decision = bench.ask(kiosk_1, Issue{ktp}, RequestId{id});
        CHECK(decision.answer == Answer{Refusal::stale_request});
        CHECK(decision.events.empty());
    }
    CHECK(bench.engine.last_request(kiosk_1) == RequestId{12});
    CHECK(bench.press().label == "A-003");
}

TEST_CASE("an id that was used for another request is refused and is not stored", "[engine][R5]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call(pad_1);
    bench.ask(pad_1, Recall{ticket.id}, RequestId{9});
    const Action others[]{Recall{TicketId{ticket.id.value() + 1}}, Finish{ticket.id},
                          NoShow{ticket.id}, CallNext{}};
    for (const auto& other : others) {
        const auto decision = bench.ask(pad_1, other, RequestId{9});
        CHECK(decision.answer == Answer{Refusal::request_reused});
        CHECK(decision.events.empty());
    }
    bench.ask(kiosk_1, Issue{ktp}, RequestId{9});  // the ids of another device are its own
    CHECK(bench.ask(kiosk_1, Issue{npwp}, RequestId{9}).answer == Answer{Refusal::request_reused});
    CHECK(bench.ask(pad_1, Finish{ticket.id}).answer == Answer{DoneAnswer{}});
}

TEST_CASE("ids may leave gaps, and reach the largest number", "[engine]") {
    Bench bench;
    const RequestId largest{std::numeric_limits<std::uint64_t>::max()};
    bench.ask(kiosk_1, Issue{ktp}, RequestId{1000});
    const auto decision = bench.ask(kiosk_1, Issue{ktp}, largest);
    CHECK(std::get<TicketAnswer>(decision.answer).ticket.label == "A-002");
    CHECK(bench.ask(kiosk_1, Issue{ktp}, largest).answer == decision.answer);
}

TEST_CASE("of a print report only kind and ticket tell a repetition", "[engine]") {
    // A kiosk that restarted may no longer know the outcome that it told first: the first stands.
    Bench bench;
    const auto ticket = bench.press();
    bench.ask(kiosk_1, PrintReport{ticket.id, Outcome::printed, "none"}, RequestId{5});
    const auto again =
        bench.ask(kiosk_1, PrintReport{ticket.id, Outcome::not_printed, "paper_out"}, RequestId{5});
    CHECK(again.answer == Answer{DoneAnswer{}});
    CHECK(again.events.empty());
    CHECK(bench.call() == ticket.label);
}

TEST_CASE("deciding changes nothing", "[engine]") {
    Bench bench;
    bench.take();
    const Command command{{kiosk_1, RequestId{77}}, Issue{ktp}};
    const auto first = bench.engine.decide(command, bench.now);
    const auto second = bench.engine.decide(command, bench.now);
    CHECK(first.answer == second.answer);
    CHECK(first.events.size() == second.events.size());
    CHECK(bench.engine.last_request(kiosk_1) < RequestId{77});
}

}  // namespace
