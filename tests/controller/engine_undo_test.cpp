// A counter takes its last step back.
#include "tests/controller/engine_bench.hpp"

#include <functional>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using namespace std::chrono_literals;
using S = antrean::engine::State;

const Answer nothing = Refusal::nothing_to_undo;

struct Case {
    const char* name;
    StepKind kind;
    S before;                                            // the ticket's state
    std::function<void(Bench&, const TicketRef&)> lead;  // to it, from a ticket that waits
    std::function<Action(const TicketRef&)> step;
};

std::vector<Case> cases() {
    const auto wait = [](Bench&, const TicketRef&) {};
    const auto call = [](Bench& b, const TicketRef&) { b.called(); };
    const auto serve = [](Bench& b, const TicketRef& t) {
        b.called();
        b.ask(pad_1, Serve{t.id});
    };
    const auto hold = [](Bench& b, const TicketRef& t) {
        b.called();
        b.ask(pad_1, Hold{t.id});
    };
    const auto miss = [](Bench& b, const TicketRef& t) {
        b.called();
        b.ask(pad_1, NoShow{t.id});
    };
    const auto next = [](const TicketRef&) { return CallNext{}; };
    const auto named = [](const TicketRef& t) { return CallNamed{t.id, {}}; };
    const auto finish = [](const TicketRef& t) { return Finish{t.id}; };
    const auto to_hold = [](const TicketRef& t) { return Hold{t.id}; };
    const auto transfer = [](const TicketRef& t) { return Transfer{t.id, spt}; };
    return {
        {"a call", StepKind::call, S::waiting, wait, next},
        {"a call by number", StepKind::call, S::waiting, wait, named},
        {"a call of one who was held", StepKind::call, S::held, hold, named},
        {"a call of one who was missing", StepKind::call, S::no_show, miss, named},
        {"the begin of service", StepKind::serve, S::called, call,
         [](const TicketRef& t) { return Serve{t.id}; }},
        {"the end of one who was called", StepKind::finish, S::called, call, finish},
        {"the end of service", StepKind::finish, S::serving, serve, finish},
        {"a no show", StepKind::no_show, S::called, call,
         [](const TicketRef& t) { return NoShow{t.id}; }},
        {"a hold of one who was called", StepKind::hold, S::called, call, to_hold},
        {"a hold in service", StepKind::hold, S::serving, serve, to_hold},
        {"a transfer of one who was called", StepKind::transfer, S::called, call, transfer},
        {"a transfer in service", StepKind::transfer, S::serving, serve, transfer},
    };
}

// Everything that the engine gives away about the hall, to compare two moments.
struct Picture {
    std::vector<std::uint32_t> waiting;
    std::vector<std::string> next;
    std::optional<Refusal> full;
    Answer recall;  // of TICKET at loket-1
    bool operator==(const Picture&) const = default;
};
Picture picture(const Bench& bench, const TicketRef& ticket) {
    Picture made;
    for (const auto which : {ktp, npwp, spt})
        made.waiting.push_back(bench.engine.offer(which, bench.now).waiting);
    const Command recall{{pad_1, RequestId{9999}}, Recall{ticket.id}};
    made.recall = bench.engine.decide(recall, bench.now).answer;
    made.full = bench.engine.offer(ktp, bench.now).refusal;
    for (const auto pad : {pad_1, pad_2, pad_3}) {
        const auto decision = bench.engine.decide({{pad, RequestId{9999}}, CallNext{}}, bench.now);
        std::string row;
        for (const auto& event : decision.events)
            row += std::to_string(event.fact.index()) + " ";
        if (const auto* called = std::get_if<CalledAnswer>(&decision.answer))
            row += called->ticket.label;
        made.next.push_back(row);
    }
    return made;
}

