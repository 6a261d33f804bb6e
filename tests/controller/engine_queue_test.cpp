// Who gets which number, and who is called next.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

TEST_CASE("the numbers of a series rise by one, whichever kiosk asks", "[engine][R1][R9]") {
    Bench bench;
    CHECK(bench.press(kiosk_1, ktp).label == "A-001");
    CHECK(bench.press(kiosk_2, ktp).label == "A-002");
    CHECK(bench.press(kiosk_1, npwp).label == "B1-001");
    CHECK(bench.press(kiosk_1, ktp).label == "A-003");
    CHECK(bench.press(kiosk_1, spt).label == "C-001");
}

TEST_CASE("a ticket tells how many of its series wait, those with a pending paper too",
          "[engine]") {
    Bench bench;
    const auto ahead = [&](ServiceId which) {
        return std::get<TicketAnswer>(bench.ask(kiosk_1, Issue{which}).answer).ahead;
    };
    CHECK(ahead(ktp) == 0);
    CHECK(ahead(ktp) == 1);
    CHECK(ahead(npwp) == 0);
    const auto third = bench.press();
    bench.report(kiosk_1, third, Outcome::not_printed);
    CHECK(ahead(ktp) == 2);
}

TEST_CASE("a ticket is stamped with the moment of its decision", "[engine]") {
    Bench bench;
    const auto decision = bench.ask(kiosk_1, Issue{ktp});
    const auto& answer = std::get<TicketAnswer>(decision.answer);
    CHECK(answer.issued == bench.now);
    CHECK(decision.events.front().stamp == bench.now);
    // A clock that is set back over midnight does not set the day back with it.
    bench.now.day -= std::chrono::days{1};
    const auto later = std::get<TicketAnswer>(bench.ask(kiosk_1, Issue{ktp}).answer);
    CHECK(later.issued.day == answer.issued.day);
}

TEST_CASE("calls follow arrival over all series of a counter", "[engine][R8]") {
    Bench bench;
    const auto first = bench.take(kiosk_1, npwp);
    const auto second = bench.take(kiosk_2, ktp);
    const auto third = bench.take(kiosk_1, npwp);
    const auto other = bench.take(kiosk_1, spt);
    CHECK(bench.call(pad_1) == first.label);
    CHECK(bench.call(pad_1) == second.label);
    CHECK(bench.call(pad_1) == third.label);
    CHECK(bench.call(pad_1).empty());
    CHECK(bench.call(pad_3) == other.label);
}

TEST_CASE("two counters of a series never call the same ticket", "[engine][R7][F15]") {
    Bench bench;
    const auto first = bench.take();
    const auto second = bench.take();
    CHECK(bench.call(pad_2) == first.label);
    CHECK(bench.call(pad_1) == second.label);
    CHECK(bench.call(pad_2).empty());
    CHECK(bench.call(pad_1).empty());
}

TEST_CASE("a pending paper is passed over, and called in its order once it is settled",
          "[engine][R8]") {
    Bench bench;
    const auto slow = bench.press(kiosk_2);
    const auto quick = bench.take(kiosk_1);
    const auto last = bench.take(kiosk_1);
    CHECK(bench.call() == quick.label);
    bench.report(kiosk_2, slow);
    CHECK(bench.call() == slow.label);
    CHECK(bench.call() == last.label);
}

TEST_CASE("who is called with an unsure paper is told apart", "[engine][F21]") {
    Bench bench;
    const auto settle = GENERATE(as<std::string>{}, "printed", "unconfirmed", "doubted");
    const auto ticket = bench.press();
    if (settle == "doubted") {
        bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
    } else {
        bench.report(kiosk_1, ticket,
                     settle == "printed" ? Outcome::printed : Outcome::unconfirmed);
    }
    const auto decision = bench.ask(pad_1, CallNext{});
    CHECK(only<Called>(decision).unconfirmed == (settle != "printed"));
}

TEST_CASE("papers of a kiosk that went are doubted once, and those of others are not",
          "[engine][F21]") {
    Bench bench;
    const auto settled = bench.take(kiosk_2);
    const auto first = bench.press(kiosk_2);
    const auto second = bench.press(kiosk_2);
    const auto other = bench.press(kiosk_1);
    CHECK(bench.engine.kiosks_with_pending_papers() == std::vector{kiosk_1, kiosk_2});
    bench.apply(bench.engine.doubt_papers(kiosk_2, bench.now));
    CHECK(facts<PaperDoubted>(bench.history) ==
          std::vector{PaperDoubted{first}, PaperDoubted{second}});
    CHECK(bench.engine.doubt_papers(kiosk_2, bench.now).empty());
    CHECK(bench.engine.kiosks_with_pending_papers() == std::vector{kiosk_1});
    CHECK(bench.call() == settled.label);
    CHECK(bench.call() == first.label);
    // Back again, the kiosk tells what became of the other one.
    bench.report(kiosk_2, second, Outcome::printed);
    const auto decision = bench.ask(pad_1, CallNext{});
    CHECK(std::get<CalledAnswer>(decision.answer).ticket == second);
    CHECK_FALSE(facts<Called>(decision.events).front().unconfirmed);
    CHECK(bench.engine.kiosks_with_pending_papers() == std::vector{other.id ? kiosk_1 : kiosk_2});
}

