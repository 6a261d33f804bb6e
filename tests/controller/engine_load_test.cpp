// A queue longer than any hall's: the order holds. tools/bench --waiting tells what a call costs.
#include "tests/controller/engine_bench.hpp"

#include <array>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

constexpr std::uint32_t crowd = 100'000;

TicketClass class_of(std::uint32_t i) {
    if (i % 10 == 3) return TicketClass::priority;
    return i % 10 == 7 ? TicketClass::appointment : TicketClass::regular;
}

// A hall in which CROWD wait with their papers, for ktp and npwp by turns.
Engine crowded(Policy policy) {
    auto site = catalog();
    site.counters.at(loket_1).policy = policy;
    Engine engine{site};
    for (const auto& event : engine.open_day(noon()))
        engine.apply(event);
    for (std::uint32_t i = 0; i < crowd; ++i) {
        const auto decision = engine.decide({{kiosk_1, engine.last_request(kiosk_1).next()},
                                             Issue{i % 2 == 0 ? ktp : npwp, class_of(i)}},
                                            noon());
        engine.apply(decision.events.front());
        const auto id = std::get<TicketAnswer>(decision.answer).ticket.id;
        const Command report{{kiosk_1, engine.last_request(kiosk_1).next()},
                             PrintReport{id, Outcome::printed, "none"}};
        engine.apply(engine.decide(report, noon()).events.front());
    }
    return engine;
}

Called call(Engine& engine) {
    const auto decision =
        engine.decide({{pad_1, engine.last_request(pad_1).next()}, CallNext{}}, noon());
    for (const auto& event : decision.events)
        engine.apply(event);
    return std::get<Called>(decision.events.back().fact);
}

TEST_CASE("a hundred thousand are called in the order that they came", "[engine][load][R8]") {
    auto engine = crowded({});
    TicketId last;
    for (std::uint32_t i = 0; i < crowd; ++i) {
        const auto called = call(engine);
        if (called.ticket.id <= last || called.ticket_class != class_of(i)) {
            FAIL("call " << i << " is of " << called.ticket.label);
        }
        last = called.ticket.id;
    }
    const Command next{{pad_1, engine.last_request(pad_1).next()}, CallNext{}};
    CHECK(engine.decide(next, noon()).answer == Answer{Refusal::nobody_waits});
}

TEST_CASE("a hundred thousand are called in their classes' turns", "[engine][load][R8]") {
    auto engine = crowded({Policy::Kind::interleave, 2, 1, 1'000'000});
    std::array<TicketId, class_count> last{};
    for (std::uint32_t i = 0; i < crowd * 3 / 10; ++i) {
        const auto called = call(engine);
        auto& before = last.at(static_cast<std::size_t>(called.ticket_class));
        const bool is_regular = called.ticket_class == TicketClass::regular;
        if (called.ticket.id <= before || is_regular != (i % 3 == 2)) {
            FAIL("call " << i << " is of " << called.ticket.label);
        }
        before = called.ticket.id;
    }
    CHECK(engine.offer(ktp, noon()).waiting + engine.offer(npwp, noon()).waiting == crowd * 7 / 10);
}

}  // namespace
