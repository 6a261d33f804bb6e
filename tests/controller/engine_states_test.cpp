// What each command does in each state of a ticket, as one table.
#include "tests/controller/engine_bench.hpp"

#include <functional>
#include <string>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using S = antrean::engine::State;

// The ways a ticket of kiosk-1 may be, each as its life leads there; at loket-1 where it was
// called.
struct Way {
    const char* name;
    std::function<TicketRef(Bench&)> make;
};

TicketRef pending(Bench& b) {
    return b.press();
}
TicketRef doubted(Bench& b) {
    const auto ticket = b.press();
    b.apply(b.engine.doubt_papers(kiosk_1, b.now));
    return ticket;
}
TicketRef printed(Bench& b) {
    return b.take();
}
TicketRef unconfirmed(Bench& b) {
    const auto ticket = b.press();
    b.report(kiosk_1, ticket, Outcome::unconfirmed);
    return ticket;
}
using Make = TicketRef (*)(Bench&);
std::function<TicketRef(Bench&)> called(Make make) {
    return [=](Bench& b) {
        const auto ticket = make(b);
        REQUIRE(b.call(pad_1) == ticket.label);
        return ticket;
    };
}
// Called, and then what ACTION makes of it.
template <class ActionT>
std::function<TicketRef(Bench&)> after(Make make) {
    return [=](Bench& b) {
        const auto ticket = called(make)(b);
        REQUIRE(b.ask(pad_1, ActionT{ticket.id}).answer == done);
        return ticket;
    };
}
TicketRef voided(Bench& b) {
    const auto ticket = b.take();
    b.order(VoidTicket{ticket.label});
    return ticket;
}
TicketRef voided_untold(Bench& b) {
    const auto ticket = b.press();
    b.order(VoidTicket{ticket.label});
    return ticket;
}
TicketRef not_printed(Bench& b) {
    const auto ticket = b.press();
    b.report(kiosk_1, ticket, Outcome::not_printed);
    return ticket;
}
TicketRef of_yesterday(Bench& b) {
    const auto ticket = b.take();
    b.go_to_day(1);
    return ticket;
}
TicketRef carried(Bench& b) {
    const auto ticket = b.press();
    b.go_to_day(1);
    return ticket;
}

// An answer, and the state that the ticket is in behind it.
struct To {
    Answer answer;
    std::optional<S> state;
};

struct Row {
    Way way;
    std::optional<S> state;
    To print;                    // of a report that it was printed
    std::optional<S> not_print;  // the state behind the contrary report
    To next;                     // called by loket-2
    To named, elsewhere;         // called by its number from loket-1, and from loket-3
    To recall, serve, finish, no_show, hold, transfer;  // at loket-1
    To undo;                                            // of the last step of loket-1
    To voiding;                                         // by the operator
};

const Answer unknown = Refusal::unknown_ticket;
const Answer not_called = Refusal::not_called;
const Answer not_callable = Refusal::not_callable;
const Answer wrong_state = Refusal::wrong_state;
const Answer nobody = Refusal::nobody_waits;
const Answer nothing = Refusal::nothing_to_undo;
const Answer call = CalledAnswer{};  // of this ticket

Row waits(Way way, bool told, bool callable) {
    const To no{not_called, S::waiting};
    const To may{callable ? call : not_callable, callable ? S::called : S::waiting};
    return {std::move(way),
            S::waiting,
            {told ? unknown : done, S::waiting},
            told ? S::waiting : S::voided,
            {callable ? call : nobody, callable ? S::called : S::waiting},
            may,
            {not_callable, S::waiting},
            no,
            no,
            no,
            no,
            no,
            no,
            {nothing, S::waiting},
            {done, S::voided}};
}

Row stands(Way way, bool told) {
    return {std::move(way),
            S::called,
            {told ? unknown : done, S::called},
            told ? S::called : S::voided,
            {nobody, S::called},
            {not_callable, S::called},
            {not_callable, S::called},
            {done, S::called},
            {done, S::serving},
            {done, S::done},
            {done, S::no_show},
            {done, S::held},
            {done, S::waiting},
            {done, S::waiting},
            {done, S::voided}};
}

Row is_served(Way way, bool told) {
    return {std::move(way),
            S::serving,
            {told ? unknown : done, S::serving},
            S::serving,
            {nobody, S::serving},
            {not_callable, S::serving},
            {not_callable, S::serving},
            {wrong_state, S::serving},
            {wrong_state, S::serving},
            {done, S::done},
            {wrong_state, S::serving},
            {done, S::held},
            {done, S::waiting},
            {done, S::called},
            {done, S::voided}};
}

// Out of its queue, and callable by its number.
Row aside(Way way, S state, bool told) {
    const To no{not_called, state};
    return {std::move(way),
            state,
            {told ? unknown : done, state},
            told || state == S::held ? state : S::voided,
            {nobody, state},
            {call, S::called},
            {not_callable, state},
            no,
            no,
            no,
            no,
            no,
            no,
            {done, S::called},
            {done, S::voided}};
}