TEST_CASE("a ticket that surely was not printed is void, and its number is not given again",
          "[engine][R1][R2]") {
    Bench bench;
    const auto doubted_first = GENERATE(false, true);
    const auto lost = bench.press();
    const auto next = bench.take();
    if (doubted_first) bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
    const auto decision = bench.report(kiosk_1, lost, Outcome::not_printed);
    CHECK(only<PaperReported>(decision).voids);
    CHECK(bench.call() == next.label);
    CHECK(bench.call().empty());
    CHECK(bench.press().label == "A-003");
}

TEST_CASE("a called ticket turns out void: the counter is free, and calls the next",
          "[engine][R2]") {
    Bench bench;
    const auto lost = bench.press();
    bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
    REQUIRE(bench.call() == lost.label);
    const auto next = bench.take(kiosk_2);
    CHECK(only<PaperReported>(bench.report(kiosk_1, lost, Outcome::not_printed)).voids);
    CHECK(bench.ask(pad_1, Recall{lost.id}).answer == Answer{Refusal::not_called});
    CHECK(bench.ask(pad_1, Finish{lost.id}).answer == Answer{Refusal::not_called});
    const auto decision = bench.ask(pad_1, CallNext{});
    CHECK(only<Called>(decision).ticket == next);  // nothing stood there to be finished
}

TEST_CASE("next finishes the ticket that stands called", "[engine]") {
    Bench bench;
    const auto first = bench.take();
    const auto second = bench.take();
    bench.call(pad_1);
    const auto decision = bench.ask(pad_1, CallNext{});
    REQUIRE(decision.events.size() == 2);
    CHECK(std::get<Finished>(decision.events[0].fact) == Finished{std::nullopt, first, loket_1});
    CHECK(std::get<Called>(decision.events[1].fact).ticket == second);
    CHECK(bench.ask(pad_1, Finish{first.id}).answer == Answer{Refusal::not_called});
}

TEST_CASE("next with nobody waiting leaves the one that stands called", "[engine]") {
    Bench bench;
    const auto first = bench.take();
    bench.call(pad_1);
    CHECK(bench.call(pad_1).empty());
    CHECK(bench.ask(pad_1, Recall{first.id}).answer == Answer{DoneAnswer{}});
    CHECK(bench.ask(pad_1, Finish{first.id}).answer == Answer{DoneAnswer{}});
}

TEST_CASE("only a kiosk with that button gets a ticket, only a callpad calls", "[engine][R15]") {
    Bench bench;
    bench.take();
    const auto issue = [&](DeviceId who, std::string_view what) {
        return bench.ask(who, Issue{service(what)}).answer;
    };
    CHECK(issue(kiosk_2, "npwp") == Answer{Refusal::unknown_service});
    CHECK(issue(kiosk_1, "paspor") == Answer{Refusal::unknown_service});
    CHECK(issue(pad_1, "ktp") == Answer{Refusal::unknown_service});
    CHECK(issue(device("stranger"), "ktp") == Answer{Refusal::unknown_service});
    CHECK(bench.ask(kiosk_1, CallNext{}).answer == Answer{Refusal::no_counter});
    CHECK(bench.ask(device("stranger"), CallNext{}).answer == Answer{Refusal::no_counter});
    // The operator calls at the counter that he names; a callpad stands where it stands.
    CHECK(bench.order(CallNext{}).answer == Answer{Refusal::no_counter});
    CHECK(bench.order(CallNext{}, counter("loket-9")).answer == Answer{Refusal::no_counter});
    CHECK(only<Called>(bench.order(CallNext{}, loket_2)).counter == loket_2);
    bench.take();
    CHECK(only<Called>(bench.ask(pad_1, CallNext{}, std::nullopt, loket_2)).counter == loket_1);
}

TEST_CASE("a series that has given its last number says so, others go on", "[engine][R13]") {
    Bench bench;
    bench.apply({{bench.now, NumbersSkipped{series("a"), TicketNumber{last_number.value() - 1}}}});
    CHECK(bench.press(kiosk_1, ktp).label == "A-999999");
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::series_full});
    CHECK(bench.press(kiosk_1, npwp).label == "B1-001");
    bench.go_to_day(1);
    CHECK(bench.press(kiosk_1, ktp).label == "A-001");
}

}  // namespace
