// What each command does in each state of a ticket, as one table.
#include "tests/controller/engine_bench.hpp"

#include <functional>
#include <string>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

// The states of a ticket, as its life leads to them. Each makes one ticket at kiosk-1.
struct State {
    const char* name;
    std::function<TicketRef(Bench&)> make;
};

TicketRef called(Bench& bench, Outcome outcome = Outcome::printed) {
    const auto ticket = bench.press();
    bench.report(kiosk_1, ticket, outcome);
    REQUIRE(bench.call(pad_1) == ticket.label);
    return ticket;
}

const State pending{"pending", [](Bench& b) { return b.press(); }};
const State doubted{"doubted", [](Bench& b) {
                        const auto ticket = b.press();
                        b.apply(b.engine.doubt_papers(kiosk_1, b.now));
                        return ticket;
                    }};
const State waiting{"waiting", [](Bench& b) { return b.take(); }};
const State unconfirmed{"waiting, unconfirmed", [](Bench& b) {
                            const auto ticket = b.press();
                            b.report(kiosk_1, ticket, Outcome::unconfirmed);
                            return ticket;
                        }};
const State called_settled{"called", [](Bench& b) { return called(b); }};
const State called_unsettled{"called, unsettled", [](Bench& b) {
                                 const auto ticket = doubted.make(b);
                                 REQUIRE(b.call(pad_1) == ticket.label);
                                 return ticket;
                             }};
const State finished{"finished", [](Bench& b) {
                         const auto ticket = called(b);
                         b.ask(pad_1, Finish{ticket.id});
                         return ticket;
                     }};
const State finished_unsettled{"finished, unsettled", [](Bench& b) {
                                   const auto ticket = called_unsettled.make(b);
                                   b.ask(pad_1, Finish{ticket.id});
                                   return ticket;
                               }};
const State missed{"no show", [](Bench& b) {
                       const auto ticket = called(b);
                       b.ask(pad_1, NoShow{ticket.id});
                       return ticket;
                   }};
const State voided{"void", [](Bench& b) {
                       const auto ticket = b.press();
                       b.report(kiosk_1, ticket, Outcome::not_printed);
                       return ticket;
                   }};
const State expired{"expired", [](Bench& b) {
                        const auto ticket = b.take();
                        b.go_to_day(1);
                        return ticket;
                    }};
const State carried{"of yesterday, unsettled", [](Bench& b) {
                        const auto ticket = b.press();
                        b.go_to_day(1);
                        return ticket;
                    }};

const Answer done = DoneAnswer{};
const Answer not_called = Refusal::not_called;
const Answer nobody = Refusal::nobody_waits;
const Answer unknown = Refusal::unknown_ticket;

struct Row {
    const State& state;
    bool callable;    // the next call answers with it
    Answer print;     // to a print report
    bool voids;       // not_printed makes it void
    Answer at_pad_1;  // to recall, finish and no_show from the counter that called it, if any
};

const Row rows[]{
    {pending, false, done, true, not_called},
    {doubted, true, done, true, not_called},
    {waiting, true, unknown, false, not_called},
    {unconfirmed, true, unknown, false, not_called},
    {called_settled, false, unknown, false, done},
    {called_unsettled, false, done, true, done},
    {finished, false, unknown, false, not_called},
    {finished_unsettled, false, done, false, not_called},
    {missed, false, unknown, false, not_called},
    {voided, false, unknown, false, not_called},
    {expired, false, unknown, false, not_called},
    {carried, false, done, false, not_called},
};

TEST_CASE("each command in each state of a ticket does what the table says", "[engine]") {
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.state.name << ": call next") {
            Bench bench;
            const auto ticket = row.state.make(bench);
            CHECK(bench.call(pad_2) == (row.callable ? ticket.label : ""));
        }
        for (const auto outcome : {Outcome::printed, Outcome::unconfirmed, Outcome::not_printed}) {
            DYNAMIC_SECTION(row.state.name << ": print report " << static_cast<int>(outcome)) {
                Bench bench;
                const auto ticket = row.state.make(bench);
                const auto decision = bench.report(kiosk_1, ticket, outcome);
                REQUIRE(decision.answer == row.print);
                if (row.print == done) {
                    const auto& fact = only<PaperReported>(decision);
                    CHECK(fact.voids == (row.voids && outcome == Outcome::not_printed));
                    CHECK(fact.ticket == ticket);
                } else {
                    only<Refused>(decision);
                }
                // It is settled by now, whatever it was: told again, it is unknown.
                CHECK(bench.report(kiosk_1, ticket, outcome).answer == unknown);
            }
        }
        DYNAMIC_SECTION(row.state.name << ": print report of another kiosk") {
            Bench bench;
            const auto ticket = row.state.make(bench);
            CHECK(bench.report(kiosk_2, ticket).answer == unknown);
        }
        const std::pair<const char*, std::function<Action(TicketId)>> at_counter[]{
            {"recall", [](TicketId id) -> Action { return Recall{id}; }},
            {"finish", [](TicketId id) -> Action { return Finish{id}; }},
            {"no show", [](TicketId id) -> Action { return NoShow{id}; }}};
        for (const auto& [name, action] : at_counter) {
            DYNAMIC_SECTION(row.state.name << ": " << name) {
                Bench bench;
                const auto ticket = row.state.make(bench);
                // Only the counter that called it may, never another.
                CHECK(bench.ask(pad_2, action(ticket.id)).answer == not_called);
                CHECK(bench.ask(kiosk_1, action(ticket.id)).answer == not_called);
                const auto decision = bench.ask(pad_1, action(ticket.id));
                CHECK(decision.answer == row.at_pad_1);
                CHECK(decision.events.size() == 1);
                // A recall may be repeated, an end may not.
                const bool again = row.at_pad_1 == done && std::string{name} == "recall";
                CHECK(bench.ask(pad_1, action(ticket.id)).answer == (again ? done : not_called));
            }
        }
    }
}

TEST_CASE("what a counter did is told with its counter and its request", "[engine]") {
    Bench bench;
    const auto ticket = called(bench);
    const auto recall = bench.ask(pad_1, Recall{ticket.id}, RequestId{50});
    CHECK(only<Recalled>(recall) == Recalled{{pad_1, RequestId{50}}, ticket, counter("loket-1")});
    SECTION("finish") {
        const auto decision = bench.ask(pad_1, Finish{ticket.id});
        CHECK(only<Finished>(decision) ==
              Finished{Origin{pad_1, RequestId{51}}, ticket, counter("loket-1")});
    }
    SECTION("no show") {
        const auto decision = bench.ask(pad_1, NoShow{ticket.id});
        CHECK(only<NotShown>(decision) ==
              NotShown{{pad_1, RequestId{51}}, ticket, counter("loket-1")});
    }
}

TEST_CASE("a print report is kept with its reason and the mark of a copy", "[engine]") {
    Bench bench;
    const auto ticket = bench.press();
    const auto decision =
        bench.ask(kiosk_1, PrintReport{ticket.id, Outcome::unconfirmed, "restarted", true});
    const auto& fact = only<PaperReported>(decision);
    CHECK(fact.outcome == Outcome::unconfirmed);
    CHECK(fact.reason == "restarted");
    CHECK(fact.copy);
}

}  // namespace
