// The rules of a counter: who signs in, its pauses and shifts, calls by number, how often somebody
// is called again, and what becomes of who does not come.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using namespace std::chrono_literals;

TEST_CASE("who signs in is known by the code, and may do so where the site says", "[engine]") {
    Bench bench;
    const auto request = bench.ask(pad_1, SignIn{"1111"});
    CHECK(only<SignedIn>(request).staff == ani);
    CHECK(bench.ask(pad_1, SignIn{"9999"}).answer == Answer{Refusal::unknown_staff});
    CHECK(bench.ask(pad_1, SignIn{""}).answer == Answer{Refusal::unknown_staff});
    CHECK(bench.ask(pad_1, SignIn{"2222"}).answer == Answer{Refusal::unknown_staff});
    CHECK(only<SignedIn>(bench.ask(pad_2, SignIn{"2222"})) ==
          SignedIn{{pad_2, RequestId{1}}, budi, loket_2});
    CHECK(bench.ask(kiosk_1, SignIn{"1111"}).answer == Answer{Refusal::no_counter});
}

TEST_CASE("a code is in no event", "[engine]") {
    Bench bench;
    const auto decision = bench.ask(pad_1, SignIn{"9999"});
    CHECK(only<Refused>(decision).asked == Asked{Asked::Kind::sign_in, {}, {}, {}});
}

TEST_CASE("one person is at a counter, and a person at one counter", "[engine]") {
    Bench bench;
    bench.ask(pad_1, SignIn{"1111"});
    bench.ask(pad_2, SignIn{"2222"});
    const auto moves = bench.ask(pad_2, SignIn{"1111"});
    CHECK(facts<SignedOut>(moves.events) == std::vector{SignedOut{std::nullopt, ani, loket_1},
                                                        SignedOut{std::nullopt, budi, loket_2}});
    CHECK(bench.ask(pad_1, SignOut{}).answer == Answer{Refusal::not_signed_in});
    // The same person again where she is: nobody leaves.
    CHECK(bench.ask(pad_2, SignIn{"1111"}).events.size() == 1);
    CHECK(only<SignedOut>(bench.ask(pad_2, SignOut{})).staff == ani);
    CHECK(bench.ask(pad_2, SignOut{}).answer == Answer{Refusal::not_signed_in});
}

TEST_CASE("where the site wants it, a counter calls only while somebody is signed in", "[engine]") {
    auto site = catalog();
    site.rules.sign_in_required = true;
    Bench bench{site};
    const auto ticket = bench.take();
    const Answer nobody_there = Refusal::not_signed_in;
    CHECK(bench.ask(pad_1, CallNext{}).answer == nobody_there);
    CHECK(bench.ask(pad_1, CallNamed{ticket.id, {}}).answer == nobody_there);
    bench.ask(pad_1, SignIn{"1111"});
    bench.restart();
    CHECK(bench.called().staff == ani);
    bench.ask(pad_1, SignOut{});
    CHECK(bench.ask(pad_1, CallNext{}).answer == nobody_there);
    // What stands there can be brought to its end.
    CHECK(bench.ask(pad_1, Finish{ticket.id}).answer == done);
    bench.ask(pad_1, SignIn{"1111"});
    bench.go_to_day(1);
    CHECK(bench.ask(pad_1, CallNext{}).answer == nobody_there);
}

TEST_CASE("a paused counter calls nobody, and ends what stands there", "[engine]") {
    Bench bench;
    const auto first = bench.take();
    const auto second = bench.take();
    bench.call();
    CHECK(only<CounterPaused>(bench.ask(pad_1, PauseCounter{"prayer"})).reason == "prayer");
    const Answer paused = Refusal::counter_paused;
    CHECK(bench.ask(pad_1, CallNext{}).answer == paused);
    bench.restart();
    CHECK(bench.ask(pad_1, CallNamed{second.id, {}}).answer == paused);
    CHECK(bench.ask(pad_1, Recall{first.id}).answer == done);
    CHECK(bench.ask(pad_1, Finish{first.id}).answer == done);
    CHECK(bench.call(pad_2) == second.label);  // a pause is of one counter
    CHECK(bench.ask(pad_1, PauseCounter{"meeting"}).answer == done);
    CHECK(bench.ask(pad_1, OpenCounter{}).answer == done);
    CHECK(bench.ask(pad_1, OpenCounter{}).answer == Answer{Refusal::wrong_state});
    CHECK(bench.call(pad_1).empty());
    bench.ask(pad_1, PauseCounter{"prayer"});
    bench.go_to_day(1);
    CHECK(bench.call(pad_1).empty());
}