TEST_CASE("each step is taken back, and the hall is as it was", "[engine][undo]") {
    for (const auto& one : cases()) {
        for (const bool restarted : {false, true}) {
            for (const std::uint32_t returns : {0, 3}) {
                if (one.before == S::no_show && returns > 0) continue;
                DYNAMIC_SECTION(one.name << (restarted ? ", restarted" : "") << ", " << returns
                                         << " returns") {
                    auto site = catalog();
                    site.rules.hall_limit = 3;
                    site.rules.no_show_returns = returns;
                    Bench bench{site};
                    const auto ticket = bench.take();
                    one.lead(bench, ticket);
                    bench.take(kiosk_1, npwp);
                    bench.take(kiosk_1, spt);
                    REQUIRE(bench.state(ticket) == one.before);
                    const auto before = picture(bench, ticket);
                    const auto step = bench.ask(pad_1, one.step(ticket));
                    REQUIRE_FALSE(std::holds_alternative<Refusal>(step.answer));
                    CHECK_FALSE(picture(bench, ticket) == before);
                    if (restarted) bench.restart();
                    const auto undo = bench.ask(pad_1, Undo{});
                    CHECK(undo.answer == done);
                    const auto& fact = std::get<Undone>(undo.events.front().fact);
                    CHECK(fact.step == one.kind);
                    CHECK(fact.state == one.before);
                    CHECK(bench.state(ticket) == one.before);
                    CHECK(picture(bench, ticket) == before);
                    // The step before it is not there to be taken back as well.
                    CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
                    if (restarted) bench.restart();
                    // It can be done over.
                    CHECK(bench.ask(pad_1, one.step(ticket)).answer == step.answer);
                    CHECK(bench.ask(pad_1, Undo{}).answer == done);
                    CHECK(picture(bench, ticket) == before);
                }
            }
        }
    }
}

TEST_CASE("a step is taken back within its time and not later", "[engine][undo]") {
    for (const auto& one : cases()) {
        DYNAMIC_SECTION(one.name) {
            Bench bench;
            const auto ticket = bench.take();
            one.lead(bench, ticket);
            bench.ask(pad_1, one.step(ticket));
            const auto state = bench.state(ticket);
            const auto at = bench.now.wall;
            const auto too_late = GENERATE(10'001ms, 1h, -10'001ms);
            bench.now.wall = at + too_late - 1s;
            CHECK(bench.ask(pad_1, Undo{}).answer == Answer{Refusal::too_late_to_undo});
            CHECK(bench.state(ticket) == state);
            bench.now.wall = at + undo_time - 1s;
            CHECK(bench.ask(pad_1, Undo{}).answer == done);
        }
    }
}

TEST_CASE("a call is taken back with the end that it brought", "[engine][undo]") {
    auto site = catalog();
    if (GENERATE(false, true)) site.services.at(ktp).then = {spt};
    Bench bench{site};
    const auto first = bench.take();
    const auto second = bench.take();
    bench.call();
    const auto was = GENERATE(S::called, S::serving);
    if (was == S::serving) bench.ask(pad_1, Serve{first.id});
    bench.ask(pad_1, CallNext{});
    if (GENERATE(false, true)) bench.restart();
    const auto undo = bench.ask(pad_1, Undo{});
    const auto undone = facts<Undone>(undo.events);
    REQUIRE(undone.size() == 2);
    CHECK(undone[0].ticket == second);
    CHECK(undone[0].origin);
    CHECK(undone[1].ticket == first);
    CHECK_FALSE(undone[1].origin);
    CHECK(bench.state(first) == was);
    CHECK(bench.state(second) == S::waiting);
    CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    CHECK(bench.ask(pad_1, Finish{first.id}).answer == done);
    CHECK(bench.call(pad_2) == second.label);
}

TEST_CASE("an end by hand is not taken back with the call behind it", "[engine][undo]") {
    Bench bench;
    const auto first = bench.take();
    bench.take();
    bench.call();
    bench.ask(pad_1, Finish{first.id});
    bench.call();
    CHECK(bench.ask(pad_1, Undo{}).events.size() == 1);
    CHECK(bench.state(first) == S::done);
}