Row over(Way way, std::optional<S> state, bool told) {
    const To no{not_called, state};
    const bool undoable = state == S::done;
    return {std::move(way),
            state,
            {told ? unknown : done, state},
            state,
            {nobody, state},
            {unknown, state},
            {unknown, state},
            no,
            no,
            no,
            no,
            no,
            no,
            {undoable ? done : nothing, undoable ? S::called : state},
            {unknown, state}};
}

std::vector<Row> rows() {
    return {
        waits({"pending", pending}, false, false),
        waits({"doubted", doubted}, false, true),
        waits({"printed", printed}, true, true),
        waits({"unconfirmed", unconfirmed}, true, true),
        stands({"called", called(printed)}, true),
        stands({"called, doubted", called(doubted)}, false),
        stands({"called, unconfirmed", called(unconfirmed)}, true),
        is_served({"serving", after<Serve>(printed)}, true),
        is_served({"serving, doubted", after<Serve>(doubted)}, false),
        aside({"held", after<Hold>(printed)}, S::held, true),
        aside({"held, doubted", after<Hold>(doubted)}, S::held, false),
        aside({"no show", after<NoShow>(printed)}, S::no_show, true),
        aside({"no show, doubted", after<NoShow>(doubted)}, S::no_show, false),
        over({"done", after<Finish>(printed)}, S::done, true),
        over({"done, doubted", after<Finish>(doubted)}, S::done, false),
        over({"void", voided}, S::voided, true),
        over({"void, of which nothing was told", voided_untold}, S::voided, false),
        over({"not printed", not_printed}, S::voided, true),
        over({"of yesterday", of_yesterday}, std::nullopt, true),
        over({"of yesterday, of which nothing was told", carried}, std::nullopt, false),
    };
}

void check(const Row& row, const char* what, const To& to,
           const std::function<Decision(Bench&, const TicketRef&)>& ask) {
    DYNAMIC_SECTION(row.way.name << ": " << what) {
        Bench bench;
        const auto ticket = row.way.make(bench);
        REQUIRE(bench.state(ticket) == row.state);
        const auto decision = ask(bench, ticket);
        if (to.answer == call) {
            REQUIRE(std::holds_alternative<CalledAnswer>(decision.answer));
            CHECK(std::get<CalledAnswer>(decision.answer).ticket.id == ticket.id);
        } else {
            CHECK(decision.answer == to.answer);
        }
        CHECK(bench.state(ticket) == to.state);
        // Whatever it was, it is remembered, and so after a restart.
        CHECK_FALSE(decision.events.empty());
        const auto& origin = bench.history.back();
        CHECK(bench.folded().open_day(noon(9)).size() == bench.engine.open_day(noon(9)).size());
        CHECK(origin.stamp.day == bench.engine.day());
    }
}

TEST_CASE("each command in each state of a ticket does what the table says", "[engine][R2]") {
    for (const auto& row : rows()) {
        const auto at_1 = [](auto make) {
            return [=](Bench& b, const TicketRef& t) { return b.ask(pad_1, make(t)); };
        };
        check(row, "print report", row.print,
              [](Bench& b, const TicketRef& t) { return b.report(kiosk_1, t); });
        check(row, "not printed", {row.print.answer, row.not_print},
              [](Bench& b, const TicketRef& t) {
                  return b.report(kiosk_1, t, Outcome::not_printed);
              });
        check(row, "unconfirmed", row.print, [](Bench& b, const TicketRef& t) {
            return b.report(kiosk_1, t, Outcome::unconfirmed);
        });
        check(row, "report of another kiosk", {unknown, row.state},
              [](Bench& b, const TicketRef& t) { return b.report(kiosk_2, t); });
        check(row, "call next", row.next,
              [](Bench& b, const TicketRef&) { return b.ask(pad_2, CallNext{}); });
        check(row, "call named", row.named, at_1([](const TicketRef& t) {
                  return CallNamed{t.id, {}};
              }));
        // By its label, today's number is not yesterday's.
        check(row, "call by label", row.named, at_1([](const TicketRef& t) {
                  return CallNamed{{}, t.label};
              }));
        check(row, "call named elsewhere", row.elsewhere, [](Bench& b, const TicketRef& t) {
            return b.ask(pad_3, CallNamed{t.id, {}});
        });
        check(row, "recall", row.recall, at_1([](const TicketRef& t) { return Recall{t.id}; }));
        check(row, "serve", row.serve, at_1([](const TicketRef& t) { return Serve{t.id}; }));
        check(row, "finish", row.finish, at_1([](const TicketRef& t) { return Finish{t.id}; }));
        check(row, "no show", row.no_show, at_1([](const TicketRef& t) { return NoShow{t.id}; }));
        check(row, "hold", row.hold, at_1([](const TicketRef& t) { return Hold{t.id}; }));
        check(row, "transfer", row.transfer, at_1([](const TicketRef& t) {
                  return Transfer{t.id, spt};
              }));
        check(row, "undo", row.undo, at_1([](const TicketRef&) { return Undo{}; }));
        check(row, "void", row.voiding,
              [](Bench& b, const TicketRef& t) { return b.order(VoidTicket{t.label}); });
        // Nobody but the counter at which it stands may do anything with it.
        const auto elsewhere = [&](const char* what, auto make) {
            check(row, what, {not_called, row.state},
                  [=](Bench& b, const TicketRef& t) { return b.ask(pad_2, make(t)); });
        };
        elsewhere("recall elsewhere", [](const TicketRef& t) { return Recall{t.id}; });
        elsewhere("serve elsewhere", [](const TicketRef& t) { return Serve{t.id}; });
        elsewhere("finish elsewhere", [](const TicketRef& t) { return Finish{t.id}; });
        elsewhere("no show elsewhere", [](const TicketRef& t) { return NoShow{t.id}; });
        elsewhere("hold elsewhere", [](const TicketRef& t) { return Hold{t.id}; });
        elsewhere("transfer elsewhere", [](const TicketRef& t) { return Transfer{t.id, spt}; });
        check(row, "undo elsewhere", {nothing, row.state},
              [](Bench& b, const TicketRef&) { return b.ask(pad_2, Undo{}); });
        check(row, "finish at no counter", {Refusal::no_counter, row.state},
              [](Bench& b, const TicketRef& t) { return b.ask(kiosk_1, Finish{t.id}); });
    }
}