TEST_CASE("a shift says what a counter calls from while it lasts", "[engine]") {
    auto site = catalog();
    site.counters.at(loket_2).shifts = {{{13h, 14h}, {series("c")}},
                                        {{13h + 30min, 15h}, {series("b")}}};
    Bench bench{site};
    const auto a = bench.take(kiosk_1, ktp);
    const auto b = bench.take(kiosk_1, npwp);
    const auto c = bench.take(kiosk_1, spt);
    const auto at = [&](std::chrono::minutes time) {
        bench.now.wall = noon().wall + (time - 12h);
        const auto decision = bench.ask(pad_2, CallNext{});
        const auto* called = std::get_if<CalledAnswer>(&decision.answer);
        bench.ask(pad_2, Undo{});
        return called ? called->ticket.label : "";
    };
    CHECK(at(12h + 58min) == a.label);
    CHECK(at(13h) == c.label);
    CHECK(at(13h + 45min) == c.label);  // the first that holds the time
    CHECK(at(14h) == b.label);
    CHECK(at(15h) == a.label);
    // By its number, a ticket is called at any hour.
    CHECK(bench.ask(pad_2, CallNamed{c.id, {}}).answer == Answer{CalledAnswer{c}});
}

TEST_CASE("somebody is called again as often as the site says, anew with each call", "[engine]") {
    auto site = catalog();
    site.rules.recall_limit = 2;
    Bench bench{site};
    const auto ticket = bench.take();
    const auto recall = [&] { return bench.ask(pad_1, Recall{ticket.id}).answer; };
    bench.call();
    CHECK(recall() == done);
    bench.restart();
    CHECK(recall() == done);
    CHECK(recall() == Answer{Refusal::recall_limit});
    bench.ask(pad_1, Hold{ticket.id});
    bench.ask(pad_1, CallNamed{ticket.id, {}});
    CHECK(recall() == done);
    bench.ask(pad_1, Serve{ticket.id});
    bench.ask(pad_1, Undo{});
    CHECK(recall() == done);
    CHECK(recall() == Answer{Refusal::recall_limit});
}

TEST_CASE("where the site says nought, nobody is called again", "[engine]") {
    auto site = catalog();
    site.rules.recall_limit = 0;
    Bench bench{site};
    const auto ticket = bench.take();
    bench.call();
    CHECK(bench.ask(pad_1, Recall{ticket.id}).answer == Answer{Refusal::recall_limit});
}

TEST_CASE("who does not show up waits again at the back, as often as the site says", "[engine]") {
    auto site = catalog();
    site.rules.no_show_returns = 2;
    Bench bench{site};
    const auto missing = bench.take();
    const auto other = bench.take();
    REQUIRE(bench.call() == missing.label);
    const auto again = bench.ask(pad_1, NoShow{missing.id});
    CHECK(only<NotShown>(again).again->queue == series("a"));
    CHECK(bench.state(missing) == State::waiting);
    const auto late = bench.take();
    bench.restart();
    CHECK(bench.call() == other.label);
    REQUIRE(bench.call() == missing.label);
    bench.ask(pad_1, NoShow{missing.id});
    CHECK(bench.call() == late.label);
    REQUIRE(bench.call() == missing.label);
    CHECK_FALSE(only<NotShown>(bench.ask(pad_1, NoShow{missing.id})).again);
    CHECK(bench.state(missing) == State::no_show);
    CHECK(bench.call().empty());
}