TEST_CASE("what has moved on since is not taken back", "[engine][undo]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call(pad_1);
    SECTION("transferred, and called elsewhere") {
        bench.ask(pad_1, Transfer{ticket.id, spt});
        REQUIRE(bench.call(pad_3) == ticket.label);
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
        // As soon as it waits again where it was sent, the step is the last that happened to it.
        bench.ask(pad_3, Undo{});
        CHECK(bench.ask(pad_1, Undo{}).answer == done);
        CHECK(bench.state(ticket) == S::called);
    }
    SECTION("transferred, called elsewhere, and sent there again") {
        bench.ask(pad_1, Transfer{ticket.id, spt});
        bench.call(pad_3);
        bench.ask(pad_3, Transfer{ticket.id, spt});
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    }
    SECTION("held, and resumed elsewhere") {
        bench.ask(pad_1, Hold{ticket.id});
        bench.ask(pad_2, CallNamed{ticket.id, {}});
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
        bench.ask(pad_2, Hold{ticket.id});
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    }
    SECTION("missed, and called elsewhere") {
        bench.ask(pad_1, NoShow{ticket.id});
        bench.ask(pad_2, CallNamed{ticket.id, {}});
        bench.ask(pad_2, NoShow{ticket.id});
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    }
    SECTION("made void") {
        bench.order(VoidTicket{ticket.label});
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    }
    SECTION("another day") {
        bench.go_to_day(1);
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    }
    SECTION("another site file") {
        bench.change_site(catalog());
        CHECK(bench.ask(pad_1, Undo{}).answer == nothing);
    }
}

TEST_CASE("a ticket that comes back has the paper that was told meanwhile", "[engine][undo]") {
    Bench bench;
    const auto ticket = bench.press();
    bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
    bench.call();
    bench.ask(pad_1, Finish{ticket.id});
    bench.report(kiosk_1, ticket, Outcome::printed);
    bench.ask(pad_1, Undo{});
    bench.ask(pad_1, Hold{ticket.id});
    CHECK_FALSE(only<Called>(bench.ask(pad_1, CallNamed{ticket.id, {}})).unconfirmed);
}

TEST_CASE("a ticket of which nothing was told comes back as such", "[engine][undo]") {
    Bench bench;
    const auto ticket = bench.press();
    bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
    bench.call();
    bench.ask(pad_1, Finish{ticket.id});
    bench.ask(pad_1, Undo{});
    CHECK(only<PaperReported>(bench.report(kiosk_1, ticket, Outcome::not_printed)).voids);
    CHECK(bench.state(ticket) == S::voided);
}

TEST_CASE("a call that is taken back passed nobody, and took no turn", "[engine][undo]") {
    auto site = catalog();
    site.counters.at(loket_1).policy = {Policy::Kind::interleave, 2, 1, 2};
    Bench bench{site};
    const auto regular = bench.take();
    for (int i = 0; i < 4; ++i)
        bench.take(kiosk_1, ktp, TicketClass::priority);
    for (int i = 0; i < 5; ++i) {
        CHECK(bench.called().ticket_class == TicketClass::priority);
        if (i % 2 == 1) bench.restart();
        CHECK(bench.ask(pad_1, Undo{}).answer == done);
    }
    CHECK(bench.called().passed == regular.id);
    CHECK(bench.called().passed == regular.id);
    CHECK(bench.called().ticket == regular);
}

TEST_CASE("each counter has a last step of its own", "[engine][undo]") {
    Bench bench;
    const auto first = bench.take();
    const auto second = bench.take();
    bench.call(pad_1);
    bench.call(pad_2);
    CHECK(bench.ask(pad_3, Undo{}).answer == nothing);
    CHECK(bench.order(Undo{}, loket_1).answer == done);
    CHECK(bench.state(first) == S::waiting);
    CHECK(bench.state(second) == S::called);
    CHECK(bench.call(pad_1) == first.label);
    CHECK(bench.ask(kiosk_1, Undo{}).answer == Answer{Refusal::no_counter});
}

TEST_CASE("what is no step of a ticket is not taken back, and hinders nothing", "[engine][undo]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call();
    bench.ask(pad_1, Recall{ticket.id});
    bench.ask(pad_1, SignIn{"1111"});
    bench.ask(pad_1, PauseCounter{"prayer"});
    CHECK(only<Undone>(bench.ask(pad_1, Undo{})).staff == ani);
    CHECK(bench.state(ticket) == S::waiting);
    CHECK(bench.ask(pad_1, CallNext{}).answer == Answer{Refusal::counter_paused});
}

}  // namespace