TEST_CASE("what concerns no ticket leaves every ticket as it is", "[engine]") {
    for (const auto& row : rows()) {
        const std::pair<const char*, Action> others[]{
            {"sign in", SignIn{"1111"}},
            {"pause the counter", PauseCounter{"prayer"}},
            {"pause the service", PauseService{ktp, "no forms"}},
            {"close the day", CloseDay{}},
        };
        for (const auto& [name, action] : others) {
            DYNAMIC_SECTION(row.way.name << ": " << name) {
                auto site = catalog();
                site.rules.fate = Fate::serve;
                Bench bench{site};
                const auto ticket = row.way.make(bench);
                CHECK(bench.order(action, loket_1).answer == done);
                CHECK(bench.state(ticket) == row.state);
            }
        }
    }
}

TEST_CASE("a paper is told of once", "[engine]") {
    for (const auto& row : rows()) {
        DYNAMIC_SECTION(row.way.name) {
            Bench bench;
            const auto ticket = row.way.make(bench);
            bench.report(kiosk_1, ticket);
            CHECK(bench.report(kiosk_1, ticket).answer == unknown);
            CHECK(bench.engine.doubt_papers(kiosk_1, bench.now).empty());
        }
    }
}

TEST_CASE("what a counter did is told with its counter, its staff and its request", "[engine]") {
    Bench bench;
    bench.ask(pad_1, SignIn{"1111"});
    const auto ticket = bench.take();
    const auto call_next = bench.ask(pad_1, CallNext{}, RequestId{49});
    CHECK(only<Called>(call_next).staff == ani);
    CHECK(only<Called>(call_next).asked == asked(CallNext{}));
    const auto recall = bench.ask(pad_1, Recall{ticket.id}, RequestId{50});
    CHECK(only<Recalled>(recall) == Recalled{{pad_1, RequestId{50}}, ticket, loket_1});
    const Origin next{pad_1, RequestId{51}};
    SECTION("serve") {
        CHECK(only<Served>(bench.ask(pad_1, Serve{ticket.id})) ==
              Served{next, ticket, loket_1, ani});
    }
    SECTION("finish") {
        CHECK(only<Finished>(bench.ask(pad_1, Finish{ticket.id})) ==
              Finished{next, ticket, loket_1, ani});
    }
    SECTION("no show") {
        CHECK(only<NotShown>(bench.ask(pad_1, NoShow{ticket.id})) ==
              NotShown{next, ticket, loket_1, ani});
    }
    SECTION("hold") {
        CHECK(only<Held>(bench.ask(pad_1, Hold{ticket.id})) == Held{next, ticket, loket_1, ani});
    }
    SECTION("transfer") {
        const Onward to{spt, series("c"), place_of(ticket.id)};
        CHECK(only<Transferred>(bench.ask(pad_1, Transfer{ticket.id, spt})) ==
              Transferred{next, ticket, loket_1, ani, to});
    }
    SECTION("undo") {
        CHECK(only<Undone>(bench.ask(pad_1, Undo{})) ==
              Undone{next, ticket, loket_1, ani, StepKind::call, S::waiting});
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