TEST_CASE("a held ticket is called by its number alone, from any counter of its queue",
          "[engine]") {
    Bench bench;
    const auto held = bench.take();
    bench.call();
    bench.ask(pad_1, Hold{held.id});
    CHECK(bench.call(pad_1).empty());
    CHECK(bench.engine.offer(ktp, bench.now).waiting == 0);
    CHECK(bench.ask(pad_3, CallNamed{{}, held.label}).answer == Answer{Refusal::not_callable});
    const auto where = GENERATE(0, 1);
    const auto decision = bench.ask(where == 0 ? pad_1 : pad_2, CallNamed{{}, held.label});
    CHECK(only<Called>(decision).why == Why::resumed);
    CHECK(bench.ask(pad_1, CallNamed{{}, held.label}).answer == Answer{Refusal::not_callable});
}

TEST_CASE("a call by number tells whom it passes", "[engine]") {
    Bench bench;
    const auto first = bench.take();
    const auto second = bench.take(kiosk_1, npwp);
    const auto third = bench.take();
    const auto named = bench.ask(pad_1, CallNamed{{}, third.label});
    CHECK(only<Called>(named).why == Why::named);
    CHECK(only<Called>(named).passed == first.id);
    bench.ask(pad_1, Undo{});
    const auto in_order = bench.ask(pad_1, CallNamed{first.id, {}});
    CHECK(only<Called>(in_order).why == Why::in_order);
    CHECK_FALSE(only<Called>(in_order).passed);
    // It ends the one that stands there, as the next call does.
    CHECK(facts<Finished>(bench.ask(pad_1, CallNamed{{}, second.label}).events).size() == 1);
}

TEST_CASE("a number is called only where its queue is served", "[engine]") {
    Bench bench;
    const auto ticket = bench.take();
    const auto call = [&](DeviceId pad, const TicketRef& which) {
        return bench.ask(pad, CallNamed{which.id, {}}).answer;
    };
    CHECK(call(pad_3, ticket) == Answer{Refusal::not_callable});
    CHECK(call(pad_1, TicketRef{TicketId{999}, {}, {}, {}, {}}) == Answer{Refusal::unknown_ticket});
    CHECK(bench.ask(pad_1, CallNamed{{}, "A-002"}).answer == Answer{Refusal::unknown_ticket});
    for (const auto* label : {"", "A", "A-", "-1", "A-1", "a-001", "A-001 ", "B1-001", "A-0001",
                              "A-99999999999999999999"}) {
        CHECK(bench.ask(pad_1, CallNamed{{}, label}).answer == Answer{Refusal::unknown_ticket});
    }
    // Transferred away, it is no longer the counter's that had it.
    bench.call(pad_1);
    bench.ask(pad_1, Transfer{ticket.id, spt});
    CHECK(call(pad_1, ticket) == Answer{Refusal::not_callable});
    CHECK(bench.call(pad_3) == ticket.label);
}

TEST_CASE("who did not show up may come late, to the counter that called", "[engine]") {
    Bench bench;
    const auto late = bench.take();
    bench.call();
    bench.ask(pad_1, NoShow{late.id});
    // The counter serves other queues by now.
    auto site = catalog();
    site.counters.at(loket_1).series = {series("c")};
    bench.change_site(site);
    const auto decision = bench.ask(pad_1, CallNamed{{}, late.label});
    CHECK(only<Called>(decision).why == Why::named);
    CHECK(bench.state(late) == State::called);
}

TEST_CASE("who did not show up is not called when it turns out that there was no paper",
          "[engine]") {
    Bench bench;
    const auto lost = bench.press();
    bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
    bench.call();
    bench.ask(pad_1, NoShow{lost.id});
    CHECK(only<PaperReported>(bench.report(kiosk_1, lost, Outcome::not_printed)).voids);
    CHECK(bench.ask(pad_1, CallNamed{lost.id, {}}).answer == Answer{Refusal::unknown_ticket});
    CHECK(bench.ask(pad_1, Undo{}).answer == Answer{Refusal::nothing_to_undo});
}

}  // namespace
