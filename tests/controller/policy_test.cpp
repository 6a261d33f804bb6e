// Who of the first of each class is called.
#include "controller/engine/policy.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace antrean;
using namespace antrean::engine;

constexpr auto regular = TicketClass::regular;
constexpr auto priority = TicketClass::priority;
constexpr auto appointment = TicketClass::appointment;
using Kind = Policy::Kind;

// The firsts of the classes by their order, which is their ticket's id too; 0: none.
Firsts firsts(std::int64_t of_regular, std::int64_t of_priority, std::int64_t of_appointment = 0,
              std::uint32_t passes = 0) {
    Firsts made;
    const auto put = [&](TicketClass ticket_class, std::int64_t order) {
        if (order == 0) return;
        made.at(static_cast<std::size_t>(ticket_class)) =
            First{order, TicketId{static_cast<std::uint64_t>(order)}, passes};
    };
    put(regular, of_regular);
    put(priority, of_priority);
    put(appointment, of_appointment);
    return made;
}

TEST_CASE("nobody is chosen where nobody waits", "[policy]") {
    for (const auto kind : {Kind::arrival, Kind::strict, Kind::interleave}) {
        CHECK_FALSE(choose({kind}, {}, {}, std::nullopt));
        CHECK_FALSE(choose({kind}, {}, {}, regular));
        CHECK_FALSE(choose({kind}, firsts(1, 2), {}, appointment));
    }
}

TEST_CASE("by arrival who came first is called, of whatever class", "[policy][R8]") {
    const Policy policy{Kind::arrival};
    for (const auto& waits : {firsts(1, 2, 3), firsts(2, 1, 3), firsts(3, 2, 1)}) {
        const auto choice = choose(policy, waits, {}, std::nullopt).value();
        CHECK(choice.ticket == TicketId{1});
        CHECK(choice.why == Why::in_order);
        CHECK_FALSE(choice.passed);
    }
    // Nobody is ever passed over, so that nobody has to be guarded.
    CHECK(choose(policy, firsts(2, 1, 0, 99), {}, std::nullopt)->ticket == TicketId{1});
}

TEST_CASE("of two at one place the lower id came first, of whatever class", "[policy][R8]") {
    auto waits = firsts(5, 4);
    waits[0]->order = waits[1]->order;
    const auto choice = choose({Kind::strict}, waits, {}, std::nullopt).value();
    CHECK(choice.ticket == TicketId{4});
    CHECK(choice.why == Why::in_order);
    CHECK_FALSE(choice.passed);
    CHECK(choose({Kind::arrival}, waits, {}, std::nullopt)->ticket == TicketId{4});
}

TEST_CASE("a strict policy takes priority, then appointment, then regular", "[policy]") {
    struct Row {
        Firsts waits;
        TicketClass chosen;
        Why why;
        std::uint64_t passed;
    };
    const Row rows[]{
        {firsts(1, 3, 2), priority, Why::priority, 1},
        {firsts(3, 2, 1), priority, Why::priority, 0},  // an appointment came earlier
        {firsts(2, 1, 3), priority, Why::in_order, 0},
        {firsts(1, 0, 2), appointment, Why::appointment, 1},
        {firsts(2, 0, 1), appointment, Why::in_order, 0},
        {firsts(1, 0, 0), regular, Why::in_order, 0},
    };
    for (const auto& row : rows) {
        const auto choice = choose({Kind::strict}, row.waits, {}, std::nullopt).value();
        CHECK(choice.ticket_class == row.chosen);
        CHECK(choice.why == row.why);
        CHECK(choice.passed == TicketId{row.passed});
    }
}

TEST_CASE("an interleaving policy keeps its cycle while both kinds wait", "[policy]") {
    const auto cycle = [](std::uint32_t ahead, std::uint32_t of_regular, int calls) {
        std::string classes;
        Turn turn;
        for (int i = 0; i < calls; ++i) {
            const Policy policy{Kind::interleave, ahead, of_regular, 1000};
            const auto choice = choose(policy, firsts(1, 2), turn, std::nullopt).value();
            classes += choice.ticket_class == regular ? 'R' : 'P';
            turn = choice.turn;
        }
        return classes;
    };
    CHECK(cycle(2, 1, 9) == "PPRPPRPPR");
    CHECK(cycle(1, 1, 6) == "PRPRPR");
    CHECK(cycle(1, 3, 8) == "PRRRPRRR");
    CHECK(cycle(3, 2, 10) == "PPPRRPPPRR");
}

TEST_CASE("the cycle stands still while nobody is there whose turn it is", "[policy]") {
    const Policy policy{Kind::interleave, 2, 1};
    const Turn of_ahead{1}, of_regular{2};
    CHECK(choose(policy, firsts(1, 0), of_ahead, std::nullopt)->turn == of_ahead);
    CHECK(choose(policy, firsts(0, 1), of_regular, std::nullopt)->turn == of_regular);
    CHECK(choose(policy, firsts(1, 2), of_ahead, std::nullopt)->turn == of_regular);
    CHECK(choose(policy, firsts(1, 2), of_regular, std::nullopt)->turn == Turn{0});
}

TEST_CASE("priority and appointment share their turns by arrival", "[policy]") {
    const Policy policy{Kind::interleave};
    CHECK(choose(policy, firsts(1, 3, 2), {}, std::nullopt)->ticket_class == appointment);
    CHECK(choose(policy, firsts(1, 2, 3), {}, std::nullopt)->ticket_class == priority);
    const auto choice = choose(policy, firsts(2, 1, 0), Turn{2}, std::nullopt).value();
    CHECK(choice.ticket_class == regular);
    CHECK(choice.why == Why::turn);
    CHECK_FALSE(choice.passed);  // it was no regular one that came earlier
}

TEST_CASE("who was passed over as often as may be is called", "[policy][R8]") {
    for (const auto kind : {Kind::strict, Kind::interleave}) {
        const Policy policy{kind, 2, 1, 4};
        CHECK(choose(policy, firsts(1, 2, 0, 3), {}, std::nullopt)->why == Why::priority);
        const auto choice = choose(policy, firsts(1, 2, 0, 4), Turn{1}, std::nullopt).value();
        CHECK(choice.ticket == TicketId{1});
        CHECK(choice.why == Why::in_order);
        CHECK(choice.turn == Turn{1});
        // It may have come later than others, and goes before them all the same.
        CHECK(choose(policy, firsts(2, 1, 0, 4), {}, std::nullopt)->why == Why::guard);
    }
}

TEST_CASE("a clerk who asks for a class gets it, whatever the policy", "[policy]") {
    const auto kind = GENERATE(Kind::arrival, Kind::strict, Kind::interleave);
    const Policy policy{kind, 2, 1, 3};
    const auto choice = choose(policy, firsts(1, 2, 3, 3), Turn{2}, appointment).value();
    CHECK(choice.ticket == TicketId{3});
    CHECK(choice.why == Why::only);
    CHECK(choice.passed == TicketId{1});
    CHECK(choice.turn == Turn{2});
    CHECK(choose(policy, firsts(2, 1, 3), {}, regular)->why == Why::only);
    CHECK(choose(policy, firsts(1, 2, 3), {}, regular)->why == Why::in_order);
}

}  // namespace
