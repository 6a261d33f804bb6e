// One service day ends and the next begins.
#include "tests/controller/engine_bench.hpp"

#include <algorithm>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

TEST_CASE("an engine without a day wants one before anything else", "[engine]") {
    Engine engine{catalog()};
    CHECK_FALSE(engine.day());
    CHECK(engine.day_is_due(noon()));
    const auto events = engine.open_day(noon());
    REQUIRE(events.size() == 1);
    CHECK(std::holds_alternative<DayOpened>(events.front().fact));
    engine.apply(events.front());
    CHECK(engine.day() == first_day());
    CHECK_FALSE(engine.day_is_due(noon()));
}

TEST_CASE("a clock that jumps back opens no day, and the numbers go on", "[engine][R9][R11][F8]") {
    Bench bench;
    bench.go_to_day(5);
    bench.press();
    bench.now = noon(2);
    CHECK_FALSE(bench.engine.day_is_due(bench.now));
    const auto decision = bench.ask(kiosk_1, Issue{ktp});
    CHECK(only<Issued>(decision).ticket.label == "A-002");
    // The ticket belongs to the open day, though it bears the clock's time.
    CHECK(decision.events.front().stamp.day == noon(5).day);
    CHECK(decision.events.front().stamp.wall == bench.now.wall);
}

TEST_CASE("the end of a day voids who waits, ends who is called, and signs everybody out",
          "[engine][R2][R10]") {
    Bench bench;
    const auto served = bench.take();
    const auto standing = bench.take();
    const auto waiting = bench.take(kiosk_1, npwp);
    const auto pending = bench.press(kiosk_2);
    bench.call(pad_1);
    bench.ask(pad_1, Finish{served.id});
    REQUIRE(bench.call(pad_1) == standing.label);
    bench.ask(pad_1, SignIn{"1111"});
    const auto before = bench.history.size();
    bench.go_to_day(1);
    const std::vector<Event> end{bench.history.begin() + static_cast<std::ptrdiff_t>(before),
                                 bench.history.end()};
    CHECK(facts<Voided>(end) == std::vector{Voided{std::nullopt, waiting, VoidReason::day_ended},
                                            Voided{std::nullopt, pending, VoidReason::day_ended}});
    CHECK(facts<Finished>(end) == std::vector{Finished{std::nullopt, standing, loket_1, ani}});
    CHECK(facts<SignedOut>(end) == std::vector{SignedOut{std::nullopt, ani, loket_1}});
    CHECK(facts<CarriedPaper>(end) == std::vector{CarriedPaper{kiosk_2, pending}});
    // All that ends belongs to the old day, all that stands to the new one.
    const auto opens = std::find_if(end.begin(), end.end(), [](const Event& event) {
        return std::holds_alternative<DayOpened>(event.fact);
    });
    REQUIRE(opens != end.end());
    CHECK(std::all_of(end.begin(), opens,
                      [](const Event& event) { return event.stamp.day == first_day(); }));
    CHECK(std::all_of(opens, end.end(),
                      [](const Event& event) { return event.stamp.day == noon(1).day; }));
    CHECK(bench.call(pad_1).empty());
    CHECK(bench.press().label == "A-001");
}

TEST_CASE("every device's last answer is carried, so that asking again gets it",
          "[engine][R5][F9]") {
    Bench bench;
    const auto ticket = bench.take();
    const auto again = bench.ask(kiosk_1, Issue{npwp});
    const auto issue_id = bench.engine.last_request(kiosk_1);
    const auto called = bench.ask(pad_1, CallNext{});
    const auto refused = bench.ask(pad_2, CallNext{});
    REQUIRE(refused.answer == Answer{Refusal::nobody_waits});
    const auto done = bench.ask(pad_1, Recall{ticket.id});
    const auto recall_id = bench.engine.last_request(pad_1);
    for (int day = 1; day <= 3; ++day) {
        bench.go_to_day(day);
        CHECK(bench.engine.last_request(kiosk_1) == issue_id);
        const auto issue = bench.ask(kiosk_1, Issue{npwp}, issue_id);
        CHECK(issue.answer == again.answer);  // its time and its day included
        CHECK(issue.events.empty());
        CHECK(bench.ask(pad_1, Recall{ticket.id}, recall_id).answer == done.answer);
        CHECK(bench.ask(pad_2, CallNext{}, bench.engine.last_request(pad_2)).answer ==
              refused.answer);
    }
    // A carried answer keeps the time of the event that it carries.
    const auto carried = facts<Carried>(bench.history);
    REQUIRE_FALSE(carried.empty());
    CHECK(std::get<TicketAnswer>(carried.front().answer) == std::get<TicketAnswer>(again.answer));
    CHECK(called.events.size() == 1);
}

TEST_CASE("a paper of an earlier day may be reported late, on any later day", "[engine][R10][F9]") {
    Bench bench;
    const auto outcome = GENERATE(Outcome::printed, Outcome::not_printed, Outcome::unconfirmed);
    const auto days = GENERATE(1, 2, 3);
    const auto ticket = bench.press();
    for (int day = 1; day <= days; ++day)
        bench.go_to_day(day);
    CHECK(bench.engine.kiosks_with_pending_papers().empty());  // it is doubted for good
    const auto decision = bench.report(kiosk_1, ticket, outcome);
    CHECK(decision.answer == Answer{DoneAnswer{}});
    CHECK_FALSE(only<PaperReported>(decision).voids);
    CHECK(bench.call().empty());
    bench.go_to_day(days + 1);
    CHECK(facts<CarriedPaper>(bench.history).size() == static_cast<std::size_t>(days));
    CHECK(bench.report(kiosk_1, ticket, outcome).answer == Answer{Refusal::unknown_ticket});
}

TEST_CASE("the papers of one kiosk are carried each, in order", "[engine]") {
    Bench bench;
    const auto first = bench.press(kiosk_2);
    bench.take(kiosk_2);
    const auto second = bench.press(kiosk_2);
    bench.go_to_day(1);
    CHECK(facts<CarriedPaper>(bench.history) ==
          std::vector{CarriedPaper{kiosk_2, first}, CarriedPaper{kiosk_2, second}});
}

TEST_CASE("of a kiosk that never reports the newest papers are carried", "[engine]") {
    Bench bench;
    std::vector<TicketRef> tickets;
    for (std::size_t i = 0; i < max_carried_papers + 3; ++i)
        tickets.push_back(bench.press(kiosk_2));
    bench.go_to_day(1);
    const auto carried = facts<CarriedPaper>(bench.history);
    REQUIRE(carried.size() == max_carried_papers);
    CHECK(carried.front().ticket == tickets[3]);
    CHECK(carried.back().ticket == tickets.back());
}

TEST_CASE("ticket ids go on rising over the days", "[engine][R9]") {
    Bench bench;
    const auto today = bench.press();
    bench.go_to_day(1);
    const auto tomorrow = bench.press();
    CHECK(today.label == tomorrow.label);
    CHECK(today.id < tomorrow.id);
}

}  // namespace
